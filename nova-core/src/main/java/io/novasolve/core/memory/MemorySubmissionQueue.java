package io.novasolve.core.memory;

import io.novasolve.core.model.Job;
import io.novasolve.core.model.Submission;
import io.novasolve.core.model.SubmissionState;
import io.novasolve.core.spi.Claim;
import io.novasolve.core.spi.JobReport;
import io.novasolve.core.spi.NewImage;
import io.novasolve.core.spi.SubmissionQueue;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/** Submissions that wait to be unpacked; their images go on to the queue of jobs. */
final class MemorySubmissionQueue extends MemoryQueue<Submission> implements SubmissionQueue {

    private final MemoryRecords records;
    private final MemoryJobQueue jobs;

    MemorySubmissionQueue(ReentrantLock lock, InstantSource clock, MemoryRecords records, MemoryJobQueue jobs) {
        super(lock, clock);
        this.records = records;
        this.jobs = jobs;
    }

    @Override
    Submission started(Item<Submission> item, Instant now) {
        return in(SubmissionState.UNPACKING, item);
    }

    @Override
    Submission requeued(Item<Submission> item) {
        return in(SubmissionState.QUEUED, item);
    }

    private Submission in(SubmissionState state, Item<Submission> item) {
        records.setState(item.id, state, null);
        return records.entry(item.id).submission();
    }

    @Override
    void lost(Item<Submission> item, Instant now) {
        // Attempts are kept of jobs alone.
    }

    @Override
    void endCancelled(Item<Submission> item) {
        records.setState(item.id, SubmissionState.CANCELLED, null);
    }

    private boolean end(Claim<Submission> claim, Consumer<Item<Submission>> how) {
        return ifHeld(claim, item -> {
            remove(item);
            how.accept(item);
        });
    }

    @Override
    public boolean complete(Claim<Submission> claim, List<NewImage> images) {
        return ifWanted(claim, item -> {
            remove(item);
            unpacked(item.work, images);
        });
    }

    /** Of what waits no more the images exist. */
    void unpacked(Submission submission, List<NewImage> images) {
        images.forEach(image -> add(submission, image));
        records.setState(submission.id(), SubmissionState.UNPACKED, null);
    }

    private void add(Submission submission, NewImage image) {
        Job job = records.addImage(submission.id(), image);
        JobReport ended = image.ended();
        if (ended == null) {
            jobs.add(new Item<>(job.id(), submission.submitter(), job));
        } else {
            records.end(job, ended);
        }
    }

    @Override
    public boolean fail(Claim<Submission> claim, String error) {
        return end(claim, item -> records.setState(item.id, SubmissionState.FAILED, error));
    }

    @Override
    public boolean cancelled(Claim<Submission> claim) {
        return end(claim, this::endCancelled);
    }

    @Override
    public boolean retry(Claim<Submission> claim, Duration delay) {
        return ifWanted(claim, item -> giveBack(item, delay));
    }
}
