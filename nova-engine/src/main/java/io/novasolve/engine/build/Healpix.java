package io.novasolve.engine.build;

/**
 * Equal-area cells of the sphere (Górski et al. 2005, ApJ 622, 759), numbered base pixel · side² + x · side + y, with x
 * growing to the north-east and y to the north-west.
 */
final class Healpix {

    private final int side;

    Healpix(int side) {
        this.side = side;
    }

    int cells() {
        return Math.multiplyExact(12, Math.multiplyExact(side, side));
    }

    /** The cell a direction is in; the vector may have any length but zero. */
    int cell(double vx, double vy, double vz) {
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

    private int number(int base, double x, double y) {
        return (base * side + clamp((int) (x * side))) * side + clamp((int) (y * side));
    }

    private int clamp(int i) {
        return Math.max(0, Math.min(side - 1, i));
    }

    /** The unit vector of a place in a cell, {@code dx} and {@code dy} in 0…1. */
    double[] point(int cell, double dx, double dy) {
        int base = cell / (side * side);
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
    double radius(int cell, double[] centre) {
        double radius = 0;
        for (int corner = 0; corner < 4; corner++) {
            double[] p = point(cell, corner & 1, corner >> 1);
            radius = Math.max(radius, Math.hypot(Math.hypot(p[0] - centre[0], p[1] - centre[1]), p[2] - centre[2]));
        }
        // Edges are curved, but bulge less than the corners stick out.
        return radius * 1.05;
    }
}
