package io.novasolve.core.pipeline;

import io.novasolve.core.model.Job;
import io.novasolve.core.model.JobTimings;
import io.novasolve.core.spi.SolveProgress;
import io.novasolve.core.watch.JobProgress;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** One attempt at a job: whether it is still wanted, what it says, and where its time goes. */
final class Attempt {

    private final Job job;
    private final Cancellation cancellation;
    private final JobLog log = new JobLog();
    private final LongSupplier ticker;
    private final News news;
    private final long begin;
    private long lap;
    private long decode;
    private long extract;
    private long solve;

    private volatile JobProgress progress;

    /** Begins now. */
    Attempt(Job job, Cancellation cancellation, LongSupplier ticker, News news) {
        this.job = job;
        this.cancellation = cancellation;
        this.ticker = ticker;
        this.news = news;
        this.progress = progress(JobProgress.Stage.READING, 0, null);
        this.begin = ticker.getAsLong();
        this.lap = begin;
    }

    Job job() {
        return job;
    }

    Cancellation cancellation() {
        return cancellation;
    }

    JobLog log() {
        return log;
    }

    /** Time since the attempt began. */
    Duration elapsed() {
        return Duration.ofNanos(ticker.getAsLong() - begin);
    }

    /** A part of the work begins. */
    void start() {
        lap = ticker.getAsLong();
    }

    void decoded() {
        decode += ticker.getAsLong() - lap;
    }

    void extracted() {
        extract += ticker.getAsLong() - lap;
    }

    void solved() {
        solve += ticker.getAsLong() - lap;
    }

    /** How far it has come. */
    JobProgress progress() {
        return progress;
    }

    void reached(JobProgress.Stage stage, double fraction) {
        tell(progress(stage, fraction, progress.search()));
    }

    void searched(SolveProgress search) {
        JobProgress before = progress;
        tell(progress(before.stage(), before.fraction(), search));
    }

    private JobProgress progress(JobProgress.Stage stage, double fraction, @Nullable SolveProgress search) {
        return new JobProgress(job.id(), job.image().fileName(), stage, fraction, search);
    }

    private void tell(JobProgress now) {
        progress = now;
        news.progressed(job, now);
    }

    JobTimings timings() {
        return new JobTimings(Duration.ofNanos(decode), Duration.ofNanos(extract), Duration.ofNanos(solve), elapsed());
    }
}
