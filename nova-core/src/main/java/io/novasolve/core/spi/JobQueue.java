package io.novasolve.core.spi;

import io.novasolve.core.model.Job;
import java.time.Duration;

/** Jobs that wait to be solved. */
public interface JobQueue extends WorkQueue<Job> {

    /**
     * Records how the job ended, once.
     *
     * @return false, with nothing done, if the lease was lost or the job has ended already
     */
    boolean complete(Claim<Job> claim, JobReport report);

    /**
     * Puts the job back for another try after an accident; if somebody has asked to stop, it ends as cancelled instead.
     *
     * @return false, with nothing done, if the lease was lost or the job has ended already
     */
    boolean retry(Claim<Job> claim, String accident, Duration delay);
}
