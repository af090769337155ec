package io.novasolve.core.model;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The work of solving one image.
 *
 * @param id positive, in sequence, never given twice; a retry keeps it
 * @param submissionId of the submission its image came with
 * @param image what to solve
 * @param state where it stands
 * @param attempts how often it was claimed
 * @param queuedAt when it was created
 * @param startedAt when it was last claimed; null before
 * @param endedAt when its outcome was recorded; null before
 * @param outcome how it ended; null before
 * @param timings where the time of the last attempt went
 * @param files what the solver left behind, by name ({@code wcs.fits}, {@code corr.fits}, {@code log} …)
 */
public record Job(
        int id,
        int submissionId,
        UserImage image,
        JobState state,
        int attempts,
        Instant queuedAt,
        @Nullable Instant startedAt,
        @Nullable Instant endedAt,
        @Nullable ImageOutcome outcome,
        JobTimings timings,
        Map<String, Content> files) {

    /** @throws IllegalArgumentException if an id is not positive, or state and outcome contradict each other */
    public Job {
        if (id < 1 || submissionId < 1) {
            throw new IllegalArgumentException(
                    "ids are positive, but this is job " + id + " of submission " + submissionId);
        }
        if (outcome == null ? state.isFinal() : state != outcome.state()) {
            throw new IllegalArgumentException("job " + id + " cannot be " + state + " with the outcome " + outcome);
        }
        files = Map.copyOf(files);
    }
}
