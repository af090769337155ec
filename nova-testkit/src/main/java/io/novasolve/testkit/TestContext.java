package io.novasolve.testkit;

import io.novasolve.core.spi.SolveContext;
import io.novasolve.core.spi.SolveProgress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A context that a test holds the strings of: deadline, cancellation, log and progress. Thread-safe. */
public final class TestContext implements SolveContext {

    private final long startNanos = System.nanoTime();
    private final Duration timeout;
    private final List<Runnable> actions = new CopyOnWriteArrayList<>();
    private final List<String> lines = new CopyOnWriteArrayList<>();
    private final List<SolveProgress> news = new CopyOnWriteArrayList<>();
    private boolean cancelled;

    private TestContext(Duration timeout) {
        this.timeout = timeout;
    }

    /** A context whose deadline is a long time away. */
    public static TestContext patient() {
        return new TestContext(Duration.ofMinutes(10));
    }

    /** A context whose deadline comes so long from now. */
    public static TestContext until(Duration timeout) {
        return new TestContext(timeout);
    }

    /** Cancels, and runs what was registered for that. */
    public void cancel() {
        synchronized (this) {
            cancelled = true;
        }
        actions.forEach(Runnable::run);
    }

    /** How many actions wait for a cancellation: none once a solve has ended. */
    public int registrations() {
        return actions.size();
    }

    public List<String> lines() {
        return List.copyOf(lines);
    }

    public List<SolveProgress> news() {
        return List.copyOf(news);
    }

    @Override
    public Duration remaining() {
        return timeout.minusNanos(System.nanoTime() - startNanos);
    }

    @Override
    public synchronized boolean isCancelled() {
        return cancelled;
    }

    @Override
    public Registration onCancel(Runnable action) {
        boolean now;
        synchronized (this) {
            now = cancelled;
            if (!now) {
                actions.add(action);
            }
        }
        if (now) {
            action.run();
        }
        return () -> actions.remove(action);
    }

    @Override
    public void log(String line) {
        lines.add(line);
    }

    @Override
    public void progress(SolveProgress progress) {
        news.add(progress);
    }
}
