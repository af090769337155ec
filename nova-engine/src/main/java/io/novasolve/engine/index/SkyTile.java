package io.novasolve.engine.index;

/**
 * A HEALPix pixel as the part of the sky an index covers (Górski et al. 2005, ApJ 622, 759), in the numbering of index
 * files: base pixel · side² + x · side + y, x growing to the north-east and y to the north-west.
 */
record SkyTile(int number, int side) {

    private static final int STEPS = 8;

    /** Upper limit of the distance, in radians, between a direction and the nearest of the tile's points. */
    boolean isWithin(double[] centre, double radiusRad) {
        double reach = radiusRad + Math.sqrt(Math.PI / 3) / side / STEPS;
        if (reach >= Math.PI) {
            return true;
        }
        double limit = Math.cos(reach);
        double[] p = new double[3];
        for (int i = 0; i <= STEPS; i++) {
            for (int j = 0; j <= STEPS; j++) {
                point((double) i / STEPS, (double) j / STEPS, p);
                if (p[0] * centre[0] + p[1] * centre[1] + p[2] * centre[2] >= limit) {
                    return true;
                }
            }
        }
        return false;
    }

    /** The direction of a place in the tile, {@code dx} and {@code dy} in 0…1. */
    void point(double dx, double dy, double[] vector) {
        int base = number / (side * side);
        int within = number % (side * side);
        double x = within / side + dx;
        double y = within % side + dy;
        double z;
        double phi;
        boolean north = base < 4;
        boolean south = base >= 8;
        if (!north && !south || north && x + y <= side || south && x + y >= side) {
            double z0 = north ? 0 : south ? -2 : -1;
            double p0 = !north && !south ? 0 : 1;
            z = 2.0 / 3 * ((x + y) / side + z0);
            phi = Math.PI / 4 * ((x - y) / side + p0 + 2 * (base % 4));
        } else {
            double u = south ? side - y : x;
            double v = south ? side - x : y;
            double a = side - u;
            double b = side - v;
            double phiT = a + b > 0 ? Math.PI * b / (2 * (a + b)) : 0;
            double t = phiT < Math.PI / 4
                    ? Math.PI * a / (Math.abs(2 * phiT - Math.PI) * side)
                    : Math.PI * b / (2 * phiT * side);
            z = 1 - t * t / 3;
            z = south ? -z : z;
            phi = base % 4 * Math.PI / 2 + phiT;
        }
        double r = Math.sqrt(Math.max(0, 1 - z * z));
        vector[0] = r * Math.cos(phi);
        vector[1] = r * Math.sin(phi);
        vector[2] = z;
    }
}
