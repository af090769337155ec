package io.novasolve.core.memory;

import io.novasolve.core.spi.Claim;
import io.novasolve.core.spi.FairShare;
import io.novasolve.core.spi.WorkOrder;
import io.novasolve.core.spi.WorkQueue;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Work in memory: one line per submitter, served in turn as {@link FairShare} says. Everything happens under the store's
 * lock.
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

        String worker = "";

        boolean cancelRequested;

        Item(int id, String submitter, T work) {
            this.id = id;
            this.submitter = submitter;
            this.work = work;
        }
    }

    private record Timer(Instant at, int id, long fence) {}

    /** What waits of one submitter. */
    private static final class Line {
        final String submitter;
        final NavigableSet<Integer> ids = new TreeSet<>();
        long turn;

        Line(String submitter, long turn) {
            this.submitter = submitter;
            this.turn = turn;
        }

        int head(boolean newestFirst) {
            return newestFirst ? ids.last() : ids.first();
        }
    }

    private final ReentrantLock lock;
    private final InstantSource clock;
    private final Condition arrived;
    private final Map<Integer, Item<T>> open = new HashMap<>();
    private final Map<String, Line> waiting = new HashMap<>();
    private final TreeSet<Line> turns;
    private final Set<String> newestFirst = new HashSet<>();
    private final PriorityQueue<Timer> delays = new PriorityQueue<>(Comparator.comparing(Timer::at));
    private final PriorityQueue<Timer> leases = new PriorityQueue<>(Comparator.comparing(Timer::at));

    MemoryQueue(ReentrantLock lock, InstantSource clock) {
        this.lock = lock;
        this.clock = clock;
        this.arrived = lock.newCondition();
        this.turns = new TreeSet<>(Comparator.<Line>comparingLong(l -> l.turn).thenComparingInt(this::head));
    }

    /** The item was handed to a worker: its work as the worker shall see it. */
    abstract T started(Item<T> item, Instant now);

    /** The item waits again: its work as it is then. */
    abstract T requeued(Item<T> item);

    /** Its worker has not been heard of until its lease ran out. */
    abstract void lost(Item<T> item, Instant now);

    /** Somebody asked to stop work that nobody holds any more. */
    abstract void endCancelled(Item<T> item);

    void add(Item<T> item) {
        open.put(item.id, item);
        makeReady(item);
    }

    private int head(Line line) {
        return line.head(newestFirst.contains(line.submitter));
    }

    /** Whose first work comes now is served with those whose turn it is. */
    private Line line(String submitter) {
        Line line = waiting.get(submitter);
        if (line == null) {
            line = new Line(submitter, turns.isEmpty() ? 0 : turns.first().turn);
            waiting.put(submitter, line);
        } else {
            turns.remove(line);
        }
        return line;
    }

    private void makeReady(Item<T> item) {
        Line line = line(item.submitter);
        line.ids.add(item.id);
        turns.add(line);
        arrived.signal();
    }

    /** Puts back what was not done after all: its submitter gets the turn back too. */
    private void makeReadyAgain(Item<T> item) {
        Line line = line(item.submitter);
        if (!line.ids.isEmpty()) {
            line.turn -= FairShare.step(item.submitter);
        }
        line.ids.add(item.id);
        turns.add(line);
        arrived.signal();
    }

    void setOrder(String submitter, WorkOrder order) {
        Line line = waiting.get(submitter);
        if (line != null) {
            turns.remove(line);
        }
        if (order == WorkOrder.NEWEST_FIRST) {
            newestFirst.add(submitter);
        } else {
            newestFirst.remove(submitter);
        }
        if (line != null) {
            turns.add(line);
        }
    }

    boolean isEmpty() {
        return open.isEmpty();
    }

    /** All that has not ended. */
    Collection<Item<T>> open() {
        return open.values();
    }

    /** What waits, and for whom. */
    Map<String, SortedSet<Integer>> waiting() {
        Map<String, SortedSet<Integer>> all = new HashMap<>();
        waiting.forEach((submitter, line) -> all.put(submitter, line.ids));
        return all;
    }

    @Nullable
    Item<T> find(int id) {
        return open.get(id);
    }

    /** Forgets an item that has ended. */
    void remove(Item<T> item) {
        open.remove(item.id);
        Line line = waiting.get(item.submitter);
        if (line != null && line.ids.contains(item.id)) {
            turns.remove(line);
            line.ids.remove(item.id);
            keepUnlessEmpty(line);
        }
    }

    /** The item of a claim, if the claim still holds it. */
    private @Nullable Item<T> held(Claim<T> claim) {
        Item<T> item = open.get(claim.id());
        return item != null && item.leaseUntil != null && item.fence == claim.fence() ? item : null;
    }

    /** Does something with the item of a claim; false if the claim does not hold it any more. */
    boolean ifHeld(Claim<T> claim, Consumer<Item<T>> deed) {
        return ifHeld(claim, item -> true, deed);
    }

    /** The same, but false as well if somebody has asked to stop. */
    boolean ifWanted(Claim<T> claim, Consumer<Item<T>> deed) {
        return ifHeld(claim, item -> !item.cancelRequested, deed);
    }

    private boolean ifHeld(Claim<T> claim, Predicate<Item<T>> condition, Consumer<Item<T>> deed) {
        lock.lock();
        try {
            Item<T> item = held(claim);
            if (item == null || !condition.test(item)) {
                return false;
            }
            deed.accept(item);
            return true;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public int ahead(int id, int limit) {
        lock.lock();
        try {
            Item<T> item = open.get(id);
            Line own = item == null ? null : waiting.get(item.submitter);
            if (own == null || !own.ids.contains(id)) {
                return 0;
            }
            int inLine = newestFirst.contains(own.submitter)
                    ? own.ids.tailSet(id, false).size()
                    : own.ids.headSet(id).size();
            long turn = own.turn + (long) inLine * FairShare.step(own.submitter);
            long ahead = inLine;
            for (Line line : turns) {
                if (line.turn > turn || ahead >= limit) {
                    break;
                }
                // Of those whose turn is the same, one line in two may come first; all are counted.
                ahead += line == own
                        ? 0
                        : Math.min(line.ids.size(), (turn - line.turn) / FairShare.step(line.submitter) + 1);
            }
            return (int) Math.min(ahead, limit);
        } finally {
            lock.unlock();
        }
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
                item.worker = worker;
                leases.add(new Timer(item.leaseUntil, item.id, item.fence));
                item.work = started(item, now);
                claims.add(new Claim<>(item.id, item.work, worker, item.fence, item.attempts));
            }
            return claims;
        } finally {
            lock.unlock();
        }
    }

    private void keepUnlessEmpty(Line line) {
        if (line.ids.isEmpty()) {
            waiting.remove(line.submitter);
        } else {
            turns.add(line);
        }
    }

    /** Takes the head of the line whose turn it is, and moves that line on. */
    private @Nullable Item<T> next() {
        Line line = turns.pollFirst();
        if (line == null) {
            return null;
        }
        int id = head(line);
        line.ids.remove(id);
        line.turn += FairShare.step(line.submitter);
        keepUnlessEmpty(line);
        return open.get(id);
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
                lost(item, now);
                if (item.cancelRequested) {
                    remove(item);
                    endCancelled(item);
                } else {
                    giveBack(item, Duration.ZERO);
                }
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

    /** Takes the item from its holder; it waits again. */
    void giveBack(Item<T> item, Duration delay) {
        item.leaseUntil = null;
        item.fence++;
        item.work = requeued(item);
        if (delay.isZero() || delay.isNegative()) {
            makeReadyAgain(item);
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
    public Set<Integer> cancelRequested(Collection<Integer> ids) {
        lock.lock();
        try {
            Set<Integer> requested = new HashSet<>();
            for (int id : ids) {
                Item<T> item = open.get(id);
                if (item != null && item.cancelRequested) {
                    requested.add(id);
                }
            }
            return requested;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public boolean release(Claim<T> claim) {
        return ifWanted(claim, item -> {
            item.attempts--;
            giveBack(item, Duration.ZERO);
        });
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
