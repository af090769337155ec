package io.novasolve.core.pipeline;

import io.novasolve.core.model.Content;
import io.novasolve.core.model.FailureReason;
import io.novasolve.core.model.Job;
import io.novasolve.core.spi.Claim;
import io.novasolve.core.spi.JobQueue;
import io.novasolve.core.spi.JobReport;
import io.novasolve.core.spi.StoreException;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/** Solves one claimed job at a time, and ends the claim whatever happens: recorded, put back, or left to who has it now. */
public final class JobWorker implements WorkerPool.Handler<Job> {

    private static final Logger LOG = LoggerFactory.getLogger(JobWorker.class);

    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);

    private final JobQueue queue;
    private final LeaseKeeper leases;
    private final RetryPolicy retries;
    private final ContentWatch content;
    private final JobRunner runner;
    private final LongSupplier ticker;
    private final IntConsumer ended;
    private final News news;

    /**
     * @param ticker monotonic nanoseconds
     * @param ended hears the ids of submissions of which a job was ended here
     */
    public JobWorker(
            JobQueue queue,
            LeaseKeeper leases,
            RetryPolicy retries,
            ContentWatch content,
            JobRunner runner,
            LongSupplier ticker,
            IntConsumer ended,
            News news) {
        this.queue = queue;
        this.leases = leases;
        this.retries = retries;
        this.content = content;
        this.runner = runner;
        this.ticker = ticker;
        this.ended = ended;
        this.news = news;
    }

    @Override
    public void handle(Claim<Job> claim) throws InterruptedException {
        Job job = claim.work();
        Cancellation cancellation = new Cancellation();
        boolean recorded;
        try (var submissionInLog = MDC.putCloseable("submission", Integer.toString(job.submissionId()));
                var jobInLog = MDC.putCloseable("job", Integer.toString(job.id()));
                var held = leases.hold(queue, claim, cancellation)) {
            LOG.debug("{} starts attempt {}", job.image().fileName(), claim.attempt());
            news.started(claim);
            Attempt attempt = new Attempt(job, cancellation, ticker, news);
            recorded = retries.isExhaustedBefore(claim.attempt())
                    ? record(claim, failed(attempt, givenUp(claim)))
                    : attempt(claim, attempt);
        }
        if (recorded) {
            ended.accept(job.submissionId());
        }
    }

    /** Whoever had the job before died without a word; it must not take the next worker along for ever. */
    private static Accident givenUp(Claim<Job> claim) {
        return new Accident(
                FailureReason.INTERNAL,
                "given up after " + (claim.attempt() - 1) + " attempts whose workers died or lost touch with the store",
                false);
    }

    /**
     * Only what the run itself throws is judged here; a store that cannot record for long leaves the job to its lease.
     *
     * @return whether the job has ended here
     */
    private boolean attempt(Claim<Job> claim, Attempt attempt) throws InterruptedException {
        JobReport report;
        try {
            report = runner.run(attempt);
        } catch (InterruptedException e) {
            boolean recorded = stopped(claim, attempt);
            if (attempt.cancellation().cause() == null) {
                throw e;
            }
            return recorded;
        } catch (Exception | Error e) {
            if (attempt.cancellation().cause() == null) {
                return accident(claim, attempt, e);
            }
            LOG.debug("Job {} was stopped", claim.id(), e);
            return stopped(claim, attempt);
        }
        return record(claim, report);
    }

    private boolean record(Claim<Job> claim, JobReport report) throws InterruptedException {
        if (complete(claim, report)) {
            LOG.info("Job {} {}", claim.id(), report.result());
            news.ended(claim.work(), report);
            return true;
        }
        LOG.warn("Job {} has another worker or has ended already; this result is dropped", claim.id());
        news.released(claim.work(), true);
        return false;
    }

    /** An answer may have cost hours: a store that is away for a moment is asked again while the lease may hold. */
    private boolean complete(Claim<Job> claim, JobReport report) throws InterruptedException {
        long begin = ticker.getAsLong();
        for (Duration pause = FIRST_PAUSE; ; pause = pause.multipliedBy(2)) {
            try {
                return queue.complete(claim, report);
            } catch (StoreException e) {
                if (ticker.getAsLong() - begin + pause.toNanos()
                        > leases.lease().toNanos()) {
                    throw e;
                }
                LOG.warn("The answer of job {} was not recorded, will try again: {}", claim.id(), e.getMessage());
                TimeUnit.NANOSECONDS.sleep(pause.toNanos());
            }
        }
    }

    private boolean stopped(Claim<Job> claim, Attempt attempt) throws InterruptedException {
        Cancellation.Cause cause = attempt.cancellation().cause();
        if (cause == Cancellation.Cause.CANCELLED) {
            return cancelled(claim, attempt);
        } else if (cause == Cancellation.Cause.LEASE_LOST) {
            LOG.warn("Job {} lost its lease; another worker has it", claim.id());
            news.released(claim.work(), true);
            return false;
        }
        return giveBack(claim, attempt);
    }

    private boolean cancelled(Claim<Job> claim, Attempt attempt) throws InterruptedException {
        return record(claim, new JobReport(new JobReport.Cancelled(), attempt.timings(), log(attempt)));
    }

    private boolean giveBack(Claim<Job> claim, Attempt attempt) throws InterruptedException {
        if (!queue.release(claim)) {
            return cancelled(claim, attempt);
        }
        news.released(claim.work(), false);
        return false;
    }

    private boolean accident(Claim<Job> claim, Attempt attempt, Throwable e) throws InterruptedException {
        Accident accident = Accident.of(e);
        if (accident.reason() == FailureReason.INTERNAL) {
            LOG.error("A defect in Nova or in a transport ended job {}", claim.id(), e);
        }
        if (content.explains(accident)) {
            return giveBack(claim, attempt);
        } else if (accident.retryable() && retries.allowsAfter(claim.attempt())) {
            String message = named(claim.work(), accident);
            LOG.warn("Attempt {} at job {} failed, will try again: {}", claim.attempt(), claim.id(), message);
            LOG.debug("What attempt {} at job {} ended with", claim.attempt(), claim.id(), e);
            if (!queue.retry(claim, message, retries.delayAfter(claim.attempt()))) {
                return cancelled(claim, attempt);
            }
            news.retried(claim, message);
            return false;
        }
        return record(claim, failed(attempt, accident));
    }

    private JobReport failed(Attempt attempt, Accident accident) {
        return new JobReport(
                new JobReport.Failed(accident.reason(), named(attempt.job(), accident)),
                attempt.timings(),
                log(attempt));
    }

    private static String named(Job job, Accident accident) {
        String name = job.image().fileName();
        return accident.message().startsWith(name) ? accident.message() : name + ": " + accident.message();
    }

    /** The log tells why a job failed, but must not keep that from being recorded. */
    private Map<String, Content> log(Attempt attempt) {
        try {
            return runner.keepLog(attempt.log());
        } catch (IOException | RuntimeException | OutOfMemoryError e) {
            LOG.warn("The log of job {} could not be kept", attempt.job().id(), e);
            return Map.of();
        }
    }
}
