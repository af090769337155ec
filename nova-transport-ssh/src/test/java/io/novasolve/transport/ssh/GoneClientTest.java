package io.novasolve.transport.ssh;

import static org.assertj.core.api.Assertions.assertThat;

import io.novasolve.core.model.SolveOptions;
import io.novasolve.core.spi.SolveCancelledException;
import io.novasolve.core.spi.SolveContext;
import io.novasolve.core.spi.SolveOutcome;
import io.novasolve.core.spi.SolveTask;
import io.novasolve.core.spi.SolverTransport;
import io.novasolve.testkit.RequiresProgram;
import io.novasolve.testkit.StarField;
import io.novasolve.testkit.TestContext;
import io.novasolve.transport.ssh.server.ResidentServer;
import io.novasolve.transport.ssh.server.ServerLimits;
import io.novasolve.transport.ssh.server.SolveServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a solve server does when nobody wants the answer any more: the goal is that its engine is gone within 2 s. The times
 * are printed; the limit here is wider, for machines that do other things meanwhile; {@code -Dnova.test.gone.seconds=2} makes the goal the limit.
 */
@RequiresProgram("sshd")
@Timeout(value = 2, unit = TimeUnit.MINUTES)
@Tag("once")
class GoneClientTest {

    private static final StarField FIELD = StarField.known(9);
    private static final Duration LIMIT = Duration.ofSeconds(Integer.getInteger("nova.test.gone.seconds", 15));

    @TempDir
    Path folder;

    private OpenSshServer sshd;
    private Path jobs;
    private Path pid;

    @BeforeEach
    void boot() throws Exception {
        Path home = SolveServers.scriptsIn(folder.resolve("bin"));
        jobs = folder.resolve("jobs");
        pid = folder.resolve("engine.pid");
        Path engine = OpenSshServer.executable(
                folder.resolve("endless"), "#!/bin/sh\necho $$ > '" + pid + "'\necho begun >&2\nexec sleep 600\n");
        Files.writeString(home.resolve("nova-solve.conf"), "jobs='" + jobs + "'\nengine='" + engine + "'\n");
        sshd = OpenSshServer.start(
                folder.resolve("sshd"), home.resolve("nova-solve").toString());
    }

    @AfterEach
    void halt() {
        sshd.close();
    }

    private static CompletableFuture<SolveOutcome> begin(SshTransport transport, TestContext context) {
        CompletableFuture<SolveOutcome> end = new CompletableFuture<>();
        Thread thread = new Thread(
                () -> {
                    try {
                        end.complete(
                                transport.solve(new SolveTask(61, FIELD.stars(), SolveOptions.defaults()), context));
                    } catch (Exception e) {
                        end.completeExceptionally(e);
                    }
                },
                "gone-client-test");
        thread.start();
        return end;
    }

    private static void assertGone(String how, BooleanSupplier gone) throws InterruptedException {
        long begin = System.nanoTime();
        Waiting.until(gone);
        Duration took = Duration.ofNanos(System.nanoTime() - begin);
        System.out.printf("%s: the search ended after %d ms (goal 2000 ms)%n", how, took.toMillis());
        assertThat(took).isLessThan(LIMIT);
    }

    /** A process that is dead and was not asked for its status yet has no command line any more. */
    private boolean engineGone() {
        try {
            Path commandLine = Path.of("/proc", Files.readString(pid).strip(), "cmdline");
            return !Files.exists(commandLine) || Files.readString(commandLine).isEmpty();
        } catch (IOException e) {
            return true;
        }
    }

    private boolean noFolders() {
        try (Stream<Path> left = Files.list(jobs)) {
            return left.findAny().isEmpty();
        } catch (IOException e) {
            return false;
        }
    }

    @Test
    void cancelEndsTheEngineOfTheScript() throws Exception {
        try (SshTransport transport = SshTransport.to(sshd.address().build())) {
            TestContext context = TestContext.patient();
            CompletableFuture<SolveOutcome> end = begin(transport, context);
            Waiting.until(() -> context.lines().contains("begun"));
            // While it becomes another program it has no command line for a moment.
            Waiting.until(() -> !engineGone());

            context.cancel();

            assertGone("cancel, script", this::engineGone);
            Waiting.until(this::noFolders);
            assertThat(end)
                    .failsWithin(LIMIT)
                    .withThrowableThat()
                    .havingCause()
                    .isInstanceOf(SolveCancelledException.class);
        }
    }

    @Test
    void theDeadlineEndsTheEngineOfTheScript() throws Exception {
        try (SshTransport transport = SshTransport.to(sshd.address().build())) {
            TestContext context = TestContext.until(Duration.ofSeconds(4));
            CompletableFuture<SolveOutcome> end = begin(transport, context);
            Waiting.until(end::isDone);
            if (!context.lines().contains("begun")) {
                // A machine so slow gets more time.
                context = TestContext.until(Duration.ofSeconds(40));
                end = begin(transport, context);
                Waiting.until(end::isDone);
            }
            assertThat(context.lines()).contains("begun");
            assertThat(pid).exists();

            assertThat(end.get()).isInstanceOf(SolveOutcome.Unsolved.class);

            assertGone("deadline, script", this::engineGone);
            Waiting.until(this::noFolders);
        }
    }

    @Test
    void aCutConnectionEndsTheEngineOfTheScript() throws Exception {
        try (CuttingProxy proxy = new CuttingProxy(sshd.port())) {
            SshServer server = proxy.address(sshd.address().build(), folder)
                    .identity(sshd.folder().resolve("user_key"))
                    .build();
            try (SshTransport transport =
                    SshTransport.builder(server).attempts(1).build()) {
                TestContext context = TestContext.patient();
                CompletableFuture<SolveOutcome> end = begin(transport, context);
                Waiting.until(() -> context.lines().contains("begun"));
                Waiting.until(() -> !engineGone());

                proxy.cutNow();

                assertGone("cut, script", this::engineGone);
                Waiting.until(this::noFolders);
                assertThat(end)
                        .failsWithin(LIMIT)
                        .withThrowableThat()
                        .havingCause()
                        .isInstanceOfSatisfying(SshTransportException.class, e -> assertThat(e.kind())
                                .isEqualTo(SshTransportException.Kind.CONNECTION_LOST));
            }
        }
    }

    @Test
    void aClosedTransportEndsTheEngineOfTheScript() throws Exception {
        TestContext context = TestContext.patient();
        CompletableFuture<SolveOutcome> end;
        try (SshTransport transport = SshTransport.to(sshd.address().build())) {
            end = begin(transport, context);
            Waiting.until(() -> context.lines().contains("begun"));
        }
        assertGone("close, script", this::engineGone);
        assertThat(end).failsWithin(LIMIT);
    }

    @Test
    @RequiresProgram("socat")
    void cancelAndCutsReachAResidentServer() throws Exception {
        Semaphore begun = new Semaphore(0);
        Semaphore cancelled = new Semaphore(0);
        SolverTransport endless = new SolverTransport() {
            @Override
            public String name() {
                return "endless";
            }

            @Override
            public SolveOutcome solve(SolveTask task, SolveContext context) throws InterruptedException {
                CountDownLatch given = new CountDownLatch(1);
                try (var registration = context.onCancel(given::countDown)) {
                    begun.release();
                    given.await();
                }
                cancelled.release();
                throw new SolveCancelledException(task.jobId());
            }
        };
        Path socket = folder.resolve("nova.sock");
        try (ResidentServer resident =
                ResidentServer.listen(new SolveServer(endless, ServerLimits.DEFAULT, 2), socket)) {
            SolveServers.run(resident);
            sshd.forceCommand(folder.resolve("bin/nova-attach") + " " + socket);
            try (CuttingProxy proxy = new CuttingProxy(sshd.port());
                    SshTransport transport = SshTransport.builder(
                                    proxy.address(sshd.address().build(), folder)
                                            .identity(sshd.folder().resolve("user_key"))
                                            .build())
                            .attempts(1)
                            .build()) {
                TestContext context = TestContext.patient();
                CompletableFuture<SolveOutcome> end = begin(transport, context);
                begun.acquire();

                context.cancel();

                assertGone("cancel, resident server", cancelled::tryAcquire);
                assertThat(end).failsWithin(LIMIT);

                end = begin(transport, TestContext.patient());
                begun.acquire();
                proxy.cutNow();
                assertGone("cut, resident server", cancelled::tryAcquire);
                assertThat(end).failsWithin(LIMIT);
            }
        }
    }
}
