package io.novasolve.sky.extract;

import java.util.Arrays;

/** An image less its background, smoothed with a Gaussian; pixels without a value count as background. */
final class SmoothedImage {

    private final BinnedImage image;
    private final Mesh background;
    private final Gaussian gaussian;
    private final float[][] rows;

    /** An image still without rows. */
    SmoothedImage(BinnedImage image, Mesh background, double sigma) {
        this.image = image;
        this.background = background;
        this.gaussian = new Gaussian(sigma);
        this.rows = new float[image.height()][];
    }

    int width() {
        return image.width();
    }

    int height() {
        return rows.length;
    }

    float[] row(int y) {
        return rows[y];
    }

    float at(int x, int y) {
        return rows[y][x];
    }

    /** One thread's scratch memory for making rows. */
    final class Smoother {

        private final float[][] ring = new float[2 * gaussian.radius() + 1][width()];
        private final float[] padded = new float[width() + 2 * gaussian.radius()];
        private final float[] columns = new float[background.cells().columns()];

        /** Makes rows {@code from} ≤ y &lt; {@code to}. */
        void smooth(int from, int to) {
            int radius = gaussian.radius();
            for (int y = from - radius; y < to + radius; y++) {
                // Counted from −radius, so that rows above the image have a place in the ring too.
                smoothAlong(y, ring[(y + radius) % ring.length]);
                int done = y - radius;
                if (done >= from) {
                    float[] row = new float[width()];
                    gaussian.acrossRows(ring, done + radius, row);
                    rows[done] = row;
                }
            }
        }

        private void smoothAlong(int y, float[] result) {
            if (y < 0 || y >= height()) {
                Arrays.fill(result, 0);
                return;
            }
            background.interpolateColumns(y, columns);
            background.subtract(columns, image.row(y), padded, gaussian.radius());
            if (image.hasMissing(y)) {
                for (int i = 0; i < padded.length; i++) {
                    if (Float.isNaN(padded[i])) {
                        padded[i] = 0;
                    }
                }
            }
            gaussian.alongRow(padded, result);
        }
    }
}
