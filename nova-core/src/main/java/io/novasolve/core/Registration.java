package io.novasolve.core;

import io.novasolve.core.spi.Store;
import io.novasolve.core.spi.WorkerReport;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells the store again and again that this worker process is there, and hears whether it shall drain. */
final class Registration implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Registration.class);

    private final Store store;
    private final Supplier<WorkerReport> report;
    private final Runnable drain;
    private final Future<?> reports;
    private volatile boolean draining;

    /** @param drain what to do, once, when somebody asks to claim nothing more */
    Registration(
            Store store,
            Supplier<WorkerReport> report,
            Runnable drain,
            ScheduledExecutorService scheduler,
            long periodNanos) {
        this.store = store;
        this.report = report;
        this.drain = drain;
        this.reports = scheduler.scheduleWithFixedDelay(this::report, 0, periodNanos, TimeUnit.NANOSECONDS);
    }

    private void report() {
        try {
            if (!store.reportWorker(report.get()) && !draining) {
                draining = true;
                LOG.info("Asked to drain: claims no more");
                drain.run();
            }
        } catch (RuntimeException | Error e) {
            LOG.warn("This worker could not report to the store; will try again", e);
        }
    }

    boolean isDraining() {
        return draining;
    }

    @Override
    public void close() {
        reports.cancel(false);
        try {
            store.removeWorker(report.get().name());
        } catch (RuntimeException e) {
            LOG.warn("This worker could not sign off; the store forgets it later", e);
        }
    }
}
