package io.novasolve.transport.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.novasolve.core.model.SolveOptions;
import io.novasolve.core.model.UnsolvedReason;
import io.novasolve.core.spi.SolveCancelledException;
import io.novasolve.core.spi.SolveOutcome;
import io.novasolve.core.spi.SolveTask;
import io.novasolve.core.spi.SolverTransport;
import io.novasolve.core.spi.TransportException;
import io.novasolve.testkit.RequiresProgram;
import io.novasolve.testkit.StarField;
import io.novasolve.testkit.TestContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Engines that behave in every way an engine should not. */
@RequiresProgram("sh")
@Timeout(60)
@Tag("once")
class FakeEngineTest {

    private static final Duration SHORT = Duration.ofMillis(700);

    @TempDir
    Path temporary;

    private Path folders;

    @BeforeEach
    void createIndexes() throws IOException {
        folders = temporary.resolve("jobs of a test");
        Files.createDirectories(temporary.resolve("indexes"));
        Files.createFile(temporary.resolve("indexes").resolve("index.fits"));
    }

    @AfterEach
    void leavesNothing() throws Exception {
        Leftovers.assertNone(folders);
    }

    @Test
    void anEngineThatRefuses() throws Exception {
        assertFails("echo 'cannot parse that'; exit 255", false, "255", "cannot parse that");
    }

    @Test
    void anEngineThatCrashes() throws Exception {
        assertFails("echo before; kill -SEGV $$", true, "signal 11", "before");
    }

    @Test
    void anEngineThatRunsOutOfMemory() throws Exception {
        assertFails("kill -KILL $$", true, "signal 9", "memory");
    }

    @Test
    void anEngineThatWantsMoreMemoryThanItMayHave() throws Exception {
        Path program = engine("dd if=/dev/zero of=/dev/null bs=300M count=1 || exit 7; exit 8");
        SolveTask task = new SolveTask(1, StarField.unknown(1, 20), SolveOptions.defaults());
        Map<Long, String> limits = Map.of(100L << 20, "status 7", 1L << 32, "status 8", 0L, "status 8");
        for (Map.Entry<Long, String> limit : limits.entrySet()) {
            try (SolverTransport transport =
                    builder(program).memoryLimit(limit.getKey()).build()) {
                assertThatThrownBy(() -> transport.solve(task, TestContext.patient()))
                        .as("%d bytes", limit.getKey())
                        .isInstanceOf(TransportException.class)
                        .hasMessageContaining(limit.getValue());
            }
        }
    }

    @Test
    void anEngineThatFails() throws Exception {
        assertFails("exit 3", true, "status 3");
    }

    @Test
    void anEngineThatDoesNothing() throws Exception {
        assertFails("exit 0", false, "without an error, a result or a search", "printed nothing");
    }

    @Test
    void anEngineThatWritesGarbage() throws Exception {
        assertFails("head -c 5000 /dev/urandom > wcs.fits; printf '\\001' > solved", true, "wcs.fits");
    }

    @Test
    void anEngineThatWritesHalfAResult() throws Exception {
        assertFails("printf 'SIMPLE  =                    T' > wcs.fits", true, "wcs.fits");
    }

    @Test
    void anEngineThatWritesNothingIntoItsResult() throws Exception {
        assertFails(": > wcs.fits; : > match.fits", true, "wcs.fits");
    }

    @Test
    void anEngineThatCannotBeExecuted() throws Exception {
        Path program = engine("");
        Files.writeString(program, "#!/nowhere/to/be/found\n");

        assertThatThrownBy(() -> solve(program, TestContext.patient()))
                .isInstanceOfSatisfying(TransportException.class, e -> assertThat(e.getMessage())
                        .contains(program.toString()));
    }

    @Test
    void anEngineThatIsMissing() {
        assertThatThrownBy(() -> solve(temporary.resolve("no-engine"), TestContext.patient()))
                .isInstanceOfSatisfying(TransportException.class, e -> {
                    assertThat(e.getMessage()).contains("no-engine");
                    assertThat(e.retryable()).isFalse();
                });
    }

    @Test
    void anEngineThatSearchesInVain() throws Exception {
        SolveOutcome outcome = solve(
                engine("echo 'Field 1 did not solve (index a.fits, field objects 1-10).'"), TestContext.patient());

        assertUnsolved(outcome, UnsolvedReason.NO_MATCH);
    }

    @Test
    void anEngineThatHangsAndIgnoresSignals() throws Exception {
        assertUnsolved(
                solve(engine("trap '' TERM HUP INT; sleep 600; sleep 600"), TestContext.until(SHORT)),
                UnsolvedReason.TIMEOUT);
    }

    @Test
    void anEngineThatSpins() throws Exception {
        long start = System.nanoTime();
        SolveOptions limited =
                SolveOptions.builder().cpuLimit(Duration.ofSeconds(1)).build();

        try (SolverTransport transport = transport(engine("while :; do :; done"))) {
            assertUnsolved(
                    transport.solve(new SolveTask(1, StarField.unknown(1, 20), limited), TestContext.patient()),
                    UnsolvedReason.TIMEOUT);
        }
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(30));
    }

    @Test
    void anEngineWhoseGrandchildrenHang() throws Exception {
        assertUnsolved(
                solve(engine("(sleep 600 & sleep 600) & sleep 600"), TestContext.until(SHORT)), UnsolvedReason.TIMEOUT);
    }

    @Test
    void anEngineThatLeavesOrphans() throws Exception {
        assertFails("(sleep 600 & ) ; (sleep 600 >/dev/null 2>&1 </dev/null &); exit 1", true, "status 1");
    }

    @Test
    void anEngineThatMovesToAnotherSession() throws Exception {
        assertUnsolved(solve(engine("setsid sleep 600 & sleep 600"), TestContext.until(SHORT)), UnsolvedReason.TIMEOUT);
    }

    @Test
    void anEngineThatFloodsItsLog() throws Exception {
        TestContext context = TestContext.until(Duration.ofSeconds(3));
        SolveOutcome outcome = solve(engine("exec yes 'all work and no play makes a dull engine'"), context);

        assertUnsolved(outcome, UnsolvedReason.TIMEOUT);
        assertThat(context.lines()).hasSizeBetween(5000, 5010);
    }

    @Test
    void anEngineThatFloodsOneLine() throws Exception {
        TestContext context = TestContext.until(SHORT);
        SolveOutcome outcome = solve(engine("exec cat /dev/zero"), context);

        assertUnsolved(outcome, UnsolvedReason.TIMEOUT);
        assertThat(context.lines().stream().mapToInt(String::length).sum()).isLessThan(1_000_000);
    }

    @Test
    void anEngineThatTrickles() throws Exception {
        TestContext context = TestContext.until(Duration.ofSeconds(1));
        SolveOutcome outcome = solve(engine("while :; do printf x; sleep 0.05; done"), context);

        assertUnsolved(outcome, UnsolvedReason.TIMEOUT);
    }

    @Test
    void anEngineThatWantsInput() throws Exception {
        assertFails("cat; echo done; exit 7", true, "status 7", "done");
    }

    @Test
    void anEngineThatSaysItWasLimited() throws Exception {
        SolveOutcome outcome = solve(
                engine(
                        "echo 'Field 1 did not solve (index a.fits, field objects 1-10).'; echo 'CPU time limit reached!'"),
                TestContext.patient());

        assertUnsolved(outcome, UnsolvedReason.TIMEOUT);
    }

    @Test
    void anEngineThatIsCancelledWhileItHangs() throws Exception {
        TestContext context = TestContext.patient();
        Path program = engine("echo ready; trap '' TERM; (sleep 600 &); sleep 600");
        CompletableFuture<SolveOutcome> solve = CompletableFuture.supplyAsync(() -> {
            try {
                return solve(program, context);
            } catch (TransportException | InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        while (!context.lines().contains("ready")) {
            Thread.sleep(5);
        }

        context.cancel();

        assertThatThrownBy(() -> solve.get(5, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(SolveCancelledException.class);
    }

    @Test
    void waitsForASlotAndGivesUpAtTheDeadline() throws Exception {
        try (AstrometryEngineTransport transport =
                builder(engine("echo ready; sleep 600")).maxConcurrent(1).build()) {
            TestContext first = TestContext.until(Duration.ofSeconds(3));
            SolveTask task = new SolveTask(1, StarField.unknown(1, 20), SolveOptions.defaults());
            CompletableFuture<SolveOutcome> running = CompletableFuture.supplyAsync(() -> {
                try {
                    return transport.solve(task, first);
                } catch (TransportException | InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            });
            while (!first.lines().contains("ready")) {
                Thread.sleep(5);
            }

            TestContext second = TestContext.until(Duration.ofMillis(300));
            assertUnsolved(transport.solve(task, second), UnsolvedReason.TIMEOUT);
            assertThat(second.lines()).isEmpty();
            assertUnsolved(running.get(20, TimeUnit.SECONDS), UnsolvedReason.TIMEOUT);
        }
    }

    private void assertFails(String script, boolean retryable, String... words) throws Exception {
        Path program = engine(script);

        assertThatThrownBy(() -> solve(program, TestContext.patient()))
                .isInstanceOfSatisfying(TransportException.class, e -> {
                    assertThat(e.getMessage()).contains(words);
                    assertThat(e.retryable()).as(e.getMessage()).isEqualTo(retryable);
                });
    }

    private static void assertUnsolved(SolveOutcome outcome, UnsolvedReason reason) {
        assertThat(outcome)
                .isInstanceOfSatisfying(SolveOutcome.Unsolved.class, unsolved -> assertThat(unsolved.reason())
                        .isEqualTo(reason));
    }

    private SolveOutcome solve(Path program, TestContext context) throws TransportException, InterruptedException {
        try (SolverTransport transport = transport(program)) {
            return transport.solve(new SolveTask(1, StarField.unknown(1, 20), SolveOptions.defaults()), context);
        }
    }

    private SolverTransport transport(Path program) {
        return builder(program).build();
    }

    private AstrometryEngineTransport.Builder builder(Path program) {
        return AstrometryEngineTransport.builder()
                .program(program)
                .indexFolder(temporary.resolve("indexes"))
                .jobFolders(folders);
    }

    private Path engine(String script) throws IOException {
        Path program = temporary.resolve("a fake engine");
        Files.writeString(program, "#!/bin/sh\n" + script + "\n");
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
        return program;
    }
}
