package io.novasolve.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.novasolve.core.watch.NovaEvent;
import io.novasolve.core.watch.NovaStatistics;
import io.novasolve.core.watch.Quantiles;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CountDownLatch;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What was done, what waits, and how long it took. */
@Timeout(60)
class StatisticsTest extends WatchedNova {

    @Test
    void statisticsCountWhatThisProcessDid() throws Exception {
        start(
                ScriptedTransport.SOLVES,
                ScriptedTransport.FINDS_NOTHING,
                ScriptedTransport.STUMBLES,
                ScriptedTransport.SOLVES);
        for (int i = 0; i < 3; i++) {
            result(submit(i));
        }
        NovaStatistics statistics = nova.statistics();
        assertThat(statistics.done()).isEqualTo(new NovaStatistics.Done(2, 1, 0, 0, 1));
        assertThat(statistics.done().successRate()).hasValue(2 / 3.0);
        assertThat(statistics.jobs().solved()).isEqualTo(2);
        assertThat(statistics.jobs().queued()).isZero();
        assertThat(statistics.waits().count()).isEqualTo(3);
        assertThat(statistics.solveTimes().count()).isEqualTo(3);
        assertThat(statistics.solveTimes().median()).isPositive();
        assertThat(statistics.since()).isBeforeOrEqualTo(statistics.at());
    }

    @Test
    void statisticsTellWhoWaitsAndWhatRuns() throws Exception {
        CountDownLatch running = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        start((task, context) -> {
            running.countDown();
            goOn.await();
            return ScriptedTransport.solved(task);
        });
        submit(1);
        running.await();
        SubmissionHandle waiting = submit(2);
        Await.until(() -> waiting.progress().state().isFinal());
        NovaStatistics statistics = nova.statistics();
        assertThat(statistics.runningHere()).isEqualTo(1);
        assertThat(statistics.jobs().running()).isEqualTo(1);
        assertThat(statistics.jobs().queued()).isEqualTo(1);
        assertThat(statistics.waiting().submitters()).isEqualTo(1);
        assertThat(statistics.done().successRate()).isEmpty();
        goOn.countDown();
        result(waiting);
    }

    @Test
    void quantilesAreOfTheNearestRank() {
        Quantiles q =
                Quantiles.of(LongStream.rangeClosed(1, 1000).map(i -> 1001 - i).toArray());
        assertThat(q)
                .isEqualTo(new Quantiles(
                        1000,
                        Duration.ofNanos(500),
                        Duration.ofNanos(900),
                        Duration.ofNanos(990),
                        Duration.ofNanos(1000)));
        assertThat(Quantiles.of(5))
                .isEqualTo(new Quantiles(
                        1, Duration.ofNanos(5), Duration.ofNanos(5), Duration.ofNanos(5), Duration.ofNanos(5)));
        assertThat(Quantiles.of()).isEqualTo(Quantiles.NONE);
    }

    @Test
    void theWindowOfTimesIsBounded() {
        Recorder recorder = new Recorder();
        for (int i = 0; i < 5000; i++) {
            recorder.hear(new NovaEvent.JobStarted(InstantSource.system().instant(), 1, 1, 1, Duration.ofNanos(i)));
        }
        assertThat(recorder.waits().count()).isEqualTo(1000);
        assertThat(recorder.waits().longest()).isEqualTo(Duration.ofNanos(4999));
        assertThat(recorder.waits().median()).isEqualTo(Duration.ofNanos(4499));
    }
}
