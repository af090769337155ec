package io.novasolve.store.jdbc;

import io.novasolve.core.model.Content;
import io.novasolve.core.model.ContentHash;
import io.novasolve.core.model.Job;
import io.novasolve.core.model.JobAttempt;
import io.novasolve.core.model.Submission;
import io.novasolve.core.spi.JobQueue;
import io.novasolve.core.spi.JobReport;
import io.novasolve.core.spi.NewImage;
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
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import javax.sql.DataSource;
import org.jdbi.v3.core.Handle;
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

    private final Database db;
    private final List<AutoCloseable> own;
    private final JdbcJobQueue jobQueue;
    private final JdbcSubmissionQueue submissionQueue;
    private final Deadlines deadlines;
    private final Submissions submissions;
    private final Jobs jobs;
    private final Workers workers;
    private final Forgetting forgetting;
    private final JdbcSky sky;

    JdbcStore(
            Database db,
            @Nullable DataSource listening,
            LongSupplier ticker,
            int placesAtOnce,
            List<AutoCloseable> own) {
        this.db = db;
        this.own = own;
        Map<String, Wakeup> wakeups = new ConcurrentHashMap<>();
        PostgresListener listener =
                listening == null ? null : new PostgresListener(listening, CHANNEL, ticker, wakeups);
        if (listener != null) {
            own.add(0, listener);
        }
        this.sky = new JdbcSky(db, placesAtOnce);
        this.jobQueue = new JdbcJobQueue(db, new Wakeup(ticker, listener), sky);
        this.submissionQueue = new JdbcSubmissionQueue(db, new Wakeup(ticker, listener), jobQueue);
        this.deadlines = new Deadlines(db);
        this.submissions = new Submissions(db, submissionQueue, deadlines);
        this.jobs = new Jobs(db, sky);
        this.workers = new Workers(db);
        this.forgetting = new Forgetting(db);
        sky.placeOld();
        wakeups.put(db.sql(jobQueue.queue), jobQueue.wakeup());
        wakeups.put(db.sql(submissionQueue.queue), submissionQueue.wakeup());
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
     * the migrations, and one besides those of the workers where it listens for work. Its connections may commit by themselves
     * or not; on SQLite they must look at foreign keys, and should have WAL, a busy timeout and immediate transactions; on
     * MariaDB and MySQL read committed is the isolation that suits.
     */
    public static JdbcStoreBuilder on(DataSource dataSource) {
        return JdbcStoreBuilder.on(dataSource);
    }

    // ---------------------------------------------------------------- submissions

    @Override
    public Submission create(NewSubmission submission) {
        return submissions.create(submission);
    }

    @Override
    public Optional<Submission> submission(int id) {
        return submissions.submission(id);
    }

    @Override
    public List<Submission> submissions(int limit) {
        return submissions.submissions(limit);
    }

    @Override
    public Map<Integer, SubmissionProgress> progress(Collection<Integer> submissionIds) {
        return submissions.progress(submissionIds);
    }

    // ---------------------------------------------------------------- jobs

    @Override
    public List<Job> jobs(Collection<Integer> submissionIds) {
        return jobs.jobs(submissionIds);
    }

    @Override
    public Optional<Job> job(int id) {
        return jobs.job(id);
    }

    @Override
    public List<Job> solved(ContentHash image, int limit) {
        return jobs.solved(image, limit);
    }

    @Override
    public List<Job> showing(SkyPosition position, int limit) {
        return jobs.showing(position, limit);
    }

    @Override
    public List<Job> near(SkyPosition position, double radiusDeg, int limit) {
        return jobs.near(position, radiusDeg, limit);
    }

    @Override
    public List<JobAttempt> attempts(int jobId) {
        return jobs.attempts(jobId);
    }

    // ---------------------------------------------------------------- cancel

    @Override
    public Stopped cancelSubmission(int id) {
        return db.write("cancel a submission", h -> {
            boolean waited = !submissionQueue.cancel(h, List.of(id)).isEmpty();
            List<Integer> jobs = db.query(
                            h, "select id from {job} where submission_id = :id and state = 'open' order by id")
                    .bind("id", id)
                    .mapTo(Integer.class)
                    .list();
            List<Integer> ended = jobQueue.cancel(h, jobs);
            return new Stopped(exists(h, "{submission}", id), waited, ended);
        });
    }

    @Override
    public Stopped cancelJob(int id) {
        return db.write("cancel a job", h -> {
            List<Integer> ended = jobQueue.cancel(h, List.of(id));
            return new Stopped(exists(h, "{job}", id), false, ended);
        });
    }

    @Override
    public List<Integer> overdue(Instant now, int limit) {
        return deadlines.overdue(now, limit);
    }

    @Override
    public Stopped endWaiting(
            Submission submission, List<NewImage> images, Map<Integer, JobReport> jobs, @Nullable Instant lookAgain) {
        return db.write("end what waits too long", h -> {
            if (!exists(h, "{submission}", submission.id())) {
                return new Stopped(false, false, List.of());
            }
            List<Integer> made = images.isEmpty() ? List.of() : submissionQueue.endWaiting(h, submission, images);
            List<Integer> ended = made.isEmpty() ? jobQueue.endWaiting(h, jobs) : made;
            deadlines.lookAgain(h, submission.id(), lookAgain);
            return new Stopped(true, !made.isEmpty(), ended);
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
                                + " (select count(distinct submitter) from {job_queue} where due_us = 0) as submitters,"
                                + " (select count(*) from {submission_queue} where worker is null) as submissions,"
                                + " (select count(*) from {submission_queue} where worker is not null) as unpacking,"
                                + " (select {now} - s.submitted_us from {submission} s where s.id ="
                                + " (select min(id) from {submission_queue})) as oldest_submission")
                .map((row, context) -> new Waiting(
                        age(row.getLong("oldest")),
                        row.getInt("submitters"),
                        row.getInt("submissions"),
                        row.getInt("unpacking"),
                        age(row.getLong("oldest_submission"))))
                .one());
    }

    private static Duration age(long micros) {
        return Duration.ofNanos(Math.max(0, micros) * 1000);
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
        return workers.report(report);
    }

    @Override
    public void removeWorker(String name) {
        workers.remove(name);
    }

    @Override
    public boolean drainWorker(String name) {
        return workers.drain(name);
    }

    @Override
    public List<WorkerStatus> workers() {
        return workers.list();
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

    /** The statements that end jobs on PostgreSQL of which nothing is to be kept but how they ended. */
    String endSql(int count) {
        return db.sql(JdbcJobQueue.plainEnds(count));
    }

    /** The statement that looks for near pictures in some parts of the sky. */
    String nearSql(int ranges) {
        return db.sql(sky.inRangesSql(ranges));
    }

    /** The statement that looks for pictures which may show a position, in some cells. */
    String showingSql(int cells) {
        return db.sql(sky.coveringSql(cells));
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
