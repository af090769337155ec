package io.novasolve.store.jdbc;

import io.novasolve.core.model.Content;
import io.novasolve.core.model.ContentHash;
import io.novasolve.core.model.Job;
import io.novasolve.core.model.JobAttempt;
import io.novasolve.core.model.Submission;
import io.novasolve.core.model.SubmissionState;
import io.novasolve.core.spi.JobQueue;
import io.novasolve.core.spi.NewSubmission;
import io.novasolve.core.spi.QueueCounts;
import io.novasolve.core.spi.Store;
import io.novasolve.core.spi.SubmissionProgress;
import io.novasolve.core.spi.SubmissionQueue;
import io.novasolve.core.spi.Waiting;
import io.novasolve.core.spi.WorkOrder;
import io.novasolve.core.spi.WorkerReport;
import io.novasolve.core.spi.WorkerStatus;
import io.novasolve.sky.SkyPosition;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jdbi.v3.core.statement.SqlStatement;
import org.jspecify.annotations.Nullable;

/**
 * Submissions, jobs and their queues on a SQL database that any number of processes share: PostgreSQL 13 or newer,
 * SQLite, MariaDB 10.6 or newer. Time is the database's: a wrong clock on a worker's machine costs nobody a lease.
 * Thread-safe.
 *
 * <pre>{@code
 * try (JdbcStore store = JdbcStore.open("sqlite:/var/lib/nova/nova.db")) { … }
 * JdbcStore store = JdbcStore.on(dataSource).schema("nova").build();       // on the host's own pool
 * }</pre>
 */
public final class JdbcStore implements Store {

    /** PostgreSQL's channel for news of work; the payload is the queue's table. */
    static final String CHANNEL = "nova_work";

    /** A worker process that has been silent for so long is not listed any more. */
    private static final Duration WORKER_MEMORY = Duration.ofDays(1);

    private static final String JOBS = "select " + Rows.JOB
            + " from {job} j join {image} i on i.id = j.image_id left join {job_queue} q on q.id = j.id"
            + " left join {calibration} c on c.job_id = j.id";

    private static final String INSERT =
            """
            insert into {submission} (submitter, file_name, content_sha256, content_sha1, content_size, options,
                idempotency_sha256, submitted_us, link, album, tags, publicly_visible, image_options)
            values (:submitter, :name, :sha256, :sha1, :size, :options, :key, {now}, :link, :album, :tags,
                :visible, :imageOptions)""";

    private final Database db;
    private final List<AutoCloseable> own;
    private final JdbcJobQueue jobQueue;
    private final JdbcSubmissionQueue submissionQueue;
    private final Forgetting forgetting;
    private final JdbcSky sky;

    JdbcStore(Database db, @Nullable DataSource listening, LongSupplier ticker, List<AutoCloseable> own) {
        this.db = db;
        this.own = own;
        Map<String, Wakeup> wakeups = new ConcurrentHashMap<>();
        PostgresListener listener =
                listening == null ? null : new PostgresListener(listening, CHANNEL, ticker, wakeups);
        if (listener != null) {
            own.add(0, listener);
        }
        this.sky = new JdbcSky(db);
        Wakeup jobs = new Wakeup(ticker, listener);
        Wakeup submissions = new Wakeup(ticker, listener);
        this.jobQueue = new JdbcJobQueue(db, jobs, sky);
        this.submissionQueue = new JdbcSubmissionQueue(db, submissions, jobQueue);
        this.forgetting = new Forgetting(db);
        sky.placeOld();
        wakeups.put(db.sql(jobQueue.queue), jobs);
        wakeups.put(db.sql(submissionQueue.queue), submissions);
    }

    /**
     * Opens a store by its address and brings its schema up to date.
     *
     * @param url {@code sqlite:PATH}, {@code jdbc:postgresql:…} or {@code jdbc:mariadb:…}
     * @throws IllegalArgumentException if the address is of another kind
     * @throws io.novasolve.core.spi.StoreException if the database cannot be reached
     */
    public static JdbcStore open(String url) {
        return JdbcStoreBuilder.at(url).build();
    }

    /** A store by its address, with more to choose. */
    public static JdbcStoreBuilder at(String url) {
        return JdbcStoreBuilder.at(url);
    }

    /**
     * A store on a host application's own DataSource, which stays the host's to close. It must have two connections for
     * the migrations, and one besides those of the workers where it listens for work.
     */
    public static JdbcStoreBuilder on(DataSource dataSource) {
        return JdbcStoreBuilder.on(dataSource);
    }

    // ---------------------------------------------------------------- submissions

    @Override
    public Submission create(NewSubmission s) {
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
        return new Submission(
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
    }

    @Override
    public Optional<Submission> submission(int id) {
        return db.read("find a submission", h -> submissionsWhere(h, " where s.id = :id")
                .bind("id", id)
                .map((row, context) -> Rows.submission(row))
                .findFirst());
    }

    @Override
    public List<Submission> submissions(int limit) {
        return db.read("list submissions", h -> submissionsWhere(h, " order by s.id desc limit " + Math.max(0, limit))
                .map((row, context) -> Rows.submission(row))
                .list());
    }

    @Override
    public Map<Integer, SubmissionProgress> progress(Collection<Integer> submissionIds) {
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

    // ---------------------------------------------------------------- jobs

    @Override
    public List<Job> jobs(int submissionId) {
        return db.read("list jobs", h -> {
            Map<Integer, Map<String, Content>> files =
                    files(filesWhere(h, "j.submission_id = :id").bind("id", submissionId));
            return db.query(h, JOBS + " where j.submission_id = :id order by j.id")
                    .bind("id", submissionId)
                    .map((row, context) -> Rows.job(row, files.getOrDefault(row.getInt("id"), Map.of())))
                    .list();
        });
    }

    @Override
    public Optional<Job> job(int id) {
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

    @Override
    public List<Job> solved(ContentHash image, int limit) {
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

    @Override
    public List<Job> showing(SkyPosition position, int limit) {
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

    @Override
    public List<Job> near(SkyPosition position, double radiusDeg, int limit) {
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

    @Override
    public List<JobAttempt> attempts(int jobId) {
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

    @Override
    public boolean cancelSubmission(int id) {
        return db.write("cancel a submission", h -> {
            submissionQueue.cancel(h, List.of(id));
            List<Integer> jobs = db.query(
                            h, "select id from {job} where submission_id = :id and state = 'open' order by id")
                    .bind("id", id)
                    .mapTo(Integer.class)
                    .list();
            jobQueue.cancel(h, jobs);
            return exists(h, "{submission}", id);
        });
    }

    @Override
    public boolean cancelJob(int id) {
        return db.write("cancel a job", h -> {
            jobQueue.cancel(h, List.of(id));
            return exists(h, "{job}", id);
        });
    }

    private boolean exists(Handle handle, String table, int id) {
        return db.query(handle, "select 1 from " + table + " where id = :id")
                .bind("id", id)
                .mapTo(Integer.class)
                .findFirst()
                .isPresent();
    }

    // ---------------------------------------------------------------- queues

    @Override
    public QueueCounts counts() {
        Map<String, Long> counts = new HashMap<>();
        db.read("count jobs", h -> db.query(
                        h,
                        "select case when j.state <> 'open' then j.state when q.worker is null then 'queued'"
                                + " else 'running' end as word, count(*) as jobs from {job} j"
                                + " left join {job_queue} q on q.id = j.id group by 1")
                .map((row, context) -> counts.put(row.getString("word"), row.getLong("jobs")))
                .list());
        return new QueueCounts(
                counts.getOrDefault("queued", 0L),
                counts.getOrDefault("running", 0L),
                counts.getOrDefault("solved", 0L),
                counts.getOrDefault("unsolved", 0L),
                counts.getOrDefault("failed", 0L),
                counts.getOrDefault("cancelled", 0L));
    }

    @Override
    public Waiting waiting() {
        return db.read("look who waits", h -> db.query(
                        h,
                        "select (select {now} - j.queued_us from {job} j where j.id ="
                                + " (select min(id) from {job_queue} where due_us = 0)) as oldest,"
                                + " (select count(distinct submitter) from {job_queue} where due_us = 0) as submitters")
                .map((row, context) -> new Waiting(
                        Duration.ofNanos(Math.max(0, row.getLong("oldest")) * 1000), row.getInt("submitters")))
                .one());
    }

    @Override
    public boolean isIdle() {
        return db.read("look for open work", h -> db.query(
                        h, "select 1 from {submission_queue} union all select 1 from {job_queue} limit 1")
                .mapTo(Integer.class)
                .findFirst()
                .isEmpty());
    }

    @Override
    public SubmissionQueue submissionQueue() {
        return submissionQueue;
    }

    @Override
    public JobQueue jobQueue() {
        return jobQueue;
    }

    @Override
    public void setOrder(String submitter, WorkOrder order) {
        boolean newest = order == WorkOrder.NEWEST_FIRST;
        db.write("choose an order", h -> {
            int known = db.update(
                            h, "update {submitter_choice} set newest_first = :newest where submitter = :submitter")
                    .bind("newest", newest)
                    .bind("submitter", submitter)
                    .execute();
            if (known == 0) {
                db.update(h, "insert into {submitter_choice} (submitter, newest_first) values (:submitter, :newest)")
                        .bind("submitter", submitter)
                        .bind("newest", newest)
                        .execute();
            }
            for (String queue : List.of("{submission_queue}", "{job_queue}")) {
                db.update(h, "update " + queue + " set newest_first = :newest where submitter = :submitter")
                        .bind("newest", newest)
                        .bind("submitter", submitter)
                        .execute();
            }
            return known;
        });
    }

    // ---------------------------------------------------------------- workers

    @Override
    public boolean reportWorker(WorkerReport report) {
        return db.write("report a worker", h -> {
            int known = bind(
                            db.update(
                                    h,
                                    "update {worker} set host = :host, transports = :transports, capacity = :capacity,"
                                            + " running = :running, seen_us = {now} where name = :name"),
                            report)
                    .execute();
            if (known == 0) {
                db.update(h, "delete from {worker} where seen_us < {now} - :memory")
                        .bind("memory", Database.micros(WORKER_MEMORY))
                        .execute();
                bind(
                                db.update(
                                        h,
                                        "insert into {worker} (name, host, transports, capacity, running, seen_us)"
                                                + " values (:name, :host, :transports, :capacity, :running, {now})"),
                                report)
                        .execute();
                return true;
            }
            return !db.query(h, "select draining from {worker} where name = :name")
                    .bind("name", report.name())
                    .mapTo(Boolean.class)
                    .one();
        });
    }

    private static org.jdbi.v3.core.statement.Update bind(
            org.jdbi.v3.core.statement.Update update, WorkerReport report) {
        return update.bind("name", report.name())
                .bind("host", report.host())
                .bind("transports", report.transports())
                .bind("capacity", report.capacity())
                .bind("running", report.running());
    }

    @Override
    public void removeWorker(String name) {
        db.write("remove a worker", h -> db.update(h, "delete from {worker} where name = :name")
                .bind("name", name)
                .execute());
    }

    @Override
    public boolean drainWorker(String name) {
        return db.write(
                "drain a worker",
                h -> db.update(h, "update {worker} set draining = true where name = :name")
                                .bind("name", name)
                                .execute()
                        == 1);
    }

    @Override
    public List<WorkerStatus> workers() {
        return db.read("list workers", h -> db.query(
                        h,
                        "select name, host, transports, capacity, running, draining, seen_us from {worker} order by name")
                .map((row, context) -> new WorkerStatus(
                        new WorkerReport(
                                row.getString("name"),
                                row.getString("host"),
                                row.getString("transports"),
                                row.getInt("capacity"),
                                row.getInt("running")),
                        Database.instant(row.getLong("seen_us")),
                        row.getBoolean("draining")))
                .list());
    }

    // ---------------------------------------------------------------- retention

    @Override
    public List<Integer> endedBeyond(int keep, int limit) {
        return forgetting.endedBeyond(keep, limit);
    }

    @Override
    public List<Integer> endedBefore(Duration age, int limit) {
        return forgetting.endedBefore(age, limit);
    }

    @Override
    public Forgotten forget(Collection<Integer> submissionIds) {
        return forgetting.forget(submissionIds);
    }

    @Override
    public Set<ContentHash> unreferenced(Collection<ContentHash> contents) {
        return contents.isEmpty() ? Set.of() : db.read("look for content", h -> forgetting.unreferenced(h, contents));
    }

    @Override
    public List<Content> contents(@Nullable ContentHash after, int limit) {
        return forgetting.contents(after, limit);
    }

    /** The statement that claims jobs on PostgreSQL. */
    String claimSql(int max) {
        return db.sql(jobQueue.claimStatement(max));
    }

    /** Closes what this store has opened itself. */
    @Override
    public void close() {
        for (AutoCloseable part : own) {
            try {
                part.close();
            } catch (Exception e) {
                org.slf4j.LoggerFactory.getLogger(JdbcStore.class).warn("{} did not close", part, e);
            }
        }
    }

    @Override
    public String toString() {
        return "JdbcStore[" + db.dialect().folder() + "]";
    }
}
