package io.novasolve.transport.ssh;

import io.novasolve.core.spi.SolveContext;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** All waiting of one job: each wait ends at the job's deadline, or when it is given up, at the latest. */
final class JobWait {

    private static final long TURN_MS = 20;
    private static final Duration LOOK = Duration.ofMillis(500);

    private final SolveContext context;
    private final CompletableFuture<Stop> stop;

    /** Why a job is given up from outside. */
    enum Stop {
        CANCELLED,
        CLOSED
    }

    /** A wait that was ended by the deadline. */
    static final class DeadlineException extends Exception {
        private static final long serialVersionUID = 1;
    }

    /** A wait that was ended by a cancellation or a close. */
    static final class StoppedException extends Exception {
        private static final long serialVersionUID = 1;
        private final Stop why;

        private StoppedException(Stop why) {
            this.why = why;
        }

        Stop why() {
            return why;
        }
    }

    /** @param stop completed by who gives the job up */
    JobWait(SolveContext context, CompletableFuture<Stop> stop) {
        this.context = context;
        this.stop = stop;
    }

    void check() throws DeadlineException, StoppedException {
        Stop why = stop.getNow(null);
        if (why != null) {
            throw new StoppedException(why);
        }
        if (context.remaining().toNanos() <= 0) {
            throw new DeadlineException();
        }
    }

    /** Waits for one of the slots, which is the caller's to release unless this throws. */
    void enter(Semaphore slots) throws InterruptedException, DeadlineException, StoppedException {
        while (!slots.tryAcquire(TURN_MS, TimeUnit.MILLISECONDS)) {
            check();
        }
        try {
            check();
        } catch (DeadlineException | StoppedException e) {
            slots.release();
            throw e;
        }
    }

    void pause(Duration pause) throws InterruptedException, DeadlineException, StoppedException {
        try {
            stop.get(Math.min(pause.toNanos(), context.remaining().toNanos()), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            check();
            return;
        } catch (ExecutionException e) {
            throw new IllegalStateException("nobody completes it so", e);
        }
        check();
    }

    /** Waits for what comes over a link, and looks now and then whether its peer still lives. */
    <T> T await(CompletableFuture<T> what, Link link)
            throws SshTransportException, InterruptedException, DeadlineException, StoppedException {
        boolean alive = true;
        while (true) {
            try {
                return await(what, LOOK);
            } catch (TimeoutException e) {
                if (!alive) {
                    // Who waits to send more hears of a cut only after the time for a connection.
                    throw link.lost();
                }
                link.abandonIfSilent();
                alive = link.isAlive();
            }
        }
    }

    /** @throws TimeoutException after {@code patience}, if the deadline is later */
    <T> T await(CompletableFuture<T> what, Duration patience)
            throws SshTransportException, InterruptedException, DeadlineException, StoppedException, TimeoutException {
        Duration left = context.remaining();
        Duration wait = left.compareTo(patience) < 0 ? left : patience;
        try {
            CompletableFuture.anyOf(what, stop).get(Math.max(0, wait.toNanos()), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            if (wait.equals(left)) {
                throw new DeadlineException();
            }
            throw e;
        } catch (ExecutionException e) {
            // What fails after it was given up fails because of that.
            if (!stop.isDone()) {
                throw failure(e);
            }
        }
        if (stop.isDone()) {
            throw new StoppedException(stop.join());
        }
        return what.join();
    }

    /** What made a connection or a run fail, as the error of one job. */
    static SshTransportException failure(ExecutionException e) {
        Throwable cause = e.getCause();
        if (cause instanceof SshTransportException known) {
            // Shared by all that waited for the same connection: each gets its own.
            return new SshTransportException(known.kind(), String.valueOf(known.getMessage()), known);
        }
        if (cause instanceof Error error) {
            throw error;
        }
        throw new IllegalStateException("a defect of the ssh transport: " + cause, cause);
    }
}
