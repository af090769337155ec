package io.novasolve.engine;

import io.novasolve.engine.index.Index;

/**
 * The stars of one index in the cells of a cube around the sphere, about one star per cell, to find the nearest one to a
 * direction without descending a tree. Every face reaches a little beyond its edges, so that a search never leaves it.
 */
final class StarGrid {

    private static final int MARGIN_CELLS = 3;

    private final int side;
    private final double cellsPerUnit;
    private final double reach;
    private final int[] start;
    private final float[] x;
    private final float[] y;
    private final float[] z;

    StarGrid(Index index) {
        int inner = Math.max(4, (int) Math.sqrt(index.starCount() / 6.0));
        side = inner + 2 * MARGIN_CELLS;
        cellsPerUnit = inner / 2.0;
        reach = side / 2.0 / cellsPerUnit;
        start = new int[6 * side * side + 1];
        int n = index.starCount();
        double[] v = new double[3];
        float[] all = new float[3 * n];
        for (int star = 0; star < n; star++) {
            index.star(star, v);
            all[3 * star] = (float) v[0];
            all[3 * star + 1] = (float) v[1];
            all[3 * star + 2] = (float) v[2];
            count(v);
        }
        for (int c = 0; c < start.length - 1; c++) {
            start[c + 1] += start[c];
        }
        int entries = start[start.length - 1];
        x = new float[entries];
        y = new float[entries];
        z = new float[entries];
        for (int star = n - 1; star >= 0; star--) {
            for (int face = 0; face < 6; face++) {
                int cell = cellOn(face, all[3 * star], all[3 * star + 1], all[3 * star + 2]);
                if (cell >= 0) {
                    int at = --start[cell];
                    x[at] = all[3 * star];
                    y[at] = all[3 * star + 1];
                    z[at] = all[3 * star + 2];
                }
            }
        }
    }

    private void count(double[] v) {
        for (int face = 0; face < 6; face++) {
            int cell = cellOn(face, (float) v[0], (float) v[1], (float) v[2]);
            if (cell >= 0) {
                start[cell]++;
            }
        }
    }

    /** Faces 0, 1, 2 look along +x, +y, +z; 3, 4, 5 along −x, −y, −z. */
    private int cellOn(int face, double vx, double vy, double vz) {
        double major = face % 3 == 0 ? vx : face % 3 == 1 ? vy : vz;
        if (face < 3 ? major < 0.3 : major > -0.3) {
            return -1;
        }
        double u = (face % 3 == 0 ? vy : vx) / major;
        double w = (face % 3 == 2 ? vy : vz) / major;
        if (Math.abs(u) >= reach || Math.abs(w) >= reach) {
            return -1;
        }
        int cu = (int) ((u + reach) * cellsPerUnit);
        int cw = (int) ((w + reach) * cellsPerUnit);
        return (face * side + Math.min(cu, side - 1)) * side + Math.min(cw, side - 1);
    }

    /** The squared chord to the nearest star, or anything not less than {@code limit2} if there is none so near. */
    double nearest(double vx, double vy, double vz, double limit2) {
        double ax = Math.abs(vx);
        double ay = Math.abs(vy);
        double az = Math.abs(vz);
        int axis = ax >= ay && ax >= az ? 0 : ay >= az ? 1 : 2;
        double major = axis == 0 ? vx : axis == 1 ? vy : vz;
        int face = major > 0 ? axis : axis + 3;
        double inverse = 1 / major;
        double u = (axis == 0 ? vy : vx) * inverse;
        double w = (axis == 2 ? vy : vz) * inverse;
        double slack = Math.sqrt(limit2) * (1 + u * u + w * w);
        int u0 = clamp(u - slack);
        int u1 = clamp(u + slack);
        int w0 = clamp(w - slack);
        int w1 = clamp(w + slack);
        double best = limit2;
        for (int cu = u0; cu <= u1; cu++) {
            int row = (face * side + cu) * side;
            for (int i = start[row + w0]; i < start[row + w1 + 1]; i++) {
                double dx = x[i] - vx;
                double dy = y[i] - vy;
                double dz = z[i] - vz;
                double d2 = dx * dx + dy * dy + dz * dz;
                if (d2 < best) {
                    best = d2;
                }
            }
        }
        return best;
    }

    private int clamp(double t) {
        return (int) Math.max(0, Math.min(side - 1, (t + reach) * cellsPerUnit));
    }
}
