package io.novasolve.sky.extract;

/** One value per cell of an image: the background or the noise. A cell that could not be measured is NaN. */
final class Mesh {

    private final Cells cells;
    private final float[][] values;

    Mesh(Cells cells) {
        this.cells = cells;
        this.values = new float[cells.rows()][cells.columns()];
    }

    Cells cells() {
        return cells;
    }

    void set(int column, int row, float value) {
        values[row][column] = value;
    }

    float at(int column, int row) {
        return values[row][column];
    }

    /** Median over the cells that have a value; NaN if none has. */
    float median() {
        float[] all = new float[cells.rows() * cells.columns()];
        int n = 0;
        for (float[] row : values) {
            for (float value : row) {
                if (!Float.isNaN(value)) {
                    all[n++] = value;
                }
            }
        }
        return Quantiles.median(all, n);
    }

    /** The same mesh, no value below {@code floor}. */
    Mesh atLeast(float floor) {
        Mesh raised = new Mesh(cells);
        for (int j = 0; j < cells.rows(); j++) {
            for (int i = 0; i < cells.columns(); i++) {
                raised.values[j][i] = Math.max(values[j][i], floor);
            }
        }
        return raised;
    }

    /**
     * Each cell replaced by the median of itself and its eight neighbours, so that a cell on a star or a nebula takes
     * the sky around it; where none of them has a value, the median of all. Beyond the border the values go on
     * linearly: a gradient comes through unchanged.
     */
    Mesh smoothed() {
        Mesh smooth = new Mesh(cells);
        float median = median();
        float[] around = new float[9];
        for (int j = 0; j < cells.rows(); j++) {
            for (int i = 0; i < cells.columns(); i++) {
                int n = 0;
                for (int k = 0; k < 9; k++) {
                    float value = extrapolated(i + k % 3 - 1, j + k / 3 - 1);
                    if (!Float.isNaN(value)) {
                        around[n++] = value;
                    }
                }
                smooth.values[j][i] = n == 0 ? median : Quantiles.median(around, n);
            }
        }
        return smooth;
    }

    private float extrapolated(int column, int row) {
        int j = inside(row, cells.rows());
        if (j == row) {
            return extrapolated(column, values[row]);
        }
        float edge = extrapolated(column, values[j]);
        return edge + (edge - extrapolated(column, values[inside(2 * j - row, cells.rows())]));
    }

    private static float extrapolated(int column, float[] row) {
        int i = inside(column, row.length);
        if (i == column) {
            return row[column];
        }
        return row[i] + (row[i] - row[inside(2 * i - column, row.length)]);
    }

    private static int inside(int i, int length) {
        return Math.max(0, Math.min(length - 1, i));
    }

    /** Values at the middles of the cell columns, interpolated to pixel row {@code y}. */
    void interpolateColumns(int y, float[] columns) {
        int j = before(y < cells.middleY(cells.rowOf(y)) ? cells.rowOf(y) - 1 : cells.rowOf(y), cells.rows());
        float[] above = values[j];
        if (cells.rows() == 1) {
            System.arraycopy(above, 0, columns, 0, columns.length);
            return;
        }
        float[] below = values[j + 1];
        float t = (y - cells.middleY(j)) / (cells.middleY(j + 1) - cells.middleY(j));
        for (int i = 0; i < columns.length; i++) {
            columns[i] = above[i] + t * (below[i] - above[i]);
        }
    }

    /** The first of the two cells to interpolate between, or to extrapolate from. */
    private static int before(int i, int length) {
        return Math.max(0, Math.min(length - 2, i));
    }

    /**
     * Subtracts the interpolated mesh from a row of the image.
     *
     * @param columns what {@link #interpolateColumns} gave for the row
     * @param shift where the first pixel of the row goes in {@code result}
     */
    void subtract(float[] columns, float[] row, float[] result, int shift) {
        int segments = Math.max(1, columns.length - 1);
        int from = 0;
        for (int i = 0; i < segments; i++) {
            int to = i == segments - 1 ? row.length : (int) Math.ceil(cells.middleX(i + 1));
            float start = columns[i];
            float middle = cells.middleX(i);
            float slope = columns.length == 1 ? 0 : (columns[i + 1] - start) / (cells.middleX(i + 1) - middle);
            for (int x = from; x < to; x++) {
                result[x + shift] = row[x] - (start + (x - middle) * slope);
            }
            from = to;
        }
    }

    /** The mesh interpolated at one pixel. */
    float interpolate(int x, int y) {
        int j = before(y < cells.middleY(cells.rowOf(y)) ? cells.rowOf(y) - 1 : cells.rowOf(y), cells.rows());
        float above = interpolate(x, values[j]);
        if (cells.rows() == 1) {
            return above;
        }
        float t = (y - cells.middleY(j)) / (cells.middleY(j + 1) - cells.middleY(j));
        return above + t * (interpolate(x, values[j + 1]) - above);
    }

    private float interpolate(int x, float[] row) {
        int i = before(x < cells.middleX(cells.columnOf(x)) ? cells.columnOf(x) - 1 : cells.columnOf(x), row.length);
        if (row.length == 1) {
            return row[0];
        }
        return row[i] + (x - cells.middleX(i)) / (cells.middleX(i + 1) - cells.middleX(i)) * (row[i + 1] - row[i]);
    }
}
