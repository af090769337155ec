package io.novasolve.core.watch;

import io.novasolve.core.spi.SolveProgress;
import org.jspecify.annotations.Nullable;

/**
 * How far a job, and with it its image, has come.
 *
 * @param jobId of the job
 * @param fileName of its image, as the submitter calls it; for a member of an archive, its path there
 * @param stage what goes on
 * @param fraction of the work that is done, 0 to 1, never shrinking within an attempt. How long a search takes is not known
 *     before its end, so it tells of parts that are done, not of time
 * @param search the latest news of the search; null if it has not begun, or runs in another process
 */
public record JobProgress(int jobId, String fileName, Stage stage, double fraction, @Nullable SolveProgress search) {

    /** What goes on with a job. */
    public enum Stage {
        /** It waits for a worker. */
        QUEUED,
        /** Another process works on it. */
        ELSEWHERE,
        /** Its bytes are read and decoded. */
        READING,
        /** Its stars are extracted. */
        EXTRACTING,
        /** The transport searches for its place. */
        SEARCHING,
        /** It has ended. */
        ENDED
    }

    /** @throws IllegalArgumentException if the fraction is none */
    public JobProgress {
        if (!(fraction >= 0 && fraction <= 1)) {
            throw new IllegalArgumentException("a fraction is 0 to 1, but is " + fraction);
        }
    }
}
