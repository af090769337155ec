package io.novasolve.core.pipeline;

import io.novasolve.core.model.Job;
import io.novasolve.core.model.Submission;
import io.novasolve.core.spi.Claim;
import io.novasolve.core.spi.WorkQueue;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Renews the leases of the work that this process holds, and passes on what it learns: stop, or lost. */
public final class LeaseKeeper {

    private static final Logger LOG = LoggerFactory.getLogger(LeaseKeeper.class);

    /** Work in hand; closing it ends the renewals. */
    public final class Held<T> implements AutoCloseable {
        private final WorkQueue<T> queue;
        private final Claim<T> claim;
        private final Cancellation cancellation;

        private Held(WorkQueue<T> queue, Claim<T> claim, Cancellation cancellation) {
            this.queue = queue;
            this.claim = claim;
            this.cancellation = cancellation;
        }

        private void beat() {
            try {
                switch (queue.heartbeat(claim, lease)) {
                    case CANCEL_REQUESTED -> cancellation.cancel(Cancellation.Cause.CANCELLED);
                    case LOST -> {
                        // Work that has just ended is no longer held, and nobody is told.
                        if (held.contains(this)) {
                            cancellation.cancel(Cancellation.Cause.LEASE_LOST);
                        }
                    }
                    case HELD -> {}
                }
            } catch (RuntimeException | Error e) {
                // The lease may still hold; the next heartbeat tells. A worker that went on without one is fenced off.
                LOG.warn("Heartbeat for {} failed; will try again", claim, e);
            }
        }

        @Override
        public void close() {
            held.remove(this);
        }
    }

    private final ScheduledExecutorService scheduler;
    private final Duration lease;
    private final Set<Held<?>> held = ConcurrentHashMap.newKeySet();
    private final Future<?> beats;
    private volatile Cancellation.@Nullable Cause stopping;

    /**
     * Starts renewing.
     *
     * @param lease how long a lease holds; it is renewed three times as often
     */
    public LeaseKeeper(ScheduledExecutorService scheduler, Duration lease) {
        this.scheduler = scheduler;
        this.lease = lease;
        long period = Math.max(1, lease.toMillis() / 3);
        this.beats = scheduler.scheduleWithFixedDelay(this::beatAll, period, period, TimeUnit.MILLISECONDS);
    }

    public Duration lease() {
        return lease;
    }

    /** Keeps a claim alive until the result is closed. */
    public <T> Held<T> hold(WorkQueue<T> queue, Claim<T> claim, Cancellation cancellation) {
        Held<T> h = new Held<>(queue, claim, cancellation);
        held.add(h);
        // Who claimed just before everything was asked to stop, and gets here after it, must stop too.
        Cancellation.Cause stop = stopping;
        if (stop != null) {
            cancellation.cancel(stop);
        }
        return h;
    }

    /** How much of a queue is in hand. */
    public int count(WorkQueue<?> queue) {
        return (int) held.stream().filter(h -> h.queue == queue).count();
    }

    /** Whether a submission or a job of it is in hand. */
    public boolean holdsAnyOf(int submissionId) {
        return held.stream()
                .map(h -> h.claim)
                .anyMatch(c -> (c.work() instanceof Job job ? job.submissionId() : c.id()) == submissionId);
    }

    private void beatAll() {
        held.forEach(Held::beat);
    }

    /** Stops what other processes have cancelled; between heartbeats, at the cost of one look at each queue. */
    public void stopCancelled() {
        Map<WorkQueue<?>, List<Held<?>>> byQueue = new HashMap<>();
        held.forEach(
                h -> byQueue.computeIfAbsent(h.queue, q -> new ArrayList<>()).add(h));
        byQueue.forEach((queue, inHand) -> {
            Set<Integer> stops =
                    queue.cancelRequested(inHand.stream().map(h -> h.claim.id()).toList());
            for (Held<?> h : inHand) {
                if (stops.contains(h.claim.id())) {
                    h.cancellation.cancel(Cancellation.Cause.CANCELLED);
                }
            }
        });
    }

    /** Stops the fetching and unpacking that nobody waits for any more; searches look at their deadlines themselves. */
    public void stopOverdue(Instant now) {
        held.forEach(h -> {
            if (h.claim.work() instanceof Submission s && s.options().isOverdue(now)) {
                h.cancellation.cancel(Cancellation.Cause.OVERDUE);
            }
        });
    }

    /** Asks the store now whether all that is in hand is still wanted, rather than at the next heartbeat. */
    public void beatNow() {
        try {
            scheduler.execute(this::beatAll);
        } catch (RejectedExecutionException e) {
            LOG.debug("No heartbeat after shutdown", e);
        }
    }

    /** Asks everything in hand to stop, and whatever comes to hand from now on. */
    public void stopAll(Cancellation.Cause cause) {
        stopping = cause;
        held.forEach(h -> h.cancellation.cancel(cause));
    }

    /** Ends the renewals; the leases run out unless the work ended before. */
    public void stop() {
        beats.cancel(false);
    }
}
