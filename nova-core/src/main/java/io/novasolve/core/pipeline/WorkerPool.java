package io.novasolve.core.pipeline;

import io.novasolve.core.spi.Claim;
import io.novasolve.core.spi.WorkQueue;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A number of workers that claim work and handle it, one piece each at a time, until they are told to stop. */
public final class WorkerPool<T> {

    private static final Logger LOG = LoggerFactory.getLogger(WorkerPool.class);

    /** A claim that somebody else made possible without telling is found after so long. */
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(1);

    private static final Duration PAUSE_AFTER_FAILURE = Duration.ofSeconds(1);

    /** What a worker does with a claim. It ends the claim in every case; what it throws is only logged. */
    @FunctionalInterface
    public interface Handler<T> {
        void handle(Claim<T> claim) throws InterruptedException;
    }

    private final String name;
    private final WorkQueue<T> queue;
    private final Duration lease;
    private final ContentWatch content;
    private final Handler<T> handler;
    private final CountDownLatch stopRequested = new CountDownLatch(1);
    private final Object lock = new Object();
    private final Set<Thread> idle = new HashSet<>();
    private int alive;

    /**
     * @param name of the pool, unique among living ones
     * @param content without which no work can be done
     */
    public WorkerPool(String name, WorkQueue<T> queue, Duration lease, ContentWatch content, Handler<T> handler) {
        this.name = name;
        this.queue = queue;
        this.lease = lease;
        this.content = content;
        this.handler = handler;
    }

    /**
     * Starts the workers.
     *
     * @param executor gives each worker a thread of its own until the pool stops
     */
    public void start(int workers, Executor executor) {
        for (int i = 1; i <= workers; i++) {
            String worker = name + "-" + i;
            executor.execute(() -> run(worker));
        }
    }

    private void run(String worker) {
        synchronized (lock) {
            if (isStopping()) {
                return;
            }
            alive++;
        }
        try {
            while (!isStopping()) {
                turn(worker);
            }
        } catch (InterruptedException e) {
            LOG.warn("{} was interrupted, and claims no more", worker);
            Thread.currentThread().interrupt();
        } finally {
            synchronized (lock) {
                alive--;
                lock.notifyAll();
            }
        }
    }

    private boolean isStopping() {
        return stopRequested.getCount() == 0;
    }

    private void turn(String worker) throws InterruptedException {
        try {
            if (!content.isClear()) {
                pause();
                return;
            }
            var claims = queue.claim(1, worker, lease);
            if (claims.isEmpty()) {
                awaitWork();
                return;
            }
            for (Claim<T> claim : claims) {
                handler.handle(claim);
            }
        } catch (RuntimeException | Error e) {
            LOG.error("{} could not claim or end work; goes on after a pause", worker, e);
            pause();
        }
    }

    private void pause() throws InterruptedException {
        boolean stopped = stopRequested.await(PAUSE_AFTER_FAILURE.toMillis(), TimeUnit.MILLISECONDS);
        LOG.debug("{} resumes, stopped: {}", this, stopped);
    }

    /** Waits for work; only here may {@link #stopClaiming} interrupt a worker, and the interrupt ends here too. */
    private void awaitWork() throws InterruptedException {
        Thread me = Thread.currentThread();
        synchronized (lock) {
            if (isStopping()) {
                return;
            }
            idle.add(me);
        }
        try {
            queue.awaitWork(LONGEST_WAIT);
        } catch (InterruptedException e) {
            if (!isStopping()) {
                throw e;
            }
        } finally {
            synchronized (lock) {
                idle.remove(me);
                if (isStopping() && Thread.interrupted()) {
                    LOG.debug("{} was woken to stop", this);
                }
            }
        }
    }

    /** Tells the workers to claim nothing more, and wakes those that wait. */
    public void stopClaiming() {
        synchronized (lock) {
            stopRequested.countDown();
            idle.forEach(Thread::interrupt);
        }
    }

    /**
     * Waits until all workers that had a thread have ended.
     *
     * @return false if some are still busy
     */
    public boolean awaitEnd(Duration atMost) throws InterruptedException {
        long deadline = System.nanoTime() + atMost.toNanos();
        synchronized (lock) {
            for (long left = atMost.toNanos(); alive > 0 && left > 0; left = deadline - System.nanoTime()) {
                TimeUnit.NANOSECONDS.timedWait(lock, left);
            }
            return alive == 0;
        }
    }

    @Override
    public String toString() {
        return "WorkerPool[" + name + "]";
    }
}
