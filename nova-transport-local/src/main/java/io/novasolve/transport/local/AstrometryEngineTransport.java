package io.novasolve.transport.local;

import io.novasolve.core.axy.EngineLog;
import io.novasolve.core.axy.JobFile;
import io.novasolve.core.model.SolveOptions;
import io.novasolve.core.model.UnsolvedReason;
import io.novasolve.core.spi.SolveCancelledException;
import io.novasolve.core.spi.SolveContext;
import io.novasolve.core.spi.SolveOutcome;
import io.novasolve.core.spi.SolveTask;
import io.novasolve.core.spi.SolverTransport;
import io.novasolve.core.spi.TransportException;
import io.novasolve.core.spi.TransportHealth;
import io.novasolve.engine.index.IndexLibrary;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Solves with the program {@code astrometry-engine} of astrometry.net, one process in a fresh folder for each search.
 *
 * <p>A search ends at the deadline of its context, at its limit of CPU time (the engine's own clock restarts with every
 * step of depth, so this class keeps another), on a cancellation, an interrupt, and on {@link #close}; then the program
 * and all processes it started are killed. Where {@code sh} and {@code setsid} exist they run in a session of their own
 * and die with this JVM, however it ends.
 */
public final class AstrometryEngineTransport implements SolverTransport {

    /** A quad needs four stars at most; with fewer there is nothing left to confirm it. */
    private static final int FEWEST_STARS = 4;

    private final EngineInstallation installation;
    private final boolean inParallel;
    private final @Nullable Path folders;
    private final boolean keepFolders;
    private final Duration cpuLimit;
    private final long memoryLimit;
    private final @Nullable Semaphore slots;
    private final Set<EngineProcess> running = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    private AstrometryEngineTransport(Builder builder) {
        installation = new EngineInstallation(builder.program, builder.config, List.copyOf(builder.indexFolders));
        inParallel = builder.inParallel;
        folders = builder.folders;
        keepFolders = builder.keepFolders;
        cpuLimit = builder.cpuLimit;
        memoryLimit = builder.memoryLimit;
        slots = builder.maxConcurrent == 0 ? null : new Semaphore(builder.maxConcurrent, true);
    }

    /** The program and the configuration that are installed on this machine. */
    public static AstrometryEngineTransport installed() {
        return builder().build();
    }

    public static Builder builder() {
        return new Builder();
    }

    @Override
    public String name() {
        return "astrometry";
    }

    /** Whether the program is there. */
    @Override
    public List<TransportHealth> health() {
        try {
            return List.of(new TransportHealth(name(), true, "the program is " + installation.findProgram()));
        } catch (TransportException e) {
            return List.of(new TransportHealth(name(), false, String.valueOf(e.getMessage())));
        }
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
        requireOpen();
        if (context.isCancelled()) {
            throw new SolveCancelledException(task.jobId());
        }
        if (!enter(task, context)) {
            return new SolveOutcome.Unsolved(
                    UnsolvedReason.TIMEOUT, "the time was over before the search could begin", Map.of());
        }
        try {
            return solveInFolder(task, context);
        } finally {
            if (slots != null) {
                slots.release();
            }
        }
    }

    /** Waits for a free slot; false if the deadline came first. */
    private boolean enter(SolveTask task, SolveContext context) throws TransportException, InterruptedException {
        while (context.remaining().toNanos() > 0) {
            if (slots == null || slots.tryAcquire(50, TimeUnit.MILLISECONDS)) {
                return true;
            }
            requireOpen();
            if (context.isCancelled()) {
                throw new SolveCancelledException(task.jobId());
            }
        }
        return false;
    }

    private void requireOpen() throws TransportException {
        if (closed) {
            throw new TransportException("the astrometry-engine transport is closed", true);
        }
    }

    private SolveOutcome solveInFolder(SolveTask task, SolveContext context)
            throws TransportException, InterruptedException {
        try (JobFolder folder = JobFolder.create(folders, task.jobId(), keepFolders, context::log)) {
            SolveOptions limited = SolveOptions.builder().cpuLimit(cpuLimit).build();
            SolveOptions options = task.options().orElse(limited);
            byte[] job = new JobFile(task.stars(), options).toBytes();
            folder.write(JobFile.NAME, job);
            List<String> command = new ArrayList<>(installation.command(folder, options));
            Path configuration = folder.path().resolve(command.get(command.size() - 1));
            if (inParallel) {
                command.add("-p");
            }
            // The engine would hold back what it prints to a pipe on its standard output.
            command.add("-E");
            command.add(JobFile.NAME);
            context.log("nova: " + String.join(" ", command));
            EngineLog log = new EngineLog(context);
            EngineProcess.Ending ending = run(command, folder, log, context, options);
            if (context.isCancelled()) {
                throw new SolveCancelledException(task.jobId());
            }
            if (ending.how() == EngineProcess.How.STOPPED) {
                throw new TransportException(
                        "the astrometry-engine transport was closed during the search of job " + task.jobId(), true);
            }
            return new EngineResult(
                            folder,
                            log,
                            ending,
                            command.get(0),
                            job,
                            task.stars().size(),
                            () -> indexAdvice(configuration, task, context))
                    .outcome();
        } catch (IOException e) {
            throw new TransportException(
                    "astrometry-engine could not be run for job " + task.jobId() + ": " + e.getMessage()
                            + "; look for free disk space and permissions there",
                    true,
                    e);
        }
    }

    /** An answer does not fail because of advice that cannot be given. */
    private static String indexAdvice(Path configuration, SolveTask task, SolveContext context) {
        try {
            IndexLibrary library = IndexLibrary.open(EngineInstallation.indexFoldersOf(configuration));
            if (!library.indexes().isEmpty()) {
                return new IndexCoverage(library).advice(task);
            }
        } catch (IOException e) {
            context.log("nova: the indexes of " + configuration + " cannot be looked at: " + e);
        }
        return "; if the field is narrower or wider than they serve, add index files";
    }

    private EngineProcess.Ending run(
            List<String> command, JobFolder folder, EngineLog log, SolveContext context, SolveOptions options)
            throws TransportException, IOException, InterruptedException {
        Duration limit = options.cpuLimit() == null ? cpuLimit : options.cpuLimit();
        EngineProcess process = EngineProcess.start(withinMemory(command), folder.path(), log);
        running.add(process);
        // The order matters on both sides: who closes first marks, then stops what is in the set.
        if (closed) {
            process.stop();
        }
        try (SolveContext.Registration cancelling = context.onCancel(process::stop)) {
            return process.await(context, limit);
        } finally {
            process.kill();
            running.remove(process);
        }
    }

    private List<String> withinMemory(List<String> command) {
        if (memoryLimit == 0) {
            return command;
        }
        List<String> words = new ArrayList<>(
                List.of("sh", "-c", "ulimit -v \"$0\" && exec \"$@\"", Long.toString(memoryLimit >> 10)));
        words.addAll(command);
        return words;
    }

    /** Kills the running engines; their solves end with a {@link TransportException}. */
    @Override
    public void close() {
        closed = true;
        running.forEach(EngineProcess::stop);
    }

    /** Says where the engine is and how it runs; what is not said is found or chosen. Not thread-safe. */
    public static final class Builder {

        private @Nullable Path program;
        private @Nullable Path config;
        private final List<Path> indexFolders = new ArrayList<>();
        private boolean inParallel = true;
        private @Nullable Path folders;
        private boolean keepFolders;
        private Duration cpuLimit = Duration.ofMinutes(1);
        private long memoryLimit;
        private int maxConcurrent;

        private Builder() {}

        /** The program; otherwise {@code astrometry-engine} on the PATH or in the usual places. */
        public Builder program(Path file) {
            program = file;
            return this;
        }

        /** The engine's configuration; otherwise {@code astrometry.cfg} beside the program or in the usual places. */
        public Builder config(Path file) {
            config = file;
            return this;
        }

        /** A folder of index files, all of which are used; then no configuration is looked for. May be repeated. */
        public Builder indexFolder(Path folder) {
            indexFolders.add(folder.toAbsolutePath());
            return this;
        }

        /**
         * Searches all indexes together for each star, as the default is, or leaves it to the configuration, which may have
         * them searched one after the other for ten stars at a time. Together is much better for narrow fields (2 to 6
         * times, measured) and costs wide ones some tenths of a second; all files are mapped at once.
         */
        public Builder inParallel(boolean value) {
            inParallel = value;
            return this;
        }

        /** Where the folders of jobs are made; otherwise the system's place for temporary files. */
        public Builder jobFolders(Path folder) {
            folders = folder;
            return this;
        }

        /** Keeps the folders of jobs, for inspection; somebody else has to remove them. */
        public Builder keepFolders(boolean value) {
            keepFolders = value;
            return this;
        }

        /** Limit of CPU time for searches that say none of their own; one minute if not set. */
        public Builder cpuLimit(Duration value) {
            if (value.isZero() || value.isNegative()) {
                throw new IllegalArgumentException("the CPU limit must be positive, but is " + value);
            }
            cpuLimit = value;
            return this;
        }

        /**
         * Address space of one search in bytes, which includes the index files that are mapped; a search that wants more
         * fails. 0, the default, for no limit. Needs a shell that has {@code ulimit -v}, as those of Linux have.
         */
        public Builder memoryLimit(long bytes) {
            if (bytes < 0 || bytes > 0 && bytes < 1 << 20) {
                throw new IllegalArgumentException("the memory limit must be 0 or a MiB or more, but is " + bytes);
            }
            memoryLimit = bytes;
            return this;
        }

        /** How many engines may run at once, the others wait; 0, the default, for as many as are called. */
        public Builder maxConcurrent(int value) {
            if (value < 0) {
                throw new IllegalArgumentException("the number of engines at once must be 0 or more, but is " + value);
            }
            maxConcurrent = value;
            return this;
        }

        /** Nothing is started or looked for yet. */
        public AstrometryEngineTransport build() {
            return new AstrometryEngineTransport(this);
        }
    }
}
