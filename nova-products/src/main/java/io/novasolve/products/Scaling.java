package io.novasolve.products;

import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;

/** Pictures made smaller for pages: the mean of the pixels that fall together, so that stars neither vanish nor glitter. */
final class Scaling {

    private Scaling() {}

    /** The longest side cut down to a length; smaller pictures stay as they are. */
    static BufferedImage toLongestSide(BufferedImage picture, int longest) {
        int side = Math.max(picture.getWidth(), picture.getHeight());
        if (side <= longest) {
            return picture;
        }
        double scale = (double) longest / side;
        int width = Math.max(1, (int) Math.round(scale * picture.getWidth()));
        int height = Math.max(1, (int) Math.round(scale * picture.getHeight()));
        return mean(picture, width, height);
    }

    private static BufferedImage mean(BufferedImage picture, int width, int height) {
        BufferedImage small = new BufferedImage(width, height, BufferedImage.TYPE_3BYTE_BGR);
        byte[] to = ((DataBufferByte) small.getRaster().getDataBuffer()).getData();
        int w = picture.getWidth();
        int h = picture.getHeight();
        BufferedImage strip = new BufferedImage(w, 1, BufferedImage.TYPE_3BYTE_BGR);
        byte[] row = ((DataBufferByte) strip.getRaster().getDataBuffer()).getData();
        Graphics2D g = strip.createGraphics();
        g.setRenderingHint(RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_NEAREST_NEIGHBOR);
        try {
            for (int y = 0; y < height; y++) {
                int top = (int) ((long) y * h / height);
                int bottom = Math.max(top + 1, (int) ((long) (y + 1) * h / height));
                long[] sums = new long[3 * width];
                for (int sy = top; sy < bottom; sy++) {
                    g.drawImage(picture, 0, -sy, null);
                    add(row, w, width, sums);
                }
                for (int x = 0; x < width; x++) {
                    int left = (int) ((long) x * w / width);
                    int right = Math.max(left + 1, (int) ((long) (x + 1) * w / width));
                    long n = (long) (right - left) * (bottom - top);
                    for (int c = 0; c < 3; c++) {
                        to[3 * (y * width + x) + c] = (byte) ((sums[3 * x + c] + n / 2) / n);
                    }
                }
            }
        } finally {
            g.dispose();
        }
        return small;
    }

    private static void add(byte[] row, int w, int width, long[] sums) {
        for (int x = 0; x < width; x++) {
            int left = (int) ((long) x * w / width);
            int right = Math.max(left + 1, (int) ((long) (x + 1) * w / width));
            for (int sx = left; sx < right; sx++) {
                for (int c = 0; c < 3; c++) {
                    sums[3 * x + c] += row[3 * sx + c] & 0xFF;
                }
            }
        }
    }
}
