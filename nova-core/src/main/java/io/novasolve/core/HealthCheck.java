package io.novasolve.core;

import io.novasolve.core.pipeline.ContentWatch;
import io.novasolve.core.spi.QueueCounts;
import io.novasolve.core.spi.TransportHealth;
import io.novasolve.core.spi.Waiting;
import io.novasolve.core.watch.HealthReport;
import io.novasolve.core.watch.HealthReport.Check;
import io.novasolve.core.watch.HealthReport.Status;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks at everything that a Nova needs, all at once; what fails or is silent is reported, never thrown. */
final class HealthCheck {

    private static final Logger LOG = LoggerFactory.getLogger(HealthCheck.class);

    private static final long PATIENCE_MILLIS = 5000;
    private static final long LITTLE_SPACE = 1L << 30;
    private static final long NO_SPACE = 64L << 20;

    /** A worker process that was silent for so many leases is taken for dead. */
    private static final int SILENT_LEASES = 3;

    /** Fetching and unpacking is quick: who waits longer for it has nobody who does it, or only slow ones before. */
    private static final Duration LONG_WAIT = Duration.ofMinutes(10);

    private record Finding(String name, Status status, String detail) {}

    private record Look(String name, CompletableFuture<List<Finding>> findings, long begin) {}

    private final NovaBuilder.Parts parts;
    private final ContentWatch content;
    private final BooleanSupplier closed;

    HealthCheck(NovaBuilder.Parts parts, ContentWatch content, BooleanSupplier closed) {
        this.parts = parts;
        this.content = content;
        this.closed = closed;
    }

    HealthReport run() {
        Instant at = parts.clock().instant();
        if (closed.getAsBoolean()) {
            return new HealthReport(at, List.of(new Check("nova", Status.DOWN, "it was closed", Duration.ZERO)));
        }
        List<Look> looks = List.of(
                look("store", this::store),
                look("queue", this::queue),
                look("content", this::content),
                look(HealthReport.TRANSPORT + parts.transport().name(), this::transports));
        List<Check> checks = new ArrayList<>();
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(PATIENCE_MILLIS);
        looks.forEach(look -> checks.addAll(result(look, deadline)));
        return new HealthReport(at, checks);
    }

    private Look look(String name, Callable<List<Finding>> what) {
        CompletableFuture<List<Finding>> findings = new CompletableFuture<>();
        Look look = new Look(name, findings, System.nanoTime());
        try {
            parts.executor().execute(() -> {
                try {
                    findings.complete(what.call());
                } catch (Exception | Error e) {
                    findings.completeExceptionally(e);
                }
            });
        } catch (RuntimeException e) {
            findings.completeExceptionally(e);
        }
        return look;
    }

    private List<Check> result(Look look, long deadline) {
        List<Finding> findings;
        try {
            findings = look.findings.get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            LOG.warn("{} did not answer within {} ms", look.name, PATIENCE_MILLIS, e);
            findings = List.of(down(look.name, "no answer within " + PATIENCE_MILLIS / 1000 + " seconds"));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            findings = List.of(down(look.name, "nobody waited for its answer"));
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            LOG.warn("{} does not work", look.name, cause);
            findings = List.of(down(look.name, cause.getMessage() == null ? cause.toString() : cause.getMessage()));
        }
        Duration took = Duration.ofNanos(System.nanoTime() - look.begin);
        return findings.stream()
                .map(f -> new Check(f.name, f.status, f.detail, took))
                .toList();
    }

    private static Finding down(String name, String detail) {
        return new Finding(name, Status.DOWN, detail);
    }

    private List<Finding> store() {
        QueueCounts counts = parts.store().counts();
        return List.of(new Finding("store", Status.UP, counts.queued() + " jobs wait, " + counts.running() + " run"));
    }

    private List<Finding> queue() {
        Waiting waiting = parts.store().waiting();
        return List.of(jobs(waiting), submissions(waiting));
    }

    private Finding jobs(Waiting waiting) {
        if (waiting.submitters() == 0) {
            return new Finding("queue", Status.UP, "no job waits");
        }
        String detail = "the oldest job has waited for " + waiting.oldest().toSeconds() + " s";
        return isWorkedOn()
                ? new Finding("queue", Status.UP, detail)
                : new Finding("queue", Status.DEGRADED, detail + ", and no worker process is alive");
    }

    private static Finding submissions(Waiting waiting) {
        boolean stuck = waiting.submissions() > 0 && waiting.oldestSubmission().compareTo(LONG_WAIT) >= 0;
        String detail = waiting.submissions() + " wait to be fetched and unpacked, " + waiting.unpacking() + " are";
        if (waiting.submissions() + waiting.unpacking() > 0) {
            detail += "; the oldest was submitted " + waiting.oldestSubmission().toSeconds() + " s ago";
        }
        return new Finding("submissions", stuck ? Status.DEGRADED : Status.UP, detail);
    }

    private boolean isWorkedOn() {
        if (parts.jobWorkers() > 0) {
            return true;
        }
        Instant since = parts.clock().instant().minus(parts.lease().multipliedBy(SILENT_LEASES));
        return parts.store().workers().stream()
                .anyMatch(w -> !w.draining()
                        && w.report().capacity() > 0
                        && w.lastSeen().isAfter(since));
    }

    private List<Finding> content() throws Exception {
        content.look();
        List<Finding> findings = new ArrayList<>();
        findings.add(new Finding("content", Status.UP, "it answers"));
        OptionalLong usable = parts.content().usableBytes();
        if (usable.isPresent()) {
            long bytes = usable.getAsLong();
            String detail = (bytes >> 20) + " MiB are free";
            findings.add(new Finding(
                    "disk",
                    bytes < NO_SPACE ? Status.DOWN : bytes < LITTLE_SPACE ? Status.DEGRADED : Status.UP,
                    detail));
        }
        return findings;
    }

    private List<Finding> transports() {
        List<Finding> findings = new ArrayList<>();
        for (TransportHealth health : parts.transport().health()) {
            findings.add(new Finding(
                    HealthReport.TRANSPORT + health.name(),
                    health.usable() ? Status.UP : Status.DOWN,
                    health.detail()));
        }
        return findings;
    }
}
