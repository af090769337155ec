package io.novasolve.core;

import io.novasolve.core.model.Calibration;
import io.novasolve.core.model.Job;
import io.novasolve.core.model.Submission;
import io.novasolve.core.spi.SolveProgress;
import io.novasolve.core.spi.SubmissionProgress;
import io.novasolve.core.watch.Progress;
import io.novasolve.sky.solution.SolvedImage;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** A submission in the hands of who submitted it, or asked for it by id. Everything here is looked up anew. */
public final class SubmissionHandle {

    private final Nova nova;
    private final int id;

    SubmissionHandle(Nova nova, int id) {
        this.nova = nova;
        this.id = id;
    }

    /** The id to ask for it later, in this process or another one on the same store. */
    public int id() {
        return id;
    }

    public Submission submission() {
        return nova.store()
                .submission(id)
                .orElseThrow(() -> new NovaException("submission " + id + " is no longer in the store"));
    }

    /** How many images there are, and how many have ended. */
    public SubmissionProgress progress() {
        return nova.store()
                .progress(id)
                .orElseThrow(() -> new NovaException("submission " + id + " is no longer in the store"));
    }

    /** How far it and each of its images have come. */
    public Progress imageProgress() {
        return nova.progress(id)
                .orElseThrow(() -> new NovaException("submission " + id + " is no longer in the store"));
    }

    /** Its jobs so far, in the order of its images. */
    public List<Job> jobs() {
        return nova.store().jobs(id);
    }

    /** The latest news of the search for one of its jobs; empty if it does not run in this process. */
    public Optional<SolveProgress> searchProgress(int jobId) {
        return nova.searchProgress(jobId);
    }

    /**
     * Completes when all images have ended, however they ended; exceptionally only if this Nova is closed before
     * ({@link NovaClosedException}), or if the submission is not in the store any more. Code hung onto it runs on Nova's
     * executor, or at once if the result is there already.
     */
    public CompletableFuture<SubmissionResult> result() {
        return nova.result(id);
    }

    /**
     * The short way for one image: its calibration, or exceptionally {@link UnsolvedException},
     * {@link JobFailedException} or {@link JobCancelledException}.
     */
    public CompletableFuture<Calibration> calibration() {
        return result().thenApply(SubmissionResult::calibration);
    }

    /**
     * The short way to everything that can be made of one image: the solved image, or exceptionally as
     * {@link #calibration()}.
     */
    public CompletableFuture<SolvedImage> solved() {
        return result().thenApply(result -> {
            result.calibration();
            return nova.solved(result.jobs().get(0))
                    .orElseThrow(
                            () -> new NovaException(
                                    "submission " + id
                                            + " is solved, but its solver left no star list or WCS behind: SolveOutcome.files says which"));
        });
    }

    /** Cancels what has not ended. */
    public void cancel() {
        nova.cancelSubmission(id);
    }

    @Override
    public String toString() {
        return "SubmissionHandle[" + id + "]";
    }
}
