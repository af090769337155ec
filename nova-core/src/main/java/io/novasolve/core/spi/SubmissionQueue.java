package io.novasolve.core.spi;

import io.novasolve.core.model.Submission;
import java.time.Duration;
import java.util.List;

/** Submissions that wait to become images. */
public interface SubmissionQueue extends WorkQueue<Submission> {

    /**
     * Creates the images and their jobs, and ends the unpacking, in one transaction. A job that has
     * {@linkplain NewImage#ended ended already} is recorded as such and never queued.
     *
     * @return false, with nothing done, if the lease was lost, the submission has ended already, or somebody has asked to
     *     stop
     */
    boolean complete(Claim<Submission> claim, List<NewImage> images);

    /**
     * Ends the submission without images.
     *
     * @return false, with nothing done, if the lease was lost or the submission has ended already
     */
    boolean fail(Claim<Submission> claim, String error);

    /**
     * Ends the submission as cancelled.
     *
     * @return false, with nothing done, if the lease was lost or the submission has ended already
     */
    boolean cancelled(Claim<Submission> claim);

    /**
     * Puts the submission back for another try after an accident.
     *
     * @return false, with nothing done, if the lease was lost, the submission has ended already, or somebody has asked to
     *     stop
     */
    boolean retry(Claim<Submission> claim, Duration delay);
}
