package io.novasolve.core.spi;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/**
 * Work that waits, claimed under leases: who dies or stalls loses the lease, and somebody else takes over. Thread-safe;
 * any number of processes may share one. Failures of the store behind it come as {@link StoreException}.
 */
public interface WorkQueue<T> {

    /**
     * Takes waiting work and work whose lease ran out: in turn from each submitter that has some ({@link FairShare}), and
     * of one submitter the oldest (the lowest id) first, or the newest if it has {@linkplain Store#setOrder chosen} so. What is tried again takes a
     * turn of its submitter too, and may come after the rest of what that has waiting. Work of which somebody asked to stop
     * when its lease ran out ends as cancelled.
     *
     * @param max at most so many
     * @param worker a name that is unique among living workers
     * @param lease how long the claim holds without a heartbeat
     */
    List<Claim<T>> claim(int max, String worker, Duration lease);

    /** Extends a lease, and tells whether the work is still wanted. */
    Heartbeat heartbeat(Claim<T> claim, Duration lease);

    /**
     * Of some work that is in hand, that of which somebody has asked to stop. It costs one look however much is in hand, so
     * that it can be asked more often than leases are renewed.
     *
     * @param ids of the work
     */
    Set<Integer> cancelRequested(Collection<Integer> ids);

    /**
     * How much of what waits is to be served before a piece of work, as things are now: an estimate, since others may come with
     * a turn of their own, or their submitter may want its newest first. It costs no more than looking at {@code limit} entries.
     *
     * @param id of the work
     * @param limit where counting ends
     * @return 0 if it comes next, or does not wait
     */
    int ahead(int id, int limit);

    /**
     * Gives work back, without counting the attempt: the worker shuts down.
     *
     * @return false, with nothing done, if the lease was lost, the work has ended already, or somebody has asked to stop:
     *     then it is for the worker to end it
     */
    boolean release(Claim<T> claim);

    /**
     * Waits until there may be work to claim.
     *
     * @param atMost to wait; work may also appear unannounced, so a caller claims again after it
     */
    void awaitWork(Duration atMost) throws InterruptedException;

    /** What a heartbeat learns. */
    enum Heartbeat {
        /** The lease holds. */
        HELD,
        /** The lease holds, and somebody asks to stop. */
        CANCEL_REQUESTED,
        /** The lease is gone: stop, and record nothing. */
        LOST
    }
}
