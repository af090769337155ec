package io.novasolve.sky.region;

/**
 * Equal-area cells of the sphere (Górski et al. 2005, ApJ 622, 759), numbered base pixel · side² + x · side + y, with x
 * growing to the north-east and y to the north-west. Immutable.
 *
 * <p>For sides that are powers of two, {@link #nested} gives the number in the common NESTED scheme.
 */
public final class Healpix {

    /** The finest order of the NESTED scheme, whose cells are 0.4 milliarcseconds wide. */
    public static final int MAX_ORDER = 29;

    private final int side;

    /** @param side cells along the edge of a base pixel, 1…2<sup>29</sup> */
    public Healpix(int side) {
        if (side < 1 || side > 1 << MAX_ORDER) {
            throw new IllegalArgumentException("the side must be in 1…2^" + MAX_ORDER + ", but is " + side);
        }
        this.side = side;
    }

    /** Cells of side 2<sup>order</sup>. */
    public static Healpix ofOrder(int order) {
        if (order < 0 || order > MAX_ORDER) {
            throw new IllegalArgumentException("the order must be in 0…" + MAX_ORDER + ", but is " + order);
        }
        return new Healpix(1 << order);
    }

    /** How many cells cover the sphere. */
    public long cells() {
        return 12L * side * side;
    }

    /** A cell's number in the NESTED scheme; the side must be a power of two. */
    public long nested(long cell) {
        long x = cell / side % side;
        long y = cell % side;
        return cell / ((long) side * side) * side * side + spread(x) + 2 * spread(y);
    }

    /** The cell with a number in the NESTED scheme; the side must be a power of two. */
    public long ofNested(long nested) {
        long area = (long) side * side;
        long within = nested % area;
        return nested / area * area + gather(within) * side + gather(within >> 1);
    }

    /** Puts a zero before each bit. */
    private static long spread(long v) {
        long s = v;
        s = (s | s << 16) & 0x0000ffff0000ffffL;
        s = (s | s << 8) & 0x00ff00ff00ff00ffL;
        s = (s | s << 4) & 0x0f0f0f0f0f0f0f0fL;
        s = (s | s << 2) & 0x3333333333333333L;
        return (s | s << 1) & 0x5555555555555555L;
    }

    /** Takes every second bit. */
    private static long gather(long v) {
        long s = v & 0x5555555555555555L;
        s = (s | s >> 1) & 0x3333333333333333L;
        s = (s | s >> 2) & 0x0f0f0f0f0f0f0f0fL;
        s = (s | s >> 4) & 0x00ff00ff00ff00ffL;
        s = (s | s >> 8) & 0x0000ffff0000ffffL;
        return (s | s >> 16) & 0x00000000ffffffffL;
    }

    /** The cell a direction is in; the vector may have any length but zero. */
    public long cell(double vx, double vy, double vz) {
        double z = vz / Math.sqrt(vx * vx + vy * vy + vz * vz);
        double turn = Math.atan2(vy, vx) / (Math.PI / 2);
        double quarter = turn < 0 ? turn + 4 : turn;
        if (Math.abs(z) <= 2.0 / 3) {
            double falling = 0.5 + quarter - 0.75 * z;
            double rising = 0.5 + quarter + 0.75 * z;
            int f = (int) Math.floor(falling);
            int r = (int) Math.floor(rising);
            int base = f == r ? (f & 3) + 4 : f < r ? f & 3 : (r & 3) + 8;
            return number(base, rising - r, 1 - (falling - f));
        }
        int base = Math.min(3, (int) quarter);
        double along = quarter - base;
        double toPole = Math.sqrt(3 * (1 - Math.abs(z)));
        double p = along * toPole;
        double m = (1 - along) * toPole;
        return z > 0 ? number(base, 1 - m, 1 - p) : number(base + 8, p, m);
    }

    private long number(int base, double x, double y) {
        return ((long) base * side + clamp((int) (x * side))) * side + clamp((int) (y * side));
    }

    private int clamp(int i) {
        return Math.max(0, Math.min(side - 1, i));
    }

    /** The unit vector of a place in a cell, {@code dx} and {@code dy} in 0…1. */
    public double[] point(long cell, double dx, double dy) {
        int base = (int) (cell / ((long) side * side));
        double x = (cell / side % side + dx) / side;
        double y = (cell % side + dy) / side;
        int row = base / 4;
        double z;
        double phi;
        if (row == 0 && x + y > 1 || row == 2 && x + y < 1) {
            double u = row == 0 ? 1 - x : y;
            double v = row == 0 ? 1 - y : x;
            double toPole = u + v;
            double height = 1 - toPole * toPole / 3;
            z = row == 0 ? height : -height;
            phi = Math.PI / 2 * (base % 4 + (toPole > 0 ? v / toPole : 0));
        } else {
            z = 2.0 / 3 * (x + y - row);
            phi = Math.PI / 4 * (x - y + (row == 1 ? 0 : 1) + 2 * (base % 4));
        }
        double rho = Math.sqrt(Math.max(0, 1 - z * z));
        return new double[] {rho * Math.cos(phi), rho * Math.sin(phi), z};
    }

    /** Upper limit of the distance between a cell's centre and the stars in it, as a chord of the unit sphere. */
    public double radius(long cell, double[] centre) {
        double radius = 0;
        for (int corner = 0; corner < 4; corner++) {
            double[] p = point(cell, corner & 1, corner >> 1);
            radius = Math.max(radius, Math.hypot(Math.hypot(p[0] - centre[0], p[1] - centre[1]), p[2] - centre[2]));
        }
        // Edges are curved, but bulge less than the corners stick out.
        return radius * 1.05;
    }
}
