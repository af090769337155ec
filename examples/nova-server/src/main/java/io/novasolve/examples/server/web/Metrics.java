package io.novasolve.examples.server.web;

import io.novasolve.core.spi.QueueCounts;
import io.novasolve.core.spi.Store;
import io.novasolve.core.spi.Waiting;
import java.lang.management.ManagementFactory;
import java.util.Locale;
import java.util.concurrent.atomic.LongAdder;

/** Counts what happens, and tells it in the text format of Prometheus. */
final class Metrics {

    /** Upper bounds in seconds. */
    private static final double[] BUCKETS = {0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5, 30};

    private final LongAdder[] byClass = new LongAdder[6];
    private final LongAdder[] buckets = new LongAdder[BUCKETS.length + 1];
    private final LongAdder nanos = new LongAdder();

    Metrics() {
        for (int i = 0; i < byClass.length; i++) {
            byClass[i] = new LongAdder();
        }
        for (int i = 0; i < buckets.length; i++) {
            buckets[i] = new LongAdder();
        }
    }

    void count(int status, long tookNanos) {
        byClass[Math.max(0, Math.min(5, status / 100))].increment();
        int i = 0;
        while (i < BUCKETS.length && tookNanos > BUCKETS[i] * 1e9) {
            i++;
        }
        buckets[i].increment();
        nanos.add(tookNanos);
    }

    String text(Store store) {
        StringBuilder text = new StringBuilder();
        QueueCounts counts = store.counts();
        head(text, "nova_jobs", "gauge", "Jobs by state.");
        line(text, "nova_jobs{state=\"queued\"}", counts.queued());
        line(text, "nova_jobs{state=\"running\"}", counts.running());
        line(text, "nova_jobs{state=\"solved\"}", counts.solved());
        line(text, "nova_jobs{state=\"unsolved\"}", counts.unsolved());
        line(text, "nova_jobs{state=\"failed\"}", counts.failed());
        line(text, "nova_jobs{state=\"cancelled\"}", counts.cancelled());
        Waiting waiting = store.waiting();
        head(text, "nova_queue_oldest_seconds", "gauge", "How long the oldest waiting job has waited.");
        line(text, "nova_queue_oldest_seconds", waiting.oldest().toMillis() / 1000.0);
        head(text, "nova_queue_submitters", "gauge", "Submitters with waiting jobs.");
        line(text, "nova_queue_submitters", waiting.submitters());
        head(text, "nova_http_responses_total", "counter", "Responses by class of status.");
        for (int i = 1; i < byClass.length; i++) {
            line(text, "nova_http_responses_total{status=\"" + i + "xx\"}", byClass[i].sum());
        }
        head(text, "nova_http_seconds", "histogram", "Time from request to response.");
        long below = 0;
        for (int i = 0; i < BUCKETS.length; i++) {
            below += buckets[i].sum();
            line(text, "nova_http_seconds_bucket{le=\"" + BUCKETS[i] + "\"}", below);
        }
        below += buckets[BUCKETS.length].sum();
        line(text, "nova_http_seconds_bucket{le=\"+Inf\"}", below);
        line(text, "nova_http_seconds_sum", nanos.sum() / 1e9);
        line(text, "nova_http_seconds_count", below);
        head(text, "jvm_memory_used_bytes", "gauge", "Heap in use.");
        line(
                text,
                "jvm_memory_used_bytes{area=\"heap\"}",
                ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
        head(text, "jvm_threads", "gauge", "Live threads.");
        line(text, "jvm_threads", ManagementFactory.getThreadMXBean().getThreadCount());
        return text.toString();
    }

    private static void head(StringBuilder text, String name, String type, String help) {
        text.append("# HELP ").append(name).append(' ').append(help).append('\n');
        text.append("# TYPE ").append(name).append(' ').append(type).append('\n');
    }

    private static void line(StringBuilder text, String name, long value) {
        text.append(name).append(' ').append(value).append('\n');
    }

    private static void line(StringBuilder text, String name, double value) {
        text.append(name).append(String.format(Locale.ROOT, " %.6f%n", value).replace("\r\n", "\n"));
    }
}
