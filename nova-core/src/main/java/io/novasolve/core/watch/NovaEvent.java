package io.novasolve.core.watch;

import io.novasolve.core.model.JobState;
import io.novasolve.core.model.JobTimings;
import io.novasolve.core.model.SubmissionState;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Something that happened in this process. What other processes on the same store do is not heard here. The events of one
 * job come in the order in which they happened; those of different threads may pass each other, so that a job can start
 * before its submission is heard to be unpacked.
 */
public sealed interface NovaEvent {

    /** When it happened. */
    Instant at();

    /** The submission that it happened to. */
    int submissionId();

    /** A submission was stored. */
    record SubmissionStored(Instant at, int submissionId, String submitter, String fileName) implements NovaEvent {}

    /** A worker of this process begins to fetch and unpack it. */
    record UnpackingStarted(Instant at, int submissionId, int attempt) implements NovaEvent {}

    /** Its images exist. */
    record Unpacked(Instant at, int submissionId, int images) implements NovaEvent {}

    /** It could not be unpacked, and another attempt follows after a pause. */
    record UnpackingRetried(Instant at, int submissionId, int attempt, String accident) implements NovaEvent {}

    /** It could not be unpacked, for good. */
    record SubmissionFailed(Instant at, int submissionId, String error) implements NovaEvent {}

    /**
     * Everything of it has ended, and this process has ended the last of it; the jobs that ended here were told before.
     * However many events wait for a slow listener, this one is not left out. It comes once in a process; where two
     * processes end the last two jobs at the same moment, it comes in both.
     *
     * @param state of the submission itself: unpacked, failed or cancelled
     * @param solved how many of its jobs are
     * @param unsolved how many of its jobs are
     * @param failed how many of its jobs have
     * @param cancelled how many of its jobs are
     */
    record SubmissionEnded(
            Instant at, int submissionId, SubmissionState state, int solved, int unsolved, int failed, int cancelled)
            implements NovaEvent {}

    /** Somebody of this process asked to cancel a submission, or one job of it. */
    record CancelRequested(Instant at, int submissionId, @Nullable Integer jobId) implements NovaEvent {}

    /** Something that happened to one job. */
    sealed interface JobEvent extends NovaEvent {
        int jobId();
    }

    /**
     * A worker of this process begins to solve it.
     *
     * @param attempt 1 for the first one
     * @param waited since it was queued
     */
    record JobStarted(Instant at, int submissionId, int jobId, int attempt, Duration waited) implements JobEvent {}

    /** It has come further. Where many come at once, only some of these are told. */
    record JobProgressed(Instant at, int submissionId, int jobId, JobProgress progress) implements JobEvent {}

    /** An accident happened, and another attempt follows after a pause. */
    record JobRetried(Instant at, int submissionId, int jobId, int attempt, String accident) implements JobEvent {}

    /**
     * It has ended; its outcome is in the store. One that was never begun here has taken no time: it could not be read, an
     * earlier solution answered it, or it was cancelled while it waited.
     */
    record JobEnded(Instant at, int submissionId, int jobId, JobState state, JobTimings timings) implements JobEvent {}

    /**
     * It goes on elsewhere, or later.
     *
     * @param leaseLost whether another worker has it; if not, this process stops and has put it back
     */
    record JobReleased(Instant at, int submissionId, int jobId, boolean leaseLost) implements JobEvent {}
}
