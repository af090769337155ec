package io.novasolve.store.jdbc;

import io.novasolve.core.spi.Claim;
import io.novasolve.core.spi.FairShare;
import io.novasolve.core.spi.WorkQueue;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jdbi.v3.core.statement.Update;
import org.jspecify.annotations.Nullable;

/** A queue table: open work, who holds it and until when, and in which order the rest is served. */
abstract class JdbcQueue<T> implements WorkQueue<T> {

    /** So many ids at most in one statement. */
    static final int CHUNK = 500;

    /** A place in the queue: as it is after a claim, with who held it before. */
    private record Place(
            int id,
            String submitter,
            long turn,
            boolean newestFirst,
            boolean cancelRequested,
            boolean waited,
            @Nullable String lostWorker,
            @Nullable Instant lostSince,
            int attempts,
            long fence,
            Instant startedAt) {

        /** Before the claim, as selected. */
        static Place selected(ResultSet row) throws SQLException {
            return new Place(
                    row.getInt("id"),
                    row.getString("submitter"),
                    row.getLong("turn"),
                    row.getBoolean("newest_first"),
                    row.getBoolean("cancel_requested"),
                    row.getLong("due_us") == 0,
                    row.getString("worker"),
                    Rows.instant(row, "started_us"),
                    row.getInt("attempts") + 1,
                    row.getLong("fence") + 1,
                    Database.instant(row.getLong("now_us")));
        }
    }

    final Database db;
    final String queue;
    private final String table;
    private final Wakeup wakeup;

    /** @param table of the work; its queue is called {@code <table>_queue} */
    JdbcQueue(Database db, String table, Wakeup wakeup) {
        this.db = db;
        this.table = table;
        this.queue = "{" + table + "_queue}";
        this.wakeup = wakeup;
    }

    String table() {
        return table;
    }

    Wakeup wakeup() {
        return wakeup;
    }

    /** Columns and tables (after {@code from}) of the work itself, whose key is {@code workKey}. */
    abstract String workColumns();

    abstract String workTables();

    abstract String workKey();

    /** The work of a row with these columns, as its claimer shall see it. */
    abstract T work(ResultSet row, int attempts, Instant startedAt) throws SQLException;

    /** Its worker has not been heard of until its lease ran out. */
    abstract void lost(Handle handle, int id, int attempt, String worker, Instant startedAt);

    /** Ends work of which somebody has asked to stop; it is in no queue any more. */
    abstract void endCancelled(Handle handle, Collection<Integer> ids, @Nullable Claim<T> claim);

    // ---------------------------------------------------------------- claim

    @Override
    public List<Claim<T>> claim(int max, String worker, Duration lease) {
        wakeup.beforeClaim();
        if (max < 1) {
            return List.of();
        }
        List<Claim<T>> claims = db.dialect() == Dialect.POSTGRESQL
                ? claimInOneStatement(max, worker, lease)
                : claimInOneTransaction(max, worker, lease);
        if (!claims.isEmpty()) {
            wakeup.busy();
        }
        return claims;
    }

    /** The work with its place, so that the ordinary claim is one statement. */
    private record Found<T>(Place place, T work) {}

    private List<Claim<T>> claimInOneStatement(int max, String worker, Duration lease) {
        String sql = claimInOneStatement(max);
        List<Found<T>> found = db.single("claim work", h -> db.query(h, sql)
                .bind("lease", Database.micros(lease))
                .bind("worker", worker)
                .map((row, context) -> {
                    Place place = new Place(
                            row.getInt("pick_id"),
                            row.getString("pick_submitter"),
                            row.getLong("pick_turn"),
                            row.getBoolean("pick_newest"),
                            row.getBoolean("pick_cancel"),
                            row.getLong("pick_due") == 0,
                            row.getString("pick_worker"),
                            Rows.instant(row, "pick_started"),
                            row.getInt("pick_attempts") + 1,
                            row.getLong("pick_fence") + 1,
                            Database.instant(row.getLong("now_us")));
                    return new Found<>(place, work(row, place.attempts, place.startedAt));
                })
                .list());
        if (found.stream().anyMatch(f -> isSpecial(f.place))) {
            List<Place> places = found.stream().map(Found::place).toList();
            return db.write("claim work", h -> settle(h, places, worker, lease, Map.of()));
        }
        return found.stream()
                .sorted(Comparator.comparing(Found::place, ORDER))
                .map(f -> claimOf(f.place, f.work, worker))
                .toList();
    }

    /** PostgreSQL's claim: the work that is due, then that whose turn it is, as it is afterwards. */
    String claimInOneStatement(int max) {
        String columns =
                "id, submitter, turn, newest_first, cancel_requested, due_us, worker, started_us, attempts, fence";
        // The limit is part of the text: the planner must know that it is small.
        return "with due as (select " + columns + " from " + queue
                + " where due_us between 1 and {now} order by due_us limit " + max + "{skip_locked}), head as (select "
                + columns + " from " + queue + " where due_us = 0 order by turn, id limit " + max
                + "{skip_locked}), pick as materialized (select * from due union all select * from head limit " + max
                + ") update " + queue + " q set due_us = {now} + :lease, worker = :worker, fence = q.fence + 1,"
                + " attempts = q.attempts + 1, started_us = {now} from pick, " + workTables()
                + " where q.id = pick.id and " + workKey() + " = pick.id returning {now} as now_us, pick.id as pick_id,"
                + " pick.submitter as pick_submitter, pick.turn as pick_turn, pick.newest_first as pick_newest,"
                + " pick.cancel_requested as pick_cancel, pick.due_us as pick_due, pick.worker as pick_worker,"
                + " pick.started_us as pick_started, pick.attempts as pick_attempts, pick.fence as pick_fence, "
                + workColumns();
    }

    private static final Comparator<Place> ORDER =
            Comparator.comparing(Place::waited).thenComparingLong(Place::turn).thenComparingInt(Place::id);

    private static boolean isSpecial(Place place) {
        return place.cancelRequested || place.lostWorker != null || place.newestFirst && place.waited;
    }

    private Claim<T> claimOf(Place place, T work, String worker) {
        return new Claim<>(place.id, work, worker, place.fence, place.attempts);
    }

    private List<Claim<T>> claimInOneTransaction(int max, String worker, Duration lease) {
        // Idle workers must not keep the one writer of SQLite busy, nor a lock anywhere.
        boolean any = db.read("look for work", h -> db.query(
                        h,
                        "select 1 from " + queue + " where due_us = 0 union all select 1 from " + queue
                                + " where due_us between 1 and {now} limit 1")
                .mapTo(Integer.class)
                .findFirst()
                .isPresent());
        if (!any) {
            return List.of();
        }
        return db.write("claim work", h -> {
            String select = "select {now} as now_us, id, submitter, turn, newest_first, cancel_requested, due_us,"
                    + " worker, started_us, attempts, fence from " + queue;
            List<Place> places = new ArrayList<>(db.query(
                            h,
                            select + " where due_us between 1 and {now} order by due_us limit " + max + "{skip_locked}")
                    .map((row, context) -> Place.selected(row))
                    .list());
            if (places.size() < max) {
                places.addAll(db.query(
                                h,
                                select + " where due_us = 0 order by turn, id limit " + (max - places.size())
                                        + "{skip_locked}")
                        .map((row, context) -> Place.selected(row))
                        .list());
            }
            if (places.isEmpty()) {
                return List.<Claim<T>>of();
            }
            PreparedBatch take = db.batch(
                    h,
                    "update " + queue + " set due_us = :start + :lease, worker = :worker, fence = :fence,"
                            + " attempts = :attempts, started_us = :start where id = :id");
            for (Place p : places) {
                bindTake(take, p, worker, lease).add();
            }
            take.execute();
            return settle(h, places, worker, lease, Map.of());
        });
    }

    private static PreparedBatch bindTake(PreparedBatch take, Place p, String worker, Duration lease) {
        return take.bind("start", Database.micros(p.startedAt))
                .bind("lease", Database.micros(lease))
                .bind("worker", worker)
                .bind("fence", p.fence)
                .bind("attempts", p.attempts)
                .bind("id", p.id);
    }

    /** Ends what nobody wants any more, notes who was lost, and lets the newest go first where that is wished. */
    private List<Claim<T>> settle(
            Handle handle, List<Place> places, String worker, Duration lease, Map<Integer, T> known) {
        List<Place> kept = new ArrayList<>();
        List<Integer> unwanted = new ArrayList<>();
        for (Place place : places.stream().sorted(ORDER).toList()) {
            if (place.lostWorker != null) {
                Instant since = place.lostSince == null ? place.startedAt : place.lostSince;
                lost(handle, place.id, place.attempts - 1, place.lostWorker, since);
            }
            if (place.cancelRequested) {
                unwanted.add(place.id);
            } else if (place.newestFirst && place.waited) {
                kept.add(newest(handle, place, worker, lease));
            } else {
                kept.add(place);
            }
        }
        if (!unwanted.isEmpty()) {
            deleteOpen(handle, unwanted);
            endCancelled(handle, unwanted, null);
        }
        Map<Integer, T> works = known.isEmpty() ? works(handle, kept) : known;
        List<Claim<T>> claims = new ArrayList<>();
        for (Place place : kept) {
            T work = works.get(place.id);
            if (work != null) {
                claims.add(claimOf(place, work, worker));
            }
        }
        return claims;
    }

    /** Gives the turn of a place to the newest work of the same submitter. */
    private Place newest(Handle handle, Place taken, String worker, Duration lease) {
        Place newest = db.query(
                        handle,
                        "select {now} as now_us, id, submitter, turn, newest_first, cancel_requested, due_us, worker,"
                                + " started_us, attempts, fence from " + queue
                                + " where submitter = :submitter and due_us = 0 and id > :id order by id desc limit 1"
                                + "{skip_locked}")
                .bind("submitter", taken.submitter)
                .bind("id", taken.id)
                .map((row, context) -> Place.selected(row))
                .findFirst()
                .orElse(null);
        if (newest == null) {
            return taken;
        }
        db.update(
                        handle,
                        "update " + queue
                                + " set due_us = 0, worker = null, fence = fence + 1, attempts = attempts - 1,"
                                + " turn = :turn where id = :id")
                .bind("turn", newest.turn)
                .bind("id", taken.id)
                .execute();
        db.update(handle, "update " + queue + " set turn = :turn where id = :id")
                .bind("turn", taken.turn)
                .bind("id", newest.id)
                .execute();
        PreparedBatch take = db.batch(
                handle,
                "update " + queue + " set due_us = :start + :lease, worker = :worker, fence = :fence,"
                        + " attempts = :attempts, started_us = :start where id = :id");
        bindTake(take, newest, worker, lease).add().execute();
        return newest;
    }

    private Map<Integer, T> works(Handle handle, List<Place> places) {
        Map<Integer, Place> byId = new HashMap<>();
        places.forEach(p -> byId.put(p.id, p));
        Map<Integer, T> works = new HashMap<>();
        for (List<Integer> ids : chunks(byId.keySet())) {
            db.query(
                            handle,
                            "select " + workColumns() + " from " + workTables() + " where " + workKey() + " in (<ids>)")
                    .bindList("ids", ids)
                    .map((row, context) -> {
                        Place place = java.util.Objects.requireNonNull(byId.get(row.getInt("id")));
                        works.put(place.id, work(row, place.attempts, place.startedAt));
                        return place;
                    })
                    .list();
        }
        return works;
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

    Turn nextTurn(Handle handle, String submitter) {
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

    /** Takes held work out of the queue; false if it is not held any more. */
    boolean remove(Handle handle, Claim<T> claim) {
        return bindClaim(db.update(handle, "delete from " + queue + HELD), claim)
                        .execute()
                == 1;
    }

    /** Locks held work; false if it is not held any more. */
    boolean lock(Handle handle, Claim<T> claim) {
        return db.query(handle, "select id from " + queue + HELD + "{for_update}")
                .bind("id", claim.id())
                .bind("fence", claim.fence())
                .mapTo(Integer.class)
                .findFirst()
                .isPresent();
    }

    /** Puts held work back, or ends it if nobody wants it any more; false if it is not held. */
    boolean giveBack(Handle handle, Claim<T> claim, Duration delay, boolean counts) {
        if (!lock(handle, claim)) {
            return false;
        }
        if (isCancelRequested(handle, claim.id())) {
            deleteOpen(handle, List.of(claim.id()));
            endCancelled(handle, List.of(claim.id()), claim);
            return true;
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
    public void release(Claim<T> claim) {
        db.write("give work back", h -> giveBack(h, claim, Duration.ZERO, false));
        wakeup.signal();
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

    /** What waits is taken out and ended, what runs is asked to stop. */
    void cancel(Handle handle, Collection<Integer> ids) {
        List<Integer> waiting = new ArrayList<>();
        List<Integer> running = new ArrayList<>();
        Set<String> submitters = new TreeSet<>();
        for (List<Integer> chunk : chunks(ids)) {
            db.query(
                            handle,
                            "select id, submitter, worker from " + queue
                                    + " where id in (<ids>) order by id{for_update}")
                    .bindList("ids", chunk)
                    .map((row, context) -> {
                        submitters.add(row.getString("submitter"));
                        return (row.getString("worker") == null ? waiting : running).add(row.getInt("id"));
                    })
                    .list();
        }
        for (List<Integer> chunk : chunks(running)) {
            db.update(handle, "update " + queue + " set cancel_requested = true where id in (<ids>)")
                    .bindList("ids", chunk)
                    .execute();
        }
        if (!waiting.isEmpty()) {
            Map<String, Long> turns = new HashMap<>();
            submitters.forEach(s -> firstTurn(handle, s).ifPresent(turn -> turns.put(s, turn)));
            deleteOpen(handle, waiting);
            endCancelled(handle, waiting, null);
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
