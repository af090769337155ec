package io.novasolve.store.jdbc;

import io.novasolve.core.model.Content;
import io.novasolve.core.model.ContentHash;
import io.novasolve.core.model.Job;
import io.novasolve.core.model.JobAttempt;
import io.novasolve.sky.SkyPosition;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;

/** The rows of jobs with what hangs on them: images, calibrations, files and attempts. */
final class Jobs {

    private static final String JOBS = "select " + Rows.JOB
            + " from {job} j join {image} i on i.id = j.image_id left join {job_queue} q on q.id = j.id"
            + " left join {calibration} c on c.job_id = j.id";

    private final Database db;
    private final JdbcSky sky;

    Jobs(Database db, JdbcSky sky) {
        this.db = db;
        this.sky = sky;
    }

    List<Job> jobs(Collection<Integer> submissionIds) {
        if (submissionIds.isEmpty()) {
            return List.of();
        }
        return db.read("list jobs", h -> {
            List<Job> jobs = new ArrayList<>();
            for (List<Integer> chunk : JdbcQueue.chunks(submissionIds)) {
                Map<Integer, Map<String, Content>> files =
                        files(filesWhere(h, "j.submission_id in (<ids>)").bindList("ids", chunk));
                db.query(h, JOBS + " where j.submission_id in (<ids>) order by j.id")
                        .bindList("ids", chunk)
                        .map((row, context) -> Rows.job(row, files.getOrDefault(row.getInt("id"), Map.of())))
                        .forEach(jobs::add);
            }
            return jobs;
        });
    }

    Optional<Job> job(int id) {
        return db.read("find a job", h -> {
            Optional<Job> job = db.query(h, JOBS + " where j.id = :id")
                    .bind("id", id)
                    .map((row, context) -> Rows.job(row, Map.of()))
                    .findFirst();
            if (job.isEmpty() || !job.get().state().isFinal()) {
                return job;
            }
            Map<Integer, Map<String, Content>> files =
                    files(filesWhere(h, "j.id = :id").bind("id", id));
            return job.map(j -> withFiles(j, files));
        });
    }

    List<Job> solved(ContentHash image, int limit) {
        if (limit < 1) {
            return List.of();
        }
        return db.read("find solved jobs", h -> {
            List<Job> jobs = db.query(
                            h,
                            JOBS + " where i.content_sha256 = :hash and j.state = 'solved' order by j.id desc limit "
                                    + limit)
                    .bind("hash", image.hex())
                    .map((row, context) -> Rows.job(row, Map.of()))
                    .list();
            return withFiles(h, jobs);
        });
    }

    private List<Job> withFiles(Handle handle, List<Job> jobs) {
        Map<Integer, Map<String, Content>> files = new HashMap<>();
        for (List<Integer> chunk : JdbcQueue.chunks(jobs.stream().map(Job::id).toList())) {
            files.putAll(files(filesWhere(handle, "j.id in (<ids>)").bindList("ids", chunk)));
        }
        return jobs.stream().map(j -> withFiles(j, files)).toList();
    }

    List<Job> showing(SkyPosition position, int limit) {
        if (limit < 1) {
            return List.of();
        }
        return db.read("search the sky", h -> {
            List<Integer> found = new ArrayList<>();
            int before = Integer.MAX_VALUE;
            List<Integer> page;
            // Of the pictures in the same cells about half show the position.
            int size = 2 * Math.min(limit, Integer.MAX_VALUE / 4) + 8;
            do {
                page = sky.covering(h, position, before, size);
                found.addAll(sky.showing(h, position, page));
                before = page.isEmpty() ? before : page.get(page.size() - 1);
            } while (found.size() < limit && page.size() == size);
            return withFiles(
                    h, byIds(h, found.subList(0, Math.min(limit, found.size()))).toList());
        });
    }

    /** Without files, in the order of the ids; what was forgotten meanwhile is left out. */
    private Stream<Job> byIds(Handle handle, List<Integer> ids) {
        Map<Integer, Job> byId = new HashMap<>();
        for (List<Integer> chunk : JdbcQueue.chunks(ids)) {
            db.query(handle, JOBS + " where j.id in (<ids>)")
                    .bindList("ids", chunk)
                    .map((row, context) -> Rows.job(row, Map.of()))
                    .forEach(job -> byId.put(job.id(), job));
        }
        return ids.stream().filter(byId::containsKey).map(byId::get);
    }

    List<Job> near(SkyPosition position, double radiusDeg, int limit) {
        if (limit < 1) {
            return List.of();
        }
        return db.read("search the sky", h -> {
            List<Integer> ids = sky.near(h, position, radiusDeg, limit).stream()
                    .map(JdbcSky.Placed::job)
                    .toList();
            return withFiles(h, byIds(h, ids).toList());
        });
    }

    private static Job withFiles(Job j, Map<Integer, Map<String, Content>> files) {
        return new Job(
                j.id(),
                j.submissionId(),
                j.image(),
                j.state(),
                j.attempts(),
                j.queuedAt(),
                j.startedAt(),
                j.endedAt(),
                j.outcome(),
                j.timings(),
                files.getOrDefault(j.id(), Map.of()));
    }

    private Query filesWhere(Handle handle, String condition) {
        return db.query(
                handle,
                "select f.job_id as job_id, f.name as name, f.content_sha256 as content_sha256,"
                        + " f.content_sha1 as content_sha1, f.content_size as content_size"
                        + " from {job_file} f join {job} j on j.id = f.job_id where " + condition);
    }

    private static Map<Integer, Map<String, Content>> files(Query query) {
        Map<Integer, Map<String, Content>> files = new HashMap<>();
        query.map((row, context) -> files.computeIfAbsent(row.getInt("job_id"), j -> new HashMap<>())
                        .put(row.getString("name"), Rows.content(row)))
                .list();
        return files;
    }

    List<JobAttempt> attempts(int jobId) {
        return db.read("list attempts", h -> db.query(
                        h,
                        "select number, worker, started_us, ended_us, accident from {job_attempt} where job_id = :id"
                                + " order by number")
                .bind("id", jobId)
                .map((row, context) -> new JobAttempt(
                        row.getInt("number"),
                        row.getString("worker"),
                        Database.instant(row.getLong("started_us")),
                        Database.instant(row.getLong("ended_us")),
                        row.getString("accident")))
                .list());
    }
}
