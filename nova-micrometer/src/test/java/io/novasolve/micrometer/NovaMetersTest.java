package io.novasolve.micrometer;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.novasolve.core.Nova;
import io.novasolve.core.SubmissionRequest;
import io.novasolve.core.model.UnsolvedReason;
import io.novasolve.core.spi.QueueCounts;
import io.novasolve.core.spi.SolveContext;
import io.novasolve.core.spi.SolveOutcome;
import io.novasolve.core.spi.SolveTask;
import io.novasolve.core.spi.SolverTransport;
import io.novasolve.core.spi.StoreException;
import io.novasolve.core.spi.Waiting;
import io.novasolve.core.watch.NovaStatistics;
import io.novasolve.core.watch.Quantiles;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class NovaMetersTest {

    private static final NovaStatistics STATISTICS = new NovaStatistics(
            Instant.EPOCH,
            Instant.EPOCH,
            new QueueCounts(1, 2, 3, 4, 5, 6),
            new Waiting(Duration.ofSeconds(7), 8, 13, 14, Duration.ofSeconds(15)),
            9,
            new NovaStatistics.Done(30, 10, 10, 11, 12),
            Quantiles.of(1_000_000_000L, 3_000_000_000L),
            Quantiles.NONE);

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final AtomicInteger asked = new AtomicInteger();
    private final AtomicLong now = new AtomicLong();

    private double gauge(String name, String... tags) {
        return registry.get(name).tags(tags).gauge().value();
    }

    @Test
    void everyNumberHasAMeter() {
        new NovaMeters(() -> STATISTICS, now::get).bindTo(registry);
        assertThat(gauge("nova.jobs", "state", "queued")).isEqualTo(1);
        assertThat(gauge("nova.jobs", "state", "running")).isEqualTo(2);
        assertThat(gauge("nova.jobs", "state", "solved")).isEqualTo(3);
        assertThat(gauge("nova.jobs", "state", "unsolved")).isEqualTo(4);
        assertThat(gauge("nova.jobs", "state", "failed")).isEqualTo(5);
        assertThat(gauge("nova.jobs", "state", "cancelled")).isEqualTo(6);
        assertThat(registry.get("nova.queue.oldest").timeGauge().value(TimeUnit.SECONDS))
                .isEqualTo(7);
        assertThat(gauge("nova.queue.submitters")).isEqualTo(8);
        assertThat(gauge("nova.submissions", "state", "queued")).isEqualTo(13);
        assertThat(gauge("nova.submissions", "state", "unpacking")).isEqualTo(14);
        assertThat(registry.get("nova.submissions.oldest").timeGauge().value(TimeUnit.SECONDS))
                .isEqualTo(15);
        assertThat(gauge("nova.jobs.running.here")).isEqualTo(9);
        assertThat(registry.get("nova.jobs.ended")
                        .tag("state", "solved")
                        .functionCounter()
                        .count())
                .isEqualTo(30);
        assertThat(registry.get("nova.jobs.retries").functionCounter().count()).isEqualTo(12);
        assertThat(registry.get("nova.jobs.wait")
                        .tag("quantile", "0.99")
                        .timeGauge()
                        .value(TimeUnit.SECONDS))
                .isEqualTo(3);
        assertThat(gauge("nova.jobs.success")).isEqualTo(0.6);
    }

    @Test
    void theStoreIsAskedOnceASecondAndMayFail() {
        new NovaMeters(
                        () -> {
                            if (asked.incrementAndGet() == 2) {
                                throw new StoreException("the database is gone", null);
                            }
                            return STATISTICS;
                        },
                        now::get)
                .bindTo(registry);
        for (int i = 0; i < 100; i++) {
            assertThat(gauge("nova.queue.submitters")).isEqualTo(8);
        }
        assertThat(asked).hasValue(1);
        now.addAndGet(1_000_000_000L);
        for (int i = 0; i < 100; i++) {
            assertThat(gauge("nova.queue.submitters")).isNaN();
        }
        assertThat(asked).hasValue(2);
        now.addAndGet(1_000_000_000L);
        assertThat(gauge("nova.queue.submitters")).isEqualTo(8);
    }

    @Test
    void aNovaIsWatched() {
        SolverTransport inVain = new SolverTransport() {
            @Override
            public String name() {
                return "in vain";
            }

            @Override
            public SolveOutcome solve(SolveTask task, SolveContext context) {
                return new SolveOutcome.Unsolved(UnsolvedReason.NO_MATCH, "nothing was found", Map.of());
            }
        };
        try (Nova nova = Nova.with(inVain)) {
            NovaMeters meters = new NovaMeters(nova);
            double[] xy = {1, 20, 30, 44, 51, 62};
            nova.submit(SubmissionRequest.ofStars(xy, xy, 100, 100)).result().join();
            meters.bindTo(registry);
            assertThat(gauge("nova.jobs", "state", "unsolved")).isEqualTo(1);
            assertThat(registry.get("nova.jobs.ended")
                            .tag("state", "unsolved")
                            .functionCounter()
                            .count())
                    .isEqualTo(1);
            assertThat(gauge("nova.jobs.success")).isZero();
        }
    }
}
