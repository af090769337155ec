package io.novasolve.transport.ssh;

import io.novasolve.core.axy.EngineLog;
import io.novasolve.core.model.UnsolvedReason;
import io.novasolve.core.spi.SolveContext;
import io.novasolve.transport.ssh.server.ServerWords;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a solve server prints while it works: passed on line by line, and read for what it says of the outcome. */
final class ServerLog {

    private static final int BUFFER = 1 << 13;

    /** Why there is no solution, in the server's own words. */
    record Verdict(UnsolvedReason reason, String detail) {}

    /** That there is no answer, in the server's own words. */
    record Failure(boolean retryable, String sentence) {}

    private final SolveContext context;
    private final EngineLog engine;
    private final long maxBytes;
    private long count;
    private @Nullable Verdict verdict;
    private @Nullable Failure failure;
    private @Nullable String otherJob;
    private final JobName job;

    ServerLog(SolveContext context, JobName job, long maxBytes) {
        this.context = context;
        this.engine = new EngineLog(context);
        this.job = job;
        this.maxBytes = maxBytes;
    }

    /** Reads along until the stream ends. */
    void follow(InputStream stderr) throws IOException {
        byte[] buffer = new byte[BUFFER];
        for (int got = stderr.read(buffer); got >= 0; got = stderr.read(buffer)) {
            count += got;
            if (count > maxBytes) {
                throw new GuardedStream.TooMuchException("the server's log has more than " + maxBytes + " bytes");
            }
            synchronized (this) {
                engine.accept(buffer, got).forEach(this::line);
            }
        }
    }

    private void line(String text) {
        if (!text.startsWith(ServerWords.PREFIX)) {
            if (!text.isEmpty()) {
                engine.add(text);
            }
            return;
        }
        String words = text.substring(ServerWords.PREFIX.length());
        ServerWords.progress(words).ifPresentOrElse(context::progress, () -> tell(text, words));
    }

    private void tell(String text, String words) {
        if (words.equals(ServerWords.ALIVE)) {
            return;
        }
        ServerWords.unsolved(words).ifPresent(v -> verdict = new Verdict(v.reason(), v.detail()));
        ServerWords.failed(words).ifPresent(f -> failure = new Failure(f.retryable(), f.sentence()));
        ServerWords.job(words).filter(name -> !name.equals(job.toString())).ifPresent(name -> otherJob = name);
        engine.add(text);
    }

    synchronized Optional<Verdict> verdict() {
        return Optional.ofNullable(verdict);
    }

    synchronized Optional<Failure> failure() {
        return Optional.ofNullable(failure);
    }

    /** The name of another job, if the server says that it solved that. */
    synchronized Optional<String> otherJob() {
        return Optional.ofNullable(otherJob);
    }

    synchronized EngineLog engine() {
        return engine;
    }
}
