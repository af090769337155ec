package io.novasolve.transport.ssh;

import io.novasolve.core.axy.JobFile;
import io.novasolve.core.model.UnsolvedReason;
import io.novasolve.core.spi.SolveCancelledException;
import io.novasolve.core.spi.SolveContext;
import io.novasolve.core.spi.SolveOutcome;
import io.novasolve.core.spi.SolveTask;
import io.novasolve.core.spi.SolverTransport;
import io.novasolve.core.spi.TransportException;
import io.novasolve.sky.solution.SolutionFiles;
import io.novasolve.transport.ssh.JobWait.DeadlineException;
import io.novasolve.transport.ssh.JobWait.Stop;
import io.novasolve.transport.ssh.JobWait.StoppedException;
import io.novasolve.transport.ssh.SshTransportException.Kind;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
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
import net.schmizz.sshj.connection.channel.OpenFailException;
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
    private static final Set<String> RESULTS =
            Set.of(SolutionFiles.WCS, SolutionFiles.CORR, SolutionFiles.RDLS, SolutionFiles.MATCH);
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
    private final AnswerReader answers;
    private final Set<CompletableFuture<Stop>> running = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

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
        answers = new AnswerReader(server);
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
            return inTurn(task, context, new JobWait(context, stop));
        } catch (DeadlineException e) {
            return new SolveOutcome.Unsolved(
                    UnsolvedReason.TIMEOUT,
                    "no answer of " + server
                            + " until the deadline; a hint of scale or position makes a search shorter",
                    Map.of());
        } catch (StoppedException e) {
            if (e.why() == Stop.CANCELLED) {
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

    private SolveOutcome inTurn(SolveTask task, SolveContext context, JobWait wait)
            throws TransportException, InterruptedException, DeadlineException, StoppedException {
        wait.enter(slots);
        try {
            JobFile job = new JobFile(task.stars(), task.options());
            int attempt = 1;
            while (true) {
                try {
                    Optional<SolveOutcome> outcome = attempt(task, job, context, wait);
                    if (outcome.isPresent()) {
                        return outcome.get();
                    }
                } catch (SshTransportException e) {
                    if (!e.kind().passes() || attempt == attempts) {
                        throw e;
                    }
                    Duration pause = pauseAfter(attempt);
                    context.log("nova: " + e.getMessage() + "; another try in " + pause.toMillis() + " ms");
                    wait.pause(pause);
                    attempt++;
                }
            }
        } finally {
            slots.release();
        }
    }

    private Duration pauseAfter(int attempt) {
        Duration pause = firstPause.multipliedBy(1L << Math.min(attempt - 1, 10));
        return pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause;
    }

    /** Empty if the connection carried as many sessions as the server allows, before this one knew. */
    private Optional<SolveOutcome> attempt(SolveTask task, JobFile file, SolveContext context, JobWait wait)
            throws SshTransportException, InterruptedException, DeadlineException, StoppedException {
        JobName name = new JobName(site, task.jobId());
        // The original's script solves in the folder of an earlier attempt, where the marker of that may be.
        String marker = JobFile.SOLVED + "-" + UUID.randomUUID();
        byte[] job = file.toBytes(marker);
        Set<String> wanted = new HashSet<>(RESULTS);
        wanted.add(marker);
        ServerLog log = new ServerLog(context, name, limits.logBytes());
        WireTar tar = new WireTar(limits, wanted, Set.of(SERVER_LOG), context::log);
        RemoteRun run = new RemoteRun(server, name, executor, tar, limits);
        Links.Lease lease = links.lease();
        CompletableFuture<Optional<RemoteRun.Result>> result = new CompletableFuture<>();
        boolean begun = false;
        try {
            Link link = connected(lease, wait);
            context.log("nova: " + name + " goes to " + server);
            executor.execute(() -> {
                try (lease) {
                    result.complete(run(run, link, job, log, lease));
                } catch (SshTransportException | RuntimeException | Error e) {
                    result.completeExceptionally(e);
                }
            });
            begun = true;
            Optional<RemoteRun.Result> answer = wait.await(result, link);
            return answer.isEmpty()
                    ? Optional.empty()
                    : Optional.of(answers.outcome(task, job, name, answer.get(), log));
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

    private Optional<RemoteRun.Result> run(RemoteRun run, Link link, byte[] job, ServerLog log, Links.Lease lease)
            throws SshTransportException {
        try {
            return Optional.of(run.run(link, JobFile.NAME, job.length, out -> out.write(job), log::follow));
        } catch (OpenFailException e) {
            if (lease.refused()) {
                return Optional.empty();
            }
            throw new SshTransportException(
                    Kind.UNREACHABLE,
                    server + " opens no session (" + e.getMessage() + "); look at MaxSessions in its sshd_config",
                    e);
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

    /** Each handshake has its own limit; this one is for a peer that keeps talking without coming to an end. */
    private Duration patience() {
        return server.connectTimeout().multipliedBy(2L + server.jumps().size());
    }

    private Link connected(Links.Lease lease, JobWait wait)
            throws SshTransportException, InterruptedException, DeadlineException, StoppedException {
        Duration patience = patience();
        try {
            return wait.await(lease.connected(), patience);
        } catch (TimeoutException e) {
            lease.abandon();
            throw new SshTransportException(
                    Kind.UNREACHABLE,
                    "no connection to " + server + ": not ready within " + patience.toSeconds() + " s",
                    e);
        }
    }

    /**
     * Makes sure of a connection that is logged in.
     *
     * @throws SshTransportException if there is none
     */
    public void check() throws SshTransportException {
        try (Links.Lease lease = links.lease()) {
            try {
                lease.connected().get(patience().toMillis(), TimeUnit.MILLISECONDS);
            } catch (TimeoutException e) {
                lease.abandon();
                throw e;
            }
        } catch (ExecutionException e) {
            throw JobWait.failure(e);
        } catch (TimeoutException e) {
            throw new SshTransportException(Kind.UNREACHABLE, "no connection to " + server + " in time", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SshTransportException(Kind.UNREACHABLE, "interrupted while connecting to " + server, e);
        }
    }

    /** Connections there are now, those in the making included. */
    int connections() {
        return links.size();
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

        /**
         * Jobs that share a connection (8 if not set). OpenSSH allows 10 unless its MaxSessions says otherwise; where it
         * allows fewer than this, more connections are made.
         */
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
