package io.novasolve.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.novasolve.core.model.ImageOutcome;
import io.novasolve.core.model.Job;
import io.novasolve.core.model.SolveOptions;
import io.novasolve.core.model.UnsolvedReason;
import io.novasolve.core.spi.SolveOutcome;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How long a search may take: until its timeout, or its deadline. */
@Timeout(60)
class SearchTimeTest extends OneNova {

    @Test
    void theDeadlineCountsFromTheClaim() throws Exception {
        AtomicReference<Duration> remaining = new AtomicReference<>();
        start((task, context) -> {
            remaining.set(context.remaining());
            return ScriptedTransport.solved(task);
        });
        SolveOptions options =
                SolveOptions.builder().timeout(Duration.ofMinutes(10)).build();

        Job job = job(nova.submit(SubmissionRequest.of(STARS, "a.png").withOptions(options)));

        Duration before = job.timings().decode().plus(job.timings().extract());
        assertThat(remaining.get())
                .isPositive()
                .isLessThanOrEqualTo(Duration.ofMinutes(10).minus(before));
    }

    @Test
    void withoutATimeoutThereIsNoEnd() throws Exception {
        AtomicReference<Duration> remaining = new AtomicReference<>();
        start((task, context) -> {
            remaining.set(context.remaining());
            return ScriptedTransport.solved(task);
        });

        result(submit(STARS));

        assertThat(remaining.get()).isGreaterThan(Duration.ofDays(300));
    }

    @Test
    void aTimeoutThatIsOverBeforeTheSearchIsAnAnswer() throws Exception {
        ScriptedTransport transport = start();
        SolveOptions options =
                SolveOptions.builder().timeout(Duration.ofNanos(1)).build();

        Job job = job(nova.submit(SubmissionRequest.of(STARS, "a.png").withOptions(options)));

        assertThat(job.outcome()).isInstanceOfSatisfying(ImageOutcome.Unsolved.class, u -> {
            assertThat(u.reason()).isEqualTo(UnsolvedReason.TIMEOUT);
            assertThat(u.detail()).contains("PT0.000000001S");
        });
        assertThat(transport.tasks).isEmpty();
    }

    @Test
    void whatComesAfterItsDeadlineIsNotSearched() throws Exception {
        ScriptedTransport transport = start();
        SolveOptions options = SolveOptions.builder()
                .deadline(Instant.now().minusSeconds(1))
                .timeout(Duration.ofHours(1))
                .build();

        Job job = job(nova.submit(SubmissionRequest.of(STARS, "a.png").withOptions(options)));

        assertThat(job.outcome()).isInstanceOfSatisfying(ImageOutcome.Unsolved.class, u -> {
            assertThat(u.reason()).isEqualTo(UnsolvedReason.TIMEOUT);
            assertThat(u.detail()).contains("its deadline, " + options.deadline());
        });
        assertThat(transport.tasks).isEmpty();
    }

    @Test
    void aSearchHasTimeUntilItsDeadlineOrItsTimeout() throws Exception {
        List<Duration> remaining = new CopyOnWriteArrayList<>();
        ScriptedTransport.Step step = (task, context) -> {
            remaining.add(context.remaining());
            return ScriptedTransport.solved(task);
        };
        start(step, step, step);
        Instant later = Instant.now().plus(Duration.ofMinutes(30));
        for (Duration timeout : Arrays.asList(null, Duration.ofHours(2), Duration.ofMinutes(5))) {
            SubmissionRequest request = SubmissionRequest.of(STARS, "a.png")
                    .withOptions(SolveOptions.builder()
                            .reuse(false)
                            .deadline(later)
                            .timeout(timeout)
                            .build());
            assertThat(job(nova.submit(request)).outcome()).isInstanceOf(ImageOutcome.Solved.class);
        }

        assertThat(remaining).hasSize(3);
        assertThat(remaining.subList(0, 2))
                .allSatisfy(r -> assertThat(r).isBetween(Duration.ofMinutes(20), Duration.ofMinutes(30)));
        assertThat(remaining.get(2)).isLessThan(Duration.ofMinutes(5));
    }

    @Test
    void noSecondSearchBeginsAfterTheDeadline() throws Exception {
        ScriptedTransport transport = start((task, context) -> {
            while (!context.remaining().isNegative()) {
                Thread.onSpinWait();
            }
            return new SolveOutcome.Unsolved(UnsolvedReason.TIMEOUT, "time is up", Map.of());
        });
        SolveOptions options =
                SolveOptions.builder().timeout(Duration.ofSeconds(4)).build();

        Job job = job(nova.submit(SubmissionRequest.of(STARS, "a.png").withOptions(options)));

        assertThat(job.outcome()).isEqualTo(new ImageOutcome.Unsolved(UnsolvedReason.TIMEOUT, "time is up"));
        assertThat(transport.tasks).hasSize(1);
    }
}
