package io.novasolve.core.watch;

import io.novasolve.core.model.SubmissionState;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How far a submission has come, with all its images.
 *
 * @param state of the submission itself
 * @param fraction of the work that is done, 0 to 1: opening it is the first tenth, its jobs are the rest in equal shares. How
 *     much there is to open is not known before its end
 * @param jobs its jobs so far, in the order of its images
 * @param opening how far opening it has come; null if this process does not open it now
 */
public record Progress(SubmissionState state, double fraction, List<JobProgress> jobs, @Nullable Opening opening) {

    /**
     * How far the fetching and unpacking of a submission has come.
     *
     * @param fetchedBytes fetched so far of a link
     * @param images found so far
     */
    public record Opening(long fetchedBytes, int images) {}

    private static final double OPENED = 0.1;

    /** @throws IllegalArgumentException if the fraction is none */
    public Progress {
        if (!(fraction >= 0 && fraction <= 1)) {
            throw new IllegalArgumentException("a fraction is 0 to 1, but is " + fraction);
        }
        jobs = List.copyOf(jobs);
    }

    /** With the fraction that follows from the rest. */
    public static Progress of(SubmissionState state, List<JobProgress> jobs, @Nullable Opening opening) {
        double done = !state.isFinal()
                ? 0
                : OPENED
                        + (1 - OPENED)
                                * jobs.stream()
                                        .mapToDouble(JobProgress::fraction)
                                        .average()
                                        .orElse(1);
        return new Progress(state, Math.min(1, done), jobs, opening);
    }

    /** Whether nothing more will happen. */
    public boolean isFinal() {
        return state.isFinal() && jobs.stream().allMatch(job -> job.stage() == JobProgress.Stage.ENDED);
    }
}
