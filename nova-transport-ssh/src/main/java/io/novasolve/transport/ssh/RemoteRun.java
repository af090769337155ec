package io.novasolve.transport.ssh;

import io.novasolve.transport.ssh.SshTransportException.Kind;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import net.schmizz.sshj.connection.channel.OpenFailException;
import net.schmizz.sshj.connection.channel.direct.SessionChannel;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One job on one session: id line and tar out, tar and log in. */
final class RemoteRun {

    private static final Logger LOG = LoggerFactory.getLogger(RemoteRun.class);
    private static final int BUFFER = 1 << 15;
    private static final int GRACE_S = 10;

    /** A file to be sent, which is written when its time comes. */
    interface Body {
        void writeTo(OutputStream out) throws IOException;
    }

    /** Something to be told of every line that comes on the server's standard error. */
    interface LogReader {
        void follow(InputStream stderr) throws IOException;
    }

    /** @param status of the server's program; null if it did not tell */
    record Result(Map<String, byte[]> files, long bytes, @Nullable Integer status) {}

    private final SshServer server;
    private final JobName job;
    private final Executor executor;
    private final WireTar tar;
    private final TransferLimits limits;
    private @Nullable SessionChannel session;
    private @Nullable Link link;
    private @Nullable Thread sender;
    private boolean stopped;

    RemoteRun(SshServer server, JobName job, Executor executor, WireTar tar, TransferLimits limits) {
        this.server = server;
        this.job = job;
        this.executor = executor;
        this.tar = tar;
        this.limits = limits;
    }

    /**
     * Runs the job to its end; blocks.
     *
     * @throws OpenFailException if the server opens no further session on this connection
     */
    Result run(Link over, String fileName, long size, Body body, LogReader log)
            throws SshTransportException, OpenFailException {
        SessionChannel open = open(over);
        CompletableFuture<Void> logRead = new CompletableFuture<>();
        try {
            executor.execute(() -> follow(open, log, logRead));
            boolean sent = send(open, fileName, size, body);
            GuardedStream in = new GuardedStream(open.getInputStream(), limits.totalBytes());
            Map<String, byte[]> files = tar.read(in, true);
            logRead.join();
            open.join(GRACE_S, TimeUnit.SECONDS);
            if (!sent && in.count() > 0 && files.isEmpty()) {
                throw new SshTransportException(
                        Kind.CONNECTION_LOST, server + " stopped reading before all of " + job + " was sent", null);
            }
            return new Result(files, in.count(), open.getExitStatus());
        } catch (GuardedStream.TooMuchException e) {
            throw tooMuch(e);
        } catch (WireTar.RefusedException e) {
            throw refused(open, e);
        } catch (CompletionException e) {
            if (e.getCause() instanceof GuardedStream.TooMuchException t) {
                throw tooMuch(t);
            }
            throw lost(e);
        } catch (IOException e) {
            throw logRead.isCompletedExceptionally() ? ofLog(logRead, e) : lost(e);
        } finally {
            close(open);
        }
    }

    private SshTransportException ofLog(CompletableFuture<Void> logRead, IOException e) {
        try {
            logRead.join();
        } catch (CompletionException ofLog) {
            if (ofLog.getCause() instanceof GuardedStream.TooMuchException t) {
                return tooMuch(t);
            }
        }
        return lost(e);
    }

    private SshTransportException tooMuch(GuardedStream.TooMuchException e) {
        return new SshTransportException(
                Kind.LIMIT_EXCEEDED,
                server + " sent too much for " + job + ": " + e.getMessage() + "; raise the limit if it should",
                e);
    }

    /** A cut shows as a tar without its end when the server's program died, not the connection. */
    private SshTransportException refused(SessionChannel open, WireTar.RefusedException e) {
        return new SshTransportException(
                Kind.RUBBISH,
                "what " + server + " sent for " + job + " is no result: " + e.getMessage()
                        + (open.getExitStatus() == null ? "" : " (status " + open.getExitStatus() + ")")
                        + "; look at the job's log and at the solve script there",
                e);
    }

    private SshTransportException lost(Exception e) {
        return new SshTransportException(
                Kind.CONNECTION_LOST,
                "the connection to " + server + " was lost during " + job + " (" + e.getMessage() + ")",
                e);
    }

    private SessionChannel open(Link over) throws SshTransportException, OpenFailException {
        SessionChannel opened;
        try {
            opened = over.openSession();
        } catch (OpenFailException e) {
            throw e;
        } catch (IOException e) {
            throw lost(e);
        }
        synchronized (this) {
            session = opened;
            link = over;
            if (!stopped) {
                return opened;
            }
        }
        close(opened);
        throw new SshTransportException(Kind.CONNECTION_LOST, job + " was given up", null);
    }

    /** False if the server closed its end before it had all: it may have said why. */
    private boolean send(SessionChannel open, String fileName, long size, Body body) throws IOException {
        enter();
        try {
            OutputStream out = new BufferedOutputStream(open.getOutputStream(), BUFFER);
            out.write((job + "\n").getBytes(StandardCharsets.US_ASCII));
            TarArchiveOutputStream archive = new TarArchiveOutputStream(out, StandardCharsets.US_ASCII.name());
            WireTar.put(archive, fileName, size);
            body.writeTo(archive);
            archive.closeArchiveEntry();
            archive.finish();
            // The end of the input. What could not be sent whole gets none: the session is closed instead.
            out.close();
            return true;
        } catch (IOException e) {
            if (open.isOpen() || open.getExitStatus() == null) {
                throw e;
            }
            LOG.debug("{} ended before it had read {}", server, job);
            return false;
        } finally {
            leave();
        }
    }

    private synchronized void enter() {
        sender = Thread.currentThread();
    }

    private synchronized void leave() {
        sender = null;
        if (stopped) {
            // That was for the sending alone.
            Thread.interrupted();
        }
    }

    private static void follow(SessionChannel open, LogReader log, CompletableFuture<Void> done) {
        try {
            log.follow(open.getErrorStream());
            done.complete(null);
        } catch (IOException | RuntimeException e) {
            done.completeExceptionally(e);
            // Who reads the results must not wait for a server that talks for ever.
            close(open);
        }
    }

    /** Gives the job up: the server sees its streams close. Does not block; may be called by any thread, at any time. */
    void stop() {
        SessionChannel open;
        synchronized (this) {
            stopped = true;
            open = session;
            if (sender != null && link != null && !link.isAlive()) {
                // It may wait for leave to send more, which the library would let it do for the time of a connection.
                sender.interrupt();
            }
        }
        if (open != null) {
            executor.execute(() -> close(open));
        }
    }

    private static void close(SessionChannel open) {
        try {
            open.close();
        } catch (IOException e) {
            LOG.debug("closing a session: {}", e.toString());
        }
    }
}
