package io.novasolve.core.spi;

import io.novasolve.core.model.Job;
import java.time.Duration;
import java.util.List;

/** Jobs that wait to be solved. */
public interface JobQueue extends WorkQueue<Job> {

    /**
     * Records how the job ended, once.
     *
     * @return false, with nothing done, if the lease was lost or the job has ended already
     */
    boolean complete(Claim<Job> claim, JobReport report);

    /**
     * Records how several jobs ended, each by itself, for whoever has many short ones in hand: one round trip, and one wait
     * for the disk. When it fails some may have been recorded; asked again, it answers false for those.
     *
     * @return for each, in order, what {@link #complete(Claim, JobReport)} says
     */
    default List<Boolean> complete(List<Ended> jobs) {
        return jobs.stream().map(e -> complete(e.claim(), e.report())).toList();
    }

    /**
     * Puts the job back for another try after an accident.
     *
     * @return false, with nothing done, if the lease was lost, the job has ended already, or somebody has asked to stop
     */
    boolean retry(Claim<Job> claim, String accident, Duration delay);

    /** A job that has ended. */
    record Ended(Claim<Job> claim, JobReport report) {}
}
