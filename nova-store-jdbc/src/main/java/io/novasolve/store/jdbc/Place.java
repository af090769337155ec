package io.novasolve.store.jdbc;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * A place in a queue: as it is after a claim, with who held it before.
 *
 * @param attempts this one included
 * @param fence of the claim; see {@link #fence(long, long)}
 */
record Place(
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

    /** What a row must have, besides {@code now_us}. */
    static final String COLUMNS =
            "id, submitter, turn, newest_first, cancel_requested, due_us, worker, started_us, attempts, fence";

    /** What is due comes before what waits for its turn. */
    static final Comparator<Place> ORDER =
            Comparator.comparing(Place::waited).thenComparingLong(Place::turn).thenComparingInt(Place::id);

    /** From a row as it was before the claim, whose columns are called {@code <prefix>id} and so on. */
    static Place read(ResultSet row, String prefix) throws SQLException {
        long now = row.getLong("now_us");
        return new Place(
                row.getInt(prefix + "id"),
                row.getString(prefix + "submitter"),
                row.getLong(prefix + "turn"),
                row.getBoolean(prefix + "newest_first"),
                row.getBoolean(prefix + "cancel_requested"),
                row.getLong(prefix + "due_us") == 0,
                row.getString(prefix + "worker"),
                Rows.instant(row, prefix + "started_us"),
                row.getInt(prefix + "attempts") + 1,
                fence(row.getLong(prefix + "fence"), now),
                Database.instant(now));
    }

    /**
     * The fence of a new claim. It grows, and it is the time where it can be: if the database forgets a claim because its
     * power failed, the next claim of the same work must not get the same fence.
     */
    static long fence(long before, long nowMicros) {
        return Math.max(before + 1, nowMicros);
    }

    /** Whether somebody asked to stop while nobody was there to hear it. */
    boolean isUnwanted() {
        return cancelRequested;
    }

    /** Whether it has waited after an accident, and now for its turn. */
    boolean isRetry() {
        return !waited && lostWorker == null;
    }

    /** Whether it is simply the next one. */
    boolean isOrdinary() {
        return !isUnwanted() && !isRetry() && !isForNewest();
    }

    /** Whether the newest work of its submitter gets the turn of this one. */
    boolean isForNewest() {
        return newestFirst && waited;
    }
}
