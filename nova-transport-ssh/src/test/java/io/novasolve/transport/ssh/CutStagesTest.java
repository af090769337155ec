package io.novasolve.transport.ssh;

import static org.assertj.core.api.Assertions.assertThat;

import io.novasolve.core.axy.JobFile;
import io.novasolve.core.model.SolveOptions;
import io.novasolve.core.model.UnsolvedReason;
import io.novasolve.core.spi.SolveCancelledException;
import io.novasolve.core.spi.SolveContext;
import io.novasolve.core.spi.SolveOutcome;
import io.novasolve.core.spi.SolveTask;
import io.novasolve.core.spi.SolverTransport;
import io.novasolve.sky.stars.StarList;
import io.novasolve.testkit.RequiresProgram;
import io.novasolve.testkit.StarField;
import io.novasolve.testkit.Surroundings;
import io.novasolve.testkit.TestContext;
import io.novasolve.transport.ssh.server.ServerLimits;
import io.novasolve.transport.ssh.server.SolveServer;
import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A connection that is cut at each stage of a job: the job ends once, with its answer, and nothing stays on either side. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
@Tag("once")
class CutStagesTest {

    /** How far a job has come when its connection is cut. */
    enum Stage {
        GREETING,
        KEY_EXCHANGE,
        LOGIN,
        ID_LINE,
        TAR_OUT,
        SOLVING,
        TAR_BACK
    }

    private static final int GREETING_BYTES = 10;
    private static final int KEY_EXCHANGE_BYTES = 600;
    private static final int HALF_AN_ID_LINE = 4;
    private static final int PART_OF_A_TAR = 1024;
    private static final long WINDOW = 2 << 20;

    private static final SolveTask TASK = new SolveTask(7, StarField.known(1).stars(), SolveOptions.defaults());

    @TempDir
    Path folder;

    /** A solve server in this JVM, behind a proxy that cuts its connections at one stage of a job. */
    private static final class CutServer implements AutoCloseable {
        private final String name;
        private final Stage stage;
        private final AtomicInteger cutsLeft;
        private final AtomicInteger searches = new AtomicInteger();
        private final AtomicInteger ended = new AtomicInteger();
        private final MinaServer sshd;
        private final CuttingProxy proxy;
        private final SshServer address;

        private CutServer(String name, Stage stage, int cuts, Path folder) throws Exception {
            this.name = name;
            this.stage = stage;
            this.cutsLeft = new AtomicInteger(cuts);
            SolveServer server = new SolveServer(solver(), ServerLimits.DEFAULT, 8);
            sshd = new MinaServer(folder, (in, out, err) -> server.serve(watched(in), watched(out), err));
            proxy = new CuttingProxy(sshd.address().build().port());
            address = proxy.address(sshd.address().build(), folder)
                    .name(name)
                    .password(MinaServer.PASSWORD)
                    // So long that nothing here can wait for it.
                    .connectTimeout(Duration.ofMinutes(5))
                    .build();
            if (cuts > 0) {
                prepare();
            }
        }

        private void prepare() {
            switch (stage) {
                case GREETING -> proxy.cutEachAfter(() -> handshakeBudget(GREETING_BYTES));
                case KEY_EXCHANGE -> proxy.cutEachAfter(() -> handshakeBudget(KEY_EXCHANGE_BYTES));
                case LOGIN -> sshd.onLogin(() -> at(Stage.LOGIN));
                // What the server has not read yet has not left the client.
                case ID_LINE -> sshd.window(HALF_AN_ID_LINE);
                case TAR_OUT -> sshd.window(PART_OF_A_TAR);
                default -> {}
            }
        }

        private int handshakeBudget(int bytes) {
            return cutsLeft.getAndDecrement() > 0 ? bytes : Integer.MAX_VALUE;
        }

        private void at(Stage now) {
            if (now == stage && cutsLeft.getAndDecrement() > 0) {
                if (cutsLeft.get() <= 0) {
                    sshd.window(WINDOW);
                }
                try {
                    proxy.cutNow();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        }

        private InputStream watched(InputStream in) {
            return new FilterInputStream(in) {
                private int count;

                @Override
                public int read() throws IOException {
                    byte[] one = new byte[1];
                    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
                }

                @Override
                public int read(byte[] bytes, int from, int length) throws IOException {
                    int got = super.read(bytes, from, length);
                    count += Math.max(0, got);
                    if (count == HALF_AN_ID_LINE) {
                        at(Stage.ID_LINE);
                    }
                    if (count > PART_OF_A_TAR) {
                        at(Stage.TAR_OUT);
                    }
                    return got;
                }
            };
        }

        private OutputStream watched(OutputStream out) {
            long before = proxy.received();
            return new FilterOutputStream(out) {
                private int count;

                @Override
                public void write(byte[] bytes, int from, int length) throws IOException {
                    out.write(bytes, from, length);
                    count += length;
                    if (stage == Stage.TAR_BACK && count == PART_OF_A_TAR) {
                        out.flush();
                        waitFor(before + count);
                        at(Stage.TAR_BACK);
                    }
                }
            };
        }

        private void waitFor(long bytes) throws IOException {
            try {
                Waiting.until(() -> proxy.received() >= bytes);
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
        }

        private SolverTransport solver() {
            return new SolverTransport() {
                @Override
                public String name() {
                    return name;
                }

                @Override
                public SolveOutcome solve(SolveTask task, SolveContext context)
                        throws InterruptedException, SolveCancelledException {
                    searches.incrementAndGet();
                    if (stage == Stage.SOLVING && cutsLeft.get() > 0) {
                        at(Stage.SOLVING);
                        CountDownLatch given = new CountDownLatch(1);
                        // The ssh server may be faster, and interrupt what a session runs.
                        try (var registration = context.onCancel(given::countDown)) {
                            given.await();
                        } finally {
                            ended.incrementAndGet();
                        }
                        throw new SolveCancelledException(task.jobId());
                    }
                    return new SolveOutcome.Unsolved(
                            UnsolvedReason.NO_MATCH, name + " answers " + task.jobId(), Map.of());
                }
            };
        }

        @Override
        public void close() throws IOException {
            proxy.close();
            sshd.close();
        }
    }

    private static void assertAnswer(SolveOutcome outcome, String words) {
        assertThat(outcome)
                .isInstanceOfSatisfying(SolveOutcome.Unsolved.class, unsolved -> assertThat(unsolved.detail())
                        .isEqualTo(words));
    }

    @ParameterizedTest
    @EnumSource
    void theJobIsSentAgain(Stage stage) throws Exception {
        try (CutServer server = new CutServer("cut", stage, 1, folder)) {
            TestContext context = TestContext.patient();
            try (SshTransport transport = SshTransport.builder(server.address)
                    .attempts(2)
                    .firstPause(Duration.ofMillis(10))
                    .build()) {
                assertAnswer(transport.solve(TASK, context), "cut answers 7");

                assertThat(context.lines())
                        .filteredOn(line -> line.contains("another try"))
                        .hasSize(1);
                assertThat(server.searches).hasValue(stage.compareTo(Stage.SOLVING) < 0 ? 1 : 2);
                assertThat(context.registrations()).isZero();
                assertThat(transport.connections()).isEqualTo(1);
                // Two threads of the library serve the connection that is left, and no session is on it.
                Waiting.until(() -> threads("sshj").size() <= 2 && server.sshd.channels() == 0);
                Waiting.until(() -> server.sshd.sessions() == 1
                        && threads("nova-solve-server").isEmpty());
                Waiting.until(() -> server.ended.get() == (stage == Stage.SOLVING ? 1 : 0));
            }
            Waiting.until(() -> threads("sshj").isEmpty() && threads("nova-ssh").isEmpty());
            Waiting.until(() -> server.sshd.sessions() == 0);
        }
    }

    @ParameterizedTest
    @EnumSource
    void theJobGoesToAnotherServer(Stage stage) throws Exception {
        try (CutServer first = new CutServer("first", stage, Integer.MAX_VALUE, folder);
                CutServer second = new CutServer("second", stage, 0, folder)) {
            TestContext context = TestContext.patient();
            try (SshPool pool = SshPool.builder()
                    .server(first.address, 1, 100)
                    .server(second.address, 1, 1)
                    .build()) {
                assertAnswer(pool.solve(TASK, context), "second answers 7");

                assertThat(second.searches).hasValue(1);
                assertThat(pool.metrics())
                        .extracting(SshPool.HostMetrics::failures)
                        .containsExactly(1L, 0L);
                assertThat(pool.metrics())
                        .extracting(SshPool.HostMetrics::running)
                        .containsOnly(0);
                assertThat(context.registrations()).isZero();
                Waiting.until(() -> threads("sshj").size() <= 2 && second.sshd.channels() == 0);
                Waiting.until(() -> first.sshd.sessions() == 0
                        && threads("nova-solve-server").isEmpty());
            }
            Waiting.until(() -> threads("sshj").isEmpty() && threads("nova-ssh").isEmpty());
            Waiting.until(() -> second.sshd.sessions() == 0);
        }
    }

    private static List<String> threads(String name) {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(each -> each.startsWith(name))
                .toList();
    }

    /** The first run that finds the folder "hold" searches for ever; an answer is long and says what it is an answer to. */
    private static final String ENGINE =
            """
            #!/bin/sh
            echo $$ >> '%1$s/pids'
            echo begun >&2
            rmdir '%1$s/hold' 2>/dev/null && exec sleep 600
            sha256sum < job.axy
            head -c 200000 /dev/zero | tr '\\0' x
            """;

    /** Against OpenSSH and the script, whose processes and folders can be seen. */
    @ParameterizedTest
    @EnumSource(names = {"KEY_EXCHANGE", "ID_LINE", "TAR_OUT", "SOLVING", "TAR_BACK"})
    @RequiresProgram("sshd")
    @EnabledOnOs(OS.LINUX)
    void nothingStaysOnAServerThatRunsTheScript(Stage stage) throws Exception {
        Path jobs = folder.resolve("jobs");
        Path engine = OpenSshServer.executable(folder.resolve("bin/engine"), ENGINE.formatted(folder));
        Path script = folder.resolve("bin/nova-solve");
        Files.copy(Surroundings.root().resolve("nova-transport-ssh/solve-server/nova-solve"), script);
        Files.writeString(folder.resolve("bin/nova-solve.conf"), "jobs='" + jobs + "'\nengine='" + engine + "'\n");
        StarList stars = StarField.unknown(1, 20_000);
        try (OpenSshServer sshd = OpenSshServer.start(folder.resolve("sshd"), script.toString());
                CuttingProxy proxy = new CuttingProxy(sshd.port())) {
            SshServer address = proxy.address(sshd.address().build(), folder)
                    .identity(sshd.folder().resolve("user_key"))
                    .build();
            int jobBytes;
            try (SshTransport transport = SshTransport.to(address)) {
                jobBytes =
                        answered(solve(transport, stars, TestContext.patient()).get());
            }
            int before = (int) proxy.sent() - jobBytes;
            assertThat(before).as("bytes beside those of the job").isBetween(1000, 10_000);
            switch (stage) {
                case KEY_EXCHANGE -> proxy.cutNextAfter(KEY_EXCHANGE_BYTES, Integer.MAX_VALUE);
                // The line leaves in one packet with the first 32 KiB of the tar.
                case ID_LINE -> proxy.cutNextAfter(before + 10_000, Integer.MAX_VALUE);
                case TAR_OUT -> proxy.cutNextAfter(before + jobBytes / 2, Integer.MAX_VALUE);
                case TAR_BACK -> proxy.cutNextAfter(Integer.MAX_VALUE, 100_000);
                default -> Files.createDirectory(folder.resolve("hold"));
            }
            TestContext context = TestContext.patient();
            try (SshTransport transport = SshTransport.builder(address)
                    .attempts(2)
                    .firstPause(Duration.ofMillis(10))
                    .build()) {
                CompletableFuture<SolveOutcome> end = solve(transport, stars, context);
                if (stage == Stage.SOLVING) {
                    Waiting.until(() -> context.lines().contains("begun") && !Files.exists(folder.resolve("hold")));
                    proxy.cutNow();
                }
                answered(end.get());

                assertThat(context.lines())
                        .filteredOn(line -> line.contains("another try"))
                        .hasSize(1);
                assertThat(Files.readAllLines(folder.resolve("pids")))
                        .as("searches, that of the first job included")
                        .hasSize(stage.compareTo(Stage.SOLVING) < 0 ? 2 : 3);
                assertThat(transport.connections()).isEqualTo(1);
            }
            Waiting.until(() -> processes().isEmpty() && sshd.sessions().isEmpty());
            assertThat(jobs).isEmptyDirectory();
        }
    }

    private static CompletableFuture<SolveOutcome> solve(SshTransport transport, StarList stars, TestContext context) {
        CompletableFuture<SolveOutcome> end = new CompletableFuture<>();
        Thread thread = new Thread(
                () -> {
                    try {
                        end.complete(transport.solve(new SolveTask(7, stars, SolveOptions.defaults()), context));
                    } catch (Exception e) {
                        end.completeExceptionally(e);
                    }
                },
                "cut-stages-test");
        thread.start();
        return end;
    }

    /** @return the length of the file that was answered */
    private static int answered(SolveOutcome outcome) throws Exception {
        byte[] job = outcome.files().get(JobFile.NAME);
        String sum =
                HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(job));
        assertThat(new String(outcome.files().get("backend.log"), StandardCharsets.US_ASCII))
                .startsWith(sum)
                .hasSizeGreaterThan(200_000);
        return job.length;
    }

    /** Those of the script, which may have lost their parents, and of its engine. */
    private List<String> processes() {
        try (Stream<String> engines = Files.lines(folder.resolve("pids"))) {
            List<String> pids = engines.toList();
            return ProcessHandle.allProcesses()
                    .filter(process -> pids.contains(Long.toString(process.pid()))
                            || process.info().commandLine().orElse("").contains(folder + "/bin/"))
                    .filter(process -> process.info().command().isPresent())
                    .map(process -> process.info().commandLine().orElse("?"))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
