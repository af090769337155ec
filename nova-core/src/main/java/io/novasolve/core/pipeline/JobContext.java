package io.novasolve.core.pipeline;

import io.novasolve.core.spi.SolveContext;
import io.novasolve.core.spi.SolveProgress;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The surroundings of one search: a deadline on a ticker, the cancellation of its lease, its log. */
final class JobContext implements SolveContext {

    private static final Duration FOREVER = Duration.ofDays(365);

    private final Attempt attempt;
    private final Duration timeout;

    /** @param timeout from the beginning of the attempt to its deadline; null for none */
    JobContext(Attempt attempt, @Nullable Duration timeout) {
        this.attempt = attempt;
        this.timeout = timeout == null ? FOREVER : timeout;
    }

    /** All the time it has. */
    Duration timeout() {
        return timeout;
    }

    @Override
    public Duration remaining() {
        return timeout.minus(attempt.elapsed());
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
