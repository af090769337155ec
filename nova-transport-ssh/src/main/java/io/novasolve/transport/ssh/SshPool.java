package io.novasolve.transport.ssh;

import io.novasolve.core.model.UnsolvedReason;
import io.novasolve.core.spi.SolveCancelledException;
import io.novasolve.core.spi.SolveContext;
import io.novasolve.core.spi.SolveOutcome;
import io.novasolve.core.spi.SolveProgress;
import io.novasolve.core.spi.SolveTask;
import io.novasolve.core.spi.SolverTransport;
import io.novasolve.core.spi.TransportException;
import io.novasolve.core.spi.TransportHealth;
import io.novasolve.transport.ssh.SshTransportException.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * Several solve servers as one transport. A job goes to the server that is least loaded for its weight; if that one fails
 * for a reason of its own (no connection, rubbish, a refused login) it is left alone for a while, longer each time, and the
 * job goes to another. An honest UNSOLVED is an answer and goes nowhere else. A server that said nothing at all, not even in
 * its log, to three jobs in a row until their deadlines, nor for 30 s, counts as one that failed. Thread-safe; it has no
 * threads beyond those of its servers' transports.
 */
public final class SshPool implements SolverTransport {

    private static final long WAIT_MS = 20;
    private static final int MAX_DOUBLINGS = 6;
    private static final int LAPSES_OF_A_HANGING_SERVER = 3;
    private static final Duration SILENCE_OF_A_HANGING_SERVER = Duration.ofSeconds(30);

    private final List<Host> hosts;
    private final Duration coolDown;
    private final LongSupplier ticker;
    private boolean closed;

    private SshPool(Builder b) {
        if (b.members.isEmpty()) {
            throw new IllegalArgumentException("a pool needs at least one solve server");
        }
        coolDown = b.coolDown;
        ticker = b.ticker;
        hosts = b.members.stream().map(Host::new).toList();
    }

    public static Builder builder() {
        return new Builder();
    }

    /** A member as it was said to be. */
    private record Member(SolverTransport transport, String name, int capacity, double weight) {}

    /** A member with what is known of it; guarded by the pool. */
    private static final class Host {
        private final Member member;
        private int running;
        private int failuresInARow;
        private int lapsesInARow;
        private long silentSince;
        private long notBefore;
        private boolean cooling;
        private boolean draining;
        private long answers;
        private long failures;
        private long busyNanos;
        private String lastFailure = "";

        private Host(Member member) {
            this.member = member;
        }

        private double load() {
            return (running + 1) / member.weight;
        }

        private boolean isFree() {
            return !draining && running < member.capacity;
        }
    }

    /**
     * What happened on one server so far.
     *
     * @param running jobs there now
     * @param answers jobs that it answered, solved or not; those that their deadline ended are none
     * @param failures jobs that it failed
     * @param meanTime of an answer
     * @param coolingDown whether it is left alone now
     * @param lastFailure a sentence; empty if there was none
     */
    public record HostMetrics(
            String name,
            int running,
            int capacity,
            long answers,
            long failures,
            Duration meanTime,
            boolean coolingDown,
            boolean draining,
            String lastFailure) {}

    @Override
    public String name() {
        return "ssh:" + String.join(",", hosts.stream().map(h -> h.member.name).toList());
    }

    @Override
    public SolveOutcome solve(SolveTask task, SolveContext context) throws TransportException, InterruptedException {
        Set<Host> tried = new HashSet<>();
        TransportException last = null;
        while (true) {
            Optional<Host> host = take(task, tried, context);
            if (host.isEmpty()) {
                if (last != null) {
                    throw last;
                }
                return new SolveOutcome.Unsolved(
                        UnsolvedReason.TIMEOUT, "no solve server was free until the deadline", Map.of());
            }
            try {
                return solveOn(host.get(), task, context);
            } catch (TransportException e) {
                if (isClosed() || !othersMayDo(e)) {
                    throw e;
                }
                // A server that is set up wrongly does not keep a job from another one that will be back.
                last = last == null || e.retryable() ? e : last;
                tried.add(host.get());
                context.log("nova: " + e.getMessage());
            }
        }
    }

    private SolveOutcome solveOn(Host host, SolveTask task, SolveContext context)
            throws TransportException, InterruptedException {
        long begin = ticker.getAsLong();
        try {
            Listening listening = new Listening(context);
            SolveOutcome outcome = host.member.transport.solve(task, listening);
            if (lapsed(outcome, context)) {
                lapsed(host, begin, listening.heard);
            } else {
                answered(host, ticker.getAsLong() - begin);
            }
            return outcome;
        } catch (TransportException e) {
            failed(host, e);
            throw e;
        } finally {
            release(host);
        }
    }

    private static boolean othersMayDo(TransportException e) {
        return e.retryable()
                || e instanceof SshTransportException ssh && ssh.kind().isSetup();
    }

    /** Whether the deadline ended the job before the server answered: an answer comes with files. */
    private static boolean lapsed(SolveOutcome outcome, SolveContext context) {
        return outcome instanceof SolveOutcome.Unsolved unsolved
                && unsolved.reason() == UnsolvedReason.TIMEOUT
                && unsolved.files().isEmpty()
                && context.remaining().toNanos() <= 0;
    }

    /**
     * A server that still searches at the deadline has said so in its log: that is an honest attempt, however often it comes.
     * One that said nothing at all to several jobs in a row, nor for some time, may hang.
     */
    private synchronized void lapsed(Host host, long begin, boolean heard) {
        if (heard) {
            host.lapsesInARow = 0;
            return;
        }
        if (host.lapsesInARow == 0) {
            host.silentSince = begin;
        }
        host.lapsesInARow++;
        if (host.lapsesInARow >= LAPSES_OF_A_HANGING_SERVER
                && ticker.getAsLong() - host.silentSince >= SILENCE_OF_A_HANGING_SERVER.toNanos()) {
            failed(
                    host,
                    new TransportException(
                            "no word of " + host.member.name + " to " + host.lapsesInARow
                                    + " jobs in a row until their deadlines; look whether its solve script hangs",
                            true));
        }
    }

    /** The context of a job, which notes whether its server says anything. */
    private static final class Listening implements SolveContext {
        private final SolveContext context;
        private volatile boolean heard;

        private Listening(SolveContext context) {
            this.context = context;
        }

        @Override
        public Duration remaining() {
            return context.remaining();
        }

        @Override
        public boolean isCancelled() {
            return context.isCancelled();
        }

        @Override
        public Registration onCancel(Runnable action) {
            return context.onCancel(action);
        }

        @Override
        public void log(String line) {
            // Lines of this side begin so.
            if (!line.startsWith("nova: ")) {
                heard = true;
            }
            context.log(line);
        }

        @Override
        public void progress(SolveProgress progress) {
            heard = true;
            context.progress(progress);
        }
    }

    private synchronized void answered(Host host, long nanos) {
        host.answers++;
        host.busyNanos += nanos;
        host.failuresInARow = 0;
        host.lapsesInARow = 0;
        host.cooling = false;
    }

    private synchronized void failed(Host host, TransportException e) {
        host.failures++;
        host.lastFailure = String.valueOf(e.getMessage());
        if (othersMayDo(e) && !closed) {
            long pause = coolDown.toNanos() << Math.min(host.failuresInARow, MAX_DOUBLINGS);
            host.failuresInARow++;
            host.cooling = true;
            host.notBefore = ticker.getAsLong() + pause;
        }
    }

    private synchronized void release(Host host) {
        host.running--;
        notifyAll();
    }

    private synchronized boolean isClosed() {
        return closed;
    }

    /** Waits for a server; empty at the deadline, or if all that are not drained have been tried. */
    private synchronized Optional<Host> take(SolveTask task, Set<Host> tried, SolveContext context)
            throws TransportException, InterruptedException {
        while (true) {
            if (closed) {
                throw new SshTransportException(Kind.CLOSED, "the pool of solve servers is closed", null);
            }
            if (context.isCancelled()) {
                throw new SolveCancelledException(task.jobId());
            }
            if (context.remaining().toNanos() <= 0) {
                return Optional.empty();
            }
            if (hosts.stream().allMatch(host -> host.draining || tried.contains(host))) {
                if (tried.isEmpty()) {
                    throw new TransportException("all solve servers are being drained", true);
                }
                return Optional.empty();
            }
            Optional<Host> host = choose(tried);
            if (host.isPresent()) {
                host.get().running++;
                return host;
            }
            wait(WAIT_MS);
        }
    }

    /** Who cools down is asked only where there is nobody else to ask. */
    private Optional<Host> choose(Set<Host> tried) {
        long now = ticker.getAsLong();
        List<Host> left = hosts.stream().filter(host -> !tried.contains(host)).toList();
        List<Host> rested = left.stream()
                .filter(host -> !host.draining && (!host.cooling || now - host.notBefore >= 0))
                .toList();
        return (rested.isEmpty() ? left : rested)
                .stream().filter(Host::isFree).min(Comparator.comparingDouble(Host::load));
    }

    /** Sends no further jobs to a server; those that run there go on. */
    public synchronized void drain(String name) {
        host(name).draining = true;
    }

    /** Uses a drained server, or one that cools down, again at once. */
    public synchronized void resume(String name) {
        Host host = host(name);
        host.draining = false;
        host.cooling = false;
        host.failuresInARow = 0;
        host.lapsesInARow = 0;
        notifyAll();
    }

    private Host host(String name) {
        return hosts.stream()
                .filter(host -> host.member.name.equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no solve server " + name + " in this pool"));
    }

    /** What happened so far, in the order in which the servers were given. */
    public synchronized List<HostMetrics> metrics() {
        long now = ticker.getAsLong();
        return hosts.stream()
                .map(h -> new HostMetrics(
                        h.member.name,
                        h.running,
                        h.member.capacity,
                        h.answers,
                        h.failures,
                        Duration.ofNanos(h.answers == 0 ? 0 : h.busyNanos / h.answers),
                        h.cooling && now - h.notBefore < 0,
                        h.draining,
                        h.lastFailure))
                .toList();
    }

    /** As the last jobs found them: nobody is asked, so that a server that is silent holds up nobody. */
    @Override
    public List<TransportHealth> health() {
        return metrics().stream()
                .map(host -> new TransportHealth(
                        host.name(),
                        !host.draining() && !host.coolingDown(),
                        host.draining()
                                ? "is being drained"
                                : host.coolingDown()
                                        ? "left alone for a while: " + host.lastFailure()
                                        : host.running() + " of " + host.capacity() + " jobs run there"))
                .toList();
    }

    /**
     * Whether a connection to each server can be made and logged in; makes one where there is none.
     *
     * @return a sentence for each server that fails, by its name
     */
    public Map<String, String> check() {
        Map<String, String> trouble = new java.util.LinkedHashMap<>();
        for (Host host : hosts) {
            if (host.member.transport instanceof SshTransport ssh) {
                try {
                    ssh.check();
                } catch (SshTransportException e) {
                    trouble.put(host.member.name, String.valueOf(e.getMessage()));
                }
            }
        }
        return trouble;
    }

    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            notifyAll();
        }
        hosts.forEach(host -> host.member.transport.close());
    }

    /** Collects the servers. Not thread-safe. */
    public static final class Builder {

        private static final int CAPACITY = 8;

        private final List<Member> members = new ArrayList<>();
        private Duration coolDown = Duration.ofSeconds(5);
        private LongSupplier ticker = System::nanoTime;

        private Builder() {}

        /** A server for 8 jobs at once, of weight 1. */
        public Builder server(SshServer server) {
            return server(server, CAPACITY, 1);
        }

        /**
         * A server.
         *
         * @param capacity jobs at once
         * @param weight twice as much for a server twice as fast
         */
        public Builder server(SshServer server, int capacity, double weight) {
            SshTransport transport = SshTransport.builder(server)
                    .maxConcurrent(capacity)
                    .attempts(2)
                    .build();
            return member(transport, server.name(), capacity, weight);
        }

        /** Any transport as a member; the pool closes it. */
        public Builder member(SolverTransport transport, String name, int capacity, double weight) {
            if (capacity < 1 || !(weight > 0) || Double.isInfinite(weight)) {
                throw new IllegalArgumentException(
                        "a server's capacity is 1 or more and its weight positive, not " + capacity + " and " + weight);
            }
            members.add(new Member(transport, name, capacity, weight));
            return this;
        }

        /** How long a server that failed is left alone; doubles with each failure in a row (5 s if not set). */
        public Builder coolDown(Duration value) {
            coolDown = value;
            return this;
        }

        Builder ticker(LongSupplier value) {
            ticker = value;
            return this;
        }

        public SshPool build() {
            return new SshPool(this);
        }
    }
}
