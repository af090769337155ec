package io.novasolve.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.novasolve.core.model.ImageOutcome;
import io.novasolve.core.model.JobState;
import io.novasolve.core.spi.SolveContext;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Cancelling what waits, what runs, and what somebody else waits for. */
@Timeout(60)
class CancelTest extends NovasOnOneStore {

    @Test
    void cancelsWhatWaits() throws Exception {
        Nova nova = start(builder(held()));
        SubmissionHandle first = submit(nova);
        assertThat(started.await(20, TimeUnit.SECONDS)).isTrue();
        SubmissionHandle second = submit(nova);

        second.cancel();

        SubmissionResult result = second.result().get(10, TimeUnit.SECONDS);
        assertThat(result.jobs()).allMatch(j -> j.state() == JobState.CANCELLED);
        assertThat(first.result()).isNotDone();
        goOn.countDown();
        assertThat(job(first).state()).isEqualTo(JobState.SOLVED);
    }

    @Test
    void cancelsWhatIsBeingSolvedByAnInterrupt() throws Exception {
        AtomicBoolean interrupted = new AtomicBoolean();
        Nova nova = start(builder((task, context) -> {
            started.countDown();
            try {
                goOn.await();
            } catch (InterruptedException e) {
                interrupted.set(true);
                throw e;
            }
            return ScriptedTransport.solved(task);
        }));
        SubmissionHandle handle = submit(nova);
        assertThat(started.await(20, TimeUnit.SECONDS)).isTrue();

        handle.cancel();

        assertThat(job(handle).outcome()).isEqualTo(new ImageOutcome.Cancelled());
        assertThat(interrupted).isTrue();
        assertThat(job(submit(nova)).state()).as("the next one").isEqualTo(JobState.SOLVED);
    }

    @Test
    void cancelRunsWhatTheTransportRegisteredEvenIfPartOfItFails() throws Exception {
        AtomicBoolean told = new AtomicBoolean();
        AtomicBoolean takenBack = new AtomicBoolean();
        Nova nova = start(builder((task, context) -> {
            context.onCancel(() -> takenBack.set(true)).close();
            context.onCancel(() -> {
                throw new IllegalStateException("made up");
            });
            try (SolveContext.Registration registration = context.onCancel(() -> told.set(true))) {
                started.countDown();
                while (!context.isCancelled() || !told.get()) {
                    Thread.onSpinWait();
                }
            }
            throw new io.novasolve.core.spi.SolveCancelledException(task.jobId());
        }));
        SubmissionHandle handle = submit(nova);
        assertThat(started.await(20, TimeUnit.SECONDS)).isTrue();

        assertThat(nova.cancelJob(handle.jobs().get(0).id())).isTrue();

        assertThat(job(handle).state()).isEqualTo(JobState.CANCELLED);
        assertThat(takenBack).isFalse();
        assertThat(job(submit(nova)).state()).as("the next one").isEqualTo(JobState.SOLVED);
    }

    @Test
    void aCopyThatIsCancelledDoesNotDisturbTheOthers() throws Exception {
        Nova nova = start(builder(held()));
        SubmissionHandle handle = submit(nova);
        CompletableFuture<SubmissionResult> mine = handle.result();
        CompletableFuture<SubmissionResult> yours = handle.result();

        mine.cancel(true);
        goOn.countDown();

        assertThat(yours.get(20, TimeUnit.SECONDS).jobs()).hasSize(1);
    }
}
