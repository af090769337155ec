package io.novasolve.core.memory;

import io.novasolve.core.spi.Claim;
import io.novasolve.core.spi.WorkQueue;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Work in memory: the oldest first per submitter, one in turn from each submitter that has some waiting. Everything
 * happens under the store's lock.
 */
abstract class MemoryQueue<T> implements WorkQueue<T> {

    /** One piece of work that has not ended. */
    static final class Item<T> {
        final int id;
        final String submitter;
        T work;
        int attempts;
        long fence;

        @Nullable
        Instant leaseUntil;

        boolean cancelRequested;

        Item(int id, String submitter, T work) {
            this.id = id;
            this.submitter = submitter;
            this.work = work;
        }
    }

    private record Timer(Instant at, int id, long fence) {}

    final ReentrantLock lock;
    private final InstantSource clock;
    private final Condition arrived;
    private final Map<Integer, Item<T>> open = new HashMap<>();
    private final Map<String, TreeSet<Integer>> waiting = new LinkedHashMap<>();
    private final PriorityQueue<Timer> delays = new PriorityQueue<>(Comparator.comparing(Timer::at));
    private final PriorityQueue<Timer> leases = new PriorityQueue<>(Comparator.comparing(Timer::at));

    MemoryQueue(ReentrantLock lock, InstantSource clock) {
        this.lock = lock;
        this.clock = clock;
        this.arrived = lock.newCondition();
    }

    /** The item was handed to a worker: its work as the worker shall see it. */
    abstract T started(Item<T> item, Instant now);

    /** The item waits again: its work as it is then. */
    abstract T requeued(Item<T> item);

    /** Somebody asked to stop work that nobody holds any more. */
    abstract void endCancelled(Item<T> item);

    void add(Item<T> item) {
        open.put(item.id, item);
        makeReady(item);
    }

    private void makeReady(Item<T> item) {
        waiting.computeIfAbsent(item.submitter, s -> new TreeSet<>()).add(item.id);
        arrived.signal();
    }

    @Nullable
    Item<T> find(int id) {
        return open.get(id);
    }

    /** Forgets an item that has ended. */
    void remove(Item<T> item) {
        open.remove(item.id);
        TreeSet<Integer> line = waiting.get(item.submitter);
        if (line != null && line.remove(item.id) && line.isEmpty()) {
            waiting.remove(item.submitter);
        }
    }

    /** The item of a claim, if the claim still holds it. */
    @Nullable
    Item<T> held(Claim<T> claim) {
        Item<T> item = open.get(claim.id());
        return item != null && item.leaseUntil != null && item.fence == claim.fence() ? item : null;
    }

    @Override
    public List<Claim<T>> claim(int max, String worker, Duration lease) {
        lock.lock();
        try {
            Instant now = clock.instant();
            wakeDelayed(now);
            requeueExpired(now);
            dropStaleLeases();
            List<Claim<T>> claims = new ArrayList<>();
            while (claims.size() < max) {
                Item<T> item = next();
                if (item == null) {
                    break;
                }
                item.attempts++;
                item.fence++;
                item.leaseUntil = now.plus(lease);
                leases.add(new Timer(item.leaseUntil, item.id, item.fence));
                item.work = started(item, now);
                claims.add(new Claim<>(item.id, item.work, worker, item.fence, item.attempts));
            }
            return claims;
        } finally {
            lock.unlock();
        }
    }

    /** Takes the oldest item of the submitter whose turn it is, and moves that submitter to the end of the line. */
    private @Nullable Item<T> next() {
        Iterator<Map.Entry<String, TreeSet<Integer>>> line = waiting.entrySet().iterator();
        if (!line.hasNext()) {
            return null;
        }
        Map.Entry<String, TreeSet<Integer>> first = line.next();
        String submitter = first.getKey();
        TreeSet<Integer> items = first.getValue();
        line.remove();
        Item<T> item = open.get(items.pollFirst());
        if (!items.isEmpty()) {
            waiting.put(submitter, items);
        }
        return item;
    }

    private void wakeDelayed(Instant now) {
        for (Timer t = delays.peek(); t != null && !t.at.isAfter(now); t = delays.peek()) {
            delays.poll();
            Item<T> item = open.get(t.id);
            if (item != null && item.fence == t.fence && item.leaseUntil == null) {
                makeReady(item);
            }
        }
    }

    private void requeueExpired(Instant now) {
        for (Timer t = leases.peek(); t != null && !t.at.isAfter(now); t = leases.peek()) {
            leases.poll();
            Item<T> item = open.get(t.id);
            if (item == null || item.fence != t.fence || item.leaseUntil == null) {
                continue;
            }
            if (item.leaseUntil.isAfter(now)) {
                leases.add(new Timer(item.leaseUntil, item.id, item.fence));
            } else {
                giveBack(item, Duration.ZERO);
            }
        }
    }

    /** Most work ends long before its lease: its timer must not stay until then. */
    private void dropStaleLeases() {
        if (leases.size() > 1024 && leases.size() > 2 * open.size()) {
            leases.removeIf(t -> {
                Item<T> item = open.get(t.id);
                return item == null || item.fence != t.fence;
            });
        }
    }

    /** Takes the item from its holder; it waits again, or ends if somebody asked to stop it. */
    void giveBack(Item<T> item, Duration delay) {
        item.leaseUntil = null;
        item.fence++;
        if (item.cancelRequested) {
            remove(item);
            endCancelled(item);
            return;
        }
        item.work = requeued(item);
        if (delay.isZero() || delay.isNegative()) {
            makeReady(item);
        } else {
            delays.add(new Timer(clock.instant().plus(delay), item.id, item.fence));
            arrived.signal();
        }
    }

    @Override
    public Heartbeat heartbeat(Claim<T> claim, Duration lease) {
        lock.lock();
        try {
            Item<T> item = held(claim);
            if (item == null) {
                return Heartbeat.LOST;
            }
            item.leaseUntil = clock.instant().plus(lease);
            return item.cancelRequested ? Heartbeat.CANCEL_REQUESTED : Heartbeat.HELD;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void release(Claim<T> claim) {
        lock.lock();
        try {
            Item<T> item = held(claim);
            if (item != null) {
                item.attempts--;
                giveBack(item, Duration.ZERO);
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void awaitWork(Duration atMost) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            if (waiting.isEmpty()) {
                arrived.await(untilNextTimer(atMost).toNanos(), TimeUnit.NANOSECONDS);
            }
        } finally {
            lock.unlock();
        }
    }

    private Duration untilNextTimer(Duration atMost) {
        Duration wait = atMost;
        Instant now = clock.instant();
        for (Timer t : new Timer[] {delays.peek(), leases.peek()}) {
            if (t != null && Duration.between(now, t.at).compareTo(wait) < 0) {
                wait = Duration.between(now, t.at);
            }
        }
        return wait;
    }
}
