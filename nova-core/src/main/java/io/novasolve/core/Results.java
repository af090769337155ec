package io.novasolve.core;

import io.novasolve.core.model.Job;
import io.novasolve.core.model.Submission;
import io.novasolve.core.spi.Store;
import io.novasolve.core.spi.StoreException;
import io.novasolve.core.spi.SubmissionProgress;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The results that somebody waits for, and the ends that somebody listens for. Futures end on the executor: what hangs on
 * them must not hold up a worker.
 */
final class Results {

    private static final Logger LOG = LoggerFactory.getLogger(Results.class);

    /** So many ends are remembered, so that two workers who end the last two jobs of a submission tell it once. */
    private static final int TOLD = 10_000;

    private final Store store;
    private final Executor executor;
    private final IntPredicate inHand;
    private final @Nullable Consumer<SubmissionResult> listener;
    private final Map<Integer, CompletableFuture<SubmissionResult>> awaited = new ConcurrentHashMap<>();
    private final Set<Integer> later = ConcurrentHashMap.newKeySet();
    private final Map<Integer, Boolean> told = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Integer, Boolean> eldest) {
            return size() > TOLD;
        }
    };
    private volatile boolean closed;

    /**
     * @param inHand whether workers of this process still have something of a submission in hand
     * @param listener hears of each submission the last of which this process has ended; null if nobody listens
     */
    Results(Store store, Executor executor, IntPredicate inHand, @Nullable Consumer<SubmissionResult> listener) {
        this.store = store;
        this.executor = executor;
        this.inHand = inHand;
        this.listener = listener;
    }

    /** Ends when everything of the submission has ended; {@link #ended} is called then, or {@link #lookAtAll} finds it. */
    CompletableFuture<SubmissionResult> of(int submissionId) {
        CompletableFuture<SubmissionResult> future =
                awaited.computeIfAbsent(submissionId, id -> new CompletableFuture<>());
        // A caller who completes or cancels his copy does not disturb the others.
        CompletableFuture<SubmissionResult> copy = future.copy();
        if (closed) {
            close();
            return copy;
        }
        try {
            look(Set.of(submissionId), Set.of());
        } catch (StoreException e) {
            LOG.warn("The store does not say how submission {} stands; will ask again", submissionId, e);
        }
        return copy;
    }

    /** This process has ended something of a submission: perhaps the last of it. */
    void ended(int submissionId) {
        if (listener == null && !awaited.containsKey(submissionId)) {
            return;
        }
        if (inHand.test(submissionId)) {
            // Who has it in hand looks when it has told of that; if it loses it, the next look at all does.
            later.add(submissionId);
            return;
        }
        try {
            look(Set.of(submissionId), Set.of(submissionId));
        } catch (StoreException e) {
            LOG.warn("The store does not say how submission {} stands; will ask again", submissionId, e);
            later.add(submissionId);
        }
    }

    /** Looks for what other processes have ended, and at what could not be looked at before. */
    void lookAtAll() {
        Set<Integer> here = new HashSet<>(later);
        here.removeIf(inHand::test);
        later.removeAll(here);
        Set<Integer> all = new HashSet<>(awaited.keySet());
        all.addAll(here);
        if (all.isEmpty()) {
            return;
        }
        try {
            look(all, here);
        } catch (StoreException e) {
            later.addAll(here);
            throw e;
        }
    }

    /** @param here those of which this process has ended something */
    private void look(Set<Integer> submissionIds, Set<Integer> here) {
        Map<Integer, SubmissionProgress> progress = store.progress(submissionIds);
        for (Integer id : submissionIds) {
            SubmissionProgress p = progress.get(id);
            if (p == null || p.isFinal()) {
                finish(id, here.contains(id));
            }
        }
    }

    private void finish(int submissionId, boolean here) {
        // Jobs first: as long as their submission is there, they were too, for both are forgotten at once.
        List<Job> jobs = store.jobs(submissionId);
        Submission submission = store.submission(submissionId).orElse(null);
        if (submission == null) {
            end(submissionId, future -> future.completeExceptionally(forgotten(submissionId)));
        } else {
            SubmissionResult result = new SubmissionResult(submission, jobs);
            end(submissionId, future -> future.complete(result));
            if (here && listener != null && isNews(submissionId)) {
                listener.accept(result);
            }
        }
    }

    private boolean isNews(int submissionId) {
        synchronized (told) {
            return told.put(submissionId, true) == null;
        }
    }

    static NovaException forgotten(int submissionId) {
        return new NovaException("submission " + submissionId
                + " is not in the store any more: ask for the result earlier, or keep more (NovaBuilder.keepEnded)");
    }

    private interface Ending {
        boolean end(CompletableFuture<SubmissionResult> future);
    }

    private void end(int submissionId, Ending how) {
        CompletableFuture<SubmissionResult> future = awaited.remove(submissionId);
        if (future == null) {
            return;
        }
        try {
            executor.execute(() -> how.end(future));
        } catch (RejectedExecutionException e) {
            // An executor that is shut down takes nothing more, but nobody may wait for ever.
            how.end(future);
        }
    }

    /** Ends what has not ended: this Nova will not learn of it. */
    void close() {
        closed = true;
        awaited.keySet().forEach(id -> end(id, f -> f.completeExceptionally(new NovaClosedException())));
    }
}
