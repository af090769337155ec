package io.novasolve.examples.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.novasolve.core.spi.SolveContext;
import io.novasolve.core.spi.SolveOutcome;
import io.novasolve.core.spi.SolveProgress;
import io.novasolve.core.spi.SolveTask;
import io.novasolve.core.spi.SolverTransport;
import io.novasolve.core.spi.TransportException;
import io.novasolve.core.spi.TransportHealth;
import io.novasolve.transport.local.EmbeddedTransport;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Each search waits until it is told to go on, and tells meanwhile what the test says; then it solves. */
final class Searching implements SolverTransport {

    private final SolverTransport solver;
    private final List<TransportHealth> health;
    private final Semaphore begun = new Semaphore(0);
    private final Semaphore goOn = new Semaphore(0);
    private volatile SolveContext context;

    /** @param health what it says of itself */
    Searching(TransportHealth... health) throws TransportException {
        this.solver = EmbeddedTransport.bundled();
        this.health = List.of(health);
    }

    /** Until one more search has begun. */
    void awaitBegun() throws InterruptedException {
        assertThat(begun.tryAcquire(2, TimeUnit.MINUTES)).isTrue();
    }

    /** News of the search that has begun last. */
    void report(int depth, long quadsTried) {
        context.progress(new SolveProgress(depth, 1, quadsTried, Double.NEGATIVE_INFINITY));
    }

    /** For one search. */
    void goOn() {
        goOn.release();
    }

    @Override
    public String name() {
        return solver.name();
    }

    @Override
    public List<TransportHealth> health() {
        return health.isEmpty() ? solver.health() : health;
    }

    @Override
    public SolveOutcome solve(SolveTask task, SolveContext of) throws TransportException, InterruptedException {
        context = of;
        begun.release();
        goOn.acquire();
        return solver.solve(task, of);
    }

    @Override
    public void close() {
        solver.close();
    }
}
