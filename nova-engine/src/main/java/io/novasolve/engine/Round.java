package io.novasolve.engine;

import java.util.ArrayList;
import java.util.List;

/**
 * A stretch of the search: all quads whose newest (faintest) star is within a range of rows.
 *
 * @param from first row that is new
 * @param to row behind the last new one
 * @param thorough with the full tolerance and without the neighbour filter, for poor positions and distorted fields
 */
record Round(int from, int to, boolean thorough) {

    private static final int STEP = 5;

    /**
     * Quick rounds with thorough ones following at half their depth, which cost about as much; then the rest.
     *
     * @param depthFrom first star that is new; rounds that end before it are left out
     * @param quickDepth where the quick rounds end: with a hint thorough ones cost no more
     */
    static List<Round> schedule(int depthFrom, int depth, int quickDepth) {
        List<Round> rounds = new ArrayList<>();
        int thorough = 0;
        for (int from = 0; from < Math.min(depth, quickDepth); from += STEP) {
            int to = Math.min(depth, from + STEP);
            rounds.add(new Round(from, to, false));
            if (to / 2 >= thorough + STEP) {
                rounds.add(new Round(thorough, thorough + STEP, true));
                thorough += STEP;
            }
        }
        for (; thorough < depth; thorough += STEP) {
            rounds.add(new Round(thorough, Math.min(depth, thorough + STEP), true));
        }
        rounds.removeIf(round -> round.to() < depthFrom);
        return rounds;
    }

    /** Work items of this round: one for each row that can be the fainter star of a pair. */
    int items() {
        return to - 1;
    }
}
