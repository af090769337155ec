package io.novasolve.core.pipeline;

import io.novasolve.core.model.Job;
import io.novasolve.core.model.JobTimings;
import io.novasolve.core.spi.Claim;
import io.novasolve.core.spi.JobReport;
import io.novasolve.core.watch.JobProgress;
import io.novasolve.core.watch.NovaEvent;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.Consumer;
import java.util.function.IntSupplier;

/** Tells what the workers of this process do. */
public final class News {

    private static final IntSupplier NO_ID = () -> 1;

    private final InstantSource clock;
    private final Consumer<NovaEvent> to;

    /** @param to hears all of it, at once and on the thread where it happens; it must not throw */
    public News(InstantSource clock, Consumer<NovaEvent> to) {
        this.clock = clock;
        this.to = to;
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
