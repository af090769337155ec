package io.novasolve.sky.extract;

import java.util.Comparator;

/**
 * A pixel higher than its eight neighbours in a smoothed image.
 *
 * @param x pixel column, from 0
 * @param y pixel row, from 0
 * @param height value there, above the background
 */
record Peak(int x, int y, float height) {

    /** Highest first; the position settles ties, so that the order is always the same. */
    static final Comparator<Peak> HIGHEST_FIRST = Comparator.comparingDouble((Peak p) -> -p.height)
            .thenComparingInt(Peak::y)
            .thenComparingInt(Peak::x);
}
