package io.novasolve.store.jdbc;

import java.time.Instant;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** When to look after submissions that have a deadline; a table of its own, for most have none. */
final class Deadlines {

    /** What comes later than this, by far, never comes. */
    private static final Instant NEVER = Instant.parse("9999-01-01T00:00:00Z");

    private final Database db;

    Deadlines(Database db) {
        this.db = db;
    }

    /** @param at null for never */
    void lookAgain(Handle handle, int submission, @Nullable Instant at) {
        if (at == null || !at.isBefore(NEVER)) {
            db.update(handle, "delete from {deadline} where submission_id = :id")
                    .bind("id", submission)
                    .execute();
        } else if (set(handle, "update {deadline} set look_us = :at where submission_id = :id", submission, at) == 0) {
            set(handle, "insert into {deadline} (submission_id, look_us) values (:id, :at)", submission, at);
        }
    }

    private int set(Handle handle, String statement, int submission, Instant at) {
        return db.update(handle, statement)
                .bind("id", submission)
                .bind("at", micros(at))
                .execute();
    }

    private static long micros(Instant time) {
        return time.isBefore(Instant.EPOCH) ? 0 : Database.micros(time.isBefore(NEVER) ? time : NEVER);
    }

    List<Integer> overdue(Instant now, int limit) {
        return db.read("look for deadlines that are over", h -> db.query(
                        h,
                        "select submission_id from {deadline} where look_us <= :now order by look_us, submission_id limit "
                                + Math.max(0, limit))
                .bind("now", micros(now))
                .mapTo(Integer.class)
                .list());
    }
}
