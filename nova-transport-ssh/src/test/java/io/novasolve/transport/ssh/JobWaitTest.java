package io.novasolve.transport.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.novasolve.testkit.TestContext;
import io.novasolve.transport.ssh.JobWait.Stop;
import io.novasolve.transport.ssh.JobWait.StoppedException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

class JobWaitTest {

    /** A transport that is closed takes no further tasks, that of a job which is just being sent included. */
    @Test
    void aJobThatWasGivenUpIsNoDefect() {
        CompletableFuture<Stop> stop = CompletableFuture.completedFuture(Stop.CLOSED);
        JobWait wait = new JobWait(TestContext.patient(), stop);
        CompletableFuture<String> failed = CompletableFuture.failedFuture(new RejectedExecutionException("closed"));

        assertThatThrownBy(() -> wait.await(failed, Duration.ofSeconds(1)))
                .isInstanceOfSatisfying(
                        StoppedException.class, e -> assertThat(e.why()).isEqualTo(Stop.CLOSED));
    }
}
