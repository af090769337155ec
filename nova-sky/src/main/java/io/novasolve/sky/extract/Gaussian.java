package io.novasolve.sky.extract;

/** Convolution of rows with a Gaussian, one axis at a time. */
final class Gaussian {

    private final int radius;
    private final float[] weights;

    /** @param sigma in pixels, positive */
    Gaussian(double sigma) {
        // Even, so that taps can be taken two by two.
        radius = 2 * (int) Math.ceil(1.5 * sigma);
        double[] exact = new double[radius + 1];
        double sum = 0;
        for (int i = 0; i <= radius; i++) {
            exact[i] = Math.exp(-0.5 * i * i / (sigma * sigma));
            sum += i == 0 ? exact[i] : 2 * exact[i];
        }
        weights = new float[radius + 1];
        for (int i = 0; i <= radius; i++) {
            weights[i] = (float) (exact[i] / sum);
        }
    }

    /** Number of pixels to either side that count. */
    int radius() {
        return radius;
    }

    /**
     * Smooths along a row.
     *
     * @param padded the row with {@link #radius()} zeros before and after it
     */
    void alongRow(float[] padded, float[] result) {
        int n = result.length;
        float w0 = weights[0];
        for (int x = 0; x < n; x++) {
            result[x] = w0 * padded[x + radius];
        }
        for (int i = 1; i < radius; i += 2) {
            float w1 = weights[i];
            float w2 = weights[i + 1];
            int a = radius - i;
            int b = radius + i;
            for (int x = 0; x < n; x++) {
                result[x] += w1 * (padded[x + a] + padded[x + b]) + w2 * (padded[x + a - 1] + padded[x + b + 1]);
            }
        }
    }

    /**
     * Smooths across rows.
     *
     * @param ring 2·{@link #radius()} + 1 rows, row y at index y modulo their number
     * @param y the middle row, counted from anywhere as long as it is at least the radius
     */
    void acrossRows(float[][] ring, int y, float[] result) {
        float[] middle = ring[y % ring.length];
        float w0 = weights[0];
        for (int x = 0; x < result.length; x++) {
            result[x] = w0 * middle[x];
        }
        for (int i = 1; i < radius; i += 2) {
            addRows(
                    result,
                    weights[i],
                    ring[(y - i) % ring.length],
                    ring[(y + i) % ring.length],
                    weights[i + 1],
                    ring[(y - i - 1) % ring.length],
                    ring[(y + i + 1) % ring.length]);
        }
    }

    private static void addRows(float[] result, float w1, float[] a1, float[] b1, float w2, float[] a2, float[] b2) {
        for (int x = 0; x < result.length; x++) {
            result[x] += w1 * (a1[x] + b1[x]) + w2 * (a2[x] + b2[x]);
        }
    }
}
