package io.novasolve.transport.ssh;

import static org.assertj.core.api.Assertions.assertThat;

import io.novasolve.core.model.SolveOptions;
import io.novasolve.core.model.UnsolvedReason;
import io.novasolve.core.spi.SolveContext;
import io.novasolve.core.spi.SolveOutcome;
import io.novasolve.core.spi.SolveTask;
import io.novasolve.core.spi.SolverTransport;
import io.novasolve.testkit.StarField;
import io.novasolve.testkit.TestContext;
import io.novasolve.transport.ssh.server.ServerLimits;
import io.novasolve.transport.ssh.server.SolveServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Connections that are cut after any number of bytes in either direction. A few here; the soak run makes 200:
 * {@code ./mvnw -pl nova-transport-ssh -am test -Dtest=CutConnectionsTest -Dsurefire.failIfNoSpecifiedTests=false
 * -DargLine=-Dnova.test.cuts=200}.
 */
class CutConnectionsTest {

    /** From the first byte of the handshake to the end of the answer there are about so many each way. */
    private static final int LONGEST = 9000;

    private final long seed = Long.getLong("nova.test.seed", 20260101);
    private final int cuts = Integer.getInteger("nova.test.cuts", 15);

    @TempDir
    Path folder;

    /** Forwards to a port; the next connection is cut after so many bytes. */
    private static final class Proxy implements AutoCloseable {
        private final ServerSocket listener = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
        private final int target;
        private final AtomicInteger budget = new AtomicInteger(Integer.MAX_VALUE);
        private final AtomicInteger cut = new AtomicInteger();

        private Proxy(int target) throws IOException {
            this.target = target;
            daemon(this::accept);
        }

        private static void daemon(Runnable task) {
            Thread thread = new Thread(task, "test-proxy");
            thread.setDaemon(true);
            thread.start();
        }

        private void accept() {
            while (!listener.isClosed()) {
                try {
                    Socket client = listener.accept();
                    Socket server = new Socket("127.0.0.1", target);
                    AtomicInteger left = new AtomicInteger(budget.getAndSet(Integer.MAX_VALUE));
                    daemon(() -> pump(client, server, left));
                    daemon(() -> pump(server, client, left));
                } catch (IOException e) {
                    return;
                }
            }
        }

        private void pump(Socket from, Socket to, AtomicInteger left) {
            byte[] buffer = new byte[256];
            try (from;
                    to) {
                InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream();
                for (int got = in.read(buffer); got >= 0; got = in.read(buffer)) {
                    if (left.addAndGet(-got) < 0) {
                        cut.incrementAndGet();
                        from.setSoLinger(true, 0);
                        to.setSoLinger(true, 0);
                        return;
                    }
                    out.write(buffer, 0, got);
                }
            } catch (IOException e) {
                // The other direction was cut.
                return;
            }
        }

        @Override
        public void close() throws IOException {
            listener.close();
        }
    }

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
        try (MinaServer sshd = new MinaServer(folder, server::serve)) {
            int port = sshd.address().build().port();
            try (Proxy proxy = new Proxy(port)) {
                Path hosts = folder.resolve("hosts");
                Files.writeString(
                        hosts,
                        Files.readString(sshd.address().build().knownHosts().get(0))
                                .replace(":" + port, ":" + proxy.listener.getLocalPort()));
                SshServer address = SshServer.at("127.0.0.1")
                        .name("mina")
                        .port(proxy.listener.getLocalPort())
                        .password(MinaServer.PASSWORD)
                        .knownHosts(hosts)
                        .build();
                for (int i = 1; i <= cuts; i++) {
                    proxy.budget.set(1 + random.nextInt(LONGEST));
                    try (SshTransport transport = SshTransport.builder(address)
                            .attempts(5)
                            .firstPause(Duration.ofMillis(10))
                            .build()) {
                        SolveOutcome outcome = transport.solve(
                                new SolveTask(i, field.stars(), SolveOptions.defaults()), TestContext.patient());
                        assertThat(((SolveOutcome.Unsolved) outcome).detail()).isEqualTo("answer to " + i);
                    }
                }
                System.out.println("cut " + proxy.cut.get() + " of " + cuts + " connections");
                assertThat(proxy.cut.get()).isGreaterThan(cuts / 3);
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

    /** Those of our transport and of the ssh library's clients. */
    private static List<String> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("nova-ssh") || name.contains("sshj") || name.contains("keep-alive"))
                .toList();
    }
}
