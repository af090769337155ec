package io.novasolve.core.watch;

import io.novasolve.core.model.SubmissionState;
import java.util.List;

/**
 * How far a submission has come, with all its images.
 *
 * @param state of the submission itself
 * @param fraction of the work that is done, 0 to 1: opening it is the first tenth, its jobs are the rest in equal shares
 * @param jobs its jobs so far, in the order of its images
 */
public record Progress(SubmissionState state, double fraction, List<JobProgress> jobs) {

    private static final double OPENED = 0.1;

    /** @throws IllegalArgumentException if the fraction is none */
    public Progress {
        if (!(fraction >= 0 && fraction <= 1)) {
            throw new IllegalArgumentException("a fraction is 0 to 1, but is " + fraction);
        }
        jobs = List.copyOf(jobs);
    }

    /** With the fraction that follows from the rest. */
    public static Progress of(SubmissionState state, List<JobProgress> jobs) {
        double done = !state.isFinal()
                ? 0
                : OPENED
                        + (1 - OPENED)
                                * jobs.stream()
                                        .mapToDouble(JobProgress::fraction)
                                        .average()
                                        .orElse(1);
        return new Progress(state, Math.min(1, done), jobs);
    }

    /** Whether nothing more will happen. */
    public boolean isFinal() {
        return state.isFinal() && jobs.stream().allMatch(job -> job.stage() == JobProgress.Stage.ENDED);
    }
}
