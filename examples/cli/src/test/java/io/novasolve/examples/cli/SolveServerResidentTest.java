package io.novasolve.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.novasolve.core.axy.JobFile;
import io.novasolve.core.model.SolveOptions;
import io.novasolve.core.spi.SolveOutcome;
import io.novasolve.core.spi.SolveTask;
import io.novasolve.core.spi.TransportException;
import io.novasolve.testkit.RequiresIndexes;
import io.novasolve.testkit.RequiresProgram;
import io.novasolve.testkit.StarField;
import io.novasolve.testkit.Surroundings;
import io.novasolve.testkit.TestContext;
import io.novasolve.transport.ssh.OpenSshServer;
import io.novasolve.transport.ssh.SshTransport;
import io.novasolve.transport.ssh.Waiting;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** {@code nova solve-server --listen} from its start to its end, with jobs that a forced command brings. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "there is no such server there")
@Tag("once")
class SolveServerResidentTest {

    private static final StarField FIELD = StarField.known(21);
    private static final String LISTENS = "the solve server listens on";

    @TempDir
    Path folder;

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<Process> servers = new ArrayList<>();

    @AfterEach
    void halt() {
        servers.forEach(Process::destroyForcibly);
        threads.shutdownNow();
    }

    private Path socket() {
        return folder.resolve("nova.sock");
    }

    private Path jobs() {
        return folder.resolve("jobs");
    }

    private Path log(int number) {
        return folder.resolve("server-" + number + ".log");
    }

    private Process start() throws IOException {
        Process server = SolveServerProcess.start(
                log(servers.size()),
                "--listen",
                socket(),
                "--jobs",
                2,
                "--transport",
                "astrometry",
                "--jobs-dir",
                jobs());
        servers.add(server);
        return server;
    }

    private void waitUntilItListens(Process server) throws Exception {
        Path log = log(servers.indexOf(server));
        Waiting.until(() -> read(log).contains(LISTENS) || !server.isAlive());
        assertThat(read(log)).contains(LISTENS);
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Future<SolveOutcome> hopeless(SshTransport transport, int id) throws InterruptedException {
        SolveTask task = new SolveTask(id, StarField.unknown(id, 400), SolveOptions.defaults());
        TestContext context = TestContext.patient();
        Future<SolveOutcome> job = threads.submit(() -> transport.solve(task, context));
        Waiting.until(
                () -> context.lines().stream().anyMatch(line -> line.contains("astrometry-engine")) || job.isDone());
        assertThat(job.isDone()).isFalse();
        return job;
    }

    private static void assertLost(Future<SolveOutcome> job) {
        assertThatThrownBy(() -> job.get(30, TimeUnit.SECONDS))
                .cause()
                .isInstanceOfSatisfying(
                        TransportException.class,
                        e -> assertThat(e.retryable()).as(e.getMessage()).isTrue());
    }

    @Test
    @RequiresProgram("sshd")
    @RequiresProgram("socat")
    @RequiresProgram("astrometry-engine")
    @RequiresIndexes
    void livesThroughACrashASecondStartAndAStopWithJobs() throws Exception {
        Path attach = Surroundings.root().resolve("nova-transport-ssh/solve-server/nova-attach");
        try (OpenSshServer sshd = OpenSshServer.start(folder.resolve("sshd"), attach + " " + socket());
                SshTransport transport =
                        SshTransport.builder(sshd.address().build()).attempts(1).build()) {
            Process crashes = start();
            waitUntilItListens(crashes);
            Future<SolveOutcome> lost = hopeless(transport, 1);
            crashes.destroyForcibly();
            assertThat(crashes.waitFor(30, TimeUnit.SECONDS)).isTrue();
            assertLost(lost);
            assertThat(socket()).as("left by the crash").exists();

            Process serves = start();
            waitUntilItListens(serves);
            assertThat(transport.solve(new SolveTask(2, FIELD.stars(), SolveOptions.defaults()), TestContext.patient()))
                    .isInstanceOf(SolveOutcome.Solved.class);

            Process second = start();
            assertThat(second.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(second.exitValue()).isEqualTo(NovaCommand.NOT_SOLVED);
            assertThat(read(log(2)))
                    .contains("nova: another solve server listens on " + socket() + "; stop it first")
                    .doesNotContain(LISTENS);

            List<Future<SolveOutcome>> stopped = List.of(hopeless(transport, 3), hopeless(transport, 4));
            List<ProcessHandle> engines = serves.descendants().toList();
            assertThat(engines).isNotEmpty();
            assertThat(folders()).isPositive();
            serves.destroy();
            assertThat(serves.waitFor(30, TimeUnit.SECONDS)).isTrue();
            assertThat(serves.exitValue()).as("of a JVM after SIGTERM").isEqualTo(143);
            stopped.forEach(SolveServerResidentTest::assertLost);
            assertThat(socket()).doesNotExist();
            Waiting.until(() ->
                    engines.stream().noneMatch(engine -> engine.info().command().isPresent()));
            assertThat(folders())
                    .as("folders of jobs, but for that of the crash")
                    .isEqualTo(1);
        }
    }

    private long folders() throws IOException {
        try (Stream<Path> left = Files.list(jobs())) {
            return left.count();
        }
    }

    /** A JVM a job: what one job takes is what its JVM may. */
    @Test
    void aJobThatNeedsMoreMemoryThanTheHeapHasFailsWithAWord() throws Exception {
        ByteArrayOutputStream input = new ByteArrayOutputStream();
        input.write("job-nova-1\n".getBytes(StandardCharsets.US_ASCII));
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(input)) {
            byte[] axy = new JobFile(StarField.unknown(1, 90_000), SolveOptions.defaults()).toBytes();
            TarArchiveEntry entry = new TarArchiveEntry(JobFile.NAME);
            entry.setSize(axy.length);
            tar.putArchiveEntry(entry);
            tar.write(axy);
            tar.closeArchiveEntry();
        }
        List<String> command = SolveServerProcess.command();
        command.set(command.indexOf("-Xmx512m"), "-Xmx24m");
        Path log = folder.resolve("log");
        Process server = new ProcessBuilder(command).redirectError(log.toFile()).start();
        servers.add(server);
        input.writeTo(server.getOutputStream());
        server.getOutputStream().close();

        assertThat(server.getInputStream().readAllBytes()).isEmpty();
        assertThat(server.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(server.exitValue()).isEqualTo(NovaCommand.NOT_SOLVED);
        assertThat(read(log))
                .contains("nova-server: failed again: the job takes more memory than this solve server has left");
    }

    @Test
    void saysWhatIsWrongWithItsArguments() {
        Path missing = folder.resolve("missing/nova.sock");
        Map<List<Object>, String> wrong = new LinkedHashMap<>(Map.of(
                List.of("--jobs", 0),
                "are 1 or more",
                List.of("--solve-seconds", 0),
                "are 1 or more",
                List.of("--cpu-seconds", -1),
                "are 1 or more",
                List.of("--keep-hours", 0),
                "are 1 or more",
                List.of("--jobs", "many"),
                "'many' is not an int",
                List.of("--transport", "ssh:other"),
                "a solve server solves with embedded or astrometry, not ssh:other",
                List.of("--index", folder.resolve("nowhere")),
                "cannot list the folder",
                List.of("job.axy"),
                "Unmatched argument"));
        wrong.put(List.of("--memory-mb", -1), "1 or more, or 0");
        wrong.put(List.of("--memory-mb", 500), "java -Xmx");
        wrong.forEach((options, words) -> {
            StringWriter err = new StringWriter();
            assertThat(run(err, options)).as("%s: %s", options, err).isEqualTo(NovaCommand.USAGE);
            assertThat(err.toString()).contains(words);
        });
        StringWriter err = new StringWriter();
        assertThat(run(err, List.of("--listen", missing))).isEqualTo(NovaCommand.NOT_SOLVED);
        assertThat(err.toString()).contains("no solve server can listen on " + missing, "its folder must be there");
    }

    private static int run(StringWriter err, List<Object> options) {
        CommandLine command = NovaCommand.commandLine("solve-server");
        command.setErr(new PrintWriter(err, true));
        List<String> words = new ArrayList<>(List.of("solve-server"));
        options.forEach(option -> words.add(option.toString()));
        return command.execute(words.toArray(String[]::new));
    }
}
