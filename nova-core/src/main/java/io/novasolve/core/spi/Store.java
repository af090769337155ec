package io.novasolve.core.spi;

import io.novasolve.core.model.ContentHash;
import io.novasolve.core.model.Job;
import io.novasolve.core.model.Submission;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

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

    /** The jobs of a submission with their images, in the order of the images; empty if it is unknown. */
    List<Job> jobs(int submissionId);

    Optional<Job> job(int id);

    /** The newest solved jobs, those with the highest ids first, whose image has a given content. */
    List<Job> solved(ContentHash image, int limit);

    /**
     * Cancels a submission and all its jobs that have not ended: what waits is cancelled now, what runs is asked to stop.
     *
     * @return false if there is no such submission
     */
    boolean cancelSubmission(int id);

    /** The same for one job. */
    boolean cancelJob(int id);

    QueueCounts counts();

    SubmissionQueue submissionQueue();

    JobQueue jobQueue();

    /**
     * Forgets ended submissions with their images and jobs, those that ended first before the others, until at most
     * {@code keep} ended ones are left.
     *
     * @param batch forget at most so many
     */
    Forgotten forgetEnded(int keep, int batch);

    /** Those of some contents that nothing in the store refers to. */
    Set<ContentHash> unreferenced(Collection<ContentHash> contents);

    /**
     * What {@link #forgetEnded} did.
     *
     * @param submissions how many are forgotten; as many as the batch if there may be more to forget
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
