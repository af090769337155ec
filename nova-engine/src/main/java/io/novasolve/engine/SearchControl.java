package io.novasolve.engine;

import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * How a running search is stopped and watched. Immutable.
 *
 * @param ticker nanoseconds since any fixed point, such as {@code System::nanoTime}
 * @param deadline value of the ticker at which the search ends without an answer
 * @param cancelled asked often, from several threads; once true the search ends
 * @param progress told now and then, from the thread that called
 */
public record SearchControl(
        LongSupplier ticker, long deadline, BooleanSupplier cancelled, Consumer<SearchProgress> progress) {

    /** No deadline (but 100 years), no cancellation but by interrupting the calling thread, nobody watching. */
    public static SearchControl unlimited() {
        return within(System::nanoTime, 3_155_760_000_000_000_000L);
    }

    /**
     * A time limit from now.
     *
     * @param nanos how long the search may take
     */
    public static SearchControl within(LongSupplier ticker, long nanos) {
        return new SearchControl(ticker, ticker.getAsLong() + nanos, () -> false, p -> {});
    }

    public SearchControl withCancellation(BooleanSupplier asked) {
        return new SearchControl(ticker, deadline, asked, progress);
    }

    public SearchControl withProgress(Consumer<SearchProgress> watcher) {
        return new SearchControl(ticker, deadline, cancelled, watcher);
    }

    boolean isPastDeadline() {
        return ticker.getAsLong() - deadline >= 0;
    }
}
