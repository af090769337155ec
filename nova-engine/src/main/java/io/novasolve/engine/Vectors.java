package io.novasolve.engine;

/** Three-vectors as arrays. */
final class Vectors {

    private Vectors() {}

    static double dot(double[] a, double[] b) {
        return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
    }

    static double[] cross(double[] a, double[] b) {
        return new double[] {a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]};
    }

    static double[] combine(double s, double[] a, double t, double[] b) {
        return new double[] {s * a[0] + t * b[0], s * a[1] + t * b[1], s * a[2] + t * b[2]};
    }

    static void addScaled(double[] a, double s, double[] b) {
        a[0] += s * b[0];
        a[1] += s * b[1];
        a[2] += s * b[2];
    }

    static void normalize(double[] a) {
        double n = 1 / Math.sqrt(dot(a, a));
        a[0] *= n;
        a[1] *= n;
        a[2] *= n;
    }

    /** Carries a tangent vector along the great circle from one unit vector to another, less than 180° away. */
    static double[] transport(double[] tangent, double[] from, double[] to) {
        double[] sum = combine(1, from, 1, to);
        double s = 2 * dot(sum, tangent) / dot(sum, sum);
        // Two reflections make a rotation; the first one, at the plane across "from", leaves a tangent as it is.
        return combine(1, tangent, -s, sum);
    }
}
