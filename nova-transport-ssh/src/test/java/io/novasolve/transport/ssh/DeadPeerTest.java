package io.novasolve.transport.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.novasolve.core.model.SolveOptions;
import io.novasolve.core.spi.SolveTask;
import io.novasolve.testkit.RequiresProgram;
import io.novasolve.testkit.StarField;
import io.novasolve.testkit.TestContext;
import io.novasolve.transport.ssh.SshTransportException.Kind;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import net.schmizz.sshj.connection.channel.OpenFailException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Peers that are there and say nothing more. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
@Tag("once")
class DeadPeerTest {

    private static final StarField FIELD = StarField.known(7);

    /** The shortest that can be asked for. */
    private static final Duration LIMIT = Duration.ofSeconds(3);

    /** What a loaded machine may need on top. */
    private static final Duration SLACK = Duration.ofSeconds(12);

    @TempDir
    Path folder;

    private static CompletableFuture<Throwable> failureOf(SshTransport transport, TestContext context) {
        CompletableFuture<Throwable> failure = new CompletableFuture<>();
        Thread thread = new Thread(
                () -> {
                    try {
                        transport.solve(new SolveTask(1, FIELD.stars(), SolveOptions.defaults()), context);
                        failure.completeExceptionally(new AssertionError("an answer of a dead peer"));
                    } catch (Exception e) {
                        failure.complete(e);
                    }
                },
                "dead-peer-test");
        thread.start();
        return failure;
    }

    private static void assertNoticed(String who, CompletableFuture<Throwable> failure)
            throws InterruptedException, ExecutionException {
        long begin = System.nanoTime();
        Throwable e = failure.get();
        Duration took = Duration.ofNanos(System.nanoTime() - begin);
        System.out.printf("%s: noticed after %d ms, limit %d ms%n", who, took.toMillis(), LIMIT.toMillis());
        assertThat(e).isInstanceOfSatisfying(SshTransportException.class, s -> assertThat(s.kind())
                .as(s.getMessage())
                .isEqualTo(Kind.CONNECTION_LOST));
        assertThat(took).isLessThan(LIMIT.plus(SLACK));
    }

    @Test
    void aNetworkThatSwallowsEverything() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        try (MinaServer sshd = new MinaServer(folder, (in, out, err) -> {
                    begun.countDown();
                    end.await();
                    return 0;
                });
                CuttingProxy proxy = new CuttingProxy(sshd.address().build().port())) {
            SshServer server = proxy.address(sshd.address().build(), folder)
                    .name("silent")
                    .password(MinaServer.PASSWORD)
                    .deadPeerAfter(LIMIT)
                    .build();
            try (SshTransport transport =
                    SshTransport.builder(server).attempts(1).build()) {
                CompletableFuture<Throwable> failure = failureOf(transport, TestContext.patient());
                begun.await();
                proxy.fallSilent();
                assertNoticed("a silent network", failure);
            } finally {
                end.countDown();
            }
        }
    }

    /** While jobs go out: the buffer of the socket is full, and the question whether the peer lives waits behind them. */
    @Test
    void aNetworkThatTakesNoMoreWhileJobsAreSent() throws Exception {
        int jobs = 6;
        int size = 4 << 20;
        CountDownLatch opened = new CountDownLatch(jobs);
        CountDownLatch go = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        ExecutorService threads = Executors.newCachedThreadPool();
        try (MinaServer sshd = new MinaServer(folder, (in, out, err) -> {
                    end.await();
                    return 0;
                });
                CuttingProxy proxy = new CuttingProxy(sshd.address().build().port())) {
            SshServer server = proxy.address(sshd.address().build(), folder)
                    .name("full")
                    .password(MinaServer.PASSWORD)
                    .deadPeerAfter(LIMIT)
                    .build();
            Link link = Link.to(server);
            link.connect();
            try {
                List<CompletableFuture<Throwable>> failures = new ArrayList<>();
                for (int job = 1; job <= jobs; job++) {
                    RemoteRun run = new RemoteRun(
                            server,
                            new JobName("nova", job),
                            threads,
                            new WireTar(TransferLimits.DEFAULT, Set.of(), Set.of(), line -> {}),
                            TransferLimits.DEFAULT);
                    CompletableFuture<RemoteRun.Result> result = CompletableFuture.supplyAsync(
                            () -> {
                                try {
                                    return run.run(
                                            link,
                                            "job.axy",
                                            size,
                                            out -> {
                                                opened.countDown();
                                                awaitUninterruptibly(go);
                                                out.write(new byte[size]);
                                            },
                                            err -> err.read());
                                } catch (SshTransportException | OpenFailException e) {
                                    throw new CompletionException(e);
                                }
                            },
                            threads);
                    failures.add(CompletableFuture.supplyAsync(() -> failureOf(result, link), threads));
                }
                opened.await();
                proxy.stopReading();
                go.countDown();
                for (CompletableFuture<Throwable> failure : failures) {
                    assertNoticed("a network that takes no more", failure);
                }
                assertThat(link.isAlive()).isFalse();
            } finally {
                end.countDown();
                link.abandon();
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private static Throwable failureOf(CompletableFuture<RemoteRun.Result> result, Link link) {
        try {
            new JobWait(TestContext.patient(), new CompletableFuture<>()).await(result, link);
            return new AssertionError("an answer of a dead peer");
        } catch (Exception e) {
            return e;
        }
    }

    private static void awaitUninterruptibly(CountDownLatch latch) throws IOException {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    /** What a machine looks like whose kernel still answers, while its programs do not run any more. */
    @Test
    @RequiresProgram("sshd")
    void aServerThatIsStopped() throws Exception {
        Path script = OpenSshServer.executable(
                folder.resolve("wait"), "#!/bin/sh\nread -r id\necho begun >&2\nexec sleep 120\n");
        try (OpenSshServer sshd = OpenSshServer.start(folder.resolve("sshd"), script.toString())) {
            SshServer server = sshd.address().deadPeerAfter(LIMIT).build();
            try (SshTransport transport =
                    SshTransport.builder(server).attempts(1).build()) {
                TestContext context = TestContext.patient();
                CompletableFuture<Throwable> failure = failureOf(transport, context);
                Waiting.until(() -> context.lines().contains("begun"));
                List<ProcessHandle> sessions = sshd.sessions();
                signal("STOP", sessions);
                try {
                    assertNoticed("a stopped sshd", failure);
                } finally {
                    signal("CONT", sessions);
                }
            }
        }
    }

    private static void signal(String name, List<ProcessHandle> processes) throws Exception {
        assertThat(processes).isNotEmpty();
        for (ProcessHandle process : processes) {
            new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                    .inheritIO()
                    .start()
                    .waitFor();
        }
    }

    @Test
    void aServerThatIsSilentFromTheBeginning() throws Exception {
        try (ServerSocket socket = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"))) {
            SshServer server = SshServer.at("127.0.0.1")
                    .port(socket.getLocalPort())
                    .connectTimeout(Duration.ofSeconds(1))
                    .build();
            try (SshTransport transport =
                    SshTransport.builder(server).attempts(1).build()) {
                long begin = System.nanoTime();
                assertThatThrownBy(() -> transport.solve(
                                new SolveTask(1, FIELD.stars(), SolveOptions.defaults()), TestContext.patient()))
                        .isInstanceOfSatisfying(SshTransportException.class, e -> assertThat(e.kind())
                                .isEqualTo(Kind.UNREACHABLE));
                assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(LIMIT.plus(SLACK));
            }
        }
    }
}
