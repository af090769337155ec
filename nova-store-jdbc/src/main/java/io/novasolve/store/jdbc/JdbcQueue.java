package io.novasolve.store.jdbc;

import io.novasolve.core.spi.Claim;
import io.novasolve.core.spi.FairShare;
import io.novasolve.core.spi.WorkQueue;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jdbi.v3.core.statement.Update;

/** A queue table: open work, who holds it and until when, and in which order the rest is served. */
abstract class JdbcQueue<T> implements WorkQueue<T>, Claiming.Source<T> {

    /** So many ids at most in one statement. */
    static final int CHUNK = 500;

    /** Nobody holds more with one claim: it would hold up the others. */
    private static final int MOST = 1000;

    final Database db;
    final String queue;
    private final String table;
    private final Wakeup wakeup;
    private final Claiming<T> claiming;
    private final Combiner<Ask, List<Claim<T>>> asking;

    /** @param table of the work; its queue is called {@code <table>_queue} */
    JdbcQueue(Database db, String table, Wakeup wakeup) {
        this.db = db;
        this.table = table;
        this.queue = "{" + table + "_queue}";
        this.wakeup = wakeup;
        this.claiming = new Claiming<>(db, queue, this);
        this.asking = new Combiner<>(claiming::claim, e -> false);
    }

    String table() {
        return table;
    }

    Wakeup wakeup() {
        return wakeup;
    }

    // ---------------------------------------------------------------- claim

    @Override
    public List<Claim<T>> claim(int max, String worker, Duration lease) {
        wakeup.beforeClaim();
        if (max < 1) {
            return List.of();
        }
        Ask ask = new Ask(Math.min(max, MOST), worker, Database.micros(lease));
        // Where one can write at a time, whoever waits for that is served with the others.
        List<Claim<T>> claims = db.dialect() == Dialect.SQLITE
                ? asking.ask(ask)
                : claiming.claim(List.of(ask)).get(0);
        if (!claims.isEmpty()) {
            wakeup.busy();
        }
        return claims;
    }

    @Override
    public int ahead(int id, int limit) {
        return db.read("look for what comes first", h -> db.query(
                        h,
                        "select count(*) from (select 1 from " + queue + " mine join " + queue + " q on q.due_us = 0"
                                + " and (q.turn < mine.turn or (q.turn = mine.turn and q.id < mine.id))"
                                + " where mine.id = :id and mine.due_us = 0 limit :limit) ahead")
                .bind("id", id)
                .bind("limit", limit)
                .mapTo(Integer.class)
                .one());
    }

    /** PostgreSQL's claim. */
    String claimStatement(int max) {
        return claiming.statement(max);
    }

    static List<List<Integer>> chunks(Collection<Integer> ids) {
        List<Integer> all = new ArrayList<>(ids);
        List<List<Integer>> chunks = new ArrayList<>();
        for (int at = 0; at < all.size(); at += CHUNK) {
            chunks.add(all.subList(at, Math.min(all.size(), at + CHUNK)));
        }
        return chunks;
    }

    // ---------------------------------------------------------------- add

    /** The turn of the next work of a submitter, and whether it wants its newest first. */
    record Turn(long first, boolean newestFirst) {}

    Turn next(Handle handle, String submitter) {
        return db.query(
                        handle,
                        "select (select max(turn) from " + queue
                                + " where submitter = :submitter and due_us = 0) as own, (select turn from " + queue
                                + " where due_us = 0 order by turn, id limit 1) as serving,"
                                + " (select newest_first from {submitter_choice} where submitter = :submitter) as newest")
                .bind("submitter", submitter)
                .map((row, context) -> {
                    long own = row.getLong("own");
                    boolean none = row.wasNull();
                    long serving = row.getLong("serving");
                    return new Turn(
                            none ? serving : Math.max(own + FairShare.step(submitter), serving),
                            row.getBoolean("newest"));
                })
                .one();
    }

    @Override
    public long nextTurn(Handle handle, String submitter) {
        return next(handle, submitter).first();
    }

    /** Tells other processes of new work when the transaction commits; {@link #wakeup()} is for this one, after it. */
    void announce(Handle handle) {
        if (db.dialect() == Dialect.POSTGRESQL) {
            handle.createQuery("select pg_notify('" + JdbcStore.CHANNEL + "', :queue)")
                    .bind("queue", db.sql(queue))
                    .mapTo(String.class)
                    .findFirst();
        }
    }

    // ---------------------------------------------------------------- hold and give back

    private Update bindClaim(Update update, Claim<T> claim) {
        return update.bind("id", claim.id()).bind("fence", claim.fence());
    }

    static final String HELD = " where id = :id and fence = :fence and worker is not null";

    @Override
    public Heartbeat heartbeat(Claim<T> claim, Duration lease) {
        return db.read("renew a lease", h -> {
            int held = bindClaim(db.update(h, "update " + queue + " set due_us = {now} + :lease" + HELD), claim)
                    .bind("lease", Database.micros(lease))
                    .execute();
            if (held == 0) {
                return Heartbeat.LOST;
            }
            return isCancelRequested(h, claim.id()) ? Heartbeat.CANCEL_REQUESTED : Heartbeat.HELD;
        });
    }

    boolean isCancelRequested(Handle handle, int id) {
        return db.query(handle, "select cancel_requested from " + queue + " where id = :id")
                .bind("id", id)
                .mapTo(Boolean.class)
                .findFirst()
                .orElse(false);
    }

    @Override
    public Set<Integer> cancelRequested(Collection<Integer> ids) {
        Set<Integer> requested = new HashSet<>();
        if (!ids.isEmpty()) {
            db.read("look for cancellations", h -> {
                for (List<Integer> chunk : chunks(ids)) {
                    requested.addAll(
                            db.query(h, "select id from " + queue + " where id in (<ids>) and cancel_requested")
                                    .bindList("ids", chunk)
                                    .mapTo(Integer.class)
                                    .list());
                }
                return requested;
            });
        }
        return requested;
    }

    /** Takes held work out of the queue; false if it is not held any more. */
    boolean remove(Handle handle, Claim<T> claim) {
        return bindClaim(db.update(handle, "delete from " + queue + HELD), claim)
                        .execute()
                == 1;
    }

    /** Locks held work; false if it is not held any more, or somebody has asked to stop. */
    boolean lockWanted(Handle handle, Claim<T> claim) {
        return db.query(handle, "select cancel_requested from " + queue + HELD + "{for_update}")
                .bind("id", claim.id())
                .bind("fence", claim.fence())
                .mapTo(Boolean.class)
                .findFirst()
                .map(unwanted -> !unwanted)
                .orElse(false);
    }

    /** Puts held work back; false if it is not held, or nobody wants it any more. */
    boolean giveBack(Handle handle, Claim<T> claim, Duration delay, boolean counts) {
        if (!lockWanted(handle, claim)) {
            return false;
        }
        boolean now = delay.isZero() || delay.isNegative();
        bindClaim(
                        db.update(
                                handle,
                                "update " + queue + " set due_us = " + (now ? "0" : "{now} + :delay")
                                        + ", worker = null, fence = fence + 1, attempts = attempts - :uncounted"
                                        + HELD),
                        claim)
                .bind("delay", Database.micros(delay))
                .bind("uncounted", counts ? 0 : 1)
                .execute();
        if (now) {
            announce(handle);
        }
        return true;
    }

    @Override
    public boolean release(Claim<T> claim) {
        boolean released = db.write("give work back", h -> giveBack(h, claim, Duration.ZERO, false));
        wakeup.signal();
        return released;
    }

    void deleteOpen(Handle handle, Collection<Integer> ids) {
        for (List<Integer> chunk : chunks(ids)) {
            db.update(handle, "delete from " + queue + " where id in (<ids>)")
                    .bindList("ids", chunk)
                    .execute();
        }
    }

    @Override
    public void awaitWork(Duration atMost) throws InterruptedException {
        wakeup.await(atMost);
    }

    // ---------------------------------------------------------------- cancel

    /** Open work, locked. */
    private record Open(List<Integer> waiting, List<Integer> running, Set<String> submitters) {}

    private Open lockOpen(Handle handle, Collection<Integer> ids) {
        Open open = new Open(new ArrayList<>(), new ArrayList<>(), new TreeSet<>());
        for (List<Integer> chunk : chunks(ids)) {
            db.query(
                            handle,
                            "select id, submitter, worker from " + queue
                                    + " where id in (<ids>) order by id{for_update}")
                    .bindList("ids", chunk)
                    .map((row, context) -> {
                        open.submitters.add(row.getString("submitter"));
                        return (row.getString("worker") == null ? open.waiting : open.running).add(row.getInt("id"));
                    })
                    .list();
        }
        return open;
    }

    /** What waits is taken out and ended, what runs is asked to stop; the ids of the former. */
    List<Integer> cancel(Handle handle, Collection<Integer> ids) {
        Open open = lockOpen(handle, ids);
        for (List<Integer> chunk : chunks(open.running)) {
            db.update(handle, "update " + queue + " set cancel_requested = true where id in (<ids>)")
                    .bindList("ids", chunk)
                    .execute();
        }
        takeOut(handle, open);
        endCancelled(handle, open.waiting);
        return open.waiting;
    }

    /** Takes out what waits, for the caller to end it; the ids of that. */
    List<Integer> takeWaiting(Handle handle, Collection<Integer> ids) {
        Open open = lockOpen(handle, ids);
        takeOut(handle, open);
        return open.waiting;
    }

    private void takeOut(Handle handle, Open open) {
        if (!open.waiting.isEmpty()) {
            Map<String, Long> turns = new HashMap<>();
            open.submitters.forEach(s -> firstTurn(handle, s).ifPresent(turn -> turns.put(s, turn)));
            deleteOpen(handle, open.waiting);
            turns.forEach((submitter, turn) -> closeUp(handle, submitter, turn));
        }
    }

    private java.util.Optional<Long> firstTurn(Handle handle, String submitter) {
        return db.query(handle, "select min(turn) from " + queue + " where submitter = :submitter and due_us = 0")
                .bind("submitter", submitter)
                .mapTo(Long.class)
                .findFirst();
    }

    /** Cancelled work must not cost its submitter turns: the rest moves up. */
    private void closeUp(Handle handle, String submitter, long from) {
        record Turned(int id, long turn) {}
        List<Turned> line = db.query(
                        handle,
                        "select id, turn from " + queue
                                + " where submitter = :submitter and due_us = 0 order by turn, id{for_update}")
                .bind("submitter", submitter)
                .map((row, context) -> new Turned(row.getInt("id"), row.getLong("turn")))
                .list();
        PreparedBatch move = db.batch(handle, "update " + queue + " set turn = :turn where id = :id");
        long turn = from;
        for (Turned t : line) {
            if (t.turn != turn) {
                move.bind("turn", turn).bind("id", t.id).add();
            }
            turn += FairShare.step(submitter);
        }
        if (move.size() > 0) {
            move.execute();
        }
    }
}
