package io.novasolve.sky.picture;

import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;
import java.util.Arrays;

/** Pictures for eyes: 8 bits, grey or colour, row 0 on top. */
final class PictureRenderer {

    /** Enough samples for the percentiles of a stretch. */
    private static final int SAMPLES = 1 << 16;

    /** How strongly the asinh curve lifts faint light (Lupton et al. 2004, PASP 116, 133). */
    private static final double SOFTENING = 10;

    private PictureRenderer() {}

    static BufferedImage render(ChannelPicture picture) {
        int channels = picture.channels();
        BufferedImage image = new BufferedImage(
                picture.width(),
                picture.height(),
                channels == 1 ? BufferedImage.TYPE_BYTE_GRAY : BufferedImage.TYPE_3BYTE_BGR);
        byte[] pixels = ((DataBufferByte) image.getRaster().getDataBuffer()).getData();
        Stretch stretch = picture.isEightBit() ? new Stretch(0, 255, false) : stretchFor(picture);
        float[] row = new float[picture.width()];
        for (int y = 0; y < picture.height(); y++) {
            for (int c = 0; c < channels; c++) {
                if (channels == 1) {
                    picture.readRow(y, row);
                } else {
                    picture.readRow(y, c, row);
                }
                int at = y * row.length * channels + channels - 1 - c;
                for (float value : row) {
                    pixels[at] = stretch.level(value);
                    at += channels;
                }
            }
        }
        return image;
    }

    private record Stretch(float black, float white, boolean curved) {
        byte level(float value) {
            if (!(value > black)) {
                return 0;
            }
            double t = Math.min(1, (value - black) / (white - black));
            return (byte) Math.round(255 * (curved ? asinh(SOFTENING * t) / asinh(SOFTENING) : t));
        }
    }

    private static double asinh(double x) {
        return Math.log(x + Math.sqrt(x * x + 1));
    }

    /** From a little below the sky's level to the brightest stars. */
    private static Stretch stretchFor(Picture picture) {
        float[] sample = sample(picture);
        if (sample.length == 0) {
            return new Stretch(0, 1, false);
        }
        float sky = sample[sample.length / 2];
        float spread = sky - sample[sample.length / 6];
        float black = Math.max(sample[0], sky - 1.5f * spread);
        float white = sample[(int) (0.998 * (sample.length - 1))];
        if (!(white > black)) {
            white = sample[sample.length - 1];
        }
        return new Stretch(black, white > black ? white : black + 1, true);
    }

    /** Finite values from all over the picture, sorted. */
    private static float[] sample(Picture picture) {
        int width = picture.width();
        int rows = Math.min(picture.height(), Math.max(64, SAMPLES / width));
        int step = (int) Math.max(1, (long) width * rows / SAMPLES);
        float[] values = new float[rows * (width / step + 1)];
        float[] row = new float[width];
        int count = 0;
        for (int i = 0; i < rows; i++) {
            picture.readRow((int) ((long) i * picture.height() / rows), row);
            for (int x = i % step; x < width; x += step) {
                if (Float.isFinite(row[x])) {
                    values[count++] = row[x];
                }
            }
        }
        float[] sorted = Arrays.copyOf(values, count);
        Arrays.sort(sorted);
        return sorted;
    }
}
