package io.novasolve.transport.ssh.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.novasolve.core.axy.JobFile;
import io.novasolve.core.model.SolveOptions;
import io.novasolve.core.model.UnsolvedReason;
import io.novasolve.core.spi.SolveCancelledException;
import io.novasolve.core.spi.SolveContext;
import io.novasolve.core.spi.SolveOutcome;
import io.novasolve.core.spi.SolveTask;
import io.novasolve.core.spi.SolverTransport;
import io.novasolve.testkit.StarField;
import io.novasolve.transport.ssh.WireTar;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What attached commands may do to the server that stays. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
@DisabledOnOs(OS.WINDOWS)
@Tag("once")
class ResidentServerTest {

    private static final int TALKS = 1;
    private static final int WAITS = 2;
    private static final int ANSWERS = 3;

    @TempDir
    Path folder;

    private final CountDownLatch begun = new CountDownLatch(1);
    private final CountDownLatch ended = new CountDownLatch(1);
    private ResidentServer resident;

    private final SolverTransport solver = new SolverTransport() {
        @Override
        public String name() {
            return "fake";
        }

        @Override
        public SolveOutcome solve(SolveTask task, SolveContext context) throws InterruptedException {
            if (task.jobId() == ANSWERS) {
                return new SolveOutcome.Unsolved(UnsolvedReason.NO_MATCH, "nowhere", Map.of());
            }
            begun.countDown();
            try {
                CountDownLatch cancelled = new CountDownLatch(1);
                try (var registration = context.onCancel(cancelled::countDown)) {
                    while (!cancelled.await(task.jobId() == TALKS ? 0 : 600, TimeUnit.SECONDS)) {
                        context.log("x".repeat(1000));
                    }
                }
                throw new SolveCancelledException(task.jobId());
            } finally {
                ended.countDown();
            }
        }
    };

    private Path socket() {
        return folder.resolve("nova.sock");
    }

    private void start(Duration solveTime, Duration logWait) throws IOException {
        SolveServer server = new SolveServer(solver, ServerLimits.DEFAULT.withSolveTime(solveTime), 1);
        resident = ResidentServer.listen(server, socket(), logWait);
        ResidentServer running = resident;
        new Thread(() -> {
                    try {
                        running.run();
                    } catch (IOException e) {
                        throw new IllegalStateException(e);
                    }
                })
                .start();
    }

    @AfterEach
    void halt() throws IOException {
        if (resident != null) {
            resident.close();
        }
    }

    private SocketChannel attach(String greeting) throws IOException {
        SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket()));
        channel.write(ByteBuffer.wrap((greeting + "\n").getBytes(StandardCharsets.US_ASCII)));
        return channel;
    }

    private static void send(SocketChannel job, int id) throws IOException {
        ByteArrayOutputStream input = new ByteArrayOutputStream();
        input.write(("job-nova-" + id + "\n").getBytes(StandardCharsets.US_ASCII));
        byte[] axy = new JobFile(StarField.known(3).stars(), SolveOptions.defaults()).toBytes();
        WireTar.write(Map.of(JobFile.NAME, axy), input);
        ByteBuffer bytes = ByteBuffer.wrap(input.toByteArray());
        while (bytes.hasRemaining()) {
            job.write(bytes);
        }
        job.shutdownOutput();
    }

    private static String all(SocketChannel channel) throws IOException {
        return new String(Channels.newInputStream(channel).readAllBytes(), StandardCharsets.ISO_8859_1);
    }

    private void assertAnswers() throws IOException {
        try (SocketChannel log = attach("log good-1");
                SocketChannel job = attach("job good-1")) {
            send(job, ANSWERS);
            assertThat(all(job)).contains("backend.log");
            assertThat(all(log)).contains("unsolved no_match: nowhere");
        }
    }

    @Test
    void aClientThatReadsNothingDoesNotKeepItsTurn() throws Exception {
        start(Duration.ofSeconds(1), Duration.ofSeconds(10));
        try (SocketChannel log = attach("log deaf-1");
                SocketChannel job = attach("job deaf-1")) {
            send(job, TALKS);

            assertThat(ended.await(60, TimeUnit.SECONDS)).isTrue();
            assertThat(log.isOpen()).isTrue();
            assertAnswers();
        }
    }

    @Test
    void aLogWhoseJobNeverComesIsNotKept() throws Exception {
        start(Duration.ofMinutes(1), Duration.ofMillis(300));
        try (SocketChannel log = attach("log lonely-1")) {
            assertThat(all(log)).isEmpty();
        }
        assertAnswers();
    }

    @Test
    void aJobWithoutItsLogAndStrangeFirstLinesAreClosed() throws Exception {
        start(Duration.ofMinutes(1), Duration.ofMillis(300));
        for (String greeting : new String[] {"job lonely-1", "GET / HTTP/1.1", "log ../x", "log " + "x".repeat(100)}) {
            try (SocketChannel channel = attach(greeting)) {
                assertThat(Channels.newInputStream(channel).read()).isEqualTo(-1);
            } catch (IOException e) {
                assertThat(e).as("what was not read yet resets the connection").hasMessageContaining("reset");
            }
        }
        assertAnswers();
    }

    @Test
    void aDeadSocketIsReplacedAndALivingOneIsNot() throws Exception {
        try (ServerSocketChannel dead = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            dead.bind(UnixDomainSocketAddress.of(socket()));
        }
        assertThat(socket()).exists();
        start(Duration.ofMinutes(1), Duration.ofSeconds(10));
        assertAnswers();

        assertThatThrownBy(() -> ResidentServer.listen(new SolveServer(solver, ServerLimits.DEFAULT, 1), socket()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("another solve server listens on " + socket());
        assertAnswers();
    }

    @Test
    void aFileThatIsNoSocketIsNotReplaced() throws Exception {
        Files.writeString(socket(), "precious");
        assertThatThrownBy(() -> ResidentServer.listen(new SolveServer(solver, ServerLimits.DEFAULT, 1), socket()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(socket() + " is no socket");
        assertThat(socket()).hasContent("precious");
    }

    @Test
    void saysWhereItCannotListen() {
        Path missing = folder.resolve("missing/nova.sock");
        assertThatThrownBy(() -> ResidentServer.listen(new SolveServer(solver, ServerLimits.DEFAULT, 1), missing))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(missing.toString())
                .hasMessageContaining("its folder must be there");
    }

    @Test
    void closingEndsTheJobs() throws Exception {
        start(Duration.ofMinutes(10), Duration.ofSeconds(10));
        try (SocketChannel log = attach("log long-1");
                SocketChannel job = attach("job long-1")) {
            send(job, WAITS);
            assertThat(begun.await(60, TimeUnit.SECONDS)).isTrue();

            resident.close();

            assertThat(ended.await(60, TimeUnit.SECONDS)).isTrue();
            assertThat(all(job)).isEmpty();
            assertThat(Files.exists(socket())).isFalse();
            assertThat(log.isOpen()).isTrue();
        }
    }
}
