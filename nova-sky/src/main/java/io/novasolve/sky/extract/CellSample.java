package io.novasolve.sky.extract;

/** One thread's sample of the pixels of a cell, about 128 of them spread evenly. */
final class CellSample {

    /** From the difference of median and lower quartile to σ, for a normal distribution: 1 / Φ⁻¹(3/4). */
    private static final float QUARTILE_TO_SIGMA = 1.4826f;

    private static final int COLUMNS = 16;
    private static final int ROWS = 8;

    private final float[] values = new float[(COLUMNS + 1) * (ROWS + 1) * 4];
    private int size;

    interface Rows {
        float[] row(int y);
    }

    /** Takes the sample of a cell; pixels without a value are left out. */
    void take(Rows image, Cells cells, int column, int row) {
        int left = cells.left(column);
        int right = cells.left(column + 1);
        int top = cells.top(row);
        int bottom = cells.top(row + 1);
        int stepX = Math.max(1, (right - left) / COLUMNS);
        int stepY = Math.max(1, (bottom - top) / ROWS);
        size = 0;
        int line = 0;
        for (int y = top + stepY / 2; y < bottom; y += stepY) {
            float[] pixels = image.row(y);
            // Every line starts elsewhere, so that a hot column is not met in all of them.
            for (int x = left + line++ % stepX; x < right; x += stepX) {
                if (!Float.isNaN(pixels[x])) {
                    values[size++] = pixels[x];
                }
            }
        }
    }

    /** NaN if the cell has no values. */
    float median() {
        return size == 0 ? Float.NaN : Quantiles.select(values, size, size / 2);
    }

    /** σ of the fainter half, which the stars do not widen; NaN if the cell has no values. */
    float noise() {
        if (size == 0) {
            return Float.NaN;
        }
        float median = median();
        return QUARTILE_TO_SIGMA * (median - Quantiles.select(values, size / 2 + 1, size / 4));
    }
}
