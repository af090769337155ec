package io.novasolve.store.jdbc;

import io.novasolve.core.model.Content;
import io.novasolve.core.model.ContentHash;
import io.novasolve.core.spi.Store;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/** Forgets what ended long ago, in transactions of bounded size, and tells what nothing refers to. */
final class Forgetting {

    private static final int MARK_BATCH = 1000;

    /** A submission with the time at which its last job ended. */
    private record Ended(int id, long doneMicros) {}

    private final Database db;

    Forgetting(Database db) {
        this.db = db;
    }

    /** Notes which submissions have ended with all their jobs; nobody who works on jobs has to look after that. */
    private void markDone() {
        int marked;
        do {
            marked = db.write("look for what has ended", h -> {
                List<Integer> ids = db.query(
                                h,
                                "select s.id from {submission} s where s.done_us is null and s.state <> 'open'"
                                        + " and not exists (select 1 from {job} j where j.submission_id = s.id"
                                        + " and j.state = 'open') order by s.id limit " + MARK_BATCH + "{skip_locked}")
                        .mapTo(Integer.class)
                        .list();
                for (List<Integer> chunk : JdbcQueue.chunks(ids)) {
                    db.update(
                                    h,
                                    "update {submission} set done_us = coalesce((select max(j.ended_us) from {job} j"
                                            + " where j.submission_id = {submission}.id and j.ended_us > {submission}.ended_us),"
                                            + " ended_us) where id in (<ids>)")
                            .bindList("ids", chunk)
                            .execute();
                }
                return ids.size();
            });
        } while (marked == MARK_BATCH);
    }

    List<Integer> endedBeyond(int keep, int limit) {
        markDone();
        return db.read("look for what ended long ago", h -> {
            // The newest one too many, and what ended before it.
            Ended last = db.query(
                            h,
                            "select id, done_us from {submission} where done_us is not null"
                                    + " order by done_us desc, id desc limit 1 offset :keep")
                    .bind("keep", keep)
                    .map((row, context) -> new Ended(row.getInt("id"), row.getLong("done_us")))
                    .findFirst()
                    .orElse(null);
            return last == null
                    ? List.of()
                    : ended(h, "(done_us < :done or done_us = :done and id <= :last)", limit)
                            .bind("done", last.doneMicros)
                            .bind("last", last.id)
                            .mapTo(Integer.class)
                            .list();
        });
    }

    List<Integer> endedBefore(Duration age, int limit) {
        markDone();
        return db.read("look for what ended long ago", h -> ended(h, "done_us < {now} - :age", limit)
                .bind("age", Database.micros(age))
                .mapTo(Integer.class)
                .list());
    }

    private Query ended(Handle handle, String which, int limit) {
        return db.query(
                handle,
                "select id from {submission} where done_us is not null and " + which + " order by done_us, id limit "
                        + Math.max(0, limit));
    }

    Store.Forgotten forget(Collection<Integer> submissions) {
        if (submissions.isEmpty()) {
            return new Store.Forgotten(0, Set.of());
        }
        return db.write("forget submissions", h -> {
            Set<ContentHash> contents = new HashSet<>();
            int count = 0;
            // In one order, so that two who forget the same wait for each other and do not cross.
            for (List<Integer> chunk : JdbcQueue.chunks(new TreeSet<>(submissions))) {
                List<Integer> ids = lockEnded(h, chunk);
                if (!ids.isEmpty()) {
                    count += ids.size();
                    contents.addAll(contentsOf(h, ids));
                    db.update(h, "delete from {submission} where id in (<ids>)")
                            .bindList("ids", ids)
                            .execute();
                }
            }
            return new Store.Forgotten(count, unreferenced(h, contents));
        });
    }

    private List<Integer> lockEnded(Handle handle, List<Integer> ids) {
        return db.query(
                        handle,
                        "select s.id from {submission} s where s.id in (<ids>) and s.state <> 'open' and not exists"
                                + " (select 1 from {job} j where j.submission_id = s.id and j.state = 'open')"
                                + " order by s.id{for_update}")
                .bindList("ids", ids)
                .mapTo(Integer.class)
                .list();
    }

    private Set<ContentHash> contentsOf(Handle handle, List<Integer> submissions) {
        return hashes(db.query(
                        handle,
                        "select content_sha256 from {submission} where id in (<ids>)"
                                + " union select content_sha256 from {image} where submission_id in (<ids>)"
                                + " union select f.content_sha256 from {job_file} f join {job} j on j.id = f.job_id"
                                + " where j.submission_id in (<ids>)")
                .bindList("ids", submissions));
    }

    private static Set<ContentHash> hashes(Query query) {
        return query.mapTo(String.class).map(hex -> new ContentHash(hex)).list().stream()
                .collect(Collectors.toSet());
    }

    Set<ContentHash> unreferenced(Handle handle, Collection<ContentHash> contents) {
        Set<ContentHash> unreferenced = new HashSet<>(contents);
        List<String> all = new ArrayList<>();
        contents.forEach(c -> all.add(c.hex()));
        for (int at = 0; at < all.size(); at += JdbcQueue.CHUNK) {
            List<String> chunk = all.subList(at, Math.min(all.size(), at + JdbcQueue.CHUNK));
            unreferenced.removeAll(hashes(db.query(
                            handle,
                            "select content_sha256 from {submission} where content_sha256 in (<hashes>)"
                                    + " union select content_sha256 from {image} where content_sha256 in (<hashes>)"
                                    + " union select content_sha256 from {job_file} where content_sha256 in (<hashes>)")
                    .bindList("hashes", chunk)));
        }
        return unreferenced;
    }

    /** A page of what is referred to, each table by its index. */
    List<Content> contents(@Nullable ContentHash after, int limit) {
        String page = " where content_sha256 > :after order by content_sha256 limit " + limit;
        String columns = "select distinct content_sha256, content_sha1, content_size from ";
        return db.read("list content", h -> db.query(
                        h,
                        "select * from (" + columns + "{submission}" + page + ") s union select * from (" + columns
                                + "{image}" + page + ") i union select * from (" + columns + "{job_file}" + page
                                + ") f order by content_sha256 limit " + limit)
                .bind("after", after == null ? "" : after.hex())
                .map((row, context) -> Rows.content(row))
                .list());
    }
}
