package io.novasolve.micrometer;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.novasolve.core.Nova;
import io.novasolve.core.NovaException;
import io.novasolve.core.watch.NovaStatistics;
import io.novasolve.core.watch.Quantiles;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The statistics of a Nova as meters. Jobs by state and who waits are those of the store, with all processes that share it;
 * what has ended, the waits and the solve times are those of this process. The store is asked at most once a second, however
 * many meters are read; while it does not answer, they are NaN.
 *
 * <pre>{@code new NovaMeters(nova).bindTo(registry);}</pre>
 *
 * <table>
 * <caption>Meters</caption>
 * <tr><td>{@code nova.jobs}</td><td>gauge by {@code state}</td></tr>
 * <tr><td>{@code nova.queue.oldest}</td><td>how long the oldest waiting job has waited</td></tr>
 * <tr><td>{@code nova.queue.submitters}</td><td>submitters with waiting jobs</td></tr>
 * <tr><td>{@code nova.submissions}</td><td>gauge by {@code state}: those that are not unpacked yet</td></tr>
 * <tr><td>{@code nova.submissions.oldest}</td><td>how long ago the oldest of those was submitted</td></tr>
 * <tr><td>{@code nova.jobs.running.here}</td><td>jobs that this process solves now</td></tr>
 * <tr><td>{@code nova.jobs.ended}</td><td>counter by {@code state}</td></tr>
 * <tr><td>{@code nova.jobs.retries}</td><td>counter of attempts that were followed by another one</td></tr>
 * <tr><td>{@code nova.jobs.wait}, {@code nova.jobs.solve}</td><td>times by {@code quantile}, of the latest jobs</td></tr>
 * <tr><td>{@code nova.jobs.success}</td><td>solved among the jobs that were not cancelled, 0 to 1</td></tr>
 * </table>
 */
public final class NovaMeters implements MeterBinder {

    private static final Logger LOG = LoggerFactory.getLogger(NovaMeters.class);
    private static final long FRESH_NANOS = TimeUnit.SECONDS.toNanos(1);

    private static final Map<String, ToDoubleFunction<NovaStatistics>> JOBS = Map.of(
            "queued", s -> s.jobs().queued(),
            "running", s -> s.jobs().running(),
            "solved", s -> s.jobs().solved(),
            "unsolved", s -> s.jobs().unsolved(),
            "failed", s -> s.jobs().failed(),
            "cancelled", s -> s.jobs().cancelled());

    private static final Map<String, ToDoubleFunction<NovaStatistics>> SUBMISSIONS = Map.of(
            "queued", s -> s.waiting().submissions(),
            "unpacking", s -> s.waiting().unpacking());

    private static final Map<String, ToDoubleFunction<NovaStatistics>> ENDED = Map.of(
            "solved", s -> s.done().solved(),
            "unsolved", s -> s.done().unsolved(),
            "failed", s -> s.done().failed(),
            "cancelled", s -> s.done().cancelled());

    private static final Map<String, Function<Quantiles, Duration>> QUANTILES =
            Map.of("0.5", Quantiles::median, "0.9", Quantiles::p90, "0.99", Quantiles::p99, "1", Quantiles::longest);

    private final Supplier<NovaStatistics> source;
    private final LongSupplier ticker;
    private boolean known;
    private long takenAt;
    private @Nullable NovaStatistics latest;

    /** @param nova to watch */
    public NovaMeters(Nova nova) {
        this(nova::statistics, System::nanoTime);
    }

    NovaMeters(Supplier<NovaStatistics> source, LongSupplier ticker) {
        this.source = source;
        this.ticker = ticker;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        JOBS.forEach((state, count) -> Gauge.builder("nova.jobs", this, m -> m.read(count))
                .description("Jobs in the store")
                .tag("state", state)
                .strongReference(true)
                .register(registry));
        time(registry, "nova.queue.oldest", "How long the oldest waiting job has waited", null, s -> s.waiting()
                .oldest());
        Gauge.builder(
                        "nova.queue.submitters",
                        this,
                        m -> m.read(s -> s.waiting().submitters()))
                .description("Submitters with waiting jobs")
                .strongReference(true)
                .register(registry);
        SUBMISSIONS.forEach((state, count) -> Gauge.builder("nova.submissions", this, m -> m.read(count))
                .description("Submissions that are not unpacked yet")
                .tag("state", state)
                .strongReference(true)
                .register(registry));
        time(
                registry,
                "nova.submissions.oldest",
                "How long ago the oldest submission that is not unpacked yet was submitted",
                null,
                s -> s.waiting().oldestSubmission());
        Gauge.builder("nova.jobs.running.here", this, m -> m.read(NovaStatistics::runningHere))
                .description("Jobs that this process solves now")
                .strongReference(true)
                .register(registry);
        ENDED.forEach((state, count) -> FunctionCounter.builder("nova.jobs.ended", this, m -> m.read(count))
                .description("Jobs that this process has ended")
                .tag("state", state)
                .register(registry));
        FunctionCounter.builder(
                        "nova.jobs.retries", this, m -> m.read(s -> s.done().retries()))
                .description("Attempts that were followed by another one")
                .register(registry);
        QUANTILES.forEach((quantile, of) -> {
            time(
                    registry,
                    "nova.jobs.wait",
                    "From being queued to the first start",
                    quantile,
                    s -> of.apply(s.waits()));
            time(registry, "nova.jobs.solve", "From the start to the answer", quantile, s -> of.apply(s.solveTimes()));
        });
        Gauge.builder(
                        "nova.jobs.success",
                        this,
                        m -> m.read(s -> s.done().successRate().orElse(Double.NaN)))
                .description("Solved among the jobs that were not cancelled")
                .strongReference(true)
                .register(registry);
    }

    private void time(
            MeterRegistry registry,
            String name,
            String description,
            @Nullable String quantile,
            Function<NovaStatistics, Duration> of) {
        TimeGauge.Builder<NovaMeters> gauge = TimeGauge.builder(
                        name,
                        this,
                        TimeUnit.SECONDS,
                        m -> m.read(s -> of.apply(s).toNanos() / 1e9))
                .description(description)
                .strongReference(true);
        (quantile == null ? gauge : gauge.tag("quantile", quantile)).register(registry);
    }

    private double read(ToDoubleFunction<NovaStatistics> what) {
        NovaStatistics statistics = statistics();
        return statistics == null ? Double.NaN : what.applyAsDouble(statistics);
    }

    private synchronized @Nullable NovaStatistics statistics() {
        long now = ticker.getAsLong();
        if (!known || now - takenAt >= FRESH_NANOS) {
            known = true;
            takenAt = now;
            try {
                latest = source.get();
            } catch (NovaException e) {
                LOG.warn("No statistics: the store does not answer", e);
                latest = null;
            }
        }
        return latest;
    }
}
