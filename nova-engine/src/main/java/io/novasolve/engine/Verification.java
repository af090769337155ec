package io.novasolve.engine;

import io.novasolve.engine.index.Index;
import java.util.Arrays;

/**
 * The full test of one hypothesis: which stars count, in which order, and over which part of the picture. The stars of
 * the quad never count, since they agree by construction.
 */
final class Verification {

    private final Field field;
    private final Settings settings;
    private final Hypothesis hypothesis;
    private final Index index;
    private final Catalogue catalogue;
    private final Matching matching;
    private final double qx;
    private final double qy;
    private final double q2;

    Verification(Field field, Settings settings, Hypothesis hypothesis, Camera first) {
        this(field, settings, hypothesis, first, hypothesis.index());
    }

    /** With the stars of another index than the quad's: to match and fit, not to test. */
    Verification(Field field, Settings settings, Hypothesis hypothesis, Camera first, Index index) {
        this.index = index;
        this.field = field;
        this.settings = settings;
        this.hypothesis = hypothesis;
        catalogue = new Catalogue(index, first, field);
        matching = new Matching(field, catalogue, settings.distractors());
        int a = hypothesis.fieldStars()[0];
        int b = hypothesis.fieldStars()[1];
        qx = (field.x[a] + field.x[b]) / 2;
        qy = (field.y[a] + field.y[b]) / 2;
        q2 = square(field.x[a] - qx) + square(field.y[a] - qy);
    }

    Catalogue catalogue() {
        return catalogue;
    }

    Index index() {
        return index;
    }

    Matching matching() {
        return matching;
    }

    double qx() {
        return qx;
    }

    double qy() {
        return qy;
    }

    double q2() {
        return q2;
    }

    /** Tests a camera; the result is in {@link #matching}. False if no catalogue star is left to compare with. */
    boolean test(Camera camera, double growth) {
        catalogue.project(camera, field);
        boolean[] chosen = catalogue.inside.clone();
        for (int star : hypothesis.indexStars()) {
            int i = catalogue.find(star);
            if (i >= 0) {
                chosen[i] = false;
            }
        }
        int count = 0;
        for (boolean c : chosen) {
            count += c ? 1 : 0;
        }
        if (count == 0) {
            return false;
        }
        double scale = camera.radPerPixel();
        double sigma2 = settings.sigma2(hypothesis.index(), scale);
        Bins bins = new Bins(hypothesis.index(), scale);
        double radius2 =
                q2 * Math.max(1, field.area() * (1 - settings.distractors()) / (4 * Math.PI * count * sigma2) - 1);
        double share = bins.dropFarther(radius2);
        for (int i = 0; i < chosen.length; i++) {
            chosen[i] &= bins.isNear(catalogue.x[i], catalogue.y[i]);
        }
        if (share == 0) {
            return false;
        }
        matching.run(new Matching.Spread(sigma2, growth, qx, qy, q2), bins.order(), chosen, field.area() * share);
        return matching.catalogueCount > 0;
    }

    /** The picture in the cells from which the index took its brightest stars. */
    private final class Bins {

        private final int columns;
        private final int rows;
        private final boolean[] far;

        Bins(Index index, double radPerPixel) {
            double cell = index.cellRad() > 0 ? index.cellRad() / radPerPixel : Math.max(field.width, field.height);
            columns = count(field.width, cell);
            rows = count(field.height, cell);
            far = new boolean[columns * rows];
        }

        private int count(double side, double cell) {
            return (int) Math.max(1, Math.min(100, Math.round(side / cell)));
        }

        private int bin(double x, double y) {
            int c = (int) Math.max(0, Math.min(columns - 1, (x / field.width + 0.5) * columns));
            int r = (int) Math.max(0, Math.min(rows - 1, (y / field.height + 0.5) * rows));
            return r * columns + c;
        }

        /** Drops what is too far from the quad for its camera to mean anything; returns the share that is left. */
        double dropFarther(double radius2) {
            int left = 0;
            for (int b = 0; b < far.length; b++) {
                double x = ((b % columns + 0.5) / columns - 0.5) * field.width;
                double y = ((b / columns + 0.5) / rows - 0.5) * field.height;
                far[b] = far.length > 1 && square(x - qx) + square(y - qy) > radius2;
                left += far[b] ? 0 : 1;
            }
            return (double) left / far.length;
        }

        boolean isNear(double x, double y) {
            return !far[bin(x, y)];
        }

        /** The stars of the near bins, first those that come first in their bins, then the second ones, and so on. */
        int[] order() {
            int[] rank = new int[far.length];
            long[] keys = new long[field.size];
            int n = 0;
            for (int i = 0; i < field.size; i++) {
                if (isQuadStar(i)) {
                    continue;
                }
                int b = bin(field.x[i], field.y[i]);
                if (!far[b]) {
                    keys[n++] = ((long) rank[b]++ * far.length + b) << 32 | i;
                }
            }
            Arrays.sort(keys, 0, n);
            int[] order = new int[n];
            for (int k = 0; k < n; k++) {
                order[k] = (int) keys[k];
            }
            return order;
        }
    }

    private boolean isQuadStar(int star) {
        for (int s : hypothesis.fieldStars()) {
            if (s == star) {
                return true;
            }
        }
        return false;
    }

    private static double square(double v) {
        return v * v;
    }
}
