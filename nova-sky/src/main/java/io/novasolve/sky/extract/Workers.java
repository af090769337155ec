package io.novasolve.sky.extract;

import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.IntConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Runs numbered tasks on the calling thread and as many threads of an executor as come to help. The caller never waits
 * for a helper that has not begun, so a saturated executor slows it down but cannot stop it.
 */
final class Workers {

    private final Executor executor;
    private final int threads;

    /** @param threads how many work at once, the calling one included */
    Workers(Executor executor, int threads) {
        this.executor = executor;
        this.threads = threads;
    }

    /**
     * Calls a worker for each of 0 … count − 1, in any order, and returns when all are done.
     *
     * @param worker makes the worker of one thread, with the scratch memory it needs
     * @throws InterruptedException if the calling thread is interrupted; the tasks not yet begun are dropped
     */
    void forEach(int count, Supplier<IntConsumer> worker) throws InterruptedException {
        Run run = new Run(count, worker);
        int helpers = Math.min(threads, count) - 1;
        try {
            for (int i = 0; i < helpers; i++) {
                executor.execute(run);
            }
        } catch (RejectedExecutionException full) {
            // A full or closed executor gives no help; the calling thread does the work alone.
        }
        run.takePart(true);
        run.await();
    }

    private static final class Run implements Runnable {

        private final int count;
        private final Supplier<IntConsumer> workers;
        private int next;
        private int running;
        private @Nullable Throwable failure;

        Run(int count, Supplier<IntConsumer> workers) {
            this.count = count;
            this.workers = workers;
        }

        @Override
        public void run() {
            takePart(false);
        }

        void takePart(boolean caller) {
            int task = claim();
            if (task < 0) {
                return;
            }
            Throwable thrown = null;
            try {
                IntConsumer worker = workers.get();
                while (task >= 0) {
                    worker.accept(task);
                    // The caller's interrupt is kept for await() to report.
                    task = caller && Thread.currentThread().isInterrupted() ? release() : finish();
                }
                return;
            } catch (Throwable t) {
                thrown = t;
            }
            fail(thrown);
        }

        private synchronized int claim() {
            if (next >= count) {
                return -1;
            }
            running++;
            return next++;
        }

        private synchronized int finish() {
            running--;
            notifyAll();
            return claim();
        }

        private synchronized int release() {
            running--;
            next = count;
            notifyAll();
            return -1;
        }

        private synchronized void fail(Throwable thrown) {
            if (failure == null) {
                failure = thrown;
            }
            release();
        }

        synchronized void await() throws InterruptedException {
            boolean interrupted = Thread.interrupted();
            while (running > 0) {
                try {
                    wait();
                } catch (InterruptedException e) {
                    // The tasks under way still use the caller's data; they are short and are waited for.
                    interrupted = true;
                    next = count;
                }
            }
            if (interrupted) {
                throw new InterruptedException("interrupted while extracting stars");
            }
            if (failure instanceof RuntimeException e) {
                throw e;
            }
            if (failure instanceof Error e) {
                throw e;
            }
        }
    }
}
