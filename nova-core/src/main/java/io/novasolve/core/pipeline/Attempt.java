package io.novasolve.core.pipeline;

import io.novasolve.core.model.Job;
import io.novasolve.core.model.JobTimings;
import java.time.Duration;
import java.util.function.LongSupplier;

/** One attempt at a job: whether it is still wanted, what it says, and where its time goes. */
final class Attempt {

    private final Job job;
    private final Cancellation cancellation;
    private final JobLog log = new JobLog();
    private final LongSupplier ticker;
    private final long begin;
    private long lap;
    private long decode;
    private long extract;
    private long solve;

    /** Begins now. */
    Attempt(Job job, Cancellation cancellation, LongSupplier ticker) {
        this.job = job;
        this.cancellation = cancellation;
        this.ticker = ticker;
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

    JobTimings timings() {
        return new JobTimings(Duration.ofNanos(decode), Duration.ofNanos(extract), Duration.ofNanos(solve), elapsed());
    }
}
