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
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Connections to PostgreSQL fall silent in mid-work, as when a cable is pulled or a firewall forgets them: nothing arrives any
 * more, on neither side, and neither side hears of an end. New connections are as good as ever.
 */
@Timeout(240)
class SilentConnectionsTest {

    private static final int JOBS = 150;

    @TempDir
    Path temp;

    /** Passes bytes on to a server, until a connection is told to swallow them. */
    private static final class Wire implements AutoCloseable {

        private static final class Line {
            final Socket client;
            final Socket server;
            volatile boolean silent;

            Line(Socket client, Socket server) {
                this.client = client;
                this.server = server;
            }
        }

        private final ServerSocket door;
        private final int port;
        private final List<Line> lines = new CopyOnWriteArrayList<>();
        private final ExecutorService threads = Executors.newCachedThreadPool();

        Wire(int port) throws IOException {
            this.port = port;
            this.door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
            threads.execute(this::accept);
        }

        int port() {
            return door.getLocalPort();
        }

        private void accept() {
            while (!door.isClosed()) {
                try {
                    Line line = new Line(door.accept(), new Socket(InetAddress.getLoopbackAddress(), port));
                    lines.add(line);
                    threads.execute(() -> pass(line, line.client, line.server));
                    threads.execute(() -> pass(line, line.server, line.client));
                } catch (IOException e) {
                    if (!door.isClosed()) {
                        throw new java.io.UncheckedIOException(e);
                    }
                }
            }
        }

        private static void pass(Line line, Socket from, Socket to) {
            byte[] buffer = new byte[8192];
            try {
                InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream();
                for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                    if (!line.silent) {
                        out.write(buffer, 0, n);
                    }
                }
                if (!line.silent) {
                    to.close();
                }
            } catch (IOException e) {
                // One side is gone, and the other is told, if it hears anything at all.
                if (!line.silent) {
                    closeQuietly(to);
                }
            }
        }

        private static void closeQuietly(Socket socket) {
            try {
                socket.close();
            } catch (IOException e) {
                assertThat(socket.isClosed()).isTrue();
            }
        }

        /** How many connections fell silent now. */
        int silence() {
            int count = 0;
            for (Line line : lines) {
                if (!line.silent && !line.client.isClosed()) {
                    line.silent = true;
                    count++;
                }
            }
            return count;
        }

        @Override
        public void close() throws IOException {
            door.close();
            for (Line line : lines) {
                closeQuietly(line.client);
                closeQuietly(line.server);
            }
            threads.shutdownNow();
        }
    }

    /** Answers after a few milliseconds. */
    private static final class Slowly implements SolverTransport {
        final AtomicInteger answers = new AtomicInteger();

        @Override
        public String name() {
            return "slowly";
        }

        @Override
        public SolveOutcome solve(SolveTask task, SolveContext context) throws InterruptedException {
            TimeUnit.MILLISECONDS.sleep(5);
            answers.incrementAndGet();
            return new SolveOutcome.Unsolved(UnsolvedReason.NO_MATCH, "not searched", Map.of());
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
    void workGoesOnOverNewConnections() throws Exception {
        Postgres database = new Postgres();
        URI address = URI.create(database.url().substring("jdbc:".length()));
        Slowly transport = new Slowly();
        try (Wire wire = new Wire(address.getPort());
                JdbcStore direct = database.builder().build();
                JdbcStore store = JdbcStore.at(
                                database.url().replace(":" + address.getPort() + "/", ":" + wire.port() + "/"))
                        .connectionTimeout(Duration.ofSeconds(2))
                        .answerTimeout(Duration.ofSeconds(2))
                        .build();
                FolderContentStore content = FolderContentStore.in(temp.resolve("content"));
                Nova nova = Nova.builder(transport)
                        .store(store)
                        .content(content)
                        .lease(Duration.ofSeconds(3))
                        .jobWorkers(4)
                        .extractionThreads(1)
                        .retries(100, Duration.ofMillis(50))
                        .start()) {
            for (int i = 0; i < JOBS; i++) {
                String stars = "100 100\n200 150\n300 120\n400 420\n500 " + (i + 10) + "\n";
                nova.submit(SubmissionRequest.of(stars.getBytes(StandardCharsets.UTF_8), "stars.txt"));
            }
            int silenced = 0;
            for (int cut = 1; cut <= 3; cut++) {
                while (transport.answers.get() < cut * JOBS / 4) {
                    TimeUnit.MILLISECONDS.sleep(1);
                }
                silenced += wire.silence();
            }
            while (!isIdle(direct)) {
                TimeUnit.MILLISECONDS.sleep(10);
            }
            int attempts = 0;
            for (Submission submission : direct.submissions(JOBS + 1)) {
                Job job = direct.jobs(submission.id()).get(0);
                assertThat(job.state()).isEqualTo(JobState.UNSOLVED);
                attempts += job.attempts();
            }
            assertThat(direct.counts().unsolved()).isEqualTo(JOBS);
            assertThat(silenced).isPositive();
            System.out.println(silenced + " connections fell silent in 3 moments, " + JOBS
                    + " jobs ended once each after " + attempts + " attempts, none lost");
        }
    }
}
