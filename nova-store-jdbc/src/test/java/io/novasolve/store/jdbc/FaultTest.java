package io.novasolve.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.novasolve.core.model.Content;
import io.novasolve.core.model.ContentHash;
import io.novasolve.core.model.Job;
import io.novasolve.core.model.JobTimings;
import io.novasolve.core.model.SolveOptions;
import io.novasolve.core.model.Submission;
import io.novasolve.core.model.UnsolvedReason;
import io.novasolve.core.spi.Claim;
import io.novasolve.core.spi.JobReport;
import io.novasolve.core.spi.NewImage;
import io.novasolve.core.spi.NewSubmission;
import io.novasolve.core.spi.QueueCounts;
import io.novasolve.core.spi.StoreException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What goes wrong around a store. */
@Timeout(240)
@Tag("once")
class FaultTest {

    private static final Content CONTENT = new Content(new ContentHash("0".repeat(64)), "0".repeat(40), 1);
    private static final JobReport UNSOLVED = new JobReport(
            new JobReport.Unsolved(UnsolvedReason.NO_MATCH, "searched in vain"), JobTimings.NONE, Map.of());

    private static void queueJobs(JdbcStore store, int count) {
        store.create(new NewSubmission("anna", "f", CONTENT, SolveOptions.defaults(), null));
        Claim<Submission> claim =
                store.submissionQueue().claim(1, "u", Duration.ofMinutes(1)).get(0);
        List<NewImage> images = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            images.add(new NewImage("image " + i, CONTENT));
        }
        store.submissionQueue().complete(claim, images);
    }

    private static boolean isIdle(JdbcStore store) {
        try {
            return store.isIdle();
        } catch (StoreException e) {
            return false;
        }
    }

    /** Works until nothing is open; a call may fail with a {@link StoreException}, and with nothing else. */
    private static Void work(JdbcStore store, String name, AtomicInteger ended, AtomicInteger failures)
            throws InterruptedException {
        while (!isIdle(store)) {
            try {
                for (Claim<Job> claim : store.jobQueue().claim(2, name, Duration.ofSeconds(2))) {
                    TimeUnit.MILLISECONDS.sleep(2);
                    if (store.jobQueue().complete(claim, UNSOLVED)) {
                        ended.incrementAndGet();
                    }
                }
            } catch (StoreException e) {
                failures.incrementAndGet();
            }
        }
        return null;
    }

    @Test
    void cutConnectionsLoseNothing() throws Exception {
        int count = 400;
        int cuts = 20;
        Postgres database = new Postgres();
        AtomicInteger failures = new AtomicInteger();
        ExecutorService workers = Executors.newFixedThreadPool(4);
        try (JdbcStore store =
                database.builder().connectionTimeout(Duration.ofSeconds(5)).build()) {
            queueJobs(store, count);
            AtomicInteger ended = new AtomicInteger();
            List<Future<?>> all = new ArrayList<>();
            for (int t = 0; t < 4; t++) {
                String name = "w" + t;
                all.add(workers.submit(() -> work(store, name, ended, failures)));
            }
            try (Connection other = new Postgres().connect();
                    Statement s = other.createStatement()) {
                String name = database.url().replaceAll(".*/(test_\\d+).*", "$1");
                for (int i = 0; i < cuts; i++) {
                    TimeUnit.MILLISECONDS.sleep(30);
                    s.execute("select pg_terminate_backend(pid) from pg_stat_activity where datname = '" + name + "'");
                }
            }
            for (Future<?> f : all) {
                f.get();
            }
            assertThat(store.counts()).isEqualTo(new QueueCounts(0, 0, 0, count, 0, 0));
            // A cut between commit and answer leaves a job ended whose worker does not know.
            assertThat(ended.get()).isBetween(count - failures.get(), count);
            System.out.println("connections cut " + cuts + " times, " + failures + " calls failed, " + count
                    + " jobs ended once, none lost");
        } finally {
            workers.shutdownNow();
        }
    }

    @Test
    void anExhaustedPoolIsAClearErrorAndPasses() throws Exception {
        Postgres database = new Postgres();
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(database.url());
        // A migration needs two connections at once.
        database.builder().build().close();
        config.setMaximumPoolSize(1);
        config.setConnectionTimeout(300);
        try (HikariDataSource pool = new HikariDataSource(config);
                JdbcStore store = JdbcStore.on(pool).listen(false).build()) {
            try (Connection taken = pool.getConnection()) {
                assertThat(taken.isClosed()).isFalse();
                assertThatThrownBy(store::counts)
                        .isInstanceOf(StoreException.class)
                        .hasMessageContaining("database could not");
                assertThatThrownBy(() -> queueJobs(store, 1)).isInstanceOf(StoreException.class);
            }
            queueJobs(store, 1);
            assertThat(store.jobQueue().claim(5, "w", Duration.ofMinutes(1))).hasSize(1);
        }
    }

    /** Sixteen threads share two connections, which somebody else takes away now and then for longer than they wait. */
    @Test
    void aPoolThatIsMuchTooSmallLosesNothing() throws Exception {
        int count = 300;
        int threads = 16;
        int thefts = 4;
        Postgres database = new Postgres();
        database.builder().build().close();
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(database.url());
        config.setMaximumPoolSize(2);
        config.setConnectionTimeout(300);
        ExecutorService workers = Executors.newFixedThreadPool(threads);
        try (HikariDataSource pool = new HikariDataSource(config);
                JdbcStore store = JdbcStore.on(pool).listen(false).build()) {
            queueJobs(store, count);
            AtomicInteger ended = new AtomicInteger();
            AtomicInteger failures = new AtomicInteger();
            List<Future<?>> all = new ArrayList<>();
            for (int t = 0; t < threads; t++) {
                String name = "w" + t;
                all.add(workers.submit(() -> work(store, name, ended, failures)));
            }
            for (int i = 0; i < thefts; i++) {
                int before = failures.get();
                try (Connection one = taken(pool);
                        Connection two = taken(pool)) {
                    assertThat(one).isNotSameAs(two);
                    while (failures.get() == before && all.stream().anyMatch(f -> !f.isDone())) {
                        TimeUnit.MILLISECONDS.sleep(5);
                    }
                }
            }
            for (Future<?> f : all) {
                f.get();
            }
            assertThat(failures).hasPositiveValue();
            assertThat(store.counts()).isEqualTo(new QueueCounts(0, 0, 0, count, 0, 0));
            assertThat(ended).hasValue(count);
            System.out.println("pool of 2 for " + threads + " threads, exhausted " + thefts + " times: " + failures
                    + " calls failed, " + count + " jobs ended once, none lost");
        } finally {
            workers.shutdownNow();
        }
    }

    /** It stands in line with the others, so it may have to ask several times. */
    private static Connection taken(HikariDataSource pool) throws InterruptedException {
        while (true) {
            try {
                return pool.getConnection();
            } catch (SQLException e) {
                TimeUnit.MILLISECONDS.sleep(1);
            }
        }
    }

    @Test
    void theClockOfAWorkersMachineDoesNotMatter() throws Exception {
        Postgres database = new Postgres();
        for (Duration wrong : List.of(Duration.ofDays(-400), Duration.ofDays(400))) {
            try (JdbcStore store = database.builder()
                    .hostClock(() -> Instant.now().plus(wrong))
                    .build()) {
                queueJobs(store, 1);
                Claim<Job> claim =
                        store.jobQueue().claim(1, "w", Duration.ofMinutes(1)).get(0);
                assertThat(claim.work().startedAt())
                        .isBetween(
                                Instant.now().minusSeconds(600), Instant.now().plusSeconds(600));
                assertThat(store.jobQueue().claim(1, "other", Duration.ofMinutes(1)))
                        .isEmpty();
                assertThat(store.jobQueue().complete(claim, UNSOLVED)).isTrue();
            }
        }
    }

    /** SQLite has no clock but its machine's: set back it must not lose a lease, set forward only hand it on. */
    @Test
    void aJumpOfTheClockUnderSqliteLosesNoResult() throws Exception {
        Sqlite database = new Sqlite();
        Duration[] shift = {Duration.ZERO};
        try (JdbcStore store =
                database.builder().hostClock(() -> Instant.now().plus(shift[0])).build()) {
            queueJobs(store, 2);
            Claim<Job> claim =
                    store.jobQueue().claim(1, "w", Duration.ofMinutes(1)).get(0);
            shift[0] = Duration.ofHours(-3);
            assertThat(store.jobQueue().complete(claim, UNSOLVED)).isTrue();
            Claim<Job> second =
                    store.jobQueue().claim(1, "w", Duration.ofMinutes(1)).get(0);
            shift[0] = Duration.ofHours(3);
            Claim<Job> heir =
                    store.jobQueue().claim(1, "heir", Duration.ofMinutes(1)).get(0);
            assertThat(store.jobQueue().complete(second, UNSOLVED)).isFalse();
            assertThat(store.jobQueue().complete(heir, UNSOLVED)).isTrue();
            assertThat(store.counts()).isEqualTo(new QueueCounts(0, 0, 0, 2, 0, 0));
        } finally {
            database.close();
        }
    }
}
