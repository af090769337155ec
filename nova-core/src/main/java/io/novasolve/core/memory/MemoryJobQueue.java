package io.novasolve.core.memory;

import io.novasolve.core.model.Job;
import io.novasolve.core.model.JobAttempt;
import io.novasolve.core.model.JobState;
import io.novasolve.core.model.JobTimings;
import io.novasolve.core.spi.Claim;
import io.novasolve.core.spi.JobQueue;
import io.novasolve.core.spi.JobReport;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Jobs that wait for a solver. */
final class MemoryJobQueue extends MemoryQueue<Job> implements JobQueue {

    private final InstantSource clock;
    private final MemoryRecords records;

    MemoryJobQueue(ReentrantLock lock, InstantSource clock, MemoryRecords records) {
        super(lock, clock);
        this.clock = clock;
        this.records = records;
    }

    private Job in(JobState state, Item<Job> item, @Nullable Instant startedAt) {
        Job job = new Job(
                item.id,
                item.work.submissionId(),
                item.work.image(),
                state,
                item.attempts,
                item.work.queuedAt(),
                startedAt,
                null,
                null,
                JobTimings.NONE,
                Map.of());
        records.put(job);
        return job;
    }

    @Override
    Job started(Item<Job> item, Instant now) {
        return in(JobState.RUNNING, item, now);
    }

    @Override
    Job requeued(Item<Job> item) {
        return in(JobState.QUEUED, item, item.work.startedAt());
    }

    @Override
    void lost(Item<Job> item, Instant now) {
        addAttempt(item, now, JobAttempt.LOST);
    }

    private void addAttempt(Item<Job> item, Instant now, String accident) {
        Instant started = item.work.startedAt();
        records.addAttempt(
                item.id,
                new JobAttempt(
                        item.attempts,
                        item.worker,
                        started == null ? now : started,
                        now,
                        JobReport.sentence(accident)));
    }

    @Override
    void endCancelled(Item<Job> item) {
        records.end(item.work, new JobReport(new JobReport.Cancelled(), JobTimings.NONE, Map.of()));
    }

    @Override
    public boolean complete(Claim<Job> claim, JobReport report) {
        return ifHeld(claim, item -> {
            remove(item);
            if (report.result() instanceof JobReport.Failed failed) {
                addAttempt(item, clock.instant(), failed.message());
            }
            records.end(item.work, report);
        });
    }

    @Override
    public boolean retry(Claim<Job> claim, String accident, Duration delay) {
        return ifWanted(claim, item -> {
            addAttempt(item, clock.instant(), accident);
            giveBack(item, delay);
        });
    }
}
