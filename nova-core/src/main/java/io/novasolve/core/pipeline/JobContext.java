package io.novasolve.core.pipeline;

import io.novasolve.core.spi.SolveContext;
import io.novasolve.core.spi.SolveProgress;
import java.time.Duration;

/** The surroundings of one search: how long it may take, the cancellation of its lease, its log. */
final class JobContext implements SolveContext {

    private final Attempt attempt;
    private final Duration end;

    /** @param end from the beginning of the attempt to that of the search */
    JobContext(Attempt attempt, Duration end) {
        this.attempt = attempt;
        this.end = end;
    }

    /** Whether its time is over. */
    boolean isOver() {
        return remaining().isZero() || remaining().isNegative();
    }

    @Override
    public Duration remaining() {
        return end.minus(attempt.elapsed());
    }

    @Override
    public boolean isCancelled() {
        return attempt.cancellation().cause() != null;
    }

    @Override
    public Registration onCancel(Runnable action) {
        return attempt.cancellation().onCancel(action)::run;
    }

    @Override
    public void log(String line) {
        attempt.log().add(line);
    }

    @Override
    public void progress(SolveProgress news) {
        attempt.searched(news);
    }
}
