package io.novasolve.examples.server.web;

import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.novasolve.core.Nova;
import io.novasolve.micrometer.NovaMeters;
import java.time.Duration;
import java.util.stream.IntStream;

/** Counts what happens, and tells it in the text format of Prometheus. */
final class Metrics implements AutoCloseable {

    private static final Duration[] BUCKETS = IntStream.of(5, 10, 25, 50, 100, 250, 500, 1000, 5000, 30_000)
            .mapToObj(Duration::ofMillis)
            .toArray(Duration[]::new);

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final JvmGcMetrics collector = new JvmGcMetrics();
    private final Timer[] byClass = new Timer[6];

    Metrics(Nova nova) {
        new NovaMeters(nova).bindTo(registry);
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        collector.bindTo(registry);
        for (int i = 1; i < byClass.length; i++) {
            byClass[i] = Timer.builder("nova.http")
                    .description("From request to response")
                    .tag("status", i + "xx")
                    .serviceLevelObjectives(BUCKETS)
                    .register(registry);
        }
    }

    void count(int status, long tookNanos) {
        byClass[Math.max(1, Math.min(5, status / 100))].record(Duration.ofNanos(tookNanos));
    }

    String text() {
        return registry.scrape();
    }

    @Override
    public void close() {
        collector.close();
        registry.close();
    }
}
