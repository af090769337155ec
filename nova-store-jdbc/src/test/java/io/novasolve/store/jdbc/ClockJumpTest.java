package io.novasolve.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.novasolve.core.Nova;
import io.novasolve.core.SubmissionRequest;
import io.novasolve.core.disk.FolderContentStore;
import io.novasolve.core.model.Job;
import io.novasolve.core.model.JobState;
import io.novasolve.core.model.Submission;
import io.novasolve.core.model.UnsolvedReason;
import io.novasolve.core.spi.SolveContext;
import io.novasolve.core.spi.SolveOutcome;
import io.novasolve.core.spi.SolveTask;
import io.novasolve.core.spi.SolverTransport;
import io.novasolve.core.spi.StoreException;
import io.novasolve.core.watch.NovaEvent;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The clock of the machine is set back and forward by up to a day again and again while jobs run: the clock of the workers,
 * and on SQLite, which has no other, that of the leases too. Every job ends once.
 */
@Timeout(180)
@Tag("once")
class ClockJumpTest {

    private static final int JOBS = 60;
    private static final long SEED = Long.getLong("nova.test.seed", 20260101L);

    @TempDir
    Path temp;

    /** The system's time and an error that can be set. */
    private static final class WrongClock implements InstantSource {
        private volatile Duration error = Duration.ZERO;

        @Override
        public Instant instant() {
            return Instant.now().plus(error);
        }
    }

    /** Answers after the clock was set to another time in the middle of the work. */
    private static final class Jumping implements SolverTransport {
        private final WrongClock clock;
        private final Random random = new Random(SEED);
        final AtomicInteger jumps = new AtomicInteger();

        Jumping(WrongClock clock) {
            this.clock = clock;
        }

        @Override
        public String name() {
            return "jumping";
        }

        @Override
        public SolveOutcome solve(SolveTask task, SolveContext context) throws InterruptedException {
            TimeUnit.MILLISECONDS.sleep(5);
            if (jumps.incrementAndGet() <= JOBS) {
                clock.error = Duration.ofSeconds(random.nextInt(2 * 86_400) - 86_400);
            }
            TimeUnit.MILLISECONDS.sleep(5);
            return new SolveOutcome.Unsolved(UnsolvedReason.NO_MATCH, "not searched", Map.of());
        }
    }

    private void everyJobEndsOnce(TestDatabase database) throws Exception {
        System.out.println("clock jumps on " + database.getClass().getSimpleName() + ": seed " + SEED);
        WrongClock clock = new WrongClock();
        Jumping transport = new Jumping(clock);
        Queue<Integer> confirmed = new ConcurrentLinkedQueue<>();
        try (JdbcStore store = database.builder().hostClock(clock).build();
                FolderContentStore content = FolderContentStore.in(temp.resolve("content"), clock)) {
            try (Nova nova = Nova.builder(transport)
                    .name("jumping")
                    .store(store)
                    .content(content)
                    .clock(clock)
                    .lease(Duration.ofSeconds(3))
                    .jobWorkers(3)
                    .extractionThreads(1)
                    .retries(1000, Duration.ofMillis(1))
                    .listener(event -> {
                        if (event instanceof NovaEvent.JobEnded ended) {
                            confirmed.add(ended.jobId());
                        }
                    })
                    .start()) {
                for (int i = 0; i < JOBS; i++) {
                    String stars = "100 100\n200 150\n300 120\n400 420\n500 " + (i + 10) + "\n";
                    nova.submit(SubmissionRequest.of(stars.getBytes(StandardCharsets.UTF_8), "stars.txt"));
                }
                while (!isIdle(store)) {
                    TimeUnit.MILLISECONDS.sleep(10);
                }
            }
            assertThat(confirmed).doesNotHaveDuplicates();
            int attempts = 0;
            for (Submission submission : store.submissions(JOBS + 1)) {
                Job job = store.jobs(submission.id()).get(0);
                assertThat(job.state()).isEqualTo(JobState.UNSOLVED);
                attempts += job.attempts();
            }
            assertThat(store.counts().unsolved()).isEqualTo(JOBS);
            System.out.println("clock set " + Math.min(JOBS, transport.jumps.get()) + " times on " + store + ": " + JOBS
                    + " jobs ended once each after " + attempts + " attempts");
        }
    }

    private static boolean isIdle(JdbcStore store) {
        try {
            return store.isIdle();
        } catch (StoreException e) {
            return false;
        }
    }

    @Test
    void onPostgres() throws Exception {
        everyJobEndsOnce(new Postgres());
    }

    @Test
    void onSqlite() throws Exception {
        Sqlite database = new Sqlite();
        try {
            everyJobEndsOnce(database);
        } finally {
            database.close();
        }
    }
}
