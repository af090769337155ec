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
import io.novasolve.testkit.RequiresProgram;
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

/** The database stops in mid-work, once in good order and once at a blow, and comes back: nobody restarts a worker. */
@Timeout(300)
@Tag("once")
class RestartTest {

    private static final int JOBS = 120;

    private static final int JOBS_MARIADB = 60;

    @TempDir
    Path temp;

    /** A database server that can be stopped and started. */
    private interface Server extends AutoCloseable {
        String url();

        void start() throws Exception;

        /** In good order, which may take longer than who asks for it waits. */
        void stop() throws Exception;

        /** At a blow: the next start recovers from the log. */
        void crash() throws Exception;

        @Override
        void close() throws Exception;
    }

    private static final class PostgresServer implements Server {

        private final Path data;
        private final int port;
        private EmbeddedPostgres server;

        PostgresServer(Path data) throws IOException {
            this.data = data;
            try (ServerSocket socket = new ServerSocket(0)) {
                port = socket.getLocalPort();
            }
            server = launch();
        }

        private EmbeddedPostgres launch() throws IOException {
            return EmbeddedPostgres.builder()
                    .setDataDirectory(data)
                    .setCleanDataDirectory(false)
                    .setPort(port)
                    // Off by default here, and a server that is set so may forget at a blow what it has confirmed.
                    .setServerConfig("synchronous_commit", "on")
                    .setPGStartupWait(Duration.ofMinutes(1))
                    .start();
        }

        @Override
        public String url() {
            return server.getJdbcUrl("postgres", "postgres");
        }

        @Override
        public void start() throws IOException {
            server = launch();
        }

        @Override
        public void stop() throws Exception {
            server.close();
            awaitStopped();
        }

        @Override
        public void crash() throws Exception {
            String pid =
                    Files.readAllLines(data.resolve("postmaster.pid")).get(0).strip();
            assertThat(new ProcessBuilder("kill", "-QUIT", pid).start().waitFor())
                    .isZero();
            awaitStopped();
            // Lets go of the folder.
            server.close();
        }

        private void awaitStopped() throws Exception {
            await("PostgreSQL has stopped", () -> !Files.exists(data.resolve("postmaster.pid")));
        }

        @Override
        public void close() throws IOException {
            server.close();
        }
    }

    private record Maria(MariaDbServer server, String url) implements Server {
        @Override
        public void start() throws Exception {
            server.start();
        }

        @Override
        public void stop() throws Exception {
            server.stop();
        }

        @Override
        public void crash() throws Exception {
            server.crash();
        }

        @Override
        public void close() throws Exception {
            server.close();
        }
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
    void postgresThatComesBackHasLostNothing() throws Exception {
        try (Server server = new PostgresServer(temp.resolve("data"))) {
            restart("PostgreSQL", server, JOBS);
        }
    }

    @Test
    @RequiresProgram("mariadbd")
    void mariaDbThatComesBackHasLostNothing() throws Exception {
        MariaDbServer mariaDb = new MariaDbServer(Files.createDirectory(temp.resolve("m")));
        try (Server server = new Maria(mariaDb, mariaDb.create("restart"))) {
            restart("MariaDB", server, JOBS_MARIADB);
        }
    }

    private void restart(String name, Server server, int jobs) throws Exception {
        SlowTransport transport = new SlowTransport(Duration.ofMillis(20));
        Queue<Integer> confirmed = new ConcurrentLinkedQueue<>();
        try (JdbcStore store = JdbcStore.at(server.url())
                        .connectionTimeout(Duration.ofSeconds(1))
                        .build();
                FolderContentStore content = FolderContentStore.in(temp.resolve("content"))) {
            submit(store, content, 0, jobs);
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
                await("a quarter is done", () -> transport.answers.get() >= jobs / 4);
                server.stop();
                server.start();
                await("a half is done", () -> transport.answers.get() >= jobs / 2);
                server.crash();
                server.start();
                await("everything is done", () -> isIdle(store));

                submit(store, content, jobs, jobs + 1);
                await("the work after it is done", () -> isIdle(store));
                assertThat(nova.isDraining()).isFalse();
                assertThat(store.workers()).hasSize(1);
            }
            // Who is cut off between commit and answer never hears of it, so it may be fewer than all.
            assertThat(confirmed)
                    .as("jobs whose end was confirmed")
                    .isNotEmpty()
                    .doesNotHaveDuplicates();
            int attempts = check(store, jobs);
            System.out.println(name + " stopped once and crashed once, " + jobs + " jobs ended once each after "
                    + attempts + " attempts, none lost");
        }
    }

    private static int check(JdbcStore store, int jobs) {
        int attempts = 0;
        assertThat(store.submissions(Integer.MAX_VALUE)).hasSize(jobs + 1);
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
