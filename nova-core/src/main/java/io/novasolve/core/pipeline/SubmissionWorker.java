package io.novasolve.core.pipeline;

import io.novasolve.core.model.Job;
import io.novasolve.core.model.Submission;
import io.novasolve.core.spi.Claim;
import io.novasolve.core.spi.FetchException;
import io.novasolve.core.spi.JobReport;
import io.novasolve.core.spi.NewImage;
import io.novasolve.core.spi.Store;
import io.novasolve.core.spi.StoreException;
import io.novasolve.core.spi.SubmissionQueue;
import io.novasolve.sky.UnreadableInputException;
import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import java.util.function.IntConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/** Makes images and jobs of a submission, and ends the claim whatever happens. */
public final class SubmissionWorker implements WorkerPool.Handler<Submission> {

    private static final Logger LOG = LoggerFactory.getLogger(SubmissionWorker.class);

    private final Store store;
    private final SubmissionQueue queue;
    private final LeaseKeeper leases;
    private final RetryPolicy retries;
    private final ContentWatch content;
    private final Intake intake;
    private final EarlierSolutions earlier;
    private final InstantSource clock;
    private final IntConsumer ended;
    private final News news;

    /**
     * @param earlier answers what was solved before
     * @param clock that deadlines are by
     * @param ended hears the ids of submissions whose unpacking was ended here, when all that it ended was told
     */
    public SubmissionWorker(
            Store store,
            LeaseKeeper leases,
            RetryPolicy retries,
            ContentWatch content,
            Intake intake,
            EarlierSolutions earlier,
            InstantSource clock,
            IntConsumer ended,
            News news) {
        this.store = store;
        this.queue = store.submissionQueue();
        this.leases = leases;
        this.retries = retries;
        this.content = content;
        this.intake = intake;
        this.earlier = earlier;
        this.clock = clock;
        this.ended = ended;
        this.news = news;
    }

    @Override
    public void handle(Claim<Submission> claim) throws InterruptedException {
        Cancellation cancellation = new Cancellation();
        boolean done;
        try (var submissionInLog = MDC.putCloseable("submission", Integer.toString(claim.id()));
                var held = leases.hold(queue, claim, cancellation)) {
            news.unpackingStarted(claim);
            if (retries.isExhaustedBefore(claim.attempt())) {
                done = fail(
                        claim,
                        claim.work().fileName() + ": given up after " + (claim.attempt() - 1)
                                + " attempts to unpack it whose workers died or lost touch with the store");
            } else if (claim.work().options().isOverdue(clock.instant())) {
                done = complete(claim, List.of(OverdueReport.of(claim.work())));
            } else {
                done = attempt(claim, cancellation);
            }
        }
        if (done) {
            ended.accept(claim.id());
        }
    }

    /** @return whether the unpacking has ended here */
    private boolean attempt(Claim<Submission> claim, Cancellation cancellation) throws InterruptedException {
        List<NewImage> images;
        try (var interruption = cancellation.interruptCaller()) {
            images = earlier.answer(claim.id(), intake.images(claim.work(), () -> stopIfUnwanted(cancellation)));
            content.touch(images);
        } catch (InterruptedException e) {
            boolean done = stopped(claim, cancellation);
            if (cancellation.cause() == null) {
                throw e;
            }
            return done;
        } catch (IOException | RuntimeException | Error e) {
            if (cancellation.cause() == null) {
                return accident(claim, e);
            }
            LOG.debug("Submission {} was stopped", claim.id(), e);
            return stopped(claim, cancellation);
        }
        return complete(claim, images);
    }

    private boolean complete(Claim<Submission> claim, List<NewImage> images) {
        if (!queue.complete(claim, images)) {
            return cancelled(claim);
        }
        news.unpacked(claim.id(), images.size());
        if (images.stream().anyMatch(image -> image.ended() != null)) {
            tellEnded(claim.id(), images);
        }
        return true;
    }

    private void tellEnded(int submission, List<NewImage> images) {
        List<Job> jobs;
        try {
            jobs = store.jobs(submission);
        } catch (StoreException e) {
            LOG.warn("Nobody is told of the images of submission {} that need no search", submission, e);
            return;
        }
        // One for each image, in the same order; none if they were forgotten in this moment.
        for (int i = 0; i < Math.min(images.size(), jobs.size()); i++) {
            JobReport report = images.get(i).ended();
            if (report != null) {
                news.ended(jobs.get(i), report);
            }
        }
    }

    private static void stopIfUnwanted(Cancellation cancellation) throws InterruptedException {
        if (cancellation.cause() != null) {
            throw new InterruptedException("the unpacking is not wanted any more: " + cancellation.cause());
        }
    }

    private boolean stopped(Claim<Submission> claim, Cancellation cancellation) {
        Cancellation.Cause cause = cancellation.cause();
        if (cause == Cancellation.Cause.CANCELLED) {
            return cancelled(claim);
        } else if (cause == Cancellation.Cause.OVERDUE) {
            return complete(claim, List.of(OverdueReport.of(claim.work())));
        } else if (cause == Cancellation.Cause.LEASE_LOST) {
            LOG.warn("Submission {} lost its lease; another worker has it", claim.id());
            return false;
        }
        return !queue.release(claim) && cancelled(claim);
    }

    /** Ends what somebody has asked to stop. */
    private boolean cancelled(Claim<Submission> claim) {
        boolean held = queue.cancelled(claim);
        if (!held) {
            LOG.warn("Submission {} has another worker or has ended already; its images are dropped", claim.id());
        }
        return held;
    }

    private boolean accident(Claim<Submission> claim, Throwable e) {
        String name = claim.work().fileName();
        if (e instanceof UnreadableInputException) {
            return fail(claim, String.valueOf(e.getMessage()));
        }
        Accident accident = e instanceof FetchException f
                ? Accident.unreadable(String.valueOf(f.getMessage()), f.retryable())
                : Accident.of(e);
        if (content.explains(accident)) {
            return !queue.release(claim) && cancelled(claim);
        } else if (accident.retryable() && retries.allowsAfter(claim.attempt())) {
            LOG.warn("Attempt {} to unpack submission {} failed, will try again", claim.attempt(), claim.id(), e);
            if (!queue.retry(claim, retries.delayAfter(claim.attempt()))) {
                return cancelled(claim);
            }
            news.unpackingRetried(claim, accident.message());
            return false;
        }
        LOG.warn("Submission {} could not be unpacked", claim.id(), e);
        return fail(claim, name + ": " + accident.message());
    }

    private boolean fail(Claim<Submission> claim, String error) {
        boolean held = queue.fail(claim, error);
        if (held) {
            news.submissionFailed(claim.id(), error);
        }
        return held;
    }
}
