package io.novasolve.core.pipeline;

import io.novasolve.core.model.Job;
import io.novasolve.core.model.JobState;
import io.novasolve.core.model.JobTimings;
import io.novasolve.core.model.Submission;
import io.novasolve.core.spi.Claim;
import io.novasolve.core.spi.JobReport;
import io.novasolve.core.spi.Store;
import io.novasolve.core.watch.JobProgress;
import io.novasolve.core.watch.NovaEvent;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/** Tells what happens in this process. */
public final class News {

    private static final IntSupplier NO_ID = () -> 1;

    private final InstantSource clock;
    private final Consumer<NovaEvent> to;

    /** @param to hears all of it, at once and on the thread where it happens; it must not throw */
    public News(InstantSource clock, Consumer<NovaEvent> to) {
        this.clock = clock;
        this.to = to;
    }

    /** A submission was stored. */
    public void stored(Submission s) {
        to.accept(new NovaEvent.SubmissionStored(clock.instant(), s.id(), s.submitter(), s.fileName()));
    }

    /**
     * Somebody has asked to stop.
     *
     * @param job null for the whole submission
     * @param stopped what has ended by it at once
     */
    public void cancelRequested(int submission, @Nullable Integer job, Store.Stopped stopped) {
        to.accept(new NovaEvent.CancelRequested(clock.instant(), submission, job));
        ended(submission, stopped.jobs(), JobState.CANCELLED);
    }

    /** Something waited until its deadline was over. */
    public void overdue(int submission, Store.Stopped stopped) {
        if (stopped.submission()) {
            unpacked(submission, stopped.jobs().size());
        }
        ended(submission, stopped.jobs(), JobState.UNSOLVED);
    }

    private void ended(int submission, List<Integer> jobs, JobState state) {
        jobs.forEach(
                job -> to.accept(new NovaEvent.JobEnded(clock.instant(), submission, job, state, JobTimings.NONE)));
    }

    /** Everything of a submission has ended. */
    public void submissionEnded(Submission s, List<Job> jobs) {
        Map<JobState, Integer> count = new EnumMap<>(JobState.class);
        jobs.forEach(job -> count.merge(job.state(), 1, Integer::sum));
        to.accept(new NovaEvent.SubmissionEnded(
                clock.instant(),
                s.id(),
                s.state(),
                count.getOrDefault(JobState.SOLVED, 0),
                count.getOrDefault(JobState.UNSOLVED, 0),
                count.getOrDefault(JobState.FAILED, 0),
                count.getOrDefault(JobState.CANCELLED, 0)));
    }

    void unpackingStarted(Claim<?> claim) {
        to.accept(new NovaEvent.UnpackingStarted(clock.instant(), claim.id(), claim.attempt()));
    }

    void unpacked(int submission, int images) {
        to.accept(new NovaEvent.Unpacked(clock.instant(), submission, images));
    }

    void unpackingRetried(Claim<?> claim, String accident) {
        to.accept(new NovaEvent.UnpackingRetried(clock.instant(), claim.id(), claim.attempt(), accident));
    }

    void submissionFailed(int submission, String error) {
        to.accept(new NovaEvent.SubmissionFailed(clock.instant(), submission, error));
    }

    void started(Claim<Job> claim) {
        Job job = claim.work();
        Instant now = clock.instant();
        Duration waited = Duration.between(job.queuedAt(), job.startedAt() == null ? now : job.startedAt());
        to.accept(new NovaEvent.JobStarted(
                now, job.submissionId(), job.id(), claim.attempt(), waited.isNegative() ? Duration.ZERO : waited));
    }

    void progressed(Job job, JobProgress progress) {
        to.accept(new NovaEvent.JobProgressed(clock.instant(), job.submissionId(), job.id(), progress));
    }

    void retried(Claim<Job> claim, String accident) {
        to.accept(new NovaEvent.JobRetried(
                clock.instant(), claim.work().submissionId(), claim.id(), claim.attempt(), accident));
    }

    void ended(Job job, JobReport report) {
        JobTimings timings = report.timings();
        to.accept(new NovaEvent.JobEnded(
                clock.instant(),
                job.submissionId(),
                job.id(),
                report.result().outcome(NO_ID).state(),
                timings));
    }

    void released(Job job, boolean leaseLost) {
        to.accept(new NovaEvent.JobReleased(clock.instant(), job.submissionId(), job.id(), leaseLost));
    }
}
