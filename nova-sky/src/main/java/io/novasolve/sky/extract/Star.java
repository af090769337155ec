package io.novasolve.sky.extract;

import java.util.Comparator;

/**
 * A peak taken for a star.
 *
 * @param weight how much it is to be trusted: the more, the earlier in the list
 */
record Star(Peak peak, double weight) {

    /** Highest weight first; a stable sort leaves equals in the order of their peaks. */
    static final Comparator<Star> BEST_FIRST = Comparator.comparingDouble(star -> -star.weight);
}
