package io.novasolve.core.spi;

import java.time.Duration;

/** What surrounds one search: how long it may take, whether it is still wanted, and where its news go. Thread-safe. */
public interface SolveContext {

    /** Time left until the deadline; zero or negative when it has passed; very long if there is none. */
    Duration remaining();

    /** Whether somebody has cancelled the job. */
    boolean isCancelled();

    /**
     * Registers what must happen at once when the job is cancelled, such as killing a process; runs it right away if it
     * is cancelled already. The action runs on the thread that keeps all leases alive, so it must not block. The thread
     * that solves is interrupted besides, which is enough for a transport that waits in interruptible calls.
     *
     * @return closes the registration
     */
    Registration onCancel(Runnable action);

    /** A line for the job's log. */
    void log(String line);

    /** News of the search. */
    void progress(SolveProgress progress);

    /** Ends a registration. */
    @FunctionalInterface
    interface Registration extends AutoCloseable {
        @Override
        void close();
    }
}
