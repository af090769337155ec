package io.novasolve.transport.ssh;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntSupplier;
import java.util.function.Supplier;

/** Forwards to a port of this machine, and cuts connections or lets them fall silent as a network does. */
final class CuttingProxy implements AutoCloseable {

    private final ServerSocket listener = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
    private final int target;
    private volatile Supplier<Budget> budgets = () -> Budget.of(Integer.MAX_VALUE);
    private final Queue<Socket> sockets = new ConcurrentLinkedQueue<>();
    private final AtomicInteger cut = new AtomicInteger();
    private final AtomicLong sent = new AtomicLong();
    private final AtomicLong received = new AtomicLong();
    private final CountDownLatch end = new CountDownLatch(1);
    private volatile boolean silent;
    private volatile boolean deaf;

    /** Bytes that a connection may carry to the server and back, which may be one count. */
    private record Budget(AtomicInteger there, AtomicInteger back) {
        private static Budget of(int both) {
            AtomicInteger left = new AtomicInteger(both);
            return new Budget(left, left);
        }
    }

    CuttingProxy(int target) throws IOException {
        this.target = target;
        daemon(this::accept);
    }

    /** Cuts each connection from now on after so many bytes. */
    void cutEachAfter(IntSupplier bytes) {
        budgets = () -> Budget.of(bytes.getAsInt());
    }

    /** Cuts the next connection, and no other, after so many bytes to the server, or so many back. */
    void cutNextAfter(int there, int back) {
        budgets = () -> {
            budgets = () -> Budget.of(Integer.MAX_VALUE);
            return new Budget(new AtomicInteger(there), new AtomicInteger(back));
        };
    }

    /** How many bytes went to servers so far. */
    long sent() {
        return sent.get();
    }

    /** How many bytes came back so far. */
    long received() {
        return received.get();
    }

    int cuts() {
        return cut.get();
    }

    /** From now on swallows all bytes of all connections, which stay open. */
    void fallSilent() {
        silent = true;
    }

    /** From now on reads nothing from any connection: what is sent to it fills the sender's buffer. */
    void stopReading() {
        deaf = true;
    }

    /** Cuts all connections there are. */
    void cutNow() throws IOException {
        for (Socket socket = sockets.poll(); socket != null; socket = sockets.poll()) {
            if (!socket.isClosed()) {
                socket.close();
            }
        }
    }

    /** The same server as it looks through this proxy. */
    SshServer.Builder address(SshServer server, Path folder) throws IOException {
        Path hosts = folder.resolve("hosts-" + listener.getLocalPort());
        Files.writeString(
                hosts,
                Files.readString(server.knownHosts().get(0))
                        .replace(":" + server.port(), ":" + listener.getLocalPort()));
        return SshServer.at("127.0.0.1").port(listener.getLocalPort()).knownHosts(hosts);
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
                sockets.add(client);
                sockets.add(server);
                Budget budget = budgets.get();
                daemon(() -> pump(client, server, budget.there(), sent));
                daemon(() -> pump(server, client, budget.back(), received));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void pump(Socket from, Socket to, AtomicInteger left, AtomicLong count) {
        byte[] buffer = new byte[256];
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int got = in.read(buffer); got >= 0; got = in.read(buffer)) {
                if (deaf) {
                    end.await();
                    return;
                }
                if (silent) {
                    continue;
                }
                int before = left.getAndAdd(-got);
                if (before < got) {
                    // The other direction may come to the same.
                    if (before >= 0) {
                        cut.incrementAndGet();
                    }
                    from.setSoLinger(true, 0);
                    to.setSoLinger(true, 0);
                    return;
                }
                out.write(buffer, 0, got);
                count.addAndGet(got);
            }
        } catch (IOException | InterruptedException e) {
            // The other direction was cut.
            return;
        }
    }

    @Override
    public void close() throws IOException {
        end.countDown();
        listener.close();
    }
}
