package io.novasolve.core.pipeline;

import java.time.Duration;

/**
 * How accidents are retried. Answers never are.
 *
 * @param maxAttempts claims of the same work, the first included
 * @param firstDelay before the second attempt; doubled for each further one
 */
public record RetryPolicy(int maxAttempts, Duration firstDelay) {

    private static final int MAX_DOUBLINGS = 10;

    public RetryPolicy {
        if (maxAttempts < 1) {
            throw new IllegalArgumentException("work needs at least one attempt, but maxAttempts is " + maxAttempts);
        }
        if (firstDelay.isNegative()) {
            throw new IllegalArgumentException("a delay cannot be negative, but firstDelay is " + firstDelay);
        }
    }

    /** Whether work may be tried again after a given attempt failed. */
    public boolean allowsAfter(int attempt) {
        return attempt < maxAttempts;
    }

    /** Whether an attempt is one too many: those before it ended without an accident that anybody could report. */
    public boolean isExhaustedBefore(int attempt) {
        return attempt > maxAttempts;
    }

    /** The pause after a given attempt. */
    public Duration delayAfter(int attempt) {
        return firstDelay.multipliedBy(1L << Math.min(attempt - 1, MAX_DOUBLINGS));
    }
}
