package io.novasolve.core;

import io.novasolve.core.watch.NovaEvent;
import io.novasolve.core.watch.NovaListener;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Brings events to the listeners, one after the other, and keeps the pipeline out of reach of whatever they do. */
final class Events implements Consumer<NovaEvent> {

    private static final Logger LOG = LoggerFactory.getLogger(Events.class);

    /** Events that may wait for a slow listener; of the few that are never left out there may be more. */
    private static final int CAPACITY = 10_000;

    /** News of progress is out of date soon: with so many events before it, it is left out. */
    private static final int CROWD = 100;

    private final List<NovaListener> listeners;
    private final Executor executor;
    private final Queue<NovaEvent> waiting = new ArrayDeque<>();
    private boolean delivering;
    private long dropped;

    Events(List<NovaListener> listeners, Executor executor) {
        this.listeners = List.copyOf(listeners);
        this.executor = executor;
    }

    @Override
    public void accept(NovaEvent event) {
        if (listeners.isEmpty() || !add(event)) {
            return;
        }
        try {
            executor.execute(this::deliver);
        } catch (RejectedExecutionException e) {
            // An executor that is shut down takes nothing more, but the last events are to be heard.
            deliver();
        }
    }

    /** Whether somebody must be found to deliver it. */
    private synchronized boolean add(NovaEvent event) {
        if (event instanceof NovaEvent.JobProgressed && waiting.size() >= CROWD) {
            return false;
        }
        if (waiting.size() >= CAPACITY && !(event instanceof NovaEvent.SubmissionEnded)) {
            dropped++;
            return false;
        }
        waiting.add(event);
        boolean idle = !delivering;
        delivering = true;
        return idle;
    }

    private void deliver() {
        for (NovaEvent event = next(); event != null; event = next()) {
            for (NovaListener listener : listeners) {
                try {
                    listener.on(event);
                } catch (RuntimeException | Error e) {
                    LOG.error("A listener failed at {}; the others hear it, and the pipeline goes on", event, e);
                }
            }
        }
    }

    private synchronized @Nullable NovaEvent next() {
        NovaEvent event = waiting.poll();
        if (event == null) {
            delivering = false;
            notifyAll();
        }
        if (dropped > 0 && waiting.size() < CAPACITY) {
            LOG.warn("{} events were left out, because a listener is too slow", dropped);
            dropped = 0;
        }
        return event;
    }

    /** Waits until all events are heard that have come so far, but not for ever. */
    void awaitDelivery(long millis) throws InterruptedException {
        long deadline = System.nanoTime() + millis * 1_000_000;
        synchronized (this) {
            for (long left = millis; delivering && left > 0; left = (deadline - System.nanoTime()) / 1_000_000) {
                wait(left);
            }
        }
    }
}
