package io.novasolve.core;

import io.novasolve.core.model.Calibration;
import io.novasolve.core.model.FailureReason;
import io.novasolve.core.model.ImageOutcome;
import io.novasolve.core.model.Job;
import io.novasolve.core.model.Submission;
import java.util.List;

/**
 * A submission that has ended.
 *
 * @param submission as it ended
 * @param jobs its jobs, all ended, in the order of its images
 */
public record SubmissionResult(Submission submission, List<Job> jobs) {

    public SubmissionResult {
        jobs = List.copyOf(jobs);
    }

    /**
     * The calibration of the one image.
     *
     * @throws UnsolvedException if it was searched without success
     * @throws JobFailedException if it could not be read or searched, or if there is no image
     * @throws JobCancelledException if it was cancelled
     * @throws IllegalStateException if there are several images: ask each job
     */
    public Calibration calibration() {
        switch (submission.state()) {
            case FAILED -> throw new JobFailedException(FailureReason.UNREADABLE, String.valueOf(submission.error()));
            case CANCELLED -> throw new JobCancelledException("submission " + submission.id() + " was cancelled");
            default -> {}
        }
        if (jobs.size() != 1) {
            throw new IllegalStateException("submission " + submission.id() + " has " + jobs.size()
                    + " images: take the calibration of each job instead");
        }
        Job job = jobs.get(0);
        ImageOutcome outcome = job.outcome();
        if (outcome instanceof ImageOutcome.Solved solved) {
            return solved.calibration();
        }
        String name = job.image().fileName();
        if (outcome instanceof ImageOutcome.Unsolved unsolved) {
            throw new UnsolvedException(unsolved.reason(), name + ": " + unsolved.detail());
        }
        if (outcome instanceof ImageOutcome.Failed failed) {
            throw new JobFailedException(failed.reason(), failed.message());
        }
        throw new JobCancelledException("job " + job.id() + " (" + name + ") was cancelled");
    }
}
