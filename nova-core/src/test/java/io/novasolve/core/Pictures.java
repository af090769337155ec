package io.novasolve.core;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import javax.imageio.ImageIO;

/** Small pictures made up by the tests. */
final class Pictures {

    private static final int WIDTH = 240;
    private static final int HEIGHT = 160;

    private Pictures() {}

    /** A grey PNG with so many round stars on a noisy background. */
    static byte[] stars(int count, long seed) {
        return stars(WIDTH, HEIGHT, count, seed);
    }

    static byte[] stars(int width, int height, int count, long seed) {
        Random random = new Random(seed);
        double[] pixels = new double[width * height];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = 30 + 3 * random.nextGaussian();
        }
        for (int s = 0; s < count; s++) {
            double x = 10 + random.nextDouble() * (width - 20);
            double y = 10 + random.nextDouble() * (height - 20);
            double peak = 100 + 100 * random.nextDouble();
            for (int row = (int) y - 6; row <= y + 6; row++) {
                for (int column = (int) x - 6; column <= x + 6; column++) {
                    double r2 = (column - x) * (column - x) + (row - y) * (row - y);
                    pixels[row * width + column] += peak * Math.exp(-r2 / (2 * 1.3 * 1.3));
                }
            }
        }
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_BYTE_GRAY);
        for (int i = 0; i < pixels.length; i++) {
            image.getRaster().setSample(i % width, i / width, 0, (int) Math.max(0, Math.min(255, pixels[i])));
        }
        return png(image);
    }

    /** A PNG that does not get smaller. */
    static byte[] noise(int width, int height) {
        Random random = new Random(11);
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_BYTE_GRAY);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                image.getRaster().setSample(x, y, 0, random.nextInt(256));
            }
        }
        return png(image);
    }

    /** A picture of one grey. */
    static byte[] plain(int width, int height, int grey) {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_BYTE_GRAY);
        int[] row = new int[width];
        java.util.Arrays.fill(row, grey);
        for (int y = 0; y < height; y++) {
            image.getRaster().setSamples(0, y, width, 1, 0, row);
        }
        return png(image);
    }

    private static byte[] png(BufferedImage image) {
        try {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            ImageIO.write(image, "png", out);
            return out.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A star list as text: x,y,flux. */
    static byte[] list(int number) {
        StringBuilder text = new StringBuilder();
        for (int i = 1; i <= 8; i++) {
            text.append(10 * i + number % 7)
                    .append(',')
                    .append(100 - 7 * i)
                    .append(',')
                    .append(1000 - i)
                    .append('\n');
        }
        return (text + "" + (5 + number) + ",3,1\n").getBytes(StandardCharsets.US_ASCII);
    }
}
