package io.novasolve.transport.ssh.server;

import io.novasolve.core.axy.JobFile;
import io.novasolve.core.model.SolveOptions;
import io.novasolve.core.spi.SolveCancelledException;
import io.novasolve.core.spi.SolveOutcome;
import io.novasolve.core.spi.SolveTask;
import io.novasolve.core.spi.SolverTransport;
import io.novasolve.core.spi.TransportException;
import io.novasolve.sky.UnreadableInputException;
import io.novasolve.sky.solution.SolutionFiles;
import io.novasolve.transport.ssh.GuardedStream;
import io.novasolve.transport.ssh.JobName;
import io.novasolve.transport.ssh.TransferLimits;
import io.novasolve.transport.ssh.WireTar;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers jobs of the original's wire protocol with a solver transport: a line with the job's id and a tar of
 * {@code job.axy} come in, a tar of the results goes out, and a log beside it. Nothing that comes over the wire becomes a
 * path or a command: the job file is read into memory, checked, and written anew for an engine that needs a file.
 *
 * <p>While a job runs, the log carries a line twice a second. That cannot be written any more when the client is gone, and
 * then the search is cancelled.
 *
 * <p>Thread-safe. Each job has two daemon threads beside that of its caller: one reads the input, one writes the line.
 */
public final class SolveServer {

    /** The job was answered, solved or not. */
    public static final int OK = 0;
    /** The input was no job, or the solver failed. */
    public static final int FAILED = 1;

    private static final Logger LOG = LoggerFactory.getLogger(SolveServer.class);
    /** An attached command may be the first to notice; the line after that one tells this server. */
    private static final long ALIVE_MS = 500;
    /** For results, after the time of the search. */
    private static final Duration LEAST_REST = Duration.ofSeconds(2);

    private static final List<String> RESULTS =
            List.of(SolutionFiles.CORR, SolutionFiles.MATCH, SolutionFiles.RDLS, SolutionFiles.WCS);

    private static final int CARD = 80;
    private static final Pattern FOREIGN_PATH =
            Pattern.compile("^(AN[A-Z0-9_-]* *= *'[^'\n]*(/|%|'')|CONTINUE|HIERARCH)", Pattern.MULTILINE);

    private final SolverTransport solver;
    private final ServerLimits limits;
    private final Semaphore slots;

    /**
     * @param solver answers the jobs; stays the caller's to close
     * @param concurrent so many jobs at once; others wait for their turn
     */
    public SolveServer(SolverTransport solver, ServerLimits limits, int concurrent) {
        this.solver = solver;
        this.limits = limits;
        this.slots = new Semaphore(concurrent, true);
    }

    /** A job as it came, checked. */
    private record Received(JobName name, JobFile job) {}

    /** The input is no job. */
    private static final class RefusedException extends Exception {
        private static final long serialVersionUID = 1;

        private RefusedException(String message) {
            super(message);
        }
    }

    /** The input stalled on its way, which is nobody's fault. */
    private static final class LateException extends Exception {
        private static final long serialVersionUID = 1;

        private LateException(String message) {
            super(message);
        }
    }

    /** After this time even a job whose client neither sends nor reads has no right to its connection any more. */
    Duration patience() {
        Duration solve = limits.solveTime();
        Duration rest = solve.dividedBy(10);
        return solve.plus(rest.compareTo(LEAST_REST) < 0 ? LEAST_REST : rest);
    }

    /**
     * Answers one job. The streams stay open.
     *
     * @param in of the client; a read of it may be left behind if it never ends
     * @param out gets a tar of the results and nothing else
     * @param log gets lines; the one that cannot be written ends the job
     * @return an exit status: {@link #OK} or {@link #FAILED}
     */
    public int serve(InputStream in, OutputStream out, OutputStream log) throws InterruptedException {
        Session session = new Session(log, limits.solveTime(), System::nanoTime);
        Thread alive = daemon("nova-solve-server-alive", () -> stayAlive(session));
        alive.start();
        try {
            Received received = receive(in, session);
            session.say(ServerWords.jobLine(received.name().toString()));
            return answer(received, out, session);
        } catch (RefusedException e) {
            LOG.warn("a job was refused: {}", e.getMessage());
            session.say(ServerWords.failedLine(false, "the job was refused: " + e.getMessage()));
            return FAILED;
        } catch (LateException e) {
            LOG.warn("a job did not come: {}", e.getMessage());
            session.say(ServerWords.failedLine(true, String.valueOf(e.getMessage())));
            return FAILED;
        } catch (IOException e) {
            LOG.info("a client went away: {}", e.toString());
            return FAILED;
        } catch (RuntimeException | Error e) {
            String what = isOutOfMemory(e)
                    ? "the job takes more memory than this solve server has left; its java -Xmx is the limit"
                    : "a defect of the solve server: " + e;
            LOG.error(what, e);
            session.say(ServerWords.failedLine(true, what));
            return FAILED;
        } finally {
            alive.interrupt();
        }
    }

    private static boolean isOutOfMemory(Throwable failure) {
        for (Throwable e = failure; e != null; e = e.getCause()) {
            if (e instanceof OutOfMemoryError) {
                return true;
            }
        }
        return false;
    }

    private static Thread daemon(String name, Runnable task) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        return thread;
    }

    private static void stayAlive(Session session) {
        try {
            while (!session.isCancelled()) {
                Thread.sleep(ALIVE_MS);
                session.say(ServerWords.ALIVE);
            }
        } catch (InterruptedException e) {
            // The job has ended.
            Thread.currentThread().interrupt();
        }
    }

    private Received receive(InputStream in, Session session)
            throws RefusedException, LateException, IOException, InterruptedException {
        FutureTask<Received> reading = new FutureTask<>(() -> read(in));
        Thread reader = daemon("nova-solve-server-reader", reading);
        reader.start();
        try (var leaving = session.onCancel(() -> reading.cancel(true))) {
            return get(reading, limits.inputTime());
        }
    }

    private static Received get(Future<Received> reading, Duration limit)
            throws RefusedException, LateException, IOException, InterruptedException {
        try {
            return reading.get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            reading.cancel(true);
            throw new LateException("the input did not come within " + limit.toSeconds() + " s");
        } catch (java.util.concurrent.CancellationException e) {
            throw new IOException("the client went away before its input was there", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException
                    || e.getCause() instanceof IllegalArgumentException
                    || e.getCause() instanceof UnreadableInputException) {
                throw new RefusedException(String.valueOf(e.getCause().getMessage()));
            }
            throw new IllegalStateException(e.getCause());
        }
    }

    private Received read(InputStream in) throws IOException, UnreadableInputException {
        JobName name = JobName.parse(line(in));
        TransferLimits tarLimits = new TransferLimits(limits.fileBytes(), limits.fileBytes() + (1 << 20), 1, 1);
        WireTar tar = new WireTar(tarLimits, Set.of(JobFile.NAME), Set.of(), line -> {});
        byte[] content =
                tar.read(new GuardedStream(in, tarLimits.totalBytes()), false).get(JobFile.NAME);
        if (content == null) {
            throw new IOException("its tar has no " + JobFile.NAME);
        }
        // They would be ignored; who sends such a job means harm, or has a defect worth telling of.
        if (FOREIGN_PATH.matcher(header(content)).find()) {
            throw new IOException("its " + JobFile.NAME + " names a file outside its folder");
        }
        JobFile job = JobFile.read(content, JobFile.NAME);
        if (job.stars().size() > limits.stars()) {
            throw new IOException("its list has " + job.stars().size() + " stars, more than " + limits.stars());
        }
        return new Received(name, job);
    }

    /** The cards of the primary header, one a line. */
    private static String header(byte[] content) {
        StringBuilder cards = new StringBuilder();
        for (int at = 0; at + CARD <= content.length; at += CARD) {
            String card = new String(content, at, CARD, StandardCharsets.ISO_8859_1);
            if (card.startsWith("END ")) {
                break;
            }
            cards.append(card).append('\n');
        }
        return cards.toString();
    }

    /** Byte by byte: what follows the line is the tar's. */
    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new IOException("its input ended before the first line did");
            }
            line.append((char) c);
            if (line.length() > JobName.MAX_LENGTH) {
                throw new IOException("its first line is longer than any job name");
            }
        }
        return line.toString();
    }

    private int answer(Received received, OutputStream out, Session session) throws IOException, InterruptedException {
        SolveOutcome outcome;
        try {
            outcome = solve(received, session);
        } catch (SolveCancelledException e) {
            LOG.info("{}: the client went away", received.name());
            return FAILED;
        } catch (TransportException e) {
            LOG.warn("{}: {}", received.name(), e.getMessage());
            session.say(ServerWords.failedLine(e.retryable(), String.valueOf(e.getMessage())));
            return FAILED;
        }
        Map<String, byte[]> files = new LinkedHashMap<>();
        if (outcome instanceof SolveOutcome.Unsolved unsolved) {
            session.say(ServerWords.unsolvedLine(unsolved.reason(), unsolved.detail()));
            files.put("backend.log", ("not solved: " + unsolved.detail() + "\n").getBytes(StandardCharsets.UTF_8));
        } else {
            files.put("backend.log", "solved\n".getBytes(StandardCharsets.UTF_8));
            RESULTS.stream()
                    .filter(outcome.files()::containsKey)
                    .forEach(name -> files.put(name, outcome.files().get(name)));
        }
        WireTar.write(files, out);
        out.flush();
        return OK;
    }

    private SolveOutcome solve(Received received, Session session) throws TransportException, InterruptedException {
        while (!slots.tryAcquire(20, TimeUnit.MILLISECONDS)) {
            if (session.isCancelled()) {
                throw new SolveCancelledException(received.name().jobId());
            }
            if (session.remaining().isNegative()) {
                throw new TransportException("this solve server has been busy all the time that the job had", true);
            }
        }
        try {
            SolveTask task = new SolveTask(
                    received.name().jobId(),
                    received.job().stars(),
                    limited(received.job().options()));
            return solver.solve(task, session);
        } finally {
            slots.release();
        }
    }

    private SolveOptions limited(SolveOptions asked) {
        Duration cpu = asked.cpuLimit();
        return cpu != null && cpu.compareTo(limits.cpuTime()) <= 0
                ? asked
                : SolveOptions.builder().cpuLimit(limits.cpuTime()).build().orElse(asked);
    }
}
