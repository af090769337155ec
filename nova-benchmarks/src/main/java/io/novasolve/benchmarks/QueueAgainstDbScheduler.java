package io.novasolve.benchmarks;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.task.helper.OneTimeTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.novasolve.core.memory.InMemoryStore;
import io.novasolve.core.model.Content;
import io.novasolve.core.model.ContentHash;
import io.novasolve.core.model.Job;
import io.novasolve.core.model.JobTimings;
import io.novasolve.core.model.SolveOptions;
import io.novasolve.core.model.Submission;
import io.novasolve.core.model.UnsolvedReason;
import io.novasolve.core.spi.Claim;
import io.novasolve.core.spi.JobQueue;
import io.novasolve.core.spi.JobReport;
import io.novasolve.core.spi.NewImage;
import io.novasolve.core.spi.NewSubmission;
import io.novasolve.core.spi.Store;
import io.novasolve.store.jdbc.JdbcStore;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * What the queue of the JDBC store costs: empty jobs beside as many empty one-time tasks of db-scheduler on the same
 * PostgreSQL in the same run (two processes of four threads each); on SQLite, with and without durability against power
 * loss; the cost of a claim beside a million ended jobs; and the time from submit to start on an idle system.
 *
 * <p>Arguments: {@code [throughput|sqlite|memory|claim|latency|all] [jobs]}.
 */
public final class QueueAgainstDbScheduler {

    private static final int THREADS = 4;
    private static final int PROCESSES = 2;
    private static final int BATCH = 20;
    private static final List<String> WAYS = List.of(
            "claims of 1", "claims of " + BATCH + " ended one by one", "claims of " + BATCH + " ended together");
    private static final int WARM_UP = 4000;
    private static final int ROUNDS = 5;
    private static final Duration LEASE = Duration.ofMinutes(5);
    private static final Content CONTENT = new Content(new ContentHash("0".repeat(64)), "0".repeat(40), 1);
    private static final JobReport EMPTY = new JobReport(
            new JobReport.Unsolved(UnsolvedReason.NO_MATCH, "nothing was searched"), JobTimings.NONE, Map.of());

    private QueueAgainstDbScheduler() {}

    /** Prints a line per measurement. */
    public static void main(String[] args) throws Exception {
        String what = args.length > 0 ? args[0] : "all";
        if (what.startsWith("worker:")) {
            worker(what.substring("worker:".length()), args[1]);
            return;
        }
        int jobs = args.length > 1 ? Integer.parseInt(args[1]) : 20_000;
        boolean all = what.equals("all");
        if (all || what.equals("throughput")) {
            throughput(jobs);
        }
        if (all || what.equals("sqlite")) {
            sqlite(jobs, false);
            sqlite(Math.min(jobs, 2000), true);
        }
        if (all || what.equals("memory")) {
            inThisProcess("memory", new InMemoryStore(java.time.InstantSource.system()), 10 * jobs, 10 * jobs);
        }
        if (all || what.equals("claim")) {
            claimCost();
        }
        if (all || what.equals("latency")) {
            latency();
        }
    }

    private static EmbeddedPostgres postgres() throws IOException {
        return EmbeddedPostgres.builder()
                .setServerConfig("max_connections", "100")
                .setServerConfig("shared_buffers", "256MB")
                .setServerConfig("fsync", "on")
                .setServerConfig("synchronous_commit", "on")
                .setPGStartupWait(Duration.ofMinutes(2))
                .start();
    }

    private static HikariDataSource pool(String url, int size) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url);
        config.setMaximumPoolSize(size);
        return new HikariDataSource(config);
    }

    static void queue(Store store, int jobs, int submitters) {
        int each = jobs / submitters;
        for (int s = 0; s < submitters; s++) {
            store.create(new NewSubmission("user " + s, "f", CONTENT, SolveOptions.defaults(), null));
            Claim<Submission> claim =
                    store.submissionQueue().claim(1, "unpacker", LEASE).get(0);
            List<NewImage> images = new ArrayList<>();
            for (int i = 0; i < each; i++) {
                images.add(new NewImage("image", CONTENT));
            }
            store.submissionQueue().complete(claim, images);
        }
    }

    // ---------------------------------------------------------------- PostgreSQL, two processes

    private static void throughput(int jobs) throws Exception {
        try (EmbeddedPostgres postgres = postgres()) {
            String url = postgres.getJdbcUrl("postgres", "postgres");
            try (JdbcStore store = JdbcStore.open(url);
                    HikariDataSource pool = pool(url, 4)) {
                double[][] ratios = new double[WAYS.size()][ROUNDS];
                for (int round = 0; round < ROUNDS; round++) {
                    double[] rates = new double[WAYS.size()];
                    for (int w = 0; w < rates.length; w++) {
                        queue(store, WARM_UP + jobs, 20);
                        rates[w] = run("nova-" + WAYS.get(w), url, jobs, pool, "nova_job_queue");
                    }
                    schedule(pool, WARM_UP + jobs);
                    double tasks = run("db-scheduler", url, jobs, pool, "scheduled_tasks");
                    System.out.printf(Locale.ROOT, "db-scheduler, lock and fetch: %,.0f tasks/s%n", tasks);
                    for (int w = 0; w < rates.length; w++) {
                        ratios[w][round] = rates[w] / tasks;
                        System.out.printf(
                                Locale.ROOT, "nova, %s: %,.0f jobs/s, %.2f%n", WAYS.get(w), rates[w], ratios[w][round]);
                    }
                }
                for (int w = 0; w < ratios.length; w++) {
                    System.out.printf(Locale.ROOT, "medians, %s: %.2f%n", WAYS.get(w), Medians.median(ratios[w]));
                }
            }
        }
    }

    /** Ends a second from the moment at which so many are left: what came before has warmed up both processes. */
    private static double run(String kind, String url, int measured, HikariDataSource pool, String queue)
            throws Exception {
        List<Process> workers = new ArrayList<>();
        try {
            for (int i = 0; i < PROCESSES; i++) {
                workers.add(new ProcessBuilder(List.of(
                                Path.of(System.getProperty("java.home"), "bin", "java")
                                        .toString(),
                                // On two cores the compiler of hot code would be most of what is measured.
                                "-XX:TieredStopAtLevel=1",
                                "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
                                "-cp",
                                System.getProperty("java.class.path"),
                                QueueAgainstDbScheduler.class.getName(),
                                "worker:" + kind,
                                url))
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start());
            }
            for (Process worker : workers) {
                worker.inputReader().readLine();
            }
            for (Process worker : workers) {
                worker.outputWriter().write("go\n");
                worker.outputWriter().flush();
            }
            long left = awaitAtMost(measured, pool, queue);
            long begin = System.nanoTime();
            awaitAtMost(0, pool, queue);
            return left / ((System.nanoTime() - begin) / 1e9);
        } finally {
            for (Process worker : workers) {
                worker.destroyForcibly().waitFor();
            }
        }
    }

    private static long awaitAtMost(long most, HikariDataSource pool, String queue) throws InterruptedException {
        long left = count(pool, queue);
        while (left > most) {
            TimeUnit.MILLISECONDS.sleep(50);
            left = count(pool, queue);
        }
        return left;
    }

    private static void worker(String kind, String url) throws Exception {
        if (kind.equals("db-scheduler")) {
            HikariDataSource pool = pool(url, THREADS + 4);
            Scheduler scheduler = Scheduler.create(pool, task())
                    .threads(THREADS)
                    .pollUsingLockAndFetch(1.0, 4.0)
                    .pollingInterval(Duration.ofMillis(50))
                    .build();
            awaitGo();
            scheduler.start();
            new CountDownLatch(1).await();
        }
        String way = kind.substring("nova-".length());
        int batch = way.equals(WAYS.get(0)) ? 1 : BATCH;
        boolean together = way.equals(WAYS.get(2));
        JdbcStore store = JdbcStore.open(url);
        awaitGo();
        for (int t = 0; t < THREADS; t++) {
            String name = "w" + ProcessHandle.current().pid() + "-" + t;
            new Thread(() -> drain(store, name, batch, together)).start();
        }
        new CountDownLatch(1).await();
    }

    private static void awaitGo() throws IOException {
        System.out.println("ready");
        System.out.flush();
        int first = System.in.read();
        if (first < 0) {
            throw new IOException("whoever started this process has ended");
        }
    }

    private static void drain(Store store, String name, int batch, boolean together) {
        while (true) {
            List<Claim<Job>> claims = store.jobQueue().claim(batch, name, LEASE);
            if (together) {
                store.jobQueue()
                        .complete(claims.stream()
                                .map(claim -> new JobQueue.Ended(claim, EMPTY))
                                .toList());
            } else {
                for (Claim<Job> claim : claims) {
                    store.jobQueue().complete(claim, EMPTY);
                }
            }
            if (claims.isEmpty() && store.isIdle()) {
                return;
            }
        }
    }

    private static OneTimeTask<Void> task() {
        return Tasks.oneTime("empty").execute((instance, context) -> {});
    }

    private static void schedule(HikariDataSource pool, int tasks) throws SQLException {
        try (Connection c = pool.getConnection();
                Statement s = c.createStatement()) {
            s.execute(
                    """
                    create table if not exists scheduled_tasks (task_name text not null, task_instance text not null,
                        task_data bytea, execution_time timestamptz not null, picked boolean not null, picked_by text,
                        last_success timestamptz, last_failure timestamptz, consecutive_failures int,
                        last_heartbeat timestamptz, version bigint not null, priority smallint,
                        primary key (task_name, task_instance));
                    create index if not exists execution_time_idx on scheduled_tasks (execution_time);
                    create index if not exists last_heartbeat_idx on scheduled_tasks (last_heartbeat);""");
            s.execute("insert into scheduled_tasks (task_name, task_instance, execution_time, picked, version)"
                    + " select 'empty', n::text, now(), false, 1 from generate_series(1, " + tasks + ") n");
            s.execute("analyze");
        }
    }

    private static long count(HikariDataSource pool, String table) {
        try (Connection c = pool.getConnection();
                Statement s = c.createStatement();
                var rows = s.executeQuery("select count(*) from " + table)) {
            rows.next();
            return rows.getLong(1);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    // ---------------------------------------------------------------- SQLite and memory

    private static void sqlite(int jobs, boolean powerLoss) throws Exception {
        Path folder = Files.createTempDirectory("nova-sqlite-");
        Path file = folder.resolve("nova.db");
        String name = "SQLite, durable against " + (powerLoss ? "power loss" : "kill -9");
        try (JdbcStore store =
                JdbcStore.at("sqlite:" + file).survivePowerLoss(powerLoss).build()) {
            inThisProcess(name, store, powerLoss ? WARM_UP / 4 : WARM_UP, jobs);
        } finally {
            try (var files = Files.list(folder)) {
                for (Path f : files.toList()) {
                    Files.deleteIfExists(f);
                }
            }
            Files.deleteIfExists(folder);
        }
    }

    private static void inThisProcess(String name, Store store, int warmUp, int jobs) throws InterruptedException {
        for (int batch : new int[] {1, BATCH}) {
            queue(store, warmUp, 20);
            drainWithThreads(store, batch);
            queue(store, jobs, 20);
            double seconds = drainWithThreads(store, batch);
            System.out.printf(Locale.ROOT, "%s, claims of %d: %,.0f jobs/s%n", name, batch, jobs / seconds);
        }
    }

    private static double drainWithThreads(Store store, int batch) throws InterruptedException {
        long begin = System.nanoTime();
        List<Thread> threads = new ArrayList<>();
        for (int t = 0; t < THREADS; t++) {
            String name = "w" + t;
            Thread thread = new Thread(() -> drain(store, name, batch, false));
            threads.add(thread);
            thread.start();
        }
        for (Thread thread : threads) {
            thread.join();
        }
        return (System.nanoTime() - begin) / 1e9;
    }

    // ---------------------------------------------------------------- a claim beside much else

    private static void claimCost() throws Exception {
        try (EmbeddedPostgres postgres = postgres()) {
            String url = postgres.getJdbcUrl("postgres", "postgres");
            try (JdbcStore store = JdbcStore.open(url);
                    HikariDataSource pool = pool(url, 2)) {
                fill(pool, 0, 1000, 100);
                double small = claimMicros(store);
                fill(pool, 1_000_000, 100_000, 10_000);
                double large = claimMicros(store);
                System.out.printf(
                        Locale.ROOT,
                        "a claim: %.0f µs with 1000 waiting, %.0f µs with 1000000 ended and 100000 waiting of 10000"
                                + " submitters, ratio %.2f%n",
                        small,
                        large,
                        large / small);
            }
        }
    }

    private static void fill(HikariDataSource pool, int ended, int waiting, int submitters) throws SQLException {
        String hash = "'" + "0".repeat(64) + "', '" + "0".repeat(40) + "', 1";
        try (Connection c = pool.getConnection();
                Statement s = c.createStatement()) {
            s.execute("truncate nova_submission restart identity cascade");
            s.execute("insert into nova_submission (submitter, file_name, content_sha256, content_sha1, content_size,"
                    + " options, state, submitted_us, ended_us) select 'user ' || n, 'f', " + hash
                    + ", '', 'unpacked', 1, 1 from generate_series(1, " + submitters + ") n");
            s.execute("insert into nova_image (submission_id, file_name, content_sha256, content_sha1, content_size)"
                    + " select 1 + n % " + submitters + ", 'f', " + hash + " from generate_series(1, "
                    + (ended + waiting) + ") n");
            s.execute("insert into nova_job (submission_id, image_id, queued_us, state, ended_us, reason)"
                    + " select submission_id, id, 1, case when id <= " + ended
                    + " then 'unsolved' else 'open' end, case when id <= " + ended + " then 1 end, case when id <= "
                    + ended + " then 'no_match' end from nova_image");
            s.execute("insert into nova_job_queue (id, submitter, turn) select j.id, s.submitter,"
                    + " 2 * (row_number() over (partition by s.id order by j.id) - 1)"
                    + " from nova_job j join nova_submission s on s.id = j.submission_id where j.state = 'open'");
            s.execute("vacuum analyze");
            s.execute("checkpoint");
        }
    }

    /** The median of 500 claims of one job, after as many to warm up. */
    private static double claimMicros(Store store) {
        double[] micros = new double[450];
        for (int round = 0; round < 2; round++) {
            for (int i = 0; i < micros.length; i++) {
                long begin = System.nanoTime();
                List<Claim<Job>> claims = store.jobQueue().claim(1, "w", LEASE);
                micros[i] = (System.nanoTime() - begin) / 1e3;
                if (claims.size() != 1) {
                    throw new IllegalStateException("there was nothing to claim");
                }
            }
        }
        Arrays.sort(micros);
        return micros[micros.length / 2];
    }

    // ---------------------------------------------------------------- latency

    private static void latency() throws Exception {
        try (EmbeddedPostgres postgres = postgres()) {
            String url = postgres.getJdbcUrl("postgres", "postgres");
            try (JdbcStore submitting = JdbcStore.open(url);
                    JdbcStore working = JdbcStore.open(url)) {
                double[] millis = new double[300];
                int warmUp = 100;
                Thread unpacker = new Thread(() -> unpack(working), "unpacker");
                unpacker.setDaemon(true);
                unpacker.start();
                for (int i = -warmUp; i < millis.length; i++) {
                    TimeUnit.MILLISECONDS.sleep(20);
                    Instant submitted = Instant.now();
                    submitting.create(new NewSubmission("anna", "f", CONTENT, SolveOptions.defaults(), null));
                    List<Claim<Job>> claims = working.jobQueue().claim(1, "w", LEASE);
                    while (claims.isEmpty()) {
                        working.jobQueue().awaitWork(Duration.ofSeconds(1));
                        claims = working.jobQueue().claim(1, "w", LEASE);
                    }
                    double took = Duration.between(submitted, Instant.now()).toNanos() / 1e6;
                    working.jobQueue().complete(claims.get(0), EMPTY);
                    if (i >= 0) {
                        millis[i] = took;
                    }
                }
                Arrays.sort(millis);
                System.out.printf(
                        Locale.ROOT,
                        "submit → start of the job, idle, another process's store: p50 %.1f ms, p99 %.1f ms%n",
                        millis[millis.length / 2],
                        millis[millis.length * 99 / 100]);
            }
        }
    }

    private static void unpack(Store store) {
        try {
            while (true) {
                List<Claim<Submission>> claims = store.submissionQueue().claim(1, "u", LEASE);
                for (Claim<Submission> claim : claims) {
                    store.submissionQueue().complete(claim, List.of(new NewImage("image", CONTENT)));
                }
                if (claims.isEmpty()) {
                    store.submissionQueue().awaitWork(Duration.ofSeconds(1));
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
