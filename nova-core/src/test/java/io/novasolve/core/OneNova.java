package io.novasolve.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.novasolve.core.model.FailureReason;
import io.novasolve.core.model.ImageOutcome;
import io.novasolve.core.model.Job;
import io.novasolve.core.model.JobState;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;

/** A Nova with one worker that does what a test says, closed in the end. */
abstract class OneNova {

    static final byte[] STARS = Pictures.stars(30, 1);

    Nova nova;

    @AfterEach
    void close() {
        if (nova != null) {
            nova.close();
        }
    }

    ScriptedTransport start(ScriptedTransport.Step... script) {
        ScriptedTransport transport = new ScriptedTransport(script);
        nova = Nova.builder(transport)
                .jobWorkers(1)
                .retries(3, Duration.ofMillis(1))
                .start();
        return transport;
    }

    SubmissionHandle submit(byte[] bytes) {
        return nova.submit(SubmissionRequest.of(bytes, "m42.png"));
    }

    static SubmissionResult result(SubmissionHandle handle) throws Exception {
        return handle.result().get(30, TimeUnit.SECONDS);
    }

    static Job job(SubmissionHandle handle) throws Exception {
        assertThat(result(handle).jobs()).hasSize(1);
        return result(handle).jobs().get(0);
    }

    static void failsFor(Job job, FailureReason reason, String... words) {
        assertThat(job.state()).isEqualTo(JobState.FAILED);
        assertThat(job.outcome()).isInstanceOfSatisfying(ImageOutcome.Failed.class, failed -> {
            assertThat(failed.reason()).isEqualTo(reason);
            assertThat(failed.message()).contains(words);
        });
    }

    void theNextOneIsSolved() throws Exception {
        assertThat(job(submit(STARS)).state()).isEqualTo(JobState.SOLVED);
    }
}
