package io.novasolve.core.watch;

import java.time.Duration;
import java.util.Arrays;

/**
 * How long something took, of the latest ones.
 *
 * @param count how many were looked at; with none all times are zero
 * @param median half took no longer
 * @param p90 nine of ten took no longer
 * @param p99 99 of 100 took no longer
 * @param longest of all
 */
public record Quantiles(int count, Duration median, Duration p90, Duration p99, Duration longest) {

    /** Of nothing. */
    public static final Quantiles NONE = new Quantiles(0, Duration.ZERO, Duration.ZERO, Duration.ZERO, Duration.ZERO);

    /** Of times in nanoseconds, in any order: the smallest that is not exceeded by the wanted share (nearest rank). */
    public static Quantiles of(long... nanos) {
        if (nanos.length == 0) {
            return NONE;
        }
        long[] sorted = nanos.clone();
        Arrays.sort(sorted);
        return new Quantiles(sorted.length, rank(sorted, 0.5), rank(sorted, 0.9), rank(sorted, 0.99), rank(sorted, 1));
    }

    private static Duration rank(long[] sorted, double share) {
        int rank = (int) Math.ceil(share * sorted.length);
        return Duration.ofNanos(sorted[Math.max(1, rank) - 1]);
    }
}
