package io.novasolve.engine;

import io.novasolve.engine.Judge.Verdict;
import io.novasolve.engine.SolveResult.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * One search, shared by its threads: numbered work items are taken in order, and of several that succeed the lowest
 * counts, so the answer does not depend on who was faster.
 */
final class Search {

    /** Rows of the quick rounds that the calling thread does alone: they take less time than waking a helper. */
    private static final int ALONE_TO = 15;

    /** A hint of more than 30° leaves too many quads to be picked out. */
    private static final double WORTH_PICKING = Math.cos(Math.toRadians(30));

    private static final long PROGRESS_NANOS = 50_000_000;

    private record Success(int item, Verdict verdict) {}

    private final Field field;
    private final Settings settings;
    private final List<IndexAids> indexes;
    private final SearchControl control;
    private final List<Round> rounds;
    private final @Nullable HintedCodes hinted;
    private final int[] firstItem;
    private final long startedAt;
    private final Thread caller = Thread.currentThread();
    private final AtomicInteger nextItem = new AtomicInteger();
    private final AtomicReference<@Nullable Success> success = new AtomicReference<>();
    private final AtomicReference<@Nullable Reason> stopped = new AtomicReference<>();
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private final List<Worker> workers = new ArrayList<>();
    private int active;
    private boolean closed;
    private long reportedAt;
    private volatile int depth;

    Search(Field field, Settings settings, List<IndexAids> indexes, SearchControl control) {
        this.field = field;
        this.settings = settings;
        this.indexes = indexes;
        this.control = control;
        hinted = settings.hint() == null || settings.hintCosine() < WORTH_PICKING
                ? null
                : new HintedCodes(settings.hint(), settings.hintCosine(), this::isStopped);
        rounds = Round.schedule(
                settings.depthFrom(), settings.depth(), hinted == null ? settings.depth() : HintedCodes.FROM_DEPTH);
        firstItem = new int[rounds.size() + 1];
        for (int r = 0; r < rounds.size(); r++) {
            firstItem[r + 1] = firstItem[r] + rounds.get(r).items();
        }
        startedAt = control.ticker().getAsLong();
        reportedAt = startedAt;
    }

    /** Searches on the calling thread, and on helpers once it takes longer. */
    void run(Executor executor, int threads) {
        attempt(() -> search(executor, threads));
        awaitHelpers();
        Throwable thrown = failure.get();
        if (thrown instanceof Error error) {
            throw error;
        }
        if (thrown instanceof RuntimeException exception) {
            throw exception;
        }
    }

    /** What one thread throws ends the search of all, and is thrown to the caller once they have ended. */
    private void attempt(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException | Error e) {
            failure.compareAndSet(null, e);
            stopped.compareAndSet(null, Reason.CANCELLED);
        }
    }

    private void search(Executor executor, int threads) {
        Worker worker = newWorker();
        work(worker, threads > 1 ? itemsAlone() : Integer.MAX_VALUE);
        if (!isOver()) {
            for (int t = 1; t < threads; t++) {
                try {
                    executor.execute(this::help);
                } catch (RejectedExecutionException e) {
                    // The search is slower without, and otherwise the same.
                    break;
                }
            }
            work(worker, Integer.MAX_VALUE);
        }
    }

    private int itemsAlone() {
        for (int r = 0; r < rounds.size(); r++) {
            if (rounds.get(r).to() > ALONE_TO) {
                return firstItem[r];
            }
        }
        return Integer.MAX_VALUE;
    }

    private boolean isOver() {
        return success.get() != null || stopped.get() != null || nextItem.get() >= firstItem[rounds.size()];
    }

    private synchronized Worker newWorker() {
        Worker worker = new Worker(field, settings, indexes, hinted);
        workers.add(worker);
        return worker;
    }

    private void help() {
        synchronized (this) {
            if (closed) {
                return;
            }
            active++;
        }
        attempt(() -> work(newWorker(), Integer.MAX_VALUE));
        synchronized (this) {
            active--;
            notifyAll();
        }
    }

    private void awaitHelpers() {
        boolean interrupted = false;
        synchronized (this) {
            closed = true;
            while (active > 0) {
                try {
                    wait();
                } catch (InterruptedException e) {
                    interrupted = true;
                    stopped.compareAndSet(null, Reason.CANCELLED);
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void work(Worker worker, int end) {
        boolean reports = Thread.currentThread().equals(caller);
        while (nextItem.get() < end) {
            int item = nextItem.getAndIncrement();
            if (item >= firstItem[rounds.size()] || isObsolete(item)) {
                return;
            }
            int r = roundOf(item);
            Round round = rounds.get(r);
            depth = round.to();
            Verdict verdict = worker.run(round, item - firstItem[r] + 1, () -> {
                if (reports) {
                    report();
                }
                return isObsolete(item);
            });
            if (verdict != null) {
                Success mine = new Success(item, verdict);
                success.accumulateAndGet(mine, (old, fresh) -> old == null || mine.item() < old.item() ? mine : old);
                return;
            }
        }
    }

    /** On the calling thread, now and then, in the midst of long work items too. */
    private void report() {
        long now = control.ticker().getAsLong();
        if (now - reportedAt >= PROGRESS_NANOS) {
            reportedAt = now;
            control.progress().accept(progress());
        }
    }

    private int roundOf(int item) {
        int r = 0;
        while (firstItem[r + 1] <= item) {
            r++;
        }
        return r;
    }

    /** Whether nobody needs the result of a work item any more. */
    private boolean isObsolete(int item) {
        Success found = success.get();
        return found != null && found.item() < item || isStopped();
    }

    private boolean isStopped() {
        if (stopped.get() != null) {
            return true;
        }
        if (control.cancelled().getAsBoolean() || caller.isInterrupted()) {
            stopped.compareAndSet(null, Reason.CANCELLED);
        } else if (control.isPastDeadline()) {
            stopped.compareAndSet(null, Reason.DEADLINE);
        }
        return stopped.get() != null;
    }

    @Nullable
    Verdict verdict() {
        Success found = success.get();
        return found == null ? null : found.verdict();
    }

    Reason reason() {
        Reason reason = stopped.get();
        return reason == null ? Reason.EXHAUSTED : reason;
    }

    synchronized SearchProgress progress() {
        long quads = 0;
        long matches = 0;
        long tested = 0;
        double best = 0;
        for (Worker worker : workers) {
            quads += worker.quadsTried;
            matches += worker.codeMatches;
            tested += worker.tested();
            best = Math.max(best, worker.best());
        }
        return new SearchProgress(
                indexes.size(),
                depth,
                quads,
                matches,
                tested,
                best,
                control.ticker().getAsLong() - startedAt);
    }
}
