package io.novasolve.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.novasolve.core.Nova;
import io.novasolve.core.SubmissionHandle;
import io.novasolve.core.SubmissionRequest;
import io.novasolve.core.disk.FolderContentStore;
import io.novasolve.core.model.Job;
import io.novasolve.core.model.JobState;
import io.novasolve.core.model.UnsolvedReason;
import io.novasolve.core.spi.SolveContext;
import io.novasolve.core.spi.SolveOutcome;
import io.novasolve.core.spi.SolveTask;
import io.novasolve.core.spi.SolverTransport;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A worker process that is asked to drain, by another one, ends what it has in hand and leaves the rest to others. */
@Timeout(120)
@Tag("once")
class DrainTest {

    @TempDir
    Path temp;

    /** Answers when it is let. */
    private static final class Held implements SolverTransport {
        final CountDownLatch begun = new CountDownLatch(1);
        final CountDownLatch let = new CountDownLatch(1);
        final AtomicInteger solves = new AtomicInteger();

        @Override
        public String name() {
            return "held";
        }

        @Override
        public SolveOutcome solve(SolveTask task, SolveContext context) throws InterruptedException {
            solves.incrementAndGet();
            begun.countDown();
            let.await();
            return new SolveOutcome.Unsolved(UnsolvedReason.NO_MATCH, "not searched", Map.of());
        }
    }

    private static Nova nova(String name, Held transport, JdbcStore store, FolderContentStore content) {
        return Nova.builder(transport)
                .name(name)
                .store(store)
                .content(content)
                .jobWorkers(1)
                // Reports three times as often, and hears then of being asked.
                .lease(Duration.ofSeconds(1))
                .start();
    }

    private static SubmissionHandle submit(Nova nova, int number) {
        String stars = "100 100\n200 150\n300 120\n400 420\n500 9" + number + "\n";
        return nova.submit(SubmissionRequest.of(stars.getBytes(StandardCharsets.UTF_8), "stars.txt"));
    }

    private void drains(TestDatabase database) throws Exception {
        Held held = new Held();
        Held free = new Held();
        free.let.countDown();
        try (JdbcStore here = database.builder().build();
                JdbcStore there = database.builder().build();
                FolderContentStore content = FolderContentStore.in(temp.resolve("content"));
                Nova draining = nova("draining", held, here, content)) {
            List<SubmissionHandle> handles = new ArrayList<>(List.of(submit(draining, 0)));
            assertThat(held.begun.await(60, TimeUnit.SECONDS)).isTrue();
            while (!there.drainWorker("draining")) {
                Thread.onSpinWait();
            }
            while (!draining.isDraining()) {
                Thread.onSpinWait();
            }
            assertThat(there.workers()).singleElement().satisfies(w -> assertThat(w.draining())
                    .isTrue());
            for (int i = 1; i < 5; i++) {
                handles.add(submit(draining, i));
            }
            held.let.countDown();
            assertThat(handles.get(0).result().get(30, TimeUnit.SECONDS).jobs())
                    .singleElement()
                    .extracting(Job::state)
                    .isEqualTo(JobState.UNSOLVED);
            draining.close(Duration.ofMinutes(1));
            assertThat(there.workers()).as("it has signed off").isEmpty();
            assertThat(there.isIdle()).as("the rest waits").isFalse();

            try (Nova other = nova("other", free, there, content)) {
                for (SubmissionHandle handle : handles) {
                    Job job = other.submission(handle.id())
                            .orElseThrow()
                            .result()
                            .get(30, TimeUnit.SECONDS)
                            .jobs()
                            .get(0);
                    assertThat(job.state()).isEqualTo(JobState.UNSOLVED);
                    assertThat(job.attempts()).isEqualTo(1);
                }
            }
            assertThat(held.solves).hasValue(1);
            assertThat(free.solves).hasValue(4);
        }
    }

    @Test
    void onPostgres() throws Exception {
        drains(new Postgres());
    }

    @Test
    void onSqlite() throws Exception {
        Sqlite database = new Sqlite();
        try {
            drains(database);
        } finally {
            database.close();
        }
    }
}
