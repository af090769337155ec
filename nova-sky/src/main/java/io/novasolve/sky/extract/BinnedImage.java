package io.novasolve.sky.extract;

import io.novasolve.sky.picture.Picture;
import java.util.Arrays;

/**
 * A picture averaged over blocks of S × S pixels, those at the right and lower edge over what there is of them. A block
 * without any value is NaN.
 */
final class BinnedImage {

    /** A value this large is taken for a missing one, so that sums stay finite. */
    private static final int LIMIT_BITS = Float.floatToRawIntBits(1e28f);

    private static final int AUTOMATIC_SHORT_SIDE = 1000;
    private static final long AUTOMATIC_PIXELS = 1L << 25;

    private final Picture picture;
    private final int block;
    private final boolean invert;
    private final int width;
    private final float[][] rows;
    private final boolean[] missing;

    private BinnedImage(Picture picture, int block, boolean invert) {
        this.picture = picture;
        this.block = block;
        this.invert = invert;
        this.width = blocks(picture.width(), block);
        this.rows = new float[blocks(picture.height(), block)][];
        this.missing = new boolean[rows.length];
    }

    /** An image still without rows. */
    static BinnedImage empty(Picture picture, ExtractionSettings settings) {
        int block = settings.downsample() == 0
                ? automatic(picture) * settings.detection().binning()
                : settings.downsample();
        return new BinnedImage(picture, block, settings.invert());
    }

    /**
     * The shorter side stays near 1000 pixels: stars of a large frame are wide, and there are enough of them. A long
     * strip is binned further, so that memory stays bounded.
     */
    private static int automatic(Picture picture) {
        int block = Math.max(1, Math.min(picture.width(), picture.height()) / AUTOMATIC_SHORT_SIDE);
        while ((long) blocks(picture.width(), block) * blocks(picture.height(), block) > AUTOMATIC_PIXELS) {
            block++;
        }
        return block;
    }

    private static int blocks(int length, int block) {
        return (length - 1) / block + 1;
    }

    int width() {
        return width;
    }

    int height() {
        return rows.length;
    }

    float[] row(int y) {
        return rows[y];
    }

    /** Whether the row has pixels without a value. */
    boolean hasMissing(int y) {
        return missing[y];
    }

    /** FITS coordinate on the picture of a coordinate on this image, whose first pixel's centre is 0. */
    double toPicture(double coordinate) {
        return (coordinate + 0.5) * block + 0.5;
    }

    /** A value of this image in the brightness of the picture. */
    float toBrightness(float value) {
        return invert ? -value : value;
    }

    /** One thread's scratch memory for making rows. */
    final class Reader {

        private final float[] line = new float[picture.width()];
        private final float[] sums = new float[picture.width()];

        /** Makes rows {@code from} ≤ y &lt; {@code to}. */
        void read(int from, int to) {
            for (int y = from; y < to; y++) {
                rows[y] = read(y);
            }
        }

        private float[] read(int y) {
            float[] row = new float[width];
            int top = y * block;
            int bottom = Math.min(picture.height(), top + block);
            if (block == 1) {
                picture.readRow(top, row);
            } else {
                picture.readRow(top, sums);
                for (int i = top + 1; i < bottom; i++) {
                    picture.readRow(i, line);
                    add(line, sums);
                }
                average(sums, bottom - top, row);
            }
            if (!isFinite(row)) {
                readWithGaps(top, bottom, row, line);
                missing[y] = true;
            }
            if (invert) {
                negate(row);
            }
            return row;
        }
    }

    private static void add(float[] line, float[] sums) {
        for (int x = 0; x < sums.length; x++) {
            sums[x] += line[x];
        }
    }

    private static void negate(float[] row) {
        for (int x = 0; x < row.length; x++) {
            row[x] = -row[x];
        }
    }

    private void average(float[] sums, int height, float[] row) {
        int whole = sums.length / block;
        float scale = 1f / (block * height);
        for (int x = 0; x < whole; x++) {
            float sum = 0;
            for (int i = x * block; i < (x + 1) * block; i++) {
                sum += sums[i];
            }
            row[x] = sum * scale;
        }
        if (whole < width) {
            float sum = 0;
            for (int i = whole * block; i < sums.length; i++) {
                sum += sums[i];
            }
            row[whole] = sum / ((sums.length - whole * block) * height);
        }
    }

    /** Averages the pixels that have a value. */
    private void readWithGaps(int top, int bottom, float[] row, float[] line) {
        int[] counts = new int[width];
        Arrays.fill(row, 0);
        for (int i = top; i < bottom; i++) {
            picture.readRow(i, line);
            for (int x = 0; x < line.length; x++) {
                if (isFinite(line[x])) {
                    row[x / block] += line[x];
                    counts[x / block]++;
                }
            }
        }
        for (int x = 0; x < width; x++) {
            row[x] /= counts[x];
        }
    }

    private static boolean isFinite(float value) {
        return (Float.floatToRawIntBits(value) & Integer.MAX_VALUE) < LIMIT_BITS;
    }

    private static boolean isFinite(float[] row) {
        int above = 0;
        for (float value : row) {
            // Overflows into the sign bit when the magnitude is not below the limit.
            above |= (Float.floatToRawIntBits(value) & Integer.MAX_VALUE) + (Integer.MIN_VALUE - LIMIT_BITS);
        }
        return above >= 0;
    }
}
