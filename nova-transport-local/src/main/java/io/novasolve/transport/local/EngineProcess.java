package io.novasolve.transport.local;

import io.novasolve.core.axy.EngineLog;
import io.novasolve.core.spi.SolveContext;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A running engine with all that it starts. The thread that solves reads its output and watches its limits, so no other
 * thread is needed; any thread may stop it.
 *
 * <p>Where {@code sh} and {@code setsid} exist the engine runs in a session of its own beside a guard that waits for the
 * end of a pipe which this JVM holds open. However that end comes, by {@link #kill} or by the death of this JVM, the guard
 * kills the whole process group, orphaned grandchildren included. Elsewhere the descendants are looked up and killed.
 */
final class EngineProcess {

    /**
     * Runs "$@" with nothing on its standard input, then says "$0 STATUS", and ends the process group when the standard
     * input of this script ends.
     */
    private static final String GUARDED =
            """
            exec 3<&0 </dev/null
            "$@" 3<&- &
            engine=$!
            { read -r _ <&3; kill -KILL 0; } &
            guard=$!
            wait "$engine"
            status=$?
            kill -KILL "$guard"
            wait "$guard" 2>/dev/null
            printf '\\n%s %s\\n' "$0" "$status"
            read -r _ <&3
            kill -KILL 0
            """;

    private static final int BUFFER = 1 << 16;
    /** Read at most so much before looking at the limits again: an engine may print faster than one can read. */
    private static final int BUFFERS_IN_A_ROW = 16;

    private static final long SHORTEST_PAUSE_MS = 1;
    private static final long LONGEST_PAUSE_MS = 20;
    private static final long CPU_CHECK_NANOS = TimeUnit.MILLISECONDS.toNanos(200);
    private static final Duration LONGEST_DEATH = Duration.ofSeconds(5);

    /** How a run ended. */
    enum How {
        /** By itself. */
        EXITED,
        /** Killed at the deadline. */
        DEADLINE,
        /** Killed at its limit of CPU time. */
        CPU,
        /** Killed because somebody said {@link EngineProcess#stop}. */
        STOPPED
    }

    /** @param status as a shell has it: 128 + number for a signal; meaningless unless it exited by itself */
    record Ending(How how, int status) {}

    private final Process process;
    private final EngineLog log;
    private final @Nullable String endMarker;
    private final byte[] buffer = new byte[BUFFER];
    private final Set<ProcessHandle> seen = ConcurrentHashMap.newKeySet();
    private volatile boolean stopped;
    private @Nullable Integer reportedStatus;
    private long nextCpuCheck = System.nanoTime() + CPU_CHECK_NANOS;

    private EngineProcess(Process process, EngineLog log, @Nullable String endMarker) {
        this.process = process;
        this.log = log;
        this.endMarker = endMarker;
    }

    static EngineProcess start(List<String> command, Path folder, EngineLog log) throws IOException {
        Optional<Path> setsid = EngineInstallation.onPath("setsid").findFirst();
        Optional<Path> shell = EngineInstallation.onPath("sh").findFirst();
        String marker = null;
        List<String> words = command;
        if (setsid.isPresent() && shell.isPresent()) {
            marker = "nova-" + UUID.randomUUID();
            words = new ArrayList<>(List.of(setsid.get().toString(), shell.get().toString(), "-c", GUARDED, marker));
            words.addAll(command);
        }
        ProcessBuilder builder =
                new ProcessBuilder(words).directory(folder.toFile()).redirectErrorStream(true);
        // Numbers with a decimal point, messages as they are known.
        builder.environment().put("LC_ALL", "C");
        Process process = builder.start();
        EngineProcess engine = new EngineProcess(process, log, marker);
        if (marker == null) {
            engine.closeStandardInput();
        }
        return engine;
    }

    /** Reads along until the engine has ended or a limit is reached. Call {@link #kill} afterwards, in any case. */
    Ending await(SolveContext context, Duration cpuLimit) throws InterruptedException, IOException {
        long pause = SHORTEST_PAUSE_MS;
        while (true) {
            boolean read = readAvailable();
            if (stopped) {
                return new Ending(How.STOPPED, 0);
            }
            if (reportedStatus != null) {
                return new Ending(How.EXITED, reportedStatus);
            }
            if (context.remaining().toNanos() <= 0) {
                return new Ending(How.DEADLINE, 0);
            }
            if (cpuTimeIsOver(cpuLimit)) {
                return new Ending(How.CPU, 0);
            }
            pause = read ? SHORTEST_PAUSE_MS : Math.min(LONGEST_PAUSE_MS, pause + 1);
            if (process.waitFor(pause, TimeUnit.MILLISECONDS)) {
                return exited();
            }
        }
    }

    private Ending exited() throws IOException {
        while (readAvailable()) {
            // Until all is read.
        }
        if (stopped) {
            return new Ending(How.STOPPED, 0);
        }
        int status = reportedStatus != null ? reportedStatus : process.exitValue();
        return new Ending(How.EXITED, status);
    }

    /** Reads what is there without waiting for more. */
    private boolean readAvailable() throws IOException {
        boolean any = false;
        for (int i = 0; i < BUFFERS_IN_A_ROW && reportedStatus == null; i++) {
            int length = read();
            if (length <= 0) {
                break;
            }
            any = true;
            log.accept(buffer, length).forEach(this::line);
        }
        return any;
    }

    private int read() throws IOException {
        InputStream out = process.getInputStream();
        try {
            int length = Math.min(BUFFER, out.available());
            return length <= 0 ? 0 : out.read(buffer, 0, length);
        } catch (IOException e) {
            // The end of the process, or a stop from another thread, closes the stream at any moment.
            if (process.isAlive() && !stopped) {
                throw e;
            }
            return 0;
        }
    }

    private void line(String text) {
        if (endMarker != null && text.startsWith(endMarker + " ")) {
            reportedStatus =
                    Integer.valueOf(text.substring(endMarker.length() + 1).trim());
        } else if (!text.isEmpty()) {
            log.add(text);
        }
    }

    /** The engine's own clock restarts with each step of depth; this one does not. */
    private boolean cpuTimeIsOver(Duration limit) {
        if (System.nanoTime() - nextCpuCheck < 0) {
            return false;
        }
        nextCpuCheck = System.nanoTime() + CPU_CHECK_NANOS;
        Duration used = Stream.concat(Stream.of(process.toHandle()), process.descendants())
                .peek(seen::add)
                .map(handle -> handle.info().totalCpuDuration().orElse(Duration.ZERO))
                .reduce(Duration.ZERO, Duration::plus);
        return used.compareTo(limit) >= 0;
    }

    /** Tells {@link #await} to give up, and kills. May be called by any thread, more than once. */
    void stop() {
        stopped = true;
        kill();
    }

    /** Kills the engine and all it has started, and waits until they are gone. May be called by any thread. */
    synchronized void kill() {
        List<ProcessHandle> doomed = new ArrayList<>(process.descendants().toList());
        long deadline = System.nanoTime() + LONGEST_DEATH.toNanos();
        closeStandardInput();
        if (endMarker != null) {
            // First the guard, which reaches orphans too.
            waitQuietly(System.nanoTime() + LONGEST_DEATH.toNanos() / 2);
        }
        doomed.addAll(seen);
        doomed.forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        waitQuietly(deadline);
        while (doomed.stream().anyMatch(EngineProcess::lives) && System.nanoTime() - deadline < 0) {
            pause();
        }
    }

    private void waitQuietly(long deadline) {
        while (process.isAlive() && System.nanoTime() - deadline < 0) {
            pause();
        }
    }

    /** A process that nobody has reaped is dead but still listed; it has no command any more. */
    private static boolean lives(ProcessHandle handle) {
        return handle.isAlive() && handle.info().command().isPresent();
    }

    /** Neither an interrupt nor a cancellation shortens a kill. */
    private static void pause() {
        LockSupport.parkNanos(200_000);
    }

    private void closeStandardInput() {
        try {
            process.getOutputStream().close();
        } catch (IOException otherEndIsGone) {
            // Then nobody is left who waits for it.
        }
    }
}
