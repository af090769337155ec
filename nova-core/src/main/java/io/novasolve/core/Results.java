package io.novasolve.core;

import io.novasolve.core.model.Job;
import io.novasolve.core.model.Submission;
import io.novasolve.core.spi.Store;
import io.novasolve.core.spi.StoreException;
import io.novasolve.core.spi.SubmissionProgress;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The results that somebody waits for. Futures end on the executor: what hangs on them must not hold up a worker. */
final class Results {

    private static final Logger LOG = LoggerFactory.getLogger(Results.class);

    private final Store store;
    private final Executor executor;
    private final Map<Integer, CompletableFuture<SubmissionResult>> awaited = new ConcurrentHashMap<>();
    private volatile boolean closed;

    Results(Store store, Executor executor) {
        this.store = store;
        this.executor = executor;
    }

    /** Ends when everything of the submission has ended; {@link #changed} must be called then. */
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
            changed(submissionId);
        } catch (StoreException e) {
            LOG.warn("The store does not say how submission {} stands; will ask again", submissionId, e);
        }
        return copy;
    }

    /** Something of a submission has ended: perhaps everything, and somebody waits for it. */
    void changed(int submissionId) {
        if (awaited.containsKey(submissionId)) {
            look(Set.of(submissionId));
        }
    }

    /** Looks for what other processes have ended. */
    void lookAtAll() {
        if (!awaited.isEmpty()) {
            look(Set.copyOf(awaited.keySet()));
        }
    }

    private void look(Set<Integer> submissionIds) {
        Map<Integer, SubmissionProgress> progress = store.progress(submissionIds);
        for (Integer id : submissionIds) {
            SubmissionProgress p = progress.get(id);
            if (p == null || p.isFinal()) {
                finish(id);
            }
        }
    }

    private void finish(int submissionId) {
        // Jobs first: as long as their submission is there, they were too, for both are forgotten at once.
        List<Job> jobs = store.jobs(submissionId);
        Submission submission = store.submission(submissionId).orElse(null);
        if (submission == null) {
            end(submissionId, future -> future.completeExceptionally(forgotten(submissionId)));
        } else {
            SubmissionResult result = new SubmissionResult(submission, jobs);
            end(submissionId, future -> future.complete(result));
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
