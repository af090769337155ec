package io.novasolve.store.jdbc;

import io.novasolve.core.spi.Claim;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jspecify.annotations.Nullable;

/** Hands out the work of a queue: first what its worker has left behind, then that whose turn it is. */
final class Claiming<T> {

    /** The work behind a queue. */
    interface Source<T> {

        /** Columns and tables (after {@code from}) of the work itself, whose key is {@code workKey}. */
        String workColumns();

        String workTables();

        String workKey();

        /** The work of a row with these columns, as its claimer shall see it. */
        T work(ResultSet row, int attempts, Instant startedAt) throws SQLException;

        /** Its worker has not been heard of until its lease ran out. */
        void lost(Handle handle, int id, int attempt, String worker, Instant startedAt);

        /**
         * The same as a part of PostgreSQL's claim: a statement that inserts from {@code pick} where it has a
         * {@code worker}; null if nothing is to be noted.
         */
        @Nullable
        String lostStatement();

        /** The turn of the next work of a submitter. */
        long nextTurn(Handle handle, String submitter);

        /** Ends work of which somebody has asked to stop; it is in no queue any more. */
        void endCancelled(Handle handle, Collection<Integer> ids);
    }

    private record Taken(Place place, Ask.Holder holder) {}

    private record Found<T>(Taken taken, T work) {}

    /**
     * Settings of PostgreSQL for the time of a transaction. Of a queue that has just been filled the statistics say that it is
     * empty; so it would be sorted, or read from end to end, for every claim and every end.
     */
    static final String BY_INDEX = "set_config('enable_seqscan', 'off', true), set_config('enable_sort', 'off', true),"
            + " set_config('enable_bitmapscan', 'off', true)";

    private static final String TAKE =
            " set due_us = :start + :lease, worker = :worker, fence = :fence, attempts = :attempts, started_us = :start"
                    + " where id = :id";

    /**
     * What PostgreSQL is told for the time of a claim. It does not wait for the disk: a claim that a power cut undoes is work
     * that waits again, and who held it is fenced off; an answer waits, and every claim before it is on the disk then too.
     */
    static final String SETTINGS = "select set_config('synchronous_commit', 'off', true), " + BY_INDEX;

    /** The newest work of a submitter after a place. */
    static final String NEWEST =
            " where submitter = :submitter and due_us = 0 and newest_first and id > :id order by id desc limit 1";

    private final Database db;
    private final String queue;
    private final Source<T> source;
    private final Map<Integer, String> statements = new ConcurrentHashMap<>();

    /** Nothing was found the last time; so it may be again, and a look is cheaper than a transaction. */
    private volatile boolean dry;

    Claiming(Database db, String queue, Source<T> source) {
        this.db = db;
        this.queue = queue;
        this.source = source;
    }

    /** What each of those who ask gets. */
    List<List<Claim<T>>> claim(List<Ask> asks) {
        return db.dialect() == Dialect.POSTGRESQL ? inOneStatement(asks) : inOneTransaction(asks);
    }

    private List<List<Claim<T>>> dealOut(List<Ask> asks, List<Found<T>> found) {
        List<List<Claim<T>>> all = new ArrayList<>();
        asks.forEach(ask -> all.add(new ArrayList<>()));
        for (Found<T> f : found) {
            Place p = f.taken.place;
            Ask.Holder holder = f.taken.holder;
            all.get(holder.ask()).add(new Claim<>(p.id(), f.work, holder.worker(), p.fence(), p.attempts()));
        }
        return all;
    }

    // ---------------------------------------------------------------- PostgreSQL

    private List<List<Claim<T>>> inOneStatement(List<Ask> asks) {
        List<Ask.Holder> holders = Ask.holders(asks);
        List<Found<T>> found = db.prepared("claim work", SETTINGS + "; " + statement(holders.size()), s -> {
            s.setArray(1, array(s, "bigint", holders.stream().map(Ask.Holder::lease)));
            s.setArray(2, array(s, "text", holders.stream().map(Ask.Holder::worker)));
            List<Found<T>> claimed = new ArrayList<>();
            s.execute();
            s.getMoreResults();
            try (ResultSet row = s.getResultSet()) {
                while (row.next()) {
                    Place place = Place.read(row, "pick_");
                    T work = source.work(row, place.attempts(), place.startedAt());
                    claimed.add(new Found<>(new Taken(place, holders.get(row.getInt("pick_slot") - 1)), work));
                }
            }
            return claimed;
        });
        if (found.stream().anyMatch(f -> !f.taken.place.isOrdinary())) {
            List<Taken> taken = found.stream().map(Found::taken).toList();
            return dealOut(asks, db.write("claim work", h -> settle(h, taken)));
        }
        found.sort((a, b) -> Place.ORDER.compare(a.taken.place, b.taken.place));
        return dealOut(asks, found);
    }

    private static Array array(Statement statement, String type, Stream<?> values) throws SQLException {
        return statement.getConnection().createArrayOf(type, values.toArray());
    }

    /** PostgreSQL's claim. */
    String statement(int max) {
        return statements.computeIfAbsent(max, this::write);
    }

    private String write(int max) {
        StringBuilder picked = new StringBuilder();
        for (String column : Place.COLUMNS.split(", ", -1)) {
            picked.append(", pick.").append(column).append(" as pick_").append(column);
        }
        String lost = source.lostStatement();
        // The limit is part of the text: the planner must know that it is small.
        return "with due as (select " + Place.COLUMNS
                + " from " + queue + " where due_us between 1 and {now} order by due_us limit " + max
                + "{skip_locked}), head as (select " + Place.COLUMNS + " from " + queue
                + " where due_us = 0 order by turn, id limit " + max
                + "{skip_locked}), pick as materialized (select p.*, row_number() over () as slot from"
                + " (select * from due union all select * from head limit " + max + ") p)"
                + (lost == null ? "" : ", lost as (" + lost + ")") + " update " + queue
                + " q set due_us = {now} + (cast(? as bigint[]))[pick.slot], worker = (cast(? as text[]))[pick.slot],"
                + " fence = greatest(q.fence + 1, {now}), attempts = q.attempts + 1, started_us = {now} from pick, "
                + source.workTables() + " where q.id = pick.id and q.id = any(array(select id from pick)) and "
                + source.workKey() + " = pick.id returning {now} as now_us, pick.slot as pick_slot" + picked + ", "
                + source.workColumns();
    }

    // ---------------------------------------------------------------- elsewhere

    private List<List<Claim<T>>> inOneTransaction(List<Ask> asks) {
        // Idle workers must not keep the one writer of SQLite busy, nor a lock anywhere.
        if (dry && !isThereAny()) {
            return dealOut(asks, List.of());
        }
        List<Ask.Holder> holders = Ask.holders(asks);
        List<Found<T>> found = db.write("claim work", h -> {
            List<Place> places = select(h, holders.size());
            List<Taken> taken = new ArrayList<>();
            for (Place place : places) {
                taken.add(new Taken(place, holders.get(taken.size())));
            }
            take(h, taken);
            for (Taken t : taken) {
                noteLost(h, t.place);
            }
            return settle(h, taken);
        });
        dry = found.isEmpty();
        return dealOut(asks, found);
    }

    private boolean isThereAny() {
        return db.read("look for work", h -> db.query(
                        h,
                        "select 1 from " + queue + " where due_us = 0 union all select 1 from " + queue
                                + " where due_us between 1 and {now} limit 1")
                .mapTo(Integer.class)
                .findFirst()
                .isPresent());
    }

    private List<Place> select(Handle handle, int max) {
        String select = "select {now} as now_us, " + Place.COLUMNS + " from " + queue;
        List<Place> places = new ArrayList<>(db.query(
                        handle,
                        select + " where due_us between 1 and {now} order by due_us limit " + max + "{skip_locked}")
                .map((row, context) -> Place.read(row, ""))
                .list());
        if (places.size() < max) {
            places.addAll(db.query(
                            handle,
                            select + " where due_us = 0 order by turn, id limit " + (max - places.size())
                                    + "{skip_locked}")
                    .map((row, context) -> Place.read(row, ""))
                    .list());
        }
        return places;
    }

    private void take(Handle handle, List<Taken> taken) {
        if (taken.isEmpty()) {
            return;
        }
        PreparedBatch take = db.batch(handle, "update " + queue + TAKE);
        for (Taken t : taken) {
            take.bind("start", Database.micros(t.place.startedAt()))
                    .bind("lease", t.holder.lease())
                    .bind("worker", t.holder.worker())
                    .bind("fence", t.place.fence())
                    .bind("attempts", t.place.attempts())
                    .bind("id", t.place.id())
                    .add();
        }
        take.execute();
    }

    // ---------------------------------------------------------------- what is not ordinary

    private void noteLost(Handle handle, Place place) {
        if (place.lostWorker() != null) {
            Instant since = place.lostSince() == null ? place.startedAt() : place.lostSince();
            source.lost(handle, place.id(), place.attempts() - 1, place.lostWorker(), since);
        }
    }

    /** Ends what nobody wants any more, and lets the newest go first where that is wished. */
    private List<Found<T>> settle(Handle handle, List<Taken> all) {
        List<Taken> kept = new ArrayList<>();
        List<Integer> unwanted = new ArrayList<>();
        for (Taken t : all.stream()
                .sorted((a, b) -> Place.ORDER.compare(a.place, b.place))
                .toList()) {
            Place place = t.place;
            if (place.isUnwanted()) {
                unwanted.add(place.id());
            } else {
                Taken inTurn = place.isRetry() ? inTurn(handle, t) : t;
                kept.add(inTurn.place.isForNewest() ? newest(handle, inTurn) : inTurn);
            }
        }
        if (!unwanted.isEmpty()) {
            for (List<Integer> chunk : JdbcQueue.chunks(unwanted)) {
                db.update(handle, "delete from " + queue + " where id in (<ids>)")
                        .bindList("ids", chunk)
                        .execute();
            }
            source.endCancelled(handle, unwanted);
        }
        Map<Integer, T> works = works(handle, kept);
        List<Found<T>> found = new ArrayList<>();
        for (Taken t : kept) {
            T work = works.get(t.place.id());
            if (work != null) {
                found.add(new Found<>(t, work));
            }
        }
        return found;
    }

    /**
     * Work whose pause after an accident is over joins the end of its submitter's line, and the first of all lines is done
     * instead: ten thousand retries of one submitter must not hold up another.
     */
    private Taken inTurn(Handle handle, Taken retry) {
        Place first = db.query(
                        handle,
                        "select {now} as now_us, " + Place.COLUMNS + " from " + queue
                                + " where due_us = 0 order by turn, id limit 1{skip_locked}")
                .map((row, context) -> Place.read(row, ""))
                .findFirst()
                .orElse(null);
        if (first == null) {
            return retry;
        }
        putBack(handle, retry, source.nextTurn(handle, retry.place.submitter()));
        Taken instead = new Taken(first, retry.holder);
        take(handle, List.of(instead));
        return instead;
    }

    /** As if it had not been claimed. */
    private void putBack(Handle handle, Taken taken, long turn) {
        db.update(
                        handle,
                        "update " + queue
                                + " set due_us = 0, worker = null, fence = fence + 1, attempts = attempts - 1,"
                                + " turn = :turn where id = :id")
                .bind("turn", turn)
                .bind("id", taken.place.id())
                .execute();
    }

    /** Gives the turn of a place to the newest work of the same submitter. */
    private Taken newest(Handle handle, Taken taken) {
        Place newest = db.query(
                        handle,
                        "select {now} as now_us, " + Place.COLUMNS + " from " + queue + NEWEST + "{skip_locked}")
                .bind("submitter", taken.place.submitter())
                .bind("id", taken.place.id())
                .map((row, context) -> Place.read(row, ""))
                .findFirst()
                .orElse(null);
        if (newest == null) {
            return taken;
        }
        putBack(handle, taken, newest.turn());
        db.update(handle, "update " + queue + " set turn = :turn where id = :id")
                .bind("turn", taken.place.turn())
                .bind("id", newest.id())
                .execute();
        Taken instead = new Taken(newest, taken.holder);
        take(handle, List.of(instead));
        return instead;
    }

    private Map<Integer, T> works(Handle handle, List<Taken> all) {
        Map<Integer, Place> byId = new HashMap<>();
        all.forEach(t -> byId.put(t.place.id(), t.place));
        Map<Integer, T> works = new HashMap<>();
        for (List<Integer> ids : JdbcQueue.chunks(byId.keySet())) {
            db.query(
                            handle,
                            "select " + source.workColumns() + " from " + source.workTables() + " where "
                                    + source.workKey() + " in (<ids>)")
                    .bindList("ids", ids)
                    .map((row, context) -> {
                        Place place = java.util.Objects.requireNonNull(byId.get(row.getInt("id")));
                        works.put(place.id(), source.work(row, place.attempts(), place.startedAt()));
                        return place;
                    })
                    .list();
        }
        return works;
    }
}
