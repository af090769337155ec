package io.novasolve.engine;

/**
 * The frame in which A is (0, 0) and B is (1, 0), on the plane that touches the sphere midway between them; v grows to
 * the left of A→B as seen from the centre of the sphere. Code coordinates are (u − v, u + v).
 */
final class QuadFrame {

    private final double[] middle;
    private final double[] along;
    private final double[] across;
    private final double half;
    private final double chord;

    private QuadFrame(double[] a, double[] b, boolean onSky) {
        middle = Vectors.combine(1, a, 1, b);
        along = Vectors.combine(1, b, -1, a);
        chord = Math.sqrt(Vectors.dot(along, along));
        half = chord / Math.sqrt(Vectors.dot(middle, middle));
        Vectors.normalize(middle);
        Vectors.normalize(along);
        across = onSky ? Vectors.cross(along, middle) : Vectors.cross(middle, along);
    }

    /** For directions on the sky, in the right-handed axes of RA and Dec. */
    static QuadFrame onSky(double[] a, double[] b) {
        return new QuadFrame(a, b, true);
    }

    /** For lines of sight of a camera, in the left-handed axes right, up, forward. */
    static QuadFrame ofCamera(double[] a, double[] b) {
        return new QuadFrame(a, b, false);
    }

    /** The unit vector midway between A and B. */
    double[] middle() {
        return middle;
    }

    /** The straight distance of A and B. */
    double chord() {
        return chord;
    }

    void project(double x, double y, double z, double[] uv) {
        double scale = 0.5 / (half * (x * middle[0] + y * middle[1] + z * middle[2]));
        uv[0] = (x * along[0] + y * along[1] + z * along[2]) * scale + 0.5;
        uv[1] = (x * across[0] + y * across[1] + z * across[2]) * scale;
    }
}
