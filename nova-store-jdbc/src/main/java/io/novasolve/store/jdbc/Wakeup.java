package io.novasolve.store.jdbc;

import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Where workers of one queue wait. Work of this process wakes them at once; work of others does so through a listener, or
 * is found by looking more and more seldom. Thread-safe.
 */
final class Wakeup {

    private static final Duration SHORTEST_POLL = Duration.ofMillis(2);
    private static final Duration LONGEST_POLL = Duration.ofMillis(250);

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition arrived = lock.newCondition();
    private final LongSupplier ticker;
    private final @Nullable Listener listener;
    private final ThreadLocal<Long> seen = new ThreadLocal<>();
    private long arrivals;
    private long busyAt;

    /** @param listener hears of work of other processes; null to look for it */
    Wakeup(LongSupplier ticker, @Nullable Listener listener) {
        this.ticker = ticker;
        this.listener = listener;
        this.busyAt = ticker.getAsLong();
    }

    /** A thread is about to claim: what arrives from now on it may miss. */
    void beforeClaim() {
        lock.lock();
        try {
            seen.set(arrivals);
        } finally {
            lock.unlock();
        }
    }

    /** A thread has claimed something: there may soon be more. */
    void busy() {
        lock.lock();
        try {
            busyAt = ticker.getAsLong();
        } finally {
            lock.unlock();
        }
    }

    /** Work has arrived. */
    void signal() {
        lock.lock();
        try {
            arrivals++;
            busyAt = ticker.getAsLong();
            arrived.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Waits until work may have arrived since the thread's last claim, or for some time. */
    void await(Duration atMost) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        long end = ticker.getAsLong() + atMost.toNanos();
        if (listener == null || !listener.isListening()) {
            doze(Math.min(atMost.toNanos(), pollInterval()));
            return;
        }
        while (!hasArrived() && ticker.getAsLong() < end) {
            long slice = Math.min(end - ticker.getAsLong(), LONGEST_POLL.toNanos());
            if (!listener.listen(Duration.ofNanos(slice))) {
                doze(slice);
            }
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
        }
    }

    /** A quarter of the time for which nothing has come. */
    private long pollInterval() {
        lock.lock();
        try {
            long idle = ticker.getAsLong() - busyAt;
            return Math.max(SHORTEST_POLL.toNanos(), Math.min(LONGEST_POLL.toNanos(), idle / 4));
        } finally {
            lock.unlock();
        }
    }

    /** Whether work has arrived since the last claim of this thread. */
    boolean hasArrived() {
        lock.lock();
        try {
            Long before = seen.get();
            return before != null && before != arrivals;
        } finally {
            lock.unlock();
        }
    }

    private void doze(long nanos) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            Long before = seen.get();
            long known = before == null ? arrivals : before;
            if (known == arrivals && nanos > 0) {
                long left = arrived.awaitNanos(nanos);
                assert left <= nanos;
            }
        } finally {
            lock.unlock();
        }
    }

    /** Hears of work that other processes have queued. */
    interface Listener {

        /** Whether it can hear at all now; tries to begin if it does not. */
        boolean isListening();

        /**
         * Listens on the calling thread and signals what it hears; returns early when something came.
         *
         * @return false at once if another thread listens already
         */
        boolean listen(Duration atMost) throws InterruptedException;
    }
}
