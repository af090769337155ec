package io.novasolve.store.jdbc;

import io.novasolve.core.model.Submission;
import io.novasolve.core.model.SubmissionState;
import io.novasolve.core.spi.Claim;
import io.novasolve.core.spi.FairShare;
import io.novasolve.core.spi.JobReport;
import io.novasolve.core.spi.NewImage;
import io.novasolve.core.spi.SubmissionQueue;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jspecify.annotations.Nullable;

/** Submissions that wait to become images. */
final class JdbcSubmissionQueue extends JdbcQueue<Submission> implements SubmissionQueue {

    private final JdbcJobQueue jobs;

    JdbcSubmissionQueue(Database db, Wakeup wakeup, JdbcJobQueue jobs) {
        super(db, "submission", wakeup);
        this.jobs = jobs;
    }

    @Override
    public String workColumns() {
        return Rows.SUBMISSION;
    }

    @Override
    public String workTables() {
        return "{submission} s";
    }

    @Override
    public String workKey() {
        return "s.id";
    }

    @Override
    public Submission work(ResultSet row, int attempts, Instant startedAt) throws SQLException {
        return Rows.submission(row, SubmissionState.UNPACKING);
    }

    @Override
    public void lost(Handle handle, int id, int attempt, String worker, Instant startedAt) {}

    @Override
    public @Nullable String lostStatement() {
        return null;
    }

    @Override
    public void endCancelled(Handle handle, Collection<Integer> ids) {
        for (List<Integer> chunk : chunks(ids)) {
            db.update(handle, "update {submission} set state = 'cancelled', ended_us = {now} where id in (<ids>)")
                    .bindList("ids", chunk)
                    .execute();
        }
    }

    private void end(Handle handle, int id, SubmissionState state, @Nullable String error) {
        db.update(handle, "update {submission} set state = :state, error = :error, ended_us = {now} where id = :id")
                .bind("state", state.name().toLowerCase(java.util.Locale.ROOT))
                .bind("error", error)
                .bind("id", id)
                .execute();
    }

    @Override
    public boolean complete(Claim<Submission> claim, List<NewImage> images) {
        boolean done = db.write("store images", h -> {
            if (!lockWanted(h, claim)) {
                return false;
            }
            deleteOpen(h, List.of(claim.id()));
            end(h, claim.id(), SubmissionState.UNPACKED, null);
            if (!images.isEmpty()) {
                addImages(h, claim.work(), images);
            }
            return true;
        });
        if (done) {
            jobs.wakeup().signal();
        }
        return done;
    }

    private void addImages(Handle handle, Submission submission, List<NewImage> images) {
        PreparedBatch insert = db.batch(
                handle,
                "insert into {image} (submission_id, file_name, content_sha256, content_sha1, content_size)"
                        + " values (:submission, :name, :sha256, :sha1, :size)");
        for (NewImage image : images) {
            insert.bind("submission", submission.id())
                    .bind("name", image.fileName())
                    .bind("sha256", image.content().hash().hex())
                    .bind("sha1", image.content().sha1())
                    .bind("size", image.content().size())
                    .add();
        }
        insert.execute();
        db.update(
                        handle,
                        "insert into {job} (submission_id, image_id, queued_us)"
                                + " select submission_id, id, {now} from {image} where submission_id = :submission order by id")
                .bind("submission", submission.id())
                .execute();
        if (images.stream().anyMatch(image -> image.ended() != null)) {
            jobs.endAlready(handle, reports(handle, submission, images));
            if (images.stream().allMatch(image -> image.ended() != null)) {
                return;
            }
        }
        Turn turn = jobs.next(handle, submission.submitter());
        db.update(
                        handle,
                        "insert into {job_queue} (id, submitter, turn, newest_first)"
                                + " select id, :submitter, :turn + :step * (row_number() over (order by id) - 1), :newest"
                                + " from {job} where submission_id = :submission and state = 'open'")
                .bind("submitter", submission.submitter())
                .bind("turn", turn.first())
                .bind("step", FairShare.step(submission.submitter()))
                .bind("newest", turn.newestFirst())
                .bind("submission", submission.id())
                .execute();
        jobs.announce(handle);
    }

    /** In the order of the images. */
    private List<Integer> jobIds(Handle handle, Submission submission) {
        return db.query(handle, "select id from {job} where submission_id = :submission order by image_id")
                .bind("submission", submission.id())
                .mapTo(Integer.class)
                .list();
    }

    /** What is known already, by the jobs' ids. */
    private Map<Integer, JobReport> reports(Handle handle, Submission submission, List<NewImage> images) {
        List<Integer> ids = jobIds(handle, submission);
        Map<Integer, JobReport> reports = new LinkedHashMap<>();
        for (int i = 0; i < images.size(); i++) {
            JobReport ended = images.get(i).ended();
            if (ended != null) {
                reports.put(ids.get(i), ended);
            }
        }
        return reports;
    }

    /** Makes images of a submission that waits; the ids of their jobs, none if it does not wait. */
    List<Integer> endWaiting(Handle handle, Submission submission, List<NewImage> images) {
        if (takeWaiting(handle, List.of(submission.id())).isEmpty()) {
            return List.of();
        }
        end(handle, submission.id(), SubmissionState.UNPACKED, null);
        addImages(handle, submission, images);
        return jobIds(handle, submission);
    }

    @Override
    public boolean fail(Claim<Submission> claim, String error) {
        return db.write("end a submission", h -> {
            boolean held = remove(h, claim);
            if (held) {
                end(h, claim.id(), SubmissionState.FAILED, JobReport.sentence(error));
            }
            return held;
        });
    }

    @Override
    public boolean cancelled(Claim<Submission> claim) {
        return db.write("end a submission", h -> {
            boolean held = remove(h, claim);
            if (held) {
                endCancelled(h, List.of(claim.id()));
            }
            return held;
        });
    }

    @Override
    public boolean retry(Claim<Submission> claim, Duration delay) {
        boolean held = db.write("put a submission back", h -> giveBack(h, claim, delay, true));
        wakeup().signal();
        return held;
    }
}
