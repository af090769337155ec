package io.novasolve.transport.ssh;

import static org.assertj.core.api.Assertions.assertThat;

import io.novasolve.core.model.SolveOptions;
import io.novasolve.core.spi.SolveCancelledException;
import io.novasolve.core.spi.SolveContext;
import io.novasolve.core.spi.SolveOutcome;
import io.novasolve.core.spi.SolveTask;
import io.novasolve.core.spi.SolverTransport;
import io.novasolve.core.spi.TransportException;
import io.novasolve.sky.stars.StarList;
import io.novasolve.testkit.RequiresIndexes;
import io.novasolve.testkit.RequiresProgram;
import io.novasolve.testkit.StarField;
import io.novasolve.testkit.TestContext;
import io.novasolve.transport.local.EmbeddedTransport;
import io.novasolve.transport.ssh.server.ResidentServer;
import io.novasolve.transport.ssh.server.ServerLimits;
import io.novasolve.transport.ssh.server.SolveServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What an engine tells of its search is the job's progress while it searches: here no search ends before that was seen. */
@RequiresProgram("sshd")
@Timeout(value = 2, unit = TimeUnit.MINUTES)
@Tag("once")
class LiveProgressTest {

    @TempDir
    Path folder;

    private OpenSshServer sshd;

    @BeforeEach
    void boot() throws Exception {
        Path home = SolveServers.scriptsIn(folder.resolve("bin"));
        sshd = OpenSshServer.start(
                folder.resolve("sshd"), home.resolve("nova-solve").toString());
    }

    @AfterEach
    void halt() {
        sshd.close();
    }

    private static CompletableFuture<SolveOutcome> begin(SshTransport transport, StarList stars, SolveContext context) {
        CompletableFuture<SolveOutcome> end = new CompletableFuture<>();
        Thread thread = new Thread(
                () -> {
                    try {
                        end.complete(transport.solve(new SolveTask(51, stars, SolveOptions.defaults()), context));
                    } catch (Exception e) {
                        end.completeExceptionally(e);
                    }
                },
                "live-progress-test");
        thread.start();
        return end;
    }

    private static void waitFor(CompletableFuture<SolveOutcome> end, TestContext context, double logOdds, long quads)
            throws InterruptedException, ExecutionException {
        Waiting.until(() -> end.isDone()
                || context.news().stream().anyMatch(p -> p.bestLogOdds() > logOdds && p.quadsTried() > quads));
        assertThat(end).as("the job, after %s", context.news()).isNotDone();
    }

    @Test
    @RequiresProgram("astrometry-engine")
    @RequiresIndexes
    void ofTheNativeEngineThroughTheScript() throws Exception {
        Path go = folder.resolve("go");
        Path engine = OpenSshServer.executable(
                folder.resolve("engine"),
                """
                #!/bin/sh
                astrometry-engine "$@" || exit
                while [ ! -e '%s' ]; do sleep 0.02; done
                """
                        .formatted(go));
        Files.writeString(
                folder.resolve("bin/nova-solve.conf"),
                "jobs='" + folder.resolve("jobs") + "'\nengine='" + engine + "'\n");
        try (SshTransport transport = SshTransport.to(sshd.address().build())) {
            TestContext context = TestContext.patient();
            CompletableFuture<SolveOutcome> end =
                    begin(transport, StarField.known(21).stars(), context);
            waitFor(end, context, 10, -1);
            Files.createFile(go);
            assertThat(end.get()).isInstanceOf(SolveOutcome.Solved.class);
        }
    }

    @Test
    @RequiresProgram("socat")
    void ofTheEngineInAResidentServer() throws Exception {
        Path socket = folder.resolve("nova.sock");
        try (EmbeddedTransport engine = EmbeddedTransport.bundled();
                ResidentServer resident = ResidentServer.listen(
                        new SolveServer(untilCancelled(engine), ServerLimits.DEFAULT, 2), socket)) {
            SolveServers.run(resident);
            sshd.forceCommand(folder.resolve("bin/nova-attach") + " " + socket);
            try (SshTransport transport = SshTransport.to(sshd.address().build())) {
                TestContext context = TestContext.patient();
                CompletableFuture<SolveOutcome> end = begin(transport, StarField.unknown(1, 400), context);
                waitFor(end, context, Double.NEGATIVE_INFINITY, 0);
                context.cancel();
                assertThat(end)
                        .failsWithin(60, TimeUnit.SECONDS)
                        .withThrowableThat()
                        .havingCause()
                        .isInstanceOf(SolveCancelledException.class);
            }
        }
    }

    /** The same solver, which ends no search unless it is cancelled. */
    private static SolverTransport untilCancelled(SolverTransport solver) {
        return new SolverTransport() {
            @Override
            public String name() {
                return solver.name();
            }

            @Override
            public SolveOutcome solve(SolveTask task, SolveContext context)
                    throws TransportException, InterruptedException {
                SolveOutcome outcome = solver.solve(task, context);
                CountDownLatch cancelled = new CountDownLatch(1);
                try (var registration = context.onCancel(cancelled::countDown)) {
                    cancelled.await();
                }
                return outcome;
            }
        };
    }
}
