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
import java.sql.Types;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jdbi.v3.core.statement.SqlStatement;
import org.jspecify.annotations.Nullable;

/** Jobs that wait to be solved. */
final class JdbcJobQueue extends JdbcQueue<Job> implements JobQueue {

    private static final String BY_ID = "update {job} set state = :state, attempts = :attempts, started_us = :started,"
            + " ended_us = {now}, reason = :reason, detail = :detail, decode_ns = :decode, extract_ns = :extract,"
            + " solve_ns = :solve, total_ns = :total where id = :id";

    /** PostgreSQL's, where nothing is to be kept but how each ended: before and after as many rows as there are jobs. */
    private static final String PLAIN_ENDS =
            "select " + Claiming.BY_INDEX + "; with ended (id, fence, state, attempts, started_us, reason, detail,"
                    + " decode_ns, extract_ns, solve_ns, total_ns) as (values ";

    private static final String PLAIN_END = "(cast(? as integer), cast(? as bigint), ?, cast(? as integer),"
            + " cast(? as bigint), ?, ?, cast(? as bigint), cast(? as bigint), cast(? as bigint), cast(? as bigint))";

    private static final String PLAIN_ENDS_OF = "), gone as (delete from {job_queue} q using ended e where q.id = e.id"
            + " and q.id = any(array(select id from ended)) and q.fence = e.fence and q.worker is not null"
            + " returning e.*)"
            + " update {job} j set state = gone.state, attempts = gone.attempts, started_us = gone.started_us,"
            + " ended_us = {now}, reason = gone.reason, detail = gone.detail, decode_ns = gone.decode_ns,"
            + " extract_ns = gone.extract_ns, solve_ns = gone.solve_ns, total_ns = gone.total_ns from gone"
            + " where j.id = gone.id returning j.id, gone.fence";

    /** So many ends at most in one transaction. */
    private static final int MOST_ENDS = 100;

    /** How a job ended, as its row says it. */
    private record Outcome(String state, @Nullable String reason, @Nullable String detail) {

        static Outcome of(JobReport.Result result) {
            if (result instanceof JobReport.Solved) {
                return new Outcome("solved", null, null);
            } else if (result instanceof JobReport.Unsolved unsolved) {
                return new Outcome("unsolved", unsolved.reason().word(), unsolved.detail());
            } else if (result instanceof JobReport.Failed failed) {
                return new Outcome("failed", failed.reason().word(), failed.message());
            }
            return new Outcome("cancelled", null, null);
        }
    }

    /** What tells a claim from those of the same job before and after it. */
    private record Held(int id, long fence) {}

    private final Combiner<Ended, Boolean> ends;
    private final Combiner<Ended, Boolean> plainEnds;

    private final JdbcSky sky;

    JdbcJobQueue(Database db, Wakeup wakeup, JdbcSky sky) {
        super(db, "job", wakeup);
        this.sky = sky;
        this.ends = new Combiner<>(this::end, db::isAboutValues);
        this.plainEnds = new Combiner<>(this::endPlain, db::isAboutValues);
    }

    @Override
    public String workColumns() {
        return Rows.OPEN_JOB;
    }

    @Override
    public String workTables() {
        return "{job} j join {image} i on i.id = j.image_id";
    }

    @Override
    public String workKey() {
        return "j.id";
    }

    @Override
    public Job work(ResultSet row, int attempts, Instant startedAt) throws SQLException {
        return Rows.claimed(row, attempts, startedAt);
    }

    @Override
    public void lost(Handle handle, int id, int attempt, String worker, Instant startedAt) {
        addAttempt(handle, id, attempt, worker, startedAt, JobAttempt.LOST);
    }

    @Override
    public String lostStatement() {
        return "insert into {job_attempt} (job_id, number, worker, started_us, ended_us, accident) select id, attempts,"
                + " worker, coalesce(started_us, {now}), {now}, '" + JobAttempt.LOST.replace("'", "''")
                + "' from pick where worker is not null";
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
    public void endCancelled(Handle handle, Collection<Integer> ids) {
        for (List<Integer> chunk : chunks(ids)) {
            db.update(
                            handle,
                            "update {job} set state = 'cancelled', ended_us = {now}, attempts = 0, started_us = null"
                                    + " where id in (<ids>)")
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
        Ended end = new Ended(claim, report);
        return switch (db.dialect()) {
            // Commits of many connections share a write to the disk by themselves, but not what surrounds it.
            case POSTGRESQL ->
                isPlain(end) ? plainEnds.ask(end) : end(List.of(end)).get(0);
            case MARIADB, MYSQL -> end(List.of(end)).get(0);
            case SQLITE -> ends.ask(end);
        };
    }

    @Override
    public List<Boolean> complete(List<Ended> jobs) {
        List<Boolean> answers = new ArrayList<>();
        for (int from = 0; from < jobs.size(); from += MOST_ENDS) {
            List<Ended> some = jobs.subList(from, Math.min(jobs.size(), from + MOST_ENDS));
            boolean plain = db.dialect() == Dialect.POSTGRESQL && some.stream().allMatch(JdbcJobQueue::isPlain);
            answers.addAll(plain ? endPlain(some) : end(some));
        }
        return answers;
    }

    /** Of these nothing is to be kept but how they ended. */
    private static boolean isPlain(Ended end) {
        JobReport report = end.report();
        return report.files().isEmpty()
                && !(report.result() instanceof JobReport.Solved)
                && !(report.result() instanceof JobReport.Failed);
    }

    /** What ends so many jobs on PostgreSQL. */
    static String plainEnds(int count) {
        return PLAIN_ENDS + String.join(", ", Collections.nCopies(count, PLAIN_END)) + PLAIN_ENDS_OF;
    }

    private List<Boolean> endPlain(List<Ended> ends) {
        Set<Held> ended = db.prepared("record results", plainEnds(ends.size()), s -> {
            int at = 0;
            for (Ended end : ends) {
                JobTimings timings = end.report().timings();
                Outcome outcome = Outcome.of(end.report().result());
                s.setInt(++at, end.claim().id());
                s.setLong(++at, end.claim().fence());
                s.setString(++at, outcome.state);
                s.setInt(++at, end.claim().attempt());
                s.setObject(++at, startedAt(end.claim()), Types.BIGINT);
                s.setString(++at, outcome.reason);
                s.setString(++at, outcome.detail);
                s.setLong(++at, timings.decode().toNanos());
                s.setLong(++at, timings.extract().toNanos());
                s.setLong(++at, timings.solve().toNanos());
                s.setLong(++at, timings.total().toNanos());
            }
            Set<Held> held = new HashSet<>();
            s.execute();
            s.getMoreResults();
            try (ResultSet rows = s.getResultSet()) {
                while (rows.next()) {
                    held.add(new Held(rows.getInt(1), rows.getLong(2)));
                }
            }
            return held;
        });
        // Whoever comes first with the same claim has recorded it.
        return ends.stream()
                .map(e -> ended.remove(new Held(e.claim().id(), e.claim().fence())))
                .toList();
    }

    /** Records results, all in one transaction: for each, whether its claim was still held. */
    private List<Boolean> end(List<Ended> ends) {
        return db.write("record results", h -> {
            List<Boolean> held = removeHeld(h, ends);
            List<Ended> kept = new ArrayList<>();
            for (int i = 0; i < ends.size(); i++) {
                if (held.get(i)) {
                    kept.add(ends.get(i));
                }
            }
            if (!kept.isEmpty()) {
                keep(h, kept);
            }
            return held;
        });
    }

    private void keep(Handle handle, List<Ended> ends) {
        Map<Integer, JobReport> reports = new LinkedHashMap<>();
        PreparedBatch update = db.batch(handle, BY_ID);
        for (Ended end : ends) {
            reports.put(end.claim().id(), end.report());
            bindOutcome(db.withNow(update), end.claim().id(), end.report())
                    .bind("attempts", end.claim().attempt())
                    .bind("started", startedAt(end.claim()))
                    .add();
        }
        update.execute();
        addCalibrations(handle, reports);
        for (Ended end : ends) {
            if (end.report().result() instanceof JobReport.Failed failed) {
                Claim<Job> claim = end.claim();
                addAttempt(
                        handle,
                        claim.id(),
                        claim.attempt(),
                        claim.worker(),
                        claim.work().startedAt(),
                        failed.message());
            }
        }
        addFiles(handle, reports);
    }

    /** Takes out of the queue what is still held by its claim: for each, whether it was. */
    private List<Boolean> removeHeld(Handle handle, List<Ended> ends) {
        if (ends.size() == 1) {
            return List.of(remove(handle, ends.get(0).claim()));
        }
        Map<Integer, Long> fences = new HashMap<>();
        db.query(
                        handle,
                        "select id, fence from {job_queue} where id in (<ids>) and worker is not null order by id"
                                + "{for_update}")
                .bindList(
                        "ids", ends.stream().map(e -> e.claim().id()).distinct().toList())
                .map((row, context) -> fences.put(row.getInt("id"), row.getLong("fence")))
                .list();
        List<Boolean> held = new ArrayList<>();
        List<Integer> ids = new ArrayList<>();
        for (Ended end : ends) {
            // Whoever comes first with the same claim has recorded it.
            boolean first = fences.remove(end.claim().id(), end.claim().fence());
            held.add(first);
            if (first) {
                ids.add(end.claim().id());
            }
        }
        deleteOpen(handle, ids);
        return held;
    }

    /** Records the results of those jobs that wait; the ids of these. */
    List<Integer> endWaiting(Handle handle, Map<Integer, JobReport> reports) {
        List<Integer> waiting = takeWaiting(handle, reports.keySet());
        if (!waiting.isEmpty()) {
            Map<Integer, JobReport> ended = new LinkedHashMap<>(reports);
            ended.keySet().retainAll(waiting);
            endAlready(handle, ended);
        }
        return waiting;
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
        Outcome outcome = Outcome.of(report.result());
        return update.bind("id", job)
                .bind("state", outcome.state)
                .bind("reason", outcome.reason)
                .bind("detail", outcome.detail)
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
