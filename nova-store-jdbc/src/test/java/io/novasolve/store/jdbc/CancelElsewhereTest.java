package io.novasolve.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.novasolve.core.Nova;
import io.novasolve.core.SubmissionRequest;
import io.novasolve.core.disk.FolderContentStore;
import io.novasolve.core.model.Job;
import io.novasolve.core.model.JobState;
import io.novasolve.core.spi.SolveContext;
import io.novasolve.core.spi.SolveOutcome;
import io.novasolve.core.spi.SolveTask;
import io.novasolve.core.spi.SolverTransport;
import io.novasolve.testkit.RequiresProgram;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A job that runs here is cancelled by another process, long before a heartbeat. */
@Timeout(120)
@Tag("once")
class CancelElsewhereTest {

    @TempDir
    Path temp;

    /** Solves for ever. */
    private static final class Endless implements SolverTransport {
        final CountDownLatch begun = new CountDownLatch(1);

        @Override
        public String name() {
            return "endless";
        }

        @Override
        public SolveOutcome solve(SolveTask task, SolveContext context) throws InterruptedException {
            begun.countDown();
            new CountDownLatch(1).await();
            throw new IllegalStateException("nobody counts down");
        }
    }

    private void cancelElsewhere(TestDatabase database) throws Exception {
        Endless endless = new Endless();
        try (JdbcStore here = database.builder().build();
                JdbcStore there = database.builder().build();
                FolderContentStore content = FolderContentStore.in(temp.resolve("content"));
                Nova working = Nova.builder(endless)
                        .name("working")
                        .store(here)
                        .content(content)
                        .lease(Duration.ofMinutes(30))
                        .start()) {
            String stars = "# x y\n100 100\n200 150\n300 120\n400 420\n500 90\n";
            int submission = working.submit(SubmissionRequest.of(stars.getBytes(StandardCharsets.UTF_8), "stars.txt"))
                    .id();
            assertThat(endless.begun.await(60, TimeUnit.SECONDS)).isTrue();
            Job running = there.jobs(submission).get(0);
            assertThat(running.state()).isEqualTo(JobState.RUNNING);

            long begin = System.nanoTime();
            there.cancelJob(running.id());
            while (!there.job(running.id()).orElseThrow().state().isFinal()) {
                TimeUnit.MILLISECONDS.sleep(5);
            }
            Duration took = Duration.ofNanos(System.nanoTime() - begin);

            System.out.println("cancelled from elsewhere on " + there + " after " + took.toMillis() + " ms");
            assertThat(there.job(running.id()).orElseThrow().state()).isEqualTo(JobState.CANCELLED);
            // A second by default; the rest is for a loaded machine.
            assertThat(took).isLessThan(Duration.ofSeconds(20));
        }
    }

    @Test
    void onPostgres() throws Exception {
        cancelElsewhere(new Postgres());
    }

    @Test
    @RequiresProgram("mariadbd")
    void onMariaDb() throws Exception {
        cancelElsewhere(new MariaDb());
    }

    @Test
    void onSqlite() throws Exception {
        Sqlite database = new Sqlite();
        try {
            cancelElsewhere(database);
        } finally {
            database.close();
        }
    }
}
