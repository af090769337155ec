package io.novasolve.transport.ssh;

import io.novasolve.core.axy.JobFile;
import io.novasolve.core.model.UnsolvedReason;
import io.novasolve.core.spi.SolveCancelledException;
import io.novasolve.core.spi.SolveContext;
import io.novasolve.core.spi.SolveOutcome;
import io.novasolve.core.spi.SolveTask;
import io.novasolve.core.spi.SolverTransport;
import io.novasolve.core.spi.TransportException;
import io.novasolve.sky.UnreadableInputException;
import io.novasolve.sky.solution.Solution;
import io.novasolve.sky.solution.SolutionFiles;
import io.novasolve.transport.ssh.SshTransportException.Kind;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Solves on another machine, over ssh: each job is one session on a connection that many jobs share. The server's
 * {@code authorized_keys} says what runs there; this side sends no command, only the job's id and a tar of its file.
 *
 * <p>A lost connection is made anew and the job sent again, a few times with growing pauses; a refused key, an unknown host
 * and an answer that makes no sense are errors at once. Connections and sessions have threads: those of the ssh library
 * (two a connection), and two a running job from the executor that was handed in, else daemon threads of this
 * transport's own, which end with it.
 */
public final class SshTransport implements SolverTransport {

    /** A quad needs four stars at most; with fewer there is nothing left to confirm it. */
    private static final int FEWEST_STARS = 4;

    private static final String SERVER_LOG = "backend.log";
    private static final Set<String> RESULTS = Set.of(
            SolutionFiles.WCS, SolutionFiles.CORR, SolutionFiles.RDLS, SolutionFiles.MATCH, SolutionFiles.SOLVED);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);

    private final SshServer server;
    private final String site;
    private final TransferLimits limits;
    private final int attempts;
    private final Duration firstPause;
    private final Semaphore slots;
    private final Executor executor;
    private final @Nullable ExecutorService ownThreads;
    private final Links links;
    private final Set<CompletableFuture<Stop>> running = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    /** Why a job is given up from outside. */
    private enum Stop {
        CANCELLED,
        CLOSED
    }

    /** A wait that was ended by the deadline. */
    private static final class DeadlineException extends Exception {
        private static final long serialVersionUID = 1;
    }

    /** A wait that was ended by a cancellation or a close. */
    private static final class StoppedException extends Exception {
        private static final long serialVersionUID = 1;
        private final Stop why;

        private StoppedException(Stop why) {
            this.why = why;
        }
    }

    private SshTransport(Builder b) {
        server = b.server;
        site = b.site;
        limits = b.limits;
        attempts = b.attempts;
        firstPause = b.firstPause;
        slots = new Semaphore(b.maxConcurrent, true);
        Executor given = b.executor;
        ownThreads = given == null ? threads(server.name()) : null;
        executor = given == null ? java.util.Objects.requireNonNull(ownThreads) : given;
        links = new Links(server, b.sessionsPerConnection, executor);
    }

    private static ExecutorService threads(String name) {
        AtomicInteger count = new AtomicInteger();
        return Executors.newCachedThreadPool(task -> {
            Thread thread = new Thread(task, "nova-ssh-" + name + "-" + count.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
    }

    /** A transport to one server with all defaults. */
    public static SshTransport to(SshServer server) {
        return builder(server).build();
    }

    public static Builder builder(SshServer server) {
        return new Builder(server);
    }

    /** {@code ssh:} and the server's name. */
    @Override
    public String name() {
        return "ssh:" + server.name();
    }

    public SshServer server() {
        return server;
    }

    @Override
    public SolveOutcome solve(SolveTask task, SolveContext context) throws TransportException, InterruptedException {
        int stars = task.stars().size();
        if (stars < FEWEST_STARS) {
            return new SolveOutcome.Unsolved(
                    UnsolvedReason.NO_STARS,
                    "only " + stars + " stars were found, too few to tell where they are on the sky",
                    Map.of());
        }
        if (context.isCancelled()) {
            throw new SolveCancelledException(task.jobId());
        }
        CompletableFuture<Stop> stop = new CompletableFuture<>();
        running.add(stop);
        // The order matters on both sides: who closes first marks, then stops what is in the set.
        if (closed) {
            stop.complete(Stop.CLOSED);
        }
        try (SolveContext.Registration cancelling = context.onCancel(() -> stop.complete(Stop.CANCELLED))) {
            return inTurn(task, context, stop);
        } catch (DeadlineException e) {
            return new SolveOutcome.Unsolved(
                    UnsolvedReason.TIMEOUT,
                    "no answer of " + server
                            + " until the deadline; a hint of scale or position makes a search shorter",
                    Map.of());
        } catch (StoppedException e) {
            if (e.why == Stop.CANCELLED) {
                throw new SolveCancelledException(task.jobId());
            }
            throw new SshTransportException(
                    Kind.CLOSED,
                    "the ssh transport to " + server + " was closed before job " + task.jobId() + " ended",
                    e);
        } finally {
            running.remove(stop);
        }
    }

    private SolveOutcome inTurn(SolveTask task, SolveContext context, CompletableFuture<Stop> stop)
            throws TransportException, InterruptedException, DeadlineException, StoppedException {
        enter(context, stop);
        try {
            byte[] job = new JobFile(task.stars(), task.options()).toBytes();
            for (int attempt = 1; ; attempt++) {
                try {
                    return attempt(task, job, context, stop);
                } catch (SshTransportException e) {
                    if (!e.kind().passes() || attempt == attempts) {
                        throw e;
                    }
                    Duration pause = pauseAfter(attempt);
                    context.log("nova: " + e.getMessage() + "; another try in " + pause.toMillis() + " ms");
                    pause(pause, context, stop);
                }
            }
        } finally {
            slots.release();
        }
    }

    private void enter(SolveContext context, CompletableFuture<Stop> stop)
            throws InterruptedException, DeadlineException, StoppedException {
        while (!slots.tryAcquire(20, TimeUnit.MILLISECONDS)) {
            check(context, stop);
        }
        try {
            check(context, stop);
        } catch (DeadlineException | StoppedException e) {
            slots.release();
            throw e;
        }
    }

    private static void check(SolveContext context, CompletableFuture<Stop> stop)
            throws DeadlineException, StoppedException {
        Stop why = stop.getNow(null);
        if (why != null) {
            throw new StoppedException(why);
        }
        if (context.remaining().toNanos() <= 0) {
            throw new DeadlineException();
        }
    }

    private Duration pauseAfter(int attempt) {
        Duration pause = firstPause.multipliedBy(1L << Math.min(attempt - 1, 10));
        return pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause;
    }

    private static void pause(Duration pause, SolveContext context, CompletableFuture<Stop> stop)
            throws InterruptedException, DeadlineException, StoppedException {
        try {
            stop.get(Math.min(pause.toNanos(), context.remaining().toNanos()), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            check(context, stop);
            return;
        } catch (ExecutionException e) {
            throw new IllegalStateException("nobody completes it so", e);
        }
        check(context, stop);
    }

    private SolveOutcome attempt(SolveTask task, byte[] job, SolveContext context, CompletableFuture<Stop> stop)
            throws SshTransportException, InterruptedException, DeadlineException, StoppedException {
        JobName name = new JobName(site, task.jobId());
        ServerLog log = new ServerLog(context, name, limits.logBytes());
        WireTar tar = new WireTar(limits, RESULTS, Set.of(SERVER_LOG), context::log);
        RemoteRun run = new RemoteRun(server, name, executor, tar, limits);
        Links.Lease lease = links.lease();
        CompletableFuture<RemoteRun.Result> result = new CompletableFuture<>();
        boolean begun = false;
        try {
            Link link = connected(lease, context, stop);
            context.log("nova: " + name + " goes to " + server);
            executor.execute(() -> {
                try (lease) {
                    result.complete(run.run(link, JobFile.NAME, job.length, out -> out.write(job), log::follow));
                } catch (SshTransportException | RuntimeException | Error e) {
                    result.completeExceptionally(e);
                }
            });
            begun = true;
            return outcome(task, job, name, await(result, context, stop), log);
        } catch (RejectedExecutionException e) {
            throw new SshTransportException(Kind.CLOSED, "the ssh transport to " + server + " is closed", e);
        } finally {
            if (!begun) {
                lease.close();
            } else if (!result.isDone()) {
                stop(run);
            }
        }
    }

    private void stop(RemoteRun run) {
        try {
            run.stop();
        } catch (RejectedExecutionException e) {
            // The transport is closed: its connections are cut, which stops the run too.
            links.close();
        }
    }

    private Link connected(Links.Lease lease, SolveContext context, CompletableFuture<Stop> stop)
            throws SshTransportException, InterruptedException, DeadlineException, StoppedException {
        // Each handshake has its own limit; this one is for a peer that keeps talking without coming to an end.
        Duration patience =
                server.connectTimeout().multipliedBy(2L + server.jumps().size());
        try {
            return await(lease.connected(), patience, context, stop);
        } catch (TimeoutException e) {
            lease.abandon();
            throw new SshTransportException(
                    Kind.UNREACHABLE,
                    "no connection to " + server + ": not ready within " + patience.toSeconds() + " s",
                    e);
        }
    }

    private <T> T await(CompletableFuture<T> what, SolveContext context, CompletableFuture<Stop> stop)
            throws SshTransportException, InterruptedException, DeadlineException, StoppedException {
        try {
            return await(what, null, context, stop);
        } catch (TimeoutException e) {
            throw new DeadlineException();
        }
    }

    private static <T> T await(
            CompletableFuture<T> what, @Nullable Duration patience, SolveContext context, CompletableFuture<Stop> stop)
            throws SshTransportException, InterruptedException, DeadlineException, StoppedException, TimeoutException {
        Duration left = context.remaining();
        Duration wait = patience == null || left.compareTo(patience) < 0 ? left : patience;
        try {
            CompletableFuture.anyOf(what, stop).get(Math.max(0, wait.toNanos()), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            if (wait.equals(left)) {
                throw new DeadlineException();
            }
            throw e;
        } catch (ExecutionException e) {
            throw failure(e);
        }
        if (stop.isDone()) {
            throw new StoppedException(stop.join());
        }
        return what.join();
    }

    private static SshTransportException failure(ExecutionException e) {
        Throwable cause = e.getCause();
        if (cause instanceof SshTransportException known) {
            // Shared by all that waited for the same connection: each gets its own.
            return new SshTransportException(known.kind(), String.valueOf(known.getMessage()), known);
        }
        if (cause instanceof Error error) {
            throw error;
        }
        throw new IllegalStateException("a defect of the ssh transport: " + cause, cause);
    }

    private SolveOutcome outcome(SolveTask task, byte[] job, JobName name, RemoteRun.Result result, ServerLog log)
            throws SshTransportException {
        Optional<String> otherJob = log.otherJob();
        if (otherJob.isPresent()) {
            throw rubbish(name, "it is for " + WireTar.printable(otherJob.get()), null);
        }
        Optional<ServerLog.Failure> failure = log.failure();
        if (failure.isPresent()) {
            throw new SshTransportException(
                    Kind.SERVER_FAILED,
                    server + " could not solve " + name + ": " + failure.get().sentence(),
                    failure.get().retryable());
        }
        Integer status = result.status();
        if (result.bytes() == 0 || status != null && status != 0) {
            throw new SshTransportException(
                    Kind.SERVER_FAILED,
                    "the solve script of " + server + " ended without results for " + name + " ("
                            + (status == null ? "no status" : "status " + status) + "); "
                            + log.engine().lastLines() + "; look at the script's settings there",
                    true);
        }
        Map<String, byte[]> files = new HashMap<>(result.files());
        files.remove(SolutionFiles.SOLVED);
        Optional<Solution> solution = solution(name, result.files());
        files.put(JobFile.NAME, job);
        if (solution.isEmpty()) {
            return unsolved(task, files, log);
        }
        Optional<String> objection = new ResultCheck(task.stars()).objection(solution.get());
        if (objection.isPresent()) {
            throw rubbish(name, objection.get(), null);
        }
        return new SolveOutcome.Solved(log.engine().named(solution.get()), files);
    }

    private Optional<Solution> solution(JobName name, Map<String, byte[]> files) throws SshTransportException {
        try {
            return SolutionFiles.read(files);
        } catch (UnreadableInputException e) {
            throw rubbish(name, String.valueOf(e.getMessage()), e);
        }
    }

    private SshTransportException rubbish(JobName name, String why, @Nullable Throwable cause) {
        return new SshTransportException(
                Kind.RUBBISH,
                "what " + server + " sent for " + name + " is no answer to it: " + why
                        + "; look at the solve script there",
                cause);
    }

    private SolveOutcome unsolved(SolveTask task, Map<String, byte[]> files, ServerLog log) {
        Optional<ServerLog.Verdict> verdict = log.verdict();
        if (verdict.isPresent()) {
            return new SolveOutcome.Unsolved(
                    verdict.get().reason(), verdict.get().detail(), files);
        }
        if (log.engine().limitReached()) {
            return new SolveOutcome.Unsolved(
                    UnsolvedReason.TIMEOUT,
                    "no match until the limit of CPU time of " + server + " ("
                            + log.engine().depth() + " of " + task.stars().size()
                            + " stars tried); a hint of scale or position makes a search shorter",
                    files);
        }
        return new SolveOutcome.Unsolved(
                UnsolvedReason.NO_MATCH,
                "no place on the sky matches the " + task.stars().size() + " stars in the index files of " + server,
                files);
    }

    /**
     * Makes sure of a connection that is logged in.
     *
     * @throws SshTransportException if there is none
     */
    public void check() throws SshTransportException {
        try (Links.Lease lease = links.lease()) {
            lease.connected().get(server.connectTimeout().multipliedBy(2).toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw failure(e);
        } catch (TimeoutException e) {
            throw new SshTransportException(Kind.UNREACHABLE, "no connection to " + server + " in time", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SshTransportException(Kind.UNREACHABLE, "interrupted while connecting to " + server, e);
        }
    }

    /** Ends all jobs, with an error that says so, and all connections. */
    @Override
    public void close() {
        closed = true;
        running.forEach(stop -> stop.complete(Stop.CLOSED));
        links.close();
        if (ownThreads != null) {
            ownThreads.shutdown();
        }
    }

    /** Says how to use a server; what is not said is chosen. Not thread-safe. */
    public static final class Builder {

        private final SshServer server;
        private String site = "nova";
        private TransferLimits limits = TransferLimits.DEFAULT;
        private int attempts = 3;
        private Duration firstPause = Duration.ofMillis(200);
        private int maxConcurrent = 8;
        private int sessionsPerConnection = 8;
        private @Nullable Executor executor;

        private Builder(SshServer server) {
            this.server = server;
        }

        /** This site's name in job ids, so that several sites can share a server: letters, digits, underscores. */
        public Builder site(String name) {
            site = new JobName(name, 1).site();
            return this;
        }

        /** What a result may measure. */
        public Builder limits(TransferLimits value) {
            limits = value;
            return this;
        }

        /** How often a job is sent if connections fail, the first time included (3 if not set). */
        public Builder attempts(int value) {
            attempts = atLeastOne(value);
            return this;
        }

        /** The pause before the second try; it doubles each time, up to 10 s (200 ms if not set). */
        public Builder firstPause(Duration value) {
            firstPause = value;
            return this;
        }

        /** Jobs on the server at once; others wait (8 if not set). */
        public Builder maxConcurrent(int value) {
            maxConcurrent = atLeastOne(value);
            return this;
        }

        /** Jobs that share a connection (8 if not set); OpenSSH allows 10 unless its MaxSessions says otherwise. */
        public Builder sessionsPerConnection(int value) {
            sessionsPerConnection = atLeastOne(value);
            return this;
        }

        /** Runs what has to wait: two tasks a job, which block. It must not queue them behind each other. */
        public Builder executor(Executor value) {
            executor = value;
            return this;
        }

        public SshTransport build() {
            return new SshTransport(this);
        }

        private static int atLeastOne(int value) {
            if (value < 1) {
                throw new IllegalArgumentException("this is 1 or more, not " + value);
            }
            return value;
        }
    }
}
