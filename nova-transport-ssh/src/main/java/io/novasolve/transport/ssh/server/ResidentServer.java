package io.novasolve.transport.ssh.server;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A solve server that stays, so that a job does not pay for the start of a JVM and for opening the indexes. Forced commands
 * attach to its Unix domain socket, which only the account that runs it may open: one connection whose first line is
 * {@code log TOKEN} gets the job's log, then one whose first line is {@code job TOKEN} carries the job and its results.
 */
public final class ResidentServer implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ResidentServer.class);
    private static final Pattern GREETING = Pattern.compile("(log|job) ([A-Za-z0-9-]{1,64})");
    private static final int LONGEST_GREETING = 70;
    private static final int MAX_CONNECTIONS = 256;
    private static final Duration LOG_WAIT = Duration.ofSeconds(10);
    private static final Duration LONGEST_END = Duration.ofSeconds(10);
    private static final Duration REFUSED_WAIT = Duration.ofMillis(100);

    private final SolveServer server;
    private final Path socket;
    private final ServerSocketChannel listener;
    private final Semaphore connections = new Semaphore(MAX_CONNECTIONS);
    private final Map<String, SocketChannel> logs = new ConcurrentHashMap<>();
    private final Map<SocketChannel, Thread> open = new ConcurrentHashMap<>();
    private final ScheduledThreadPoolExecutor clock = new ScheduledThreadPoolExecutor(1, task -> {
        Thread thread = new Thread(task, "nova-solve-server-clock");
        thread.setDaemon(true);
        return thread;
    });
    private final Duration logWait;
    private volatile boolean closed;

    private ResidentServer(SolveServer server, Path socket, ServerSocketChannel listener, Duration logWait) {
        clock.setRemoveOnCancelPolicy(true);
        this.logWait = logWait;
        this.server = server;
        this.socket = socket;
        this.listener = listener;
    }

    /**
     * Listens. A socket that a dead server left is replaced.
     *
     * @throws IOException if another server listens there, something else is there, or the folder cannot be written to
     */
    public static ResidentServer listen(SolveServer server, Path socket) throws IOException {
        return listen(server, socket, LOG_WAIT);
    }

    /** @param logWait a job and its log wait for each other so long */
    static ResidentServer listen(SolveServer server, Path socket, Duration logWait) throws IOException {
        UnixDomainSocketAddress address = UnixDomainSocketAddress.of(socket);
        if (Files.exists(socket)) {
            if (!Files.readAttributes(socket, BasicFileAttributes.class).isOther()) {
                throw new IOException(socket + " is no socket but a file or folder; name a place where nothing is");
            }
            try (SocketChannel other = SocketChannel.open(address)) {
                throw new IOException("another solve server listens on " + socket + "; stop it first");
            } catch (java.net.ConnectException e) {
                Files.delete(socket);
            }
        }
        ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            listener.bind(address);
            Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rw-------"));
            return new ResidentServer(server, socket, listener, logWait);
        } catch (IOException e) {
            listener.close();
            throw new IOException(
                    "no solve server can listen on " + socket + " (" + e.getMessage()
                            + "); its folder must be there and writable",
                    e);
        }
    }

    /** Accepts until it is closed; each connection has a daemon thread, and all share one for their clocks. */
    public void run() throws IOException {
        while (!closed) {
            SocketChannel channel;
            try {
                channel = listener.accept();
            } catch (ClosedChannelException e) {
                return;
            } catch (IOException e) {
                // Such as too many open files: the jobs that run will end and free theirs.
                LOG.error("a connection could not be accepted", e);
                if (!pause()) {
                    return;
                }
                continue;
            }
            if (!connections.tryAcquire()) {
                LOG.warn("a connection was refused: there are {} already", MAX_CONNECTIONS);
                close(channel);
                continue;
            }
            Thread thread = new Thread(() -> attend(channel), "nova-solve-server");
            thread.setDaemon(true);
            open.put(channel, thread);
            thread.start();
        }
    }

    private static boolean pause() {
        try {
            Thread.sleep(REFUSED_WAIT.toMillis());
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private void attend(SocketChannel channel) {
        boolean kept = false;
        try {
            InputStream in = Channels.newInputStream(channel);
            Matcher greeting = GREETING.matcher(line(in));
            if (!greeting.matches()) {
                LOG.warn("a connection with a strange first line was closed");
            } else if (greeting.group(1).equals("log")) {
                kept = keep(greeting.group(2), channel);
            } else {
                job(greeting.group(2), channel, in);
            }
        } catch (IOException e) {
            LOG.info("a connection ended early: {}", e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RejectedExecutionException e) {
            LOG.info("a connection came while the server was closed");
        } finally {
            connections.release();
            open.remove(channel);
            if (!kept) {
                close(channel);
            }
        }
    }

    /** Until its job comes, but not for ever: the attached command may have died in between. */
    private boolean keep(String token, SocketChannel log) {
        if (logs.putIfAbsent(token, log) != null) {
            return false;
        }
        synchronized (logs) {
            logs.notifyAll();
        }
        after(logWait, () -> {
            if (logs.remove(token, log)) {
                LOG.warn("a log came without its job, and was closed");
                close(log);
            }
        });
        return true;
    }

    private Future<?> after(Duration wait, Runnable action) {
        return clock.schedule(action, wait.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void job(String token, SocketChannel channel, InputStream in) throws IOException, InterruptedException {
        SocketChannel log = log(token);
        if (log == null) {
            LOG.warn("a job came without its log, and was closed");
            return;
        }
        Future<?> end = null;
        try {
            // A client that stays and reads nothing holds up every writer, and with them all other clocks of its job.
            end = after(server.patience(), () -> {
                LOG.warn("a client neither took its answer nor left; its job was ended");
                close(log);
                close(channel);
            });
            // Closing the job's connection when the log's breaks ends a read that waits for a client that is gone.
            OutputStream lines = new FilterOutputStream(Channels.newOutputStream(log)) {
                @Override
                public void write(byte[] bytes, int from, int length) throws IOException {
                    try {
                        out.write(bytes, from, length);
                    } catch (IOException e) {
                        channel.close();
                        throw e;
                    }
                }
            };
            int status = server.serve(in, Channels.newOutputStream(channel), lines);
            // The attached script knows the status from what it reads last.
            if (status == SolveServer.OK) {
                LOG.debug("a job was answered");
            }
        } finally {
            if (end != null) {
                end.cancel(false);
            }
            close(log);
        }
    }

    private SocketChannel log(String token) throws InterruptedException {
        long deadline = System.nanoTime() + logWait.toNanos();
        synchronized (logs) {
            SocketChannel log = logs.remove(token);
            while (log == null && deadline - System.nanoTime() > 0) {
                logs.wait(100);
                log = logs.remove(token);
            }
            return log;
        }
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c != '\n' && c >= 0 && line.length() < LONGEST_GREETING; c = in.read()) {
            line.append((char) c);
        }
        return line.toString();
    }

    private static void close(SocketChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            LOG.debug("closing a connection: {}", e.toString());
        }
    }

    /**
     * Stops listening and cuts all connections; the searches end as if their clients had gone. Waits for them, 10 s at most:
     * a JVM that ended meanwhile would leave their folders behind.
     */
    @Override
    public void close() throws IOException {
        closed = true;
        clock.shutdownNow();
        listener.close();
        Files.deleteIfExists(socket);
        Map<SocketChannel, Thread> cut = Map.copyOf(open);
        cut.forEach((channel, thread) -> {
            close(channel);
            thread.interrupt();
        });
        logs.values().forEach(ResidentServer::close);
        long deadline = System.nanoTime() + LONGEST_END.toNanos();
        try {
            for (Thread thread : cut.values()) {
                TimeUnit.NANOSECONDS.timedJoin(thread, deadline - System.nanoTime());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
