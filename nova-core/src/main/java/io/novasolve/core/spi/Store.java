package io.novasolve.core.spi;

import io.novasolve.core.model.Content;
import io.novasolve.core.model.ContentHash;
import io.novasolve.core.model.Job;
import io.novasolve.core.model.JobAttempt;
import io.novasolve.core.model.Submission;
import io.novasolve.sky.SkyPosition;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Everything durable, in transactions that mean something. Thread-safe; any number of processes may share one.
 * Failures of what is behind it come as {@link StoreException}.
 *
 * <p>Store and queues are one contract, because creating a job and queueing it is one transaction.
 */
public interface Store extends AutoCloseable {

    /** Stores a submission and queues it; durable on return. The same idempotency key gives the same submission. */
    Submission create(NewSubmission submission);

    Optional<Submission> submission(int id);

    /** The newest submissions first. */
    List<Submission> submissions(int limit);

    /** How far submissions have come; those that do not exist are left out. One round trip, however many. */
    Map<Integer, SubmissionProgress> progress(Collection<Integer> submissionIds);

    /** How far a submission has come; empty if there is no such submission. */
    default Optional<SubmissionProgress> progress(int submissionId) {
        return Optional.ofNullable(progress(List.of(submissionId)).get(submissionId));
    }

    /**
     * The jobs of submissions with their images: those of one in the order of its images, and none of one that is unknown.
     * A round trip or two for each few hundred submissions.
     */
    List<Job> jobs(Collection<Integer> submissionIds);

    /** The jobs of a submission with their images, in the order of the images; empty if it is unknown. */
    default List<Job> jobs(int submissionId) {
        return jobs(List.of(submissionId));
    }

    Optional<Job> job(int id);

    /** The newest solved jobs, those with the highest ids first, whose image has a given content. */
    List<Job> solved(ContentHash image, int limit);

    /**
     * The newest solved jobs, those with the highest ids first, whose picture shows a position: exact, by an index.
     *
     * @param limit at most so many
     */
    List<Job> showing(SkyPosition position, int limit);

    /**
     * Solved jobs the middle of whose picture is near a position, the nearest first; by an index. Of those that are equally
     * near any may come first.
     *
     * @param radiusDeg how near, degrees, 0 to 180
     * @param limit at most so many
     */
    List<Job> near(SkyPosition position, double radiusDeg, int limit);

    /**
     * Cancels a submission and all its jobs that have not ended: what waits is cancelled now, what runs is asked to stop.
     */
    Stopped cancelSubmission(int id);

    /** The same for one job. */
    Stopped cancelJob(int id);

    /**
     * The ids of submissions that have a deadline, their own or that of an image, which is over, and which nobody has looked
     * after yet with {@link #endWaiting}; the earliest deadline first.
     *
     * @param now by the clock that the deadlines are by
     * @param limit at most so many
     */
    List<Integer> overdue(Instant now, int limit);

    /**
     * Ends what waits of a submission; what is in hand goes on.
     *
     * @param images what to make of the submission itself, if it waits: images whose jobs have ended; none to leave it alone
     * @param jobs how to end jobs of it, by their ids, if they wait
     * @param lookAgain when {@link #overdue} is to name the submission again; null for never
     * @return what has ended, the jobs of the images among it
     */
    Stopped endWaiting(
            Submission submission, List<NewImage> images, Map<Integer, JobReport> jobs, @Nullable Instant lookAgain);

    QueueCounts counts();

    /** Who waits, and for how long. */
    Waiting waiting();

    /** Whether no submission and no job is open: none waits, none is worked on. */
    boolean isIdle();

    /** The attempts at a job that brought no answer, the first one first; empty if the job is unknown. */
    List<JobAttempt> attempts(int jobId);

    /** Chooses which of a submitter's work comes first, what waits already included; the oldest if never chosen. */
    void setOrder(String submitter, WorkOrder order);

    /**
     * Registers a worker process, or says that it is still alive.
     *
     * @return whether it may go on claiming; false if somebody asks it to drain
     */
    boolean reportWorker(WorkerReport report);

    /** A worker process ends; nothing happens if it is unknown. */
    void removeWorker(String name);

    /**
     * Asks a worker process to claim nothing more; it hears of it with its next report.
     *
     * @return false if there is no such worker
     */
    boolean drainWorker(String name);

    /**
     * The worker processes, by name. One that died stays for a while with the time at which it was last seen; its jobs go
     * back to the queue when their leases run out.
     */
    List<WorkerStatus> workers();

    SubmissionQueue submissionQueue();

    JobQueue jobQueue();

    /**
     * The ids of submissions that have ended with all their jobs, those that ended first before the others, beyond the
     * {@code keep} that ended last.
     *
     * @param limit at most so many
     */
    List<Integer> endedBeyond(int keep, int limit);

    /**
     * The ids of submissions that ended with all their jobs longer ago than a given time, those that ended first before the
     * others.
     *
     * @param limit at most so many
     */
    List<Integer> endedBefore(Duration age, int limit);

    /**
     * Forgets submissions with their images and jobs, all of them in one transaction; those that are unknown, or have not
     * ended with all their jobs, are passed over.
     */
    Forgotten forget(Collection<Integer> submissionIds);

    /**
     * Forgets ended submissions, those that ended first before the others, until at most {@code keep} ended ones are left.
     *
     * @param batch forget at most so many
     */
    default Forgotten forgetEnded(int keep, int batch) {
        return forget(endedBeyond(keep, batch));
    }

    /**
     * Forgets submissions that ended longer ago than a given time, those that ended first before the others.
     *
     * @param batch forget at most so many
     */
    default Forgotten forgetEndedBefore(Duration age, int batch) {
        return forget(endedBefore(age, batch));
    }

    /** Those of some contents that nothing in the store refers to. */
    Set<ContentHash> unreferenced(Collection<ContentHash> contents);

    /**
     * Contents that something in the store refers to, in the order of their hashes, each once.
     *
     * @param after the last one of the page before; null for the first page
     */
    List<Content> contents(@Nullable ContentHash after, int limit);

    /**
     * What has ended at once because somebody does not want it any more.
     *
     * @param known whether there is such a submission or job
     * @param submission whether the submission itself waited, and has ended now
     * @param jobs the ids of the jobs that waited, and have ended now
     */
    record Stopped(boolean known, boolean submission, List<Integer> jobs) {
        public Stopped {
            jobs = List.copyOf(jobs);
        }
    }

    /**
     * What {@link #forget} did.
     *
     * @param submissions how many are forgotten
     * @param orphans content that they referred to and nothing else in the store does
     */
    record Forgotten(int submissions, Set<ContentHash> orphans) {
        public Forgotten {
            orphans = Set.copyOf(orphans);
        }
    }

    @Override
    default void close() {}
}
