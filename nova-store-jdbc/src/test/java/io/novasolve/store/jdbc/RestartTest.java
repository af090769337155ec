package io.novasolve.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.novasolve.core.Nova;
import io.novasolve.core.disk.FolderContentStore;
import io.novasolve.core.model.Content;
import io.novasolve.core.model.Job;
import io.novasolve.core.model.JobState;
import io.novasolve.core.model.SolveOptions;
import io.novasolve.core.model.Submission;
import io.novasolve.core.spi.NewSubmission;
import io.novasolve.core.spi.StoreException;
import io.novasolve.core.watch.NovaEvent;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** PostgreSQL stops in mid-work, once in good order and once at a blow, and comes back: nobody restarts a worker. */
@Timeout(300)
@Tag("once")
class RestartTest {

    private static final int JOBS = 120;

    @TempDir
    Path temp;

    private Path data() {
        return temp.resolve("data");
    }

    private EmbeddedPostgres start(int port) throws IOException {
        return EmbeddedPostgres.builder()
                .setDataDirectory(data())
                .setCleanDataDirectory(false)
                .setPort(port)
                // Off by default here, and a server that is set so may forget at a blow what it has confirmed.
                .setServerConfig("synchronous_commit", "on")
                .setPGStartupWait(Duration.ofMinutes(1))
                .start();
    }

    private void awaitStopped() throws Exception {
        await("PostgreSQL has stopped", () -> !Files.exists(data().resolve("postmaster.pid")));
    }

    /** In good order, which may take longer than who asks for it waits. */
    private void stop(EmbeddedPostgres server) throws Exception {
        server.close();
        awaitStopped();
    }

    /** Immediate shutdown: as after a crash the next start recovers from the log. */
    private void crash(EmbeddedPostgres server) throws Exception {
        String pid = Files.readAllLines(data().resolve("postmaster.pid")).get(0).strip();
        assertThat(new ProcessBuilder("kill", "-QUIT", pid).start().waitFor()).isZero();
        awaitStopped();
        // Lets go of the folder.
        server.close();
    }

    private static void await(String what, Callable<Boolean> condition) throws Exception {
        long end = System.nanoTime() + Duration.ofMinutes(2).toNanos();
        while (!condition.call()) {
            assertThat(System.nanoTime()).as("waited two minutes until " + what).isLessThan(end);
            TimeUnit.MILLISECONDS.sleep(5);
        }
    }

    /** A connection of the pool may be one that the restart has cut. */
    private static boolean isIdle(JdbcStore store) {
        try {
            return store.isIdle();
        } catch (StoreException e) {
            return false;
        }
    }

    private static void submit(JdbcStore store, FolderContentStore content, int first, int last) throws IOException {
        for (int i = first; i < last; i++) {
            String stars = "100 100\n200 150\n300 120\n400 420\n500 " + (i + 10) + "\n";
            Content bytes = content.put(stars.getBytes(StandardCharsets.UTF_8));
            SolveOptions options =
                    SolveOptions.builder().width(640.0).height(480.0).build();
            store.create(new NewSubmission("user " + i % 3, "list " + i + ".csv", bytes, options, "key " + i));
        }
    }

    @Test
    void aDatabaseThatComesBackHasLostNothing() throws Exception {
        int port;
        try (ServerSocket socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
        }
        EmbeddedPostgres server = start(port);
        String url = server.getJdbcUrl("postgres", "postgres");
        SlowTransport transport = new SlowTransport(Duration.ofMillis(20));
        Queue<Integer> confirmed = new ConcurrentLinkedQueue<>();
        try (JdbcStore store = JdbcStore.at(url)
                        .connectionTimeout(Duration.ofSeconds(1))
                        .build();
                FolderContentStore content = FolderContentStore.in(temp.resolve("content"))) {
            submit(store, content, 0, JOBS);
            try (Nova nova = Nova.builder(transport)
                    .store(store)
                    .content(content)
                    .lease(Duration.ofSeconds(3))
                    .jobWorkers(2)
                    .submissionWorkers(1)
                    .extractionThreads(1)
                    .retries(100, Duration.ofMillis(50))
                    .listener(event -> {
                        if (event instanceof NovaEvent.JobEnded ended) {
                            confirmed.add(ended.jobId());
                        }
                    })
                    .start()) {
                await("a quarter is done", () -> transport.answers.get() >= JOBS / 4);
                stop(server);
                server = start(port);
                await("a half is done", () -> transport.answers.get() >= JOBS / 2);
                crash(server);
                server = start(port);
                await("everything is done", () -> isIdle(store));

                submit(store, content, JOBS, JOBS + 1);
                await("the work after it is done", () -> isIdle(store));
                assertThat(nova.isDraining()).isFalse();
                assertThat(store.workers()).hasSize(1);
            }
            // Who is cut off between commit and answer never hears of it, so it may be fewer than all.
            assertThat(confirmed)
                    .as("jobs whose end was confirmed")
                    .isNotEmpty()
                    .doesNotHaveDuplicates();
            int attempts = check(store);
            System.out.println("database stopped once and crashed once, " + JOBS + " jobs ended once each after "
                    + attempts + " attempts, none lost");
        } finally {
            server.close();
        }
    }

    private static int check(JdbcStore store) {
        int attempts = 0;
        assertThat(store.submissions(Integer.MAX_VALUE)).hasSize(JOBS + 1);
        for (Submission submission : store.submissions(Integer.MAX_VALUE)) {
            assertThat(store.jobs(submission.id())).hasSize(1);
            Job job = store.jobs(submission.id()).get(0);
            assertThat(job.state()).isEqualTo(JobState.UNSOLVED);
            assertThat(store.attempts(job.id())).hasSize(job.attempts() - 1);
            attempts += job.attempts();
        }
        return attempts;
    }
}
