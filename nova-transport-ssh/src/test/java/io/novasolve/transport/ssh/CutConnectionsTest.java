package io.novasolve.transport.ssh;

import static org.assertj.core.api.Assertions.assertThat;

import io.novasolve.core.model.SolveOptions;
import io.novasolve.core.model.UnsolvedReason;
import io.novasolve.core.spi.SolveContext;
import io.novasolve.core.spi.SolveOutcome;
import io.novasolve.core.spi.SolveTask;
import io.novasolve.core.spi.SolverTransport;
import io.novasolve.testkit.RequiresProgram;
import io.novasolve.testkit.StarField;
import io.novasolve.testkit.Surroundings;
import io.novasolve.testkit.TestContext;
import io.novasolve.transport.ssh.server.ServerLimits;
import io.novasolve.transport.ssh.server.SolveServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * Connections that are cut after any number of bytes in either direction. A few here; the soak run makes 200:
 * {@code ./mvnw -pl nova-transport-ssh -am test -Dtest=CutConnectionsTest -Dsurefire.failIfNoSpecifiedTests=false
 * -Dnova.test.cuts=200}.
 */
@Tag("once")
class CutConnectionsTest {

    /** About half as many lie between the first byte of the handshake and the end of the answer. */
    private static final int LONGEST = 40_000;

    /** Half of all connections do not live long enough for a job. */
    private static final int ATTEMPTS = 20;

    private final long seed = Long.getLong("nova.test.seed", 20260101);
    private final int cuts = Integer.getInteger("nova.test.cuts", 15);

    @TempDir
    Path folder;

    @Test
    void everyJobEndsOnceWithTheRightAnswer() throws Exception {
        System.out.println("CutConnectionsTest: -Dnova.test.seed=" + seed + " -Dnova.test.cuts=" + cuts);
        Random random = new Random(seed);
        SolverTransport solver = new SolverTransport() {
            @Override
            public String name() {
                return "fake";
            }

            @Override
            public SolveOutcome solve(SolveTask task, SolveContext context) throws InterruptedException {
                Thread.sleep(20);
                return new SolveOutcome.Unsolved(UnsolvedReason.NO_MATCH, "answer to " + task.jobId(), Map.of());
            }
        };
        SolveServer server = new SolveServer(solver, ServerLimits.DEFAULT, 8);
        StarField field = StarField.known(1);
        int threadsBefore = threads().size();
        long begin = System.nanoTime();
        try (MinaServer sshd = new MinaServer(folder, server::serve)) {
            SshServer direct = sshd.address().build();
            try (CuttingProxy proxy = new CuttingProxy(direct.port())) {
                SshServer address = proxy.address(direct, folder)
                        .name("mina")
                        .password(MinaServer.PASSWORD)
                        .build();
                proxy.cutEachAfter(() -> 1 + random.nextInt(LONGEST));
                // One transport for all, as a server has it.
                try (SshTransport transport = SshTransport.builder(address)
                        .attempts(ATTEMPTS)
                        .firstPause(Duration.ofMillis(10))
                        .build()) {
                    int jobs = 0;
                    while (proxy.cuts() < cuts) {
                        jobs++;
                        SolveOutcome outcome = transport.solve(
                                new SolveTask(jobs, field.stars(), SolveOptions.defaults()), TestContext.patient());
                        assertThat(((SolveOutcome.Unsolved) outcome).detail()).isEqualTo("answer to " + jobs);
                        assertThat(transport.connections()).isLessThanOrEqualTo(1);
                    }
                    System.out.printf(
                            "%d cuts during %d jobs in %.1f s%n",
                            proxy.cuts(), jobs, (System.nanoTime() - begin) / 1e9);
                    // Of the connections that were cut nothing stays while the transport lives on.
                    Waiting.until(() -> libraryThreads() <= 2L * transport.connections());
                    Waiting.until(() -> sshd.sessions() <= transport.connections());
                }
                long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
                while (sshd.sessions() > 0 || threads().size() > threadsBefore) {
                    assertThat(System.nanoTime())
                            .as("left: %d sessions, threads %s", sshd.sessions(), threads())
                            .isLessThan(deadline);
                    Thread.sleep(20);
                }
            }
        }
    }

    /** The same against OpenSSH and our script, whose processes and folders can be seen. */
    @Test
    @RequiresProgram("sshd")
    @EnabledOnOs(OS.LINUX)
    void nothingStaysOnTheServer() throws Exception {
        System.out.println("CutConnectionsTest: -Dnova.test.seed=" + seed + " -Dnova.test.cuts=" + cuts);
        Random random = new Random(seed);
        Path jobs = folder.resolve("jobs");
        Path engine = OpenSshServer.executable(folder.resolve("bin/engine"), "#!/bin/sh\nexec sleep 0.05\n");
        Path script = folder.resolve("bin/nova-solve");
        Files.copy(Surroundings.root().resolve("nova-transport-ssh/solve-server/nova-solve"), script);
        Files.writeString(folder.resolve("bin/nova-solve.conf"), "jobs='" + jobs + "'\nengine='" + engine + "'\n");
        StarField field = StarField.known(1);
        long begin = System.nanoTime();
        try (OpenSshServer sshd = OpenSshServer.start(folder.resolve("sshd"), script.toString());
                CuttingProxy proxy = new CuttingProxy(sshd.port())) {
            SshServer address = proxy.address(sshd.address().build(), folder)
                    .identity(sshd.folder().resolve("user_key"))
                    .build();
            long handles = Long.MAX_VALUE;
            int count = 0;
            // The first one opens what stays open, such as archives of classes.
            for (int wanted : new int[] {0, cuts}) {
                try (SshTransport transport = SshTransport.builder(address)
                        .attempts(ATTEMPTS)
                        .firstPause(Duration.ofMillis(10))
                        .build()) {
                    do {
                        count++;
                        SolveOutcome outcome = transport.solve(
                                new SolveTask(count, field.stars(), SolveOptions.defaults()), TestContext.patient());
                        assertThat(((SolveOutcome.Unsolved) outcome).reason()).isEqualTo(UnsolvedReason.NO_MATCH);
                        assertThat(transport.connections()).isLessThanOrEqualTo(1);
                    } while (proxy.cuts() < wanted);
                    if (wanted > 0) {
                        // The one that is open still, on both sides of the proxy.
                        long most = handles + 4;
                        Waiting.until(() -> handles() <= most);
                    }
                }
                if (wanted == 0) {
                    waitUntilNothingIsLeft(sshd, jobs, Long.MAX_VALUE);
                    handles = handles();
                    proxy.cutEachAfter(() -> 1 + random.nextInt(LONGEST));
                }
            }
            System.out.printf(
                    "OpenSSH: %d cuts during %d jobs in %.1f s%n",
                    proxy.cuts(), count, (System.nanoTime() - begin) / 1e9);
            waitUntilNothingIsLeft(sshd, jobs, handles);
        }
    }

    private static void waitUntilNothingIsLeft(OpenSshServer sshd, Path jobs, long handles) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!sshd.sessions().isEmpty() || !isEmpty(jobs) || handles() > handles) {
            assertThat(System.nanoTime())
                    .as(
                            "left: processes %s, folders %s, %d file handles of %d",
                            sshd.sessions(), isEmpty(jobs) ? "none" : "some", handles(), handles)
                    .isLessThan(deadline);
            Thread.sleep(20);
        }
    }

    private static boolean isEmpty(Path jobs) throws IOException {
        try (Stream<Path> left = Files.list(jobs)) {
            return left.findAny().isEmpty();
        }
    }

    private static long handles() {
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            return open.count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long libraryThreads() {
        return threads().stream().filter(name -> !name.startsWith("nova-ssh")).count();
    }

    /** Those of our transport and of the ssh library's clients. */
    private static List<String> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("nova-ssh") || name.contains("sshj") || name.contains("keep-alive"))
                .toList();
    }
}
