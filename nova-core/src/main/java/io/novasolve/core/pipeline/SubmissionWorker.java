package io.novasolve.core.pipeline;

import io.novasolve.core.model.Submission;
import io.novasolve.core.spi.Claim;
import io.novasolve.core.spi.FetchException;
import io.novasolve.core.spi.NewImage;
import io.novasolve.core.spi.SubmissionQueue;
import io.novasolve.sky.UnreadableInputException;
import java.io.IOException;
import java.util.List;
import java.util.function.IntConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/** Makes images and jobs of a submission, and ends the claim whatever happens. */
public final class SubmissionWorker implements WorkerPool.Handler<Submission> {

    private static final Logger LOG = LoggerFactory.getLogger(SubmissionWorker.class);

    private final SubmissionQueue queue;
    private final LeaseKeeper leases;
    private final RetryPolicy retries;
    private final ContentWatch content;
    private final Intake intake;
    private final EarlierSolutions earlier;
    private final IntConsumer changed;
    private final News news;

    /**
     * @param earlier answers what was solved before
     * @param changed hears the ids of submissions that were unpacked
     */
    public SubmissionWorker(
            SubmissionQueue queue,
            LeaseKeeper leases,
            RetryPolicy retries,
            ContentWatch content,
            Intake intake,
            EarlierSolutions earlier,
            IntConsumer changed,
            News news) {
        this.queue = queue;
        this.leases = leases;
        this.retries = retries;
        this.content = content;
        this.intake = intake;
        this.earlier = earlier;
        this.changed = changed;
        this.news = news;
    }

    @Override
    public void handle(Claim<Submission> claim) throws InterruptedException {
        Cancellation cancellation = new Cancellation();
        try (var submissionInLog = MDC.putCloseable("submission", Integer.toString(claim.id()));
                var held = leases.hold(queue, claim, cancellation)) {
            news.unpackingStarted(claim);
            if (retries.isExhaustedBefore(claim.attempt())) {
                fail(
                        claim,
                        claim.work().fileName() + ": given up after " + (claim.attempt() - 1)
                                + " attempts to unpack it whose workers died or lost touch with the store");
            } else {
                attempt(claim, cancellation);
            }
        }
        changed.accept(claim.id());
    }

    private void attempt(Claim<Submission> claim, Cancellation cancellation) throws InterruptedException {
        List<NewImage> images;
        try (var interruption = cancellation.interruptCaller()) {
            images = earlier.answer(claim.id(), intake.images(claim.work(), () -> stopIfUnwanted(cancellation)));
            content.touch(images);
        } catch (InterruptedException e) {
            stopped(claim, cancellation);
            if (cancellation.cause() == null) {
                throw e;
            }
            return;
        } catch (IOException | RuntimeException | Error e) {
            if (cancellation.cause() != null) {
                LOG.debug("Submission {} was stopped", claim.id(), e);
                stopped(claim, cancellation);
            } else {
                accident(claim, e);
            }
            return;
        }
        if (queue.complete(claim, images)) {
            news.unpacked(claim.id(), images.size());
        } else {
            LOG.warn("Submission {} has another worker or has ended already; its images are dropped", claim.id());
        }
    }

    private static void stopIfUnwanted(Cancellation cancellation) throws InterruptedException {
        if (cancellation.cause() != null) {
            throw new InterruptedException("the unpacking is not wanted any more: " + cancellation.cause());
        }
    }

    private void stopped(Claim<Submission> claim, Cancellation cancellation) {
        Cancellation.Cause cause = cancellation.cause();
        if (cause == Cancellation.Cause.CANCELLED) {
            queue.cancelled(claim);
        } else if (cause == Cancellation.Cause.LEASE_LOST) {
            LOG.warn("Submission {} lost its lease; another worker has it", claim.id());
        } else {
            queue.release(claim);
        }
    }

    private void accident(Claim<Submission> claim, Throwable e) {
        String name = claim.work().fileName();
        if (e instanceof UnreadableInputException) {
            fail(claim, String.valueOf(e.getMessage()));
            return;
        }
        Accident accident = e instanceof FetchException f
                ? Accident.unreadable(String.valueOf(f.getMessage()), f.retryable())
                : Accident.of(e);
        if (content.explains(accident)) {
            queue.release(claim);
        } else if (accident.retryable() && retries.allowsAfter(claim.attempt())) {
            LOG.warn("Attempt {} to unpack submission {} failed, will try again", claim.attempt(), claim.id(), e);
            if (queue.retry(claim, retries.delayAfter(claim.attempt()))) {
                news.unpackingRetried(claim, accident.message());
            }
        } else {
            LOG.warn("Submission {} could not be unpacked", claim.id(), e);
            fail(claim, name + ": " + accident.message());
        }
    }

    private void fail(Claim<Submission> claim, String error) {
        if (queue.fail(claim, error)) {
            news.submissionFailed(claim.id(), error);
        }
    }
}
