package io.novasolve.engine.index;

/**
 * The geometric hash of a quad: the positions of its inner stars in the frame in which A is (0, 0) and B is (1, 1), on the
 * plane that touches the sphere midway between A and B (Lang et al. 2010, §2.1).
 */
public final class QuadCode {

    private QuadCode() {}

    /**
     * The code of stars on the sphere.
     *
     * @param stars unit vectors of A, B, C…
     * @return x and y of C, D…
     */
    public static double[] of(double[][] stars) {
        double[] a = stars[0];
        double[] b = stars[1];
        double[] m = {a[0] + b[0], a[1] + b[1], a[2] + b[2]};
        double[] d = {b[0] - a[0], b[1] - a[1], b[2] - a[2]};
        double mm = dot(m, m);
        double half = Math.sqrt(dot(d, d) / mm);
        double dLength = Math.sqrt(dot(d, d));
        // North, then east: a right-handed turn from d as seen from outside the sphere is a left-handed one from
        // inside.
        double[] e = {m[1] * d[2] - m[2] * d[1], m[2] * d[0] - m[0] * d[2], m[0] * d[1] - m[1] * d[0]};
        double[] code = new double[2 * (stars.length - 2)];
        for (int i = 2; i < stars.length; i++) {
            double[] s = stars[i];
            double along = dot(s, m) / Math.sqrt(mm);
            double u = dot(s, d) / dLength / along;
            double v = -dot(s, e) / (Math.sqrt(mm) * dLength) / along;
            u = (u + half) / (2 * half);
            v = v / (2 * half);
            code[2 * i - 4] = u - v;
            code[2 * i - 3] = u + v;
        }
        return code;
    }

    private static double dot(double[] a, double[] b) {
        return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
    }
}
