package io.novasolve.store.jdbc;

import io.novasolve.core.model.Job;
import io.novasolve.core.model.JobAttempt;
import io.novasolve.core.model.JobTimings;
import io.novasolve.core.spi.Claim;
import io.novasolve.core.spi.JobQueue;
import io.novasolve.core.spi.JobReport;
import io.novasolve.sky.region.SkyCells;
import io.novasolve.sky.wcs.Sip;
import io.novasolve.sky.wcs.Wcs;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jdbi.v3.core.statement.SqlStatement;
import org.jspecify.annotations.Nullable;

/** Jobs that wait to be solved. */
final class JdbcJobQueue extends JdbcQueue<Job> implements JobQueue {

    private static final String OUTCOME = " set state = :state, attempts = :attempts, started_us = :started,"
            + " ended_us = {now}, reason = :reason, detail = :detail, decode_ns = :decode, extract_ns = :extract,"
            + " solve_ns = :solve, total_ns = :total";

    private static final String BY_ID = "update {job}" + OUTCOME + " where id = :id";

    private final JdbcSky sky;

    JdbcJobQueue(Database db, Wakeup wakeup, JdbcSky sky) {
        super(db, "job", wakeup);
        this.sky = sky;
    }

    @Override
    String workColumns() {
        return Rows.OPEN_JOB;
    }

    @Override
    String workTables() {
        return "{job} j join {image} i on i.id = j.image_id";
    }

    @Override
    String workKey() {
        return "j.id";
    }

    @Override
    Job work(ResultSet row, int attempts, Instant startedAt) throws SQLException {
        return Rows.claimed(row, attempts, startedAt);
    }

    @Override
    void lost(Handle handle, int id, int attempt, String worker, Instant startedAt) {
        addAttempt(handle, id, attempt, worker, startedAt, JobAttempt.LOST);
    }

    private void addAttempt(
            Handle handle, int id, int attempt, String worker, @Nullable Instant startedAt, String accident) {
        db.update(
                        handle,
                        "insert into {job_attempt} (job_id, number, worker, started_us, ended_us, accident)"
                                + " values (:id, :number, :worker, :started, {now}, :accident)")
                .bind("id", id)
                .bind("number", attempt)
                .bind("worker", worker)
                .bind("started", startedAt == null ? 0 : Database.micros(startedAt))
                .bind("accident", JobReport.sentence(accident))
                .execute();
    }

    @Override
    void endCancelled(Handle handle, Collection<Integer> ids, @Nullable Claim<Job> claim) {
        for (List<Integer> chunk : chunks(ids)) {
            db.update(
                            handle,
                            "update {job} set state = 'cancelled', ended_us = {now}, attempts = :attempts,"
                                    + " started_us = :started where id in (<ids>)")
                    .bind("attempts", claim == null ? 0 : claim.attempt())
                    .bind("started", claim == null ? null : startedAt(claim))
                    .bindList("ids", chunk)
                    .execute();
        }
    }

    private static @Nullable Long startedAt(Claim<Job> claim) {
        Instant started = claim.work().startedAt();
        return started == null ? null : Database.micros(started);
    }

    @Override
    public boolean complete(Claim<Job> claim, JobReport report) {
        boolean plain = report.files().isEmpty()
                && !(report.result() instanceof JobReport.Solved)
                && !(report.result() instanceof JobReport.Failed);
        if (plain && db.dialect() == Dialect.POSTGRESQL) {
            return db.single(
                    "record a result",
                    h -> bindOutcome(
                                            db.update(
                                                    h,
                                                    "with gone as (delete from {job_queue}" + HELD
                                                            + " returning id) update {job} j" + OUTCOME
                                                            + " from gone where j.id = gone.id"),
                                            claim.id(),
                                            report)
                                    .bind("attempts", claim.attempt())
                                    .bind("started", startedAt(claim))
                                    .bind("fence", claim.fence())
                                    .execute()
                            == 1);
        }
        return db.write("record a result", h -> {
            if (!remove(h, claim)) {
                return false;
            }
            bindOutcome(db.update(h, BY_ID), claim.id(), report)
                    .bind("attempts", claim.attempt())
                    .bind("started", startedAt(claim))
                    .execute();
            Map<Integer, JobReport> reports = Map.of(claim.id(), report);
            addCalibrations(h, reports);
            if (report.result() instanceof JobReport.Failed failed) {
                addAttempt(
                        h,
                        claim.id(),
                        claim.attempt(),
                        claim.worker(),
                        claim.work().startedAt(),
                        failed.message());
            }
            addFiles(h, reports);
            return true;
        });
    }

    /** Records the results of jobs that nobody ever has to work on, by their ids. */
    void endAlready(Handle handle, Map<Integer, JobReport> reports) {
        PreparedBatch update = db.batch(handle, BY_ID);
        reports.forEach((id, report) -> bindOutcome(db.withNow(update), id, report)
                .bind("attempts", 0)
                .bind("started", (Long) null)
                .add());
        update.execute();
        addCalibrations(handle, reports);
        addFiles(handle, reports);
    }

    private static <S extends SqlStatement<S>> S bindOutcome(S update, int job, JobReport report) {
        JobTimings timings = report.timings();
        String state = "cancelled";
        String reason = null;
        String detail = null;
        if (report.result() instanceof JobReport.Solved) {
            state = "solved";
        } else if (report.result() instanceof JobReport.Unsolved unsolved) {
            state = "unsolved";
            reason = unsolved.reason().word();
            detail = unsolved.detail();
        } else if (report.result() instanceof JobReport.Failed failed) {
            state = "failed";
            reason = failed.reason().word();
            detail = failed.message();
        }
        return update.bind("id", job)
                .bind("state", state)
                .bind("reason", reason)
                .bind("detail", detail)
                .bind("decode", timings.decode().toNanos())
                .bind("extract", timings.extract().toNanos())
                .bind("solve", timings.solve().toNanos())
                .bind("total", timings.total().toNanos());
    }

    private void addCalibrations(Handle handle, Map<Integer, JobReport> reports) {
        PreparedBatch insert = db.batch(
                handle,
                """
                insert into {calibration} (job_id, crval_ra_deg, crval_dec_deg, crpix_x, crpix_y, cd11, cd12, cd21,
                    cd22, sip, width_px, height_px, log_odds, matched_stars, rms_px, index_name, place)
                values (:job, :ra, :dec, :x, :y, :cd11, :cd12, :cd21, :cd22, :sip, :width, :height, :odds, :stars,
                    :rms, :index, :place)""");
        reports.forEach((job, report) -> {
            if (report.result() instanceof JobReport.Solved solved) {
                bindCalibration(insert.bind("job", job), solved).add();
            }
        });
        if (insert.size() > 0) {
            insert.execute();
            sky.add(handle, reports);
        }
    }

    private static PreparedBatch bindCalibration(PreparedBatch insert, JobReport.Solved solved) {
        Wcs wcs = solved.wcs();
        Sip sip = wcs.sip();
        return insert.bind("ra", wcs.crval().raDeg())
                .bind("dec", wcs.crval().decDeg())
                .bind("x", wcs.crpix().x())
                .bind("y", wcs.crpix().y())
                .bind("cd11", wcs.cd11())
                .bind("cd12", wcs.cd12())
                .bind("cd21", wcs.cd21())
                .bind("cd22", wcs.cd22())
                .bind("sip", sip == null ? null : SipText.write(sip))
                .bind("width", wcs.width())
                .bind("height", wcs.height())
                .bind("odds", solved.logOdds())
                .bind("stars", solved.matchedStars())
                .bind("rms", Double.isNaN(solved.rmsPx()) ? null : Double.valueOf(solved.rmsPx()))
                .bind("index", solved.index())
                .bind("place", SkyCells.place(wcs.centre()));
    }

    private void addFiles(Handle handle, Map<Integer, JobReport> reports) {
        PreparedBatch insert = db.batch(
                handle,
                "insert into {job_file} (job_id, name, content_sha256, content_sha1, content_size)"
                        + " values (:job, :name, :sha256, :sha1, :size)");
        reports.forEach((job, report) -> report.files().forEach((name, content) -> insert.bind("job", job)
                .bind("name", name)
                .bind("sha256", content.hash().hex())
                .bind("sha1", content.sha1())
                .bind("size", content.size())
                .add()));
        if (insert.size() > 0) {
            insert.execute();
        }
    }

    @Override
    public boolean retry(Claim<Job> claim, String accident, Duration delay) {
        boolean held = db.write("put a job back", h -> {
            if (!giveBack(h, claim, delay, true)) {
                return false;
            }
            addAttempt(
                    h, claim.id(), claim.attempt(), claim.worker(), claim.work().startedAt(), accident);
            return true;
        });
        wakeup().signal();
        return held;
    }
}
