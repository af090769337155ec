package io.novasolve.core.pipeline;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A request to stop, with its cause; made once, heard by everybody who registered. Thread-safe. */
public final class Cancellation {

    private static final Logger LOG = LoggerFactory.getLogger(Cancellation.class);

    /** Why work must stop. */
    public enum Cause {
        /** Somebody cancelled the job. */
        CANCELLED,
        /** Its deadline is over. */
        OVERDUE,
        /** The lease is gone: another worker has the job. */
        LEASE_LOST,
        /** This process shuts down: the job goes back to the queue. */
        SHUTDOWN
    }

    private final List<Runnable> actions = new ArrayList<>();
    private volatile @Nullable Cause cause;

    /** The cause; null as long as nobody has asked to stop. */
    public @Nullable Cause cause() {
        return cause;
    }

    /** Asks to stop; only the first cause counts. An action that fails does not keep the others from running. */
    public void cancel(Cause why) {
        List<Runnable> toRun;
        synchronized (actions) {
            if (cause != null) {
                return;
            }
            cause = why;
            toRun = List.copyOf(actions);
        }
        for (Runnable action : toRun) {
            try {
                action.run();
            } catch (RuntimeException | Error e) {
                LOG.warn("What was to happen on a cancellation failed", e);
            }
        }
    }

    /** Runs an action on the request, at once if it was made already; the result takes the registration back. */
    public Runnable onCancel(Runnable action) {
        boolean now;
        synchronized (actions) {
            now = cause != null;
            if (!now) {
                actions.add(action);
            }
        }
        if (now) {
            action.run();
        }
        return () -> {
            synchronized (actions) {
                actions.remove(action);
            }
        };
    }

    /** From now on the request interrupts the calling thread, until the result is closed. */
    Interruption interruptCaller() {
        return new Interruption();
    }

    /** The part of a thread's work that may be interrupted; no interrupt of this cancellation outlives it. */
    final class Interruption implements AutoCloseable {

        private final Runnable unregister;
        private @Nullable Thread thread = Thread.currentThread();
        private boolean interrupted;

        private Interruption() {
            this.unregister = onCancel(this::interrupt);
        }

        private synchronized void interrupt() {
            if (thread != null) {
                interrupted = true;
                thread.interrupt();
            }
        }

        @Override
        public void close() {
            unregister.run();
            synchronized (this) {
                thread = null;
                if (interrupted && Thread.interrupted()) {
                    LOG.debug("the interrupt came when the work had ended");
                }
            }
        }
    }
}
