package io.novasolve.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Passes bytes on to a server, until a connection is told to swallow them. */
final class Wire implements AutoCloseable {

    private static final class Line {
        final Socket client;
        final Socket server;
        volatile boolean silent;

        Line(Socket client, Socket server) {
            this.client = client;
            this.server = server;
        }
    }

    private final ServerSocket door;
    private final int port;
    private final List<Line> lines = new CopyOnWriteArrayList<>();
    private final ExecutorService threads = Executors.newCachedThreadPool();

    Wire(int port) throws IOException {
        this.port = port;
        this.door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        threads.execute(this::accept);
    }

    int port() {
        return door.getLocalPort();
    }

    /** How many there have been. */
    int connections() {
        return lines.size();
    }

    private void accept() {
        while (!door.isClosed()) {
            try {
                Line line = new Line(door.accept(), new Socket(InetAddress.getLoopbackAddress(), port));
                lines.add(line);
                threads.execute(() -> pass(line, line.client, line.server));
                threads.execute(() -> pass(line, line.server, line.client));
            } catch (IOException e) {
                if (!door.isClosed()) {
                    throw new UncheckedIOException(e);
                }
            }
        }
    }

    private static void pass(Line line, Socket from, Socket to) {
        byte[] buffer = new byte[8192];
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                if (!line.silent) {
                    out.write(buffer, 0, n);
                }
            }
            if (!line.silent) {
                to.close();
            }
        } catch (IOException e) {
            // One side is gone, and the other is told, if it hears anything at all.
            if (!line.silent) {
                closeQuietly(to);
            }
        }
    }

    private static void closeQuietly(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            assertThat(socket.isClosed()).isTrue();
        }
    }

    /** How many connections fell silent now. */
    int silence() {
        int count = 0;
        for (Line line : lines) {
            if (!line.silent && !line.client.isClosed()) {
                line.silent = true;
                count++;
            }
        }
        return count;
    }

    @Override
    public void close() throws IOException {
        door.close();
        for (Line line : lines) {
            closeQuietly(line.client);
            closeQuietly(line.server);
        }
        threads.shutdownNow();
    }
}
