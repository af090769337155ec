package io.novasolve.core.pipeline;

import io.novasolve.core.model.Submission;
import io.novasolve.core.spi.Claim;
import io.novasolve.core.spi.NewImage;
import io.novasolve.core.spi.SubmissionQueue;
import java.util.List;
import java.util.function.IntConsumer;

/** Makes images and jobs of a submission. */
public final class SubmissionWorker implements WorkerPool.Handler<Submission> {

    private final SubmissionQueue queue;
    private final RetryPolicy retries;
    private final IntConsumer changed;

    /** @param changed hears the ids of submissions that were unpacked */
    public SubmissionWorker(SubmissionQueue queue, RetryPolicy retries, IntConsumer changed) {
        this.queue = queue;
        this.retries = retries;
        this.changed = changed;
    }

    @Override
    public void handle(Claim<Submission> claim) {
        Submission submission = claim.work();
        if (retries.isExhaustedBefore(claim.attempt())) {
            queue.fail(
                    claim,
                    submission.fileName() + ": given up after " + (claim.attempt() - 1)
                            + " attempts to unpack it whose workers died or lost touch with the store");
        } else {
            queue.complete(claim, List.of(new NewImage(submission.fileName(), submission.content())));
        }
        changed.accept(submission.id());
    }
}
