package io.novasolve.engine;

/**
 * A camera from two stars: their directions and their places on the picture fix focal length and attitude exactly, given
 * the parity. One instance per thread; {@link #fit} overwrites the result.
 */
final class PinholeFit {

    /** Sky vectors of the camera's axes: right, up, forward. */
    final double[] right = new double[3];

    final double[] up = new double[3];
    final double[] forward = new double[3];
    double focal;

    /**
     * The focal length, in the units of the places, at which two places are an angle apart; NaN if there is none. With a =
     * (ax, ay, f) and b likewise, (a·b)² = cos²θ |a|² |b|² is quadratic in f², and the larger root is the one that goes
     * over into |a − b|/θ for narrow fields.
     */
    static double focal(double ax, double ay, double bx, double by, double sin2) {
        double a2 = ax * ax + ay * ay;
        double b2 = bx * bx + by * by;
        double cross = ax * by - ay * bx;
        double half = (ax - bx) * (ax - bx) + (ay - by) * (ay - by) - sin2 * (a2 + b2);
        double root = half * half - 4 * sin2 * (sin2 * a2 * b2 - cross * cross);
        return Math.sqrt((half + Math.sqrt(root)) / (2 * sin2));
    }

    /** False if no camera shows the two directions at the two places. */
    boolean fit(double ax, double ay, double bx, double by, double[] skyA, double[] skyB, boolean mirrored) {
        double dx = skyA[0] - skyB[0];
        double dy = skyA[1] - skyB[1];
        double dz = skyA[2] - skyB[2];
        double chord2 = dx * dx + dy * dy + dz * dz;
        focal = focal(ax, ay, bx, by, chord2 * (1 - chord2 / 4));
        if (!(focal > 0)) {
            return false;
        }
        double na = 1 / Math.sqrt(ax * ax + ay * ay + focal * focal);
        double nb = 1 / Math.sqrt(bx * bx + by * by + focal * focal);
        // Orthogonal triads m, d, n of the middle and the difference, on the picture's side and on the sky.
        double mx = ax * na + bx * nb;
        double my = ay * na + by * nb;
        double mz = focal * (na + nb);
        double ex = bx * nb - ax * na;
        double ey = by * nb - ay * na;
        double ez = focal * (nb - na);
        double mScale = 1 / Math.sqrt(mx * mx + my * my + mz * mz);
        double dScale = 1 / Math.sqrt(ex * ex + ey * ey + ez * ez);
        mx *= mScale;
        my *= mScale;
        mz *= mScale;
        ex *= dScale;
        ey *= dScale;
        ez *= dScale;
        double nx = my * ez - mz * ey;
        double ny = mz * ex - mx * ez;
        double nz = mx * ey - my * ex;

        double skyMiddle = 1 / Math.sqrt(4 - chord2);
        double skyAlong = -1 / Math.sqrt(chord2);
        double sx = (skyA[0] + skyB[0]) * skyMiddle;
        double sy = (skyA[1] + skyB[1]) * skyMiddle;
        double sz = (skyA[2] + skyB[2]) * skyMiddle;
        double tx = dx * skyAlong;
        double ty = dy * skyAlong;
        double tz = dz * skyAlong;
        double sign = mirrored ? 1 : -1;
        double wx = sign * (sy * tz - sz * ty);
        double wy = sign * (sz * tx - sx * tz);
        double wz = sign * (sx * ty - sy * tx);
        set(right, mx, ex, nx, sx, sy, sz, tx, ty, tz, wx, wy, wz);
        set(up, my, ey, ny, sx, sy, sz, tx, ty, tz, wx, wy, wz);
        set(forward, mz, ez, nz, sx, sy, sz, tx, ty, tz, wx, wy, wz);
        return true;
    }

    private static void set(
            double[] out,
            double m,
            double d,
            double n,
            double sx,
            double sy,
            double sz,
            double tx,
            double ty,
            double tz,
            double wx,
            double wy,
            double wz) {
        out[0] = m * sx + d * tx + n * wx;
        out[1] = m * sy + d * ty + n * wy;
        out[2] = m * sz + d * tz + n * wz;
    }

    Camera camera() {
        return new Camera(
                forward.clone(),
                Vectors.combine(1 / focal, right, 0, right),
                Vectors.combine(1 / focal, up, 0, up),
                null);
    }
}
