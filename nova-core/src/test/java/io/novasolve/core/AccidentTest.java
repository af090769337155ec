package io.novasolve.core;

import static io.novasolve.core.ScriptedTransport.SOLVES;
import static io.novasolve.core.ScriptedTransport.STUMBLES;
import static org.assertj.core.api.Assertions.assertThat;

import io.novasolve.core.model.FailureReason;
import io.novasolve.core.model.Job;
import io.novasolve.core.model.JobState;
import io.novasolve.core.spi.SolveCancelledException;
import io.novasolve.core.spi.TransportException;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Accidents are tried again, and defects end their job only. */
@Timeout(60)
class AccidentTest extends OneNova {

    @Test
    void anAccidentIsRetried() throws Exception {
        ScriptedTransport transport = start(STUMBLES, STUMBLES, SOLVES);

        Job job = job(submit(STARS));

        assertThat(job.state()).isEqualTo(JobState.SOLVED);
        assertThat(job.attempts()).isEqualTo(3);
        assertThat(transport.tasks).hasSize(3);
    }

    @Test
    void afterTooManyAccidentsItFails() throws Exception {
        ScriptedTransport transport = start(STUMBLES, STUMBLES, STUMBLES);

        Job job = job(submit(STARS));

        failsFor(job, FailureReason.TRANSPORT, "m42.png: the engine crashed");
        assertThat(job.attempts()).isEqualTo(3);
        assertThat(transport.tasks).hasSize(3);
        theNextOneIsSolved();
    }

    @Test
    void anAccidentThatNoRetryHelpsFailsAtOnceAndKeepsItsLog() throws Exception {
        ScriptedTransport transport = start((task, context) -> {
            context.log("engine: no index files");
            throw new TransportException("no index files in /nowhere", false);
        });

        Job job = job(submit(STARS));

        failsFor(job, FailureReason.TRANSPORT, "no index files in /nowhere");
        assertThat(transport.tasks).hasSize(1);
        assertThat(new String(nova.file(job, "log").orElseThrow(), StandardCharsets.UTF_8))
                .contains("engine: no index files");
    }

    static Stream<Arguments> defects() {
        return Stream.of(
                Arguments.of(new OutOfMemoryError("made up"), FailureReason.RESOURCES, "more memory"),
                Arguments.of(new IllegalStateException("made up"), FailureReason.INTERNAL, "defect"),
                Arguments.of(new StackOverflowError(), FailureReason.INTERNAL, "defect"),
                Arguments.of(new NoClassDefFoundError("gone/Missing"), FailureReason.INTERNAL, "gone/Missing"),
                Arguments.of(new AssertionError("made up"), FailureReason.INTERNAL, "made up"),
                Arguments.of(new SolveCancelledException(1), FailureReason.INTERNAL, "cancelled"));
    }

    @ParameterizedTest
    @MethodSource("defects")
    void aDefectEndsItsJobOnly(Throwable defect, FailureReason reason, String word) throws Exception {
        ScriptedTransport transport = start((task, context) -> {
            if (defect instanceof Error e) {
                throw e;
            }
            throw (RuntimeException) defect;
        });

        failsFor(job(submit(STARS)), reason, "m42.png", word);
        assertThat(transport.tasks).hasSize(1);
        theNextOneIsSolved();
    }
}
