package io.novasolve.engine;

/** The catalogue stars of a picture in square bins, to find the nearest one to a place. */
final class PixelBins {

    private final Catalogue catalogue;
    private final double left;
    private final double top;
    private final double perBinX;
    private final double perBinY;
    private final int columns;
    private final int rows;
    private final int[] start;
    private final int[] stars;

    /** @param chosen which stars of the catalogue take part */
    PixelBins(Catalogue catalogue, Field field, boolean[] chosen) {
        this.catalogue = catalogue;
        int n = 0;
        for (boolean c : chosen) {
            n += c ? 1 : 0;
        }
        int side = Math.max(1, (int) Math.sqrt(n));
        columns = side;
        rows = side;
        left = -field.width / 2;
        top = -field.height / 2;
        perBinX = columns / field.width;
        perBinY = rows / field.height;
        start = new int[columns * rows + 1];
        stars = new int[n];
        for (int i = 0; i < chosen.length; i++) {
            if (chosen[i]) {
                start[bin(catalogue.x[i], catalogue.y[i]) + 1]++;
            }
        }
        for (int b = 0; b < start.length - 1; b++) {
            start[b + 1] += start[b];
        }
        int[] next = start.clone();
        for (int i = 0; i < chosen.length; i++) {
            if (chosen[i]) {
                stars[next[bin(catalogue.x[i], catalogue.y[i])]++] = i;
            }
        }
    }

    private int column(double x) {
        return (int) Math.max(0, Math.min(columns - 1, (x - left) * perBinX));
    }

    private int row(double y) {
        return (int) Math.max(0, Math.min(rows - 1, (y - top) * perBinY));
    }

    private int bin(double x, double y) {
        return row(y) * columns + column(x);
    }

    /** The nearest star within a radius, or −1. */
    int nearest(double px, double py, double radius) {
        int best = -1;
        double best2 = radius * radius;
        int c0 = column(px - radius);
        int c1 = column(px + radius);
        for (int r = row(py - radius); r <= row(py + radius); r++) {
            for (int k = start[r * columns + c0]; k < start[r * columns + c1 + 1]; k++) {
                int i = stars[k];
                double dx = catalogue.x[i] - px;
                double dy = catalogue.y[i] - py;
                double d2 = dx * dx + dy * dy;
                if (d2 < best2) {
                    best2 = d2;
                    best = i;
                }
            }
        }
        return best;
    }
}
