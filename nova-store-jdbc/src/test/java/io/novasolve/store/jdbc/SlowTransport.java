package io.novasolve.store.jdbc;

import io.novasolve.core.model.UnsolvedReason;
import io.novasolve.core.spi.SolveContext;
import io.novasolve.core.spi.SolveOutcome;
import io.novasolve.core.spi.SolveTask;
import io.novasolve.core.spi.SolverTransport;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Finds nothing, after a pause; counts its answers. */
final class SlowTransport implements SolverTransport {

    final AtomicInteger answers = new AtomicInteger();
    private final Duration pause;

    SlowTransport(Duration pause) {
        this.pause = pause;
    }

    @Override
    public String name() {
        return "slowly";
    }

    @Override
    public SolveOutcome solve(SolveTask task, SolveContext context) throws InterruptedException {
        TimeUnit.NANOSECONDS.sleep(pause.toNanos());
        answers.incrementAndGet();
        return new SolveOutcome.Unsolved(UnsolvedReason.NO_MATCH, "not searched", Map.of());
    }
}
