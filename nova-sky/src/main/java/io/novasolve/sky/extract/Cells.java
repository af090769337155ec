package io.novasolve.sky.extract;

/** An image divided into about equal cells. */
final class Cells {

    private final int[] columnEdges;
    private final int[] rowEdges;

    private Cells(int[] columnEdges, int[] rowEdges) {
        this.columnEdges = columnEdges;
        this.rowEdges = rowEdges;
    }

    /**
     * @param side wanted side of a cell; the cells are as near to it as a whole number of them allows
     */
    static Cells of(int width, int height, int side) {
        return new Cells(edges(width, side), edges(height, side));
    }

    private static int[] edges(int length, int side) {
        int n = (int) Math.max(1, Math.round(length / (double) side));
        int[] edges = new int[n + 1];
        for (int i = 0; i <= n; i++) {
            edges[i] = (int) ((long) length * i / n);
        }
        return edges;
    }

    int columns() {
        return columnEdges.length - 1;
    }

    int rows() {
        return rowEdges.length - 1;
    }

    /** First pixel column of cell column {@code i}; for {@code i} = {@link #columns()} the width of the image. */
    int left(int i) {
        return columnEdges[i];
    }

    /** First pixel row of cell row {@code j}; for {@code j} = {@link #rows()} the height of the image. */
    int top(int j) {
        return rowEdges[j];
    }

    /** Pixel column of the middle of cell column {@code i}. */
    float middleX(int i) {
        return (columnEdges[i] + columnEdges[i + 1] - 1) * 0.5f;
    }

    /** Pixel row of the middle of cell row {@code j}. */
    float middleY(int j) {
        return (rowEdges[j] + rowEdges[j + 1] - 1) * 0.5f;
    }

    int columnOf(int x) {
        return indexOf(columnEdges, x);
    }

    int rowOf(int y) {
        return indexOf(rowEdges, y);
    }

    private static int indexOf(int[] edges, int at) {
        int n = edges.length - 1;
        int i = (int) ((long) at * n / edges[n]);
        while (edges[i + 1] <= at) {
            i++;
        }
        while (edges[i] > at) {
            i--;
        }
        return i;
    }
}
