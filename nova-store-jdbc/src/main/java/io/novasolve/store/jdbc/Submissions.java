package io.novasolve.store.jdbc;

import io.novasolve.core.model.Submission;
import io.novasolve.core.model.SubmissionState;
import io.novasolve.core.spi.NewSubmission;
import io.novasolve.core.spi.SubmissionProgress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jdbi.v3.core.statement.SqlStatement;
import org.jspecify.annotations.Nullable;

/** The rows of submissions. */
final class Submissions {

    private static final String INSERT =
            """
            insert into {submission} (submitter, file_name, content_sha256, content_sha1, content_size, options,
                idempotency_sha256, submitted_us, link, album, tags, publicly_visible, image_options)
            values (:submitter, :name, :sha256, :sha1, :size, :options, :key, {now}, :link, :album, :tags,
                :visible, :imageOptions)""";

    private final Database db;
    private final JdbcSubmissionQueue submissionQueue;
    private final Deadlines deadlines;

    Submissions(Database db, JdbcSubmissionQueue submissionQueue, Deadlines deadlines) {
        this.db = db;
        this.submissionQueue = submissionQueue;
        this.deadlines = deadlines;
    }

    Submission create(NewSubmission s) {
        Submission created = db.write("store a submission", h -> {
            String key = s.idempotencyKey() == null ? null : hash(s.submitter(), s.idempotencyKey());
            Optional<Submission> known = key == null ? Optional.empty() : byKey(h, key);
            return known.orElseGet(() -> insert(h, s, key));
        });
        submissionQueue.wakeup().signal();
        return created;
    }

    private static String hash(String submitter, String key) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(submitter.getBytes(StandardCharsets.UTF_8));
            // No text of Unicode has this byte in UTF-8, so that no two pairs look the same.
            digest.update((byte) 0xff);
            return HexFormat.of().formatHex(digest.digest(key.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private Optional<Submission> byKey(Handle handle, String key) {
        return submissionsWhere(handle, " where s.idempotency_sha256 = :key")
                .bind("key", key)
                .map((row, context) -> Rows.submission(row))
                .findFirst();
    }

    private Query submissionsWhere(Handle handle, String condition) {
        return db.query(
                handle,
                "select " + Rows.SUBMISSION
                        + ", q.worker as worker from {submission} s left join {submission_queue} q on q.id = s.id"
                        + condition);
    }

    /** A new row: its key, and when it was submitted by the database's clock. */
    private record Inserted(int id, long submittedMicros) {

        static Inserted of(ResultSet row) throws SQLException {
            return new Inserted(row.getInt("id"), row.getLong("submitted_us"));
        }
    }

    private Inserted insertRow(Handle handle, NewSubmission s, @Nullable String key) {
        if (db.dialect().hasReturning()) {
            return bind(db.query(handle, INSERT + " returning id, submitted_us"), s, key)
                    .map((row, context) -> Inserted.of(row))
                    .one();
        }
        int id = bind(db.update(handle, INSERT), s, key)
                .executeAndReturnGeneratedKeys("id")
                .mapTo(Integer.class)
                .one();
        return db.query(handle, "select id, submitted_us from {submission} where id = :id")
                .bind("id", id)
                .map((row, context) -> Inserted.of(row))
                .one();
    }

    private static <S extends SqlStatement<S>> S bind(S statement, NewSubmission s, @Nullable String key) {
        return statement
                .bind("submitter", s.submitter())
                .bind("name", s.fileName())
                .bind("sha256", s.content().hash().hex())
                .bind("sha1", s.content().sha1())
                .bind("size", s.content().size())
                .bind("options", OptionsText.write(s.options()))
                .bind("key", key)
                .bind("link", s.link() == null ? null : s.link().toString())
                .bind("album", s.labels().album())
                .bind("tags", Rows.tags(s.labels().tags()))
                .bind("visible", s.labels().publiclyVisible())
                .bind("imageOptions", OptionsText.write(s.imageOptions()));
    }

    private Submission insert(Handle handle, NewSubmission s, @Nullable String key) {
        Inserted inserted = insertRow(handle, s, key);
        JdbcQueue.Turn turn = submissionQueue.next(handle, s.submitter());
        db.update(
                        handle,
                        "insert into {submission_queue} (id, submitter, turn, newest_first)"
                                + " values (:id, :submitter, :turn, :newest)")
                .bind("id", inserted.id)
                .bind("submitter", s.submitter())
                .bind("turn", turn.first())
                .bind("newest", turn.newestFirst())
                .execute();
        submissionQueue.announce(handle);
        Submission created = new Submission(
                inserted.id,
                s.submitter(),
                s.fileName(),
                s.content(),
                s.options(),
                SubmissionState.QUEUED,
                Database.instant(inserted.submittedMicros),
                null,
                null,
                s.link(),
                s.labels(),
                s.imageOptions());
        created.firstDeadline().ifPresent(at -> deadlines.lookAgain(handle, created.id(), at));
        return created;
    }

    Optional<Submission> submission(int id) {
        return db.read("find a submission", h -> submissionsWhere(h, " where s.id = :id")
                .bind("id", id)
                .map((row, context) -> Rows.submission(row))
                .findFirst());
    }

    List<Submission> submissions(int limit) {
        return db.read("list submissions", h -> submissionsWhere(h, " order by s.id desc limit " + Math.max(0, limit))
                .map((row, context) -> Rows.submission(row))
                .list());
    }

    Map<Integer, SubmissionProgress> progress(Collection<Integer> submissionIds) {
        Map<Integer, SubmissionProgress> progress = new HashMap<>();
        if (submissionIds.isEmpty()) {
            return progress;
        }
        return db.read("look how submissions stand", h -> {
            for (List<Integer> chunk : JdbcQueue.chunks(submissionIds)) {
                db.query(
                                h,
                                "select s.id as id, s.state as state, q.worker as worker,"
                                        + " (select count(*) from {job} j where j.submission_id = s.id) as images,"
                                        + " (select count(j.ended_us) from {job} j where j.submission_id = s.id) as ended"
                                        + " from {submission} s left join {submission_queue} q on q.id = s.id"
                                        + " where s.id in (<ids>)")
                        .bindList("ids", chunk)
                        .map((row, context) -> {
                            String state = row.getString("state");
                            SubmissionState known = !state.equals("open")
                                    ? Rows.word(SubmissionState.class, state)
                                    : row.getString("worker") == null
                                            ? SubmissionState.QUEUED
                                            : SubmissionState.UNPACKING;
                            return progress.put(
                                    row.getInt("id"),
                                    new SubmissionProgress(known, row.getInt("images"), row.getInt("ended")));
                        })
                        .list();
            }
            return progress;
        });
    }
}
