package io.novasolve.transport.ssh.server;

import io.novasolve.core.spi.SolveContext;
import io.novasolve.core.spi.SolveProgress;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/** What surrounds one job on the server: its deadline, the client that may go away, and the log that it hears. */
final class Session implements SolveContext {

    private static final long PROGRESS_NANOS = 200_000_000;

    private final OutputStream log;
    private final LongSupplier ticker;
    private final long deadline;
    private final Set<Runnable> actions = ConcurrentHashMap.newKeySet();
    private volatile boolean gone;
    private long nextProgress;

    Session(OutputStream log, Duration limit, LongSupplier ticker) {
        this.log = log;
        this.ticker = ticker;
        this.deadline = ticker.getAsLong() + limit.toNanos();
        this.nextProgress = ticker.getAsLong();
    }

    @Override
    public Duration remaining() {
        return Duration.ofNanos(deadline - ticker.getAsLong());
    }

    @Override
    public boolean isCancelled() {
        return gone;
    }

    @Override
    public Registration onCancel(Runnable action) {
        actions.add(action);
        if (gone) {
            action.run();
        }
        return () -> actions.remove(action);
    }

    @Override
    public void log(String line) {
        write(line.replaceAll("\\p{Cntrl}", " "));
    }

    @Override
    public synchronized void progress(SolveProgress progress) {
        long now = ticker.getAsLong();
        if (now - nextProgress >= 0) {
            nextProgress = now + PROGRESS_NANOS;
            say(ServerWords.progressLine(progress));
        }
    }

    /** A line that begins with {@link ServerWords#PREFIX}; who cannot be told any more is gone. */
    void say(String words) {
        write(ServerWords.PREFIX + words);
    }

    private void write(String line) {
        try {
            synchronized (log) {
                log.write((line + "\n").getBytes(StandardCharsets.UTF_8));
                log.flush();
            }
        } catch (IOException e) {
            leave();
        }
    }

    /** The client is gone: nobody wants the answer. */
    void leave() {
        if (!gone) {
            gone = true;
            actions.forEach(Runnable::run);
        }
    }
}
