package io.novasolve.engine;

/**
 * The stars of a picture in the frame of two of them, A at (0, 0) and B at (1, 0); and, drawn when first asked for, the
 * map of cells near any star, against which the neighbours of catalogue quads are held. Reused from pair to pair.
 */
final class PairFrame {

    /** Stars drawn into the map. */
    private static final int MAPPED_STARS = 100;

    private final Field field;
    private final double positionalErrorPx;
    private final long[] map = new long[2 * IndexAids.MAP_SIDE];
    private final double[] uv = new double[2];
    final double[] u;
    final double[] v;
    final int[] inner;
    int innerCount;
    int a;
    int b;
    double lengthPx;
    private double reach;
    private boolean mapped;

    PairFrame(Field field, int depth, double positionalErrorPx) {
        this.field = field;
        this.positionalErrorPx = positionalErrorPx;
        int n = Math.min(field.size, Math.max(depth, MAPPED_STARS));
        u = new double[n];
        v = new double[n];
        inner = new int[Math.min(depth, field.size)];
    }

    /** Sets the pair, with the picture taken as a plane: right for fields of a few degrees. */
    void setPlane(int starA, int starB, double errorFactor) {
        start(starA, starB, errorFactor);
        double dx = field.x[b] - field.x[a];
        double dy = field.y[b] - field.y[a];
        double d2 = dx * dx + dy * dy;
        for (int i = 0; i < u.length; i++) {
            double x = field.x[i] - field.x[a];
            double y = field.y[i] - field.y[a];
            u[i] = (x * dx + y * dy) / d2;
            v[i] = (y * dx - x * dy) / d2;
        }
    }

    /** Sets the pair, with the picture taken as that of a pinhole camera of a focal length in pixels. */
    void setPinhole(int starA, int starB, double focal, double errorFactor) {
        start(starA, starB, errorFactor);
        double[] rayA = {field.x[a], field.y[a], focal};
        double[] rayB = {field.x[b], field.y[b], focal};
        Vectors.normalize(rayA);
        Vectors.normalize(rayB);
        QuadFrame frame = QuadFrame.ofCamera(rayA, rayB);
        double[] m = frame.middle();
        for (int i = 0; i < u.length; i++) {
            if (field.x[i] * m[0] + field.y[i] * m[1] + focal * m[2] <= 0) {
                u[i] = -1e6;
                v[i] = -1e6;
            } else {
                frame.project(field.x[i], field.y[i], focal, uv);
                u[i] = uv[0];
                v[i] = uv[1];
            }
        }
    }

    private void start(int starA, int starB, double errorFactor) {
        a = starA;
        b = starB;
        lengthPx = Math.hypot(field.x[b] - field.x[a], field.y[b] - field.y[a]);
        reach = Math.min(0.06 * errorFactor, 2 * errorFactor * positionalErrorPx / lengthPx + 0.002);
        mapped = false;
    }

    /** Lists the stars before {@code end} within the circle whose diameter is AB, widened by a code tolerance. */
    void findInner(int end, double tolerance) {
        innerCount = 0;
        double limit = tolerance * (Math.sqrt(2) + tolerance) / 2;
        for (int i = 0; i < end; i++) {
            if (i != a && i != b && u[i] * u[i] + v[i] * v[i] - u[i] <= limit) {
                inner[innerCount++] = i;
            }
        }
    }

    long[] map() {
        if (!mapped) {
            drawMap();
            mapped = true;
        }
        return map;
    }

    private void drawMap() {
        java.util.Arrays.fill(map, 0);
        double cells = reach * IndexAids.CELLS_PER_AB;
        int stars = Math.min(MAPPED_STARS, u.length);
        for (int i = 0; i < stars; i++) {
            double cu = (u[i] + 0.5) * IndexAids.CELLS_PER_AB;
            double cv = (v[i] + 1) * IndexAids.CELLS_PER_AB;
            if (i == a || i == b || !(cu > -cells && cv > -cells)) {
                continue;
            }
            int u0 = (int) Math.max(0, cu - cells);
            int u1 = (int) Math.min(IndexAids.MAP_SIDE - 1, cu + cells);
            int v0 = (int) Math.max(0, cv - cells);
            int v1 = (int) Math.min(IndexAids.MAP_SIDE - 1, cv + cells);
            if (v0 > v1) {
                continue;
            }
            long low = v0 > 63 ? 0 : (-1L << v0) & (v1 > 62 ? -1L : (1L << (v1 + 1)) - 1);
            long high = v1 < 64 ? 0 : (v0 < 64 ? -1L : -1L << v0) & (v1 > 126 ? -1L : (1L << (v1 + 1)) - 1);
            for (int row = u0; row <= u1; row++) {
                map[2 * row] |= low;
                map[2 * row + 1] |= high;
            }
        }
    }
}
