package io.novasolve.engine;

import io.novasolve.engine.index.Index;
import io.novasolve.engine.index.KdTree;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Codes in square cells by the first inner star. For three-star indexes, and for the few quads of a small part of the sky,
 * a plain grid needs a third of the time of the index's own tree, which serves for everything else.
 */
final class CodeGrid {

    private static final int CODES_PER_CELL = 4;
    private static final double LOW = 0.5 - Math.sqrt(0.5) - 0.01;
    private static final double WIDTH = Math.sqrt(2) + 0.02;

    private final int side;
    private final double cellsPerUnit;
    private final int[] start;
    private final float[] x;
    private final float[] y;
    private final int furtherCount;
    private final int[] laterBefore;
    private final float[] further;
    private final int[] quad;

    /** All codes of an index. */
    CodeGrid(Index index) {
        this(index, IntStream.range(0, index.codes().size()).toArray());
    }

    /** @param positions in the code tree */
    CodeGrid(Index index, int[] positions) {
        KdTree codes = index.codes();
        int n = positions.length;
        furtherCount = codes.dimensions() - 2;
        further = new float[n * furtherCount];
        // Codes fill half a circle, about four tenths of the square.
        side = Math.max(furtherCount > 0 ? 100 : 8, (int) Math.sqrt(n / (0.4 * CODES_PER_CELL)));
        cellsPerUnit = side / WIDTH;
        start = new int[side * side + 1];
        x = new float[n];
        y = new float[n];
        quad = new int[n];
        int[] cells = new int[n];
        for (int i = 0; i < n; i++) {
            cells[i] = cell(codes.coordinate(positions[i], 0)) * side + cell(codes.coordinate(positions[i], 1));
            start[cells[i] + 1]++;
        }
        for (int c = 0; c < side * side; c++) {
            start[c + 1] += start[c];
        }
        int[] next = Arrays.copyOf(start, side * side);
        for (int i = 0; i < n; i++) {
            int at = next[cells[i]]++;
            x[at] = (float) codes.coordinate(positions[i], 0);
            y[at] = (float) codes.coordinate(positions[i], 1);
            for (int d = 0; d < furtherCount; d++) {
                further[at * furtherCount + d] = (float) codes.coordinate(positions[i], d + 2);
            }
            quad[at] = index.quadAt(positions[i]);
        }
        laterBefore = countLater();
    }

    /** How many later inner stars of any quad are in the cells of a row before each column. */
    private int[] countLater() {
        int[] counts = new int[side * (side + 1)];
        for (int i = 0; i < further.length; i += 2) {
            counts[cell(further[i]) * (side + 1) + cell(further[i + 1]) + 1]++;
        }
        for (int i = 1; i < counts.length; i++) {
            counts[i] += i % (side + 1) == 0 ? 0 : counts[i - 1];
        }
        return counts;
    }

    private int cell(double coordinate) {
        return (int) Math.max(0, Math.min(side - 1, (coordinate - LOW) * cellsPerUnit));
    }

    /** Whether a quad's first inner star may be within a distance; false only if none is. */
    boolean mayContain(double cx, double cy, double radius) {
        int y0 = cell(cy - radius);
        int y1 = cell(cy + radius) + 1;
        for (int row = cell(cx - radius); row <= cell(cx + radius); row++) {
            if (start[row * side + y1] > start[row * side + y0]) {
                return true;
            }
        }
        return false;
    }

    /** Whether an inner star of a quad other than its first may be within a distance; false only if none is. */
    boolean mayContainLater(double cx, double cy, double radius) {
        int y0 = cell(cy - radius);
        int y1 = cell(cy + radius) + 1;
        for (int row = cell(cx - radius); row <= cell(cx + radius); row++) {
            if (laterBefore[row * (side + 1) + y1] > laterBefore[row * (side + 1) + y0]) {
                return true;
            }
        }
        return false;
    }

    /** Finds the quads whose code is within a distance. */
    void search(double[] code, double radius, CodeHits hits) {
        double cx = code[0];
        double cy = code[1];
        int y0 = cell(cy - radius);
        int y1 = cell(cy + radius) + 1;
        float fx = (float) cx;
        float fy = (float) cy;
        float r2 = (float) (radius * radius);
        hits.count = 0;
        for (int row = cell(cx - radius); row <= cell(cx + radius); row++) {
            int to = start[row * side + y1];
            for (int i = start[row * side + y0]; i < to; i++) {
                float dx = x[i] - fx;
                float dy = y[i] - fy;
                float d2 = dx * dx + dy * dy;
                for (int d = 0; d < furtherCount && d2 <= r2; d++) {
                    float delta = further[i * furtherCount + d] - (float) code[d + 2];
                    d2 += delta * delta;
                }
                if (d2 <= r2) {
                    hits.add(quad[i], d2);
                }
            }
        }
    }
}
