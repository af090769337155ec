package io.novasolve.store.jdbc;

import java.util.ArrayList;
import java.util.List;

/**
 * A worker that wants something to do.
 *
 * @param max at most so much
 * @param lease in microseconds
 */
record Ask(int max, String worker, long lease) {

    /**
     * Who gets what is found.
     *
     * @param ask the index of the ask
     */
    record Holder(int ask, String worker, long lease) {}

    /** Who gets the first thing that is found, the second one, and so on. */
    static List<Holder> holders(List<Ask> asks) {
        List<Holder> holders = new ArrayList<>();
        for (int i = 0; i < asks.size(); i++) {
            Ask ask = asks.get(i);
            for (int n = 0; n < ask.max; n++) {
                holders.add(new Holder(i, ask.worker, ask.lease));
            }
        }
        return holders;
    }
}
