package io.novasolve.engine;

import org.jspecify.annotations.Nullable;

/** Cameras from pairs of picture star and direction, by weighted least squares. */
final class CameraFit {

    private static final int TURNS = 3;

    /** Usual size of a quadratic or quartic term at the corner, as a fraction of half the diagonal: tilt, decentring, crops. */
    private static final double USUAL_EVEN = 0.005;

    /** The same for cubic terms and those of fifth order, of which radial distortion is made. */
    private static final double USUAL_ODD = 0.02;

    private CameraFit() {}

    /** Pairs, as parallel arrays of length {@code count}; directions as x, y, z triples. */
    static final class Pairs {
        final double[] x;
        final double[] y;
        final double[] direction;
        final double[] weight;
        int count;

        Pairs(int capacity) {
            x = new double[capacity];
            y = new double[capacity];
            direction = new double[3 * capacity];
            weight = new double[capacity];
        }

        void add(double px, double py, double[] directions, int at, double w) {
            x[count] = px;
            y[count] = py;
            System.arraycopy(directions, at, direction, 3 * count, 3);
            weight[count] = w;
            count++;
        }
    }

    /** Turns, scales and shifts a camera to fit pairs; its handedness stays. Null if they do not determine it. */
    static @Nullable Camera similarity(Camera start, Pairs pairs) {
        Camera camera = start;
        double[] p = new double[2];
        for (int turn = 0; turn < TURNS; turn++) {
            LeastSquares fit = new LeastSquares(2 * pairs.count, 4, 1);
            for (int i = 0; i < pairs.count; i++) {
                if (!camera.toPlane(
                        pairs.direction[3 * i], pairs.direction[3 * i + 1], pairs.direction[3 * i + 2], p)) {
                    return null;
                }
                double x = pairs.x[i];
                double y = pairs.y[i];
                fit.add(new double[] {1, 0, x, -y}, pairs.weight[i], p[0]);
                fit.add(new double[] {0, 1, y, x}, pairs.weight[i], p[1]);
            }
            double[] s = fit.solve()[0];
            if (!Double.isFinite(s[0])) {
                return null;
            }
            camera = camera.corrected(s[0], s[2], -s[3], s[1], s[3], s[2], null);
        }
        return camera;
    }

    /**
     * Fits a linear camera and a distortion of an order. Null if the pairs do not determine it.
     *
     * @param unit half the diagonal of the picture, in pixels, to scale the variables
     * @param scatter how far pairs are expected to be apart, in pixels: what it is worth to bend the picture for
     */
    static @Nullable Camera polynomial(Camera start, Pairs pairs, int order, double unit, double scatter) {
        Camera camera = start;
        int terms = Monomials.count(order);
        double[] row = new double[terms];
        double[] p = new double[2];
        // The constant term turns the axis, which changes the plane a little; the next turn sees to that.
        for (int turn = 0; turn < 2; turn++) {
            LeastSquares fit = new LeastSquares(pairs.count, terms, 2);
            for (int i = 0; i < pairs.count; i++) {
                if (!camera.toPlane(
                        pairs.direction[3 * i], pairs.direction[3 * i + 1], pairs.direction[3 * i + 2], p)) {
                    return null;
                }
                Monomials.fill(order, pairs.x[i] / unit, pairs.y[i] / unit, row);
                fit.add(row, pairs.weight[i], p[0], p[1]);
            }
            restrain(fit, order, scatter / unit);
            double[][] s = fit.solve();
            if (!Double.isFinite(s[0][0])) {
                return null;
            }
            Camera next = apply(camera, s, order, unit);
            if (next == null) {
                return null;
            }
            camera = next;
        }
        return camera;
    }

    /**
     * Adds what is known of lenses before any star is seen: each term of a distortion is nought within what real ones have
     * (ridge regression, Hoerl &amp; Kennard 1970). Where stars cover the picture this counts for nothing; where they leave
     * a part of it empty it keeps the polynomial from swinging there.
     */
    private static void restrain(LeastSquares fit, int order, double scatter) {
        double[] row = new double[Monomials.count(order)];
        int term = Monomials.LINEAR;
        for (int total = 2; total <= order; total++) {
            double usual = total % 2 == 0 ? USUAL_EVEN : USUAL_ODD;
            for (int k = 0; k <= total; k++, term++) {
                row[term] = 1;
                fit.add(row, scatter / usual, 0, 0);
                row[term] = 0;
            }
        }
    }

    private static @Nullable Camera apply(Camera camera, double[][] s, int order, double unit) {
        double pX = s[0][1] / unit;
        double pY = s[0][2] / unit;
        double qX = s[1][1] / unit;
        double qY = s[1][2] / unit;
        double det = pX * qY - pY * qX;
        // The pixels' own plane may be stretched a little, but neither turned over nor flattened.
        if (!(det > 0.25 && det < 4)) {
            return null;
        }
        Distortion distortion = null;
        if (order >= 2) {
            int n = s[0].length - Monomials.LINEAR;
            double[] a = new double[n];
            double[] b = new double[n];
            for (int k = 0; k < n; k++) {
                double p = s[0][k + Monomials.LINEAR];
                double q = s[1][k + Monomials.LINEAR];
                a[k] = (qY * p - pY * q) / det;
                b[k] = (pX * q - qX * p) / det;
            }
            distortion = new Distortion(order, unit, a, b);
        }
        return camera.corrected(s[0][0], pX, pY, s[1][0], qX, qY, distortion);
    }
}
