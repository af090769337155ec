package io.novasolve.sky.extract;

import java.util.List;

/** Finds the pixels that stand out of the noise and above their eight neighbours. */
final class PeakFinder {

    private final SmoothedImage image;
    private final Mesh noise;
    private final float threshold;

    /** @param threshold in units of the noise */
    PeakFinder(SmoothedImage image, Mesh noise, double threshold) {
        this.image = image;
        this.noise = noise;
        this.threshold = (float) threshold;
    }

    /** Adds the peaks in a row of cells. Pixels on the border of the image have no eight neighbours and are no peaks. */
    void find(int cellRow, List<Peak> found) {
        Cells cells = noise.cells();
        int top = Math.max(1, cells.top(cellRow));
        int bottom = Math.min(image.height() - 1, cells.top(cellRow + 1));
        for (int y = top; y < bottom; y++) {
            for (int i = 0; i < cells.columns(); i++) {
                int left = Math.max(1, cells.left(i));
                int right = Math.min(image.width() - 1, cells.left(i + 1));
                findInRow(y, left, right, threshold * noise.at(i, cellRow), found);
            }
        }
    }

    private void findInRow(int y, int left, int right, float limit, List<Peak> found) {
        float[] row = image.row(y);
        for (int x = left; x < right; x++) {
            float height = row[x];
            if (height > limit && height > row[x - 1] && height >= row[x + 1] && isHighest(x, y, height)) {
                found.add(new Peak(x, y, height));
            }
        }
    }

    /** Of equal neighbours the first in reading order counts as the higher one. */
    private boolean isHighest(int x, int y, float height) {
        float[] above = image.row(y - 1);
        float[] below = image.row(y + 1);
        return height > above[x - 1]
                && height > above[x]
                && height > above[x + 1]
                && height >= below[x - 1]
                && height >= below[x]
                && height >= below[x + 1];
    }
}
