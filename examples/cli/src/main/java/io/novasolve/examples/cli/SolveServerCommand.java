package io.novasolve.examples.cli;

import io.novasolve.core.spi.SolverTransport;
import io.novasolve.core.spi.TransportException;
import io.novasolve.transport.ssh.server.ResidentServer;
import io.novasolve.transport.ssh.server.ServerLimits;
import io.novasolve.transport.ssh.server.SolveServer;
import io.novasolve.transport.ssh.server.StaleFolders;
import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code nova solve-server}: the receiving end of the ssh transport. */
@Command(
        name = "solve-server",
        description = "Answers one job on standard input and output, or stays and answers those of attached commands.",
        mixinStandardHelpOptions = true)
final class SolveServerCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Mixin
    private TransportOptions transport = new TransportOptions();

    @Option(names = "--jobs-dir", paramLabel = "DIR", description = "Where job folders are made (astrometry).")
    private @Nullable Path jobsDir;

    @Option(
            names = "--keep-hours",
            paramLabel = "N",
            defaultValue = "24",
            description = "Remove folders in --jobs-dir that a crash left behind after so long (default 24).")
    private int keepHours;

    @Option(
            names = "--listen",
            paramLabel = "SOCKET",
            description = "Stay, and answer the jobs that nova-attach brings to this Unix domain socket.")
    private @Nullable Path listen;

    @Option(names = "--jobs", paramLabel = "N", description = "Jobs at once (default: one for each core).")
    private @Nullable Integer jobs;

    @Option(
            names = "--solve-seconds",
            paramLabel = "N",
            defaultValue = "600",
            description = "Wall time of a job, waiting for its turn included (default 600).")
    private long solveSeconds;

    @Option(
            names = "--cpu-seconds",
            paramLabel = "N",
            defaultValue = "300",
            description = "Processor time of a job, unless it asks for less itself (default 300).")
    private long cpuSeconds;

    @Option(
            names = "--memory-mb",
            paramLabel = "N",
            defaultValue = "0",
            description =
                    "Address space of a search, mapped index files included, in MiB (astrometry; default: no limit).")
    private long memoryMb;

    @SuppressWarnings("NullAway.Init") // picocli sets the fields
    SolveServerCommand() {}

    @Override
    public Integer call() throws TransportException, IOException, InterruptedException {
        int cores = Runtime.getRuntime().availableProcessors();
        int concurrent = jobs == null ? cores : jobs;
        if (concurrent < 1 || solveSeconds < 1 || cpuSeconds < 1 || keepHours < 1) {
            throw new ParameterException(
                    spec.commandLine(), "--jobs, --solve-seconds, --cpu-seconds and --keep-hours are 1 or more");
        }
        if (memoryMb < 0) {
            throw new ParameterException(spec.commandLine(), "--memory-mb is 1 or more, or 0 for no limit");
        }
        if (jobsDir != null) {
            sweep(new StaleFolders(jobsDir, Duration.ofHours(keepHours)), listen != null);
        }
        try (SolverTransport solver = open(listen == null ? cores : Math.max(1, cores / concurrent))) {
            ServerLimits limits = ServerLimits.DEFAULT
                    .withSolveTime(Duration.ofSeconds(solveSeconds))
                    .withCpuTime(Duration.ofSeconds(cpuSeconds));
            SolveServer server = new SolveServer(solver, limits, concurrent);
            return listen == null ? once(server) : stay(server, listen);
        }
    }

    /** What a crash leaves behind just before a server starts anew is too young then: one that stays looks again. */
    private void sweep(StaleFolders stale, boolean again) throws IOException {
        stale.sweep();
        if (again) {
            Thread hourly = new Thread(
                    () -> {
                        try {
                            while (true) {
                                TimeUnit.HOURS.sleep(1);
                                stale.sweep();
                            }
                        } catch (InterruptedException e) {
                            Thread.currentThread().interrupt();
                        } catch (IOException e) {
                            spec.commandLine().getErr().println("nova: no longer cleaning up: " + e.getMessage());
                        }
                    },
                    "nova-stale-folders");
            hourly.setDaemon(true);
            hourly.start();
        }
    }

    private SolverTransport open(int threads) throws TransportException {
        Console console = new Console(spec.commandLine().getErr(), false);
        try {
            return transport.openLocal(threads, jobsDir, memoryMb << 20, console::error);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
        }
    }

    /** Not System.out and System.err: those keep quiet when nobody listens any more. */
    private static int once(SolveServer server) throws IOException, InterruptedException {
        try (FileInputStream in = new FileInputStream(FileDescriptor.in);
                OutputStream out = new BufferedOutputStream(new FileOutputStream(FileDescriptor.out));
                OutputStream log = new FileOutputStream(FileDescriptor.err)) {
            return server.serve(in, out, log);
        }
    }

    private int stay(SolveServer server, Path socket) throws IOException {
        try (ResidentServer resident = ResidentServer.listen(server, socket)) {
            Thread stop = new Thread(
                    () -> {
                        try {
                            resident.close();
                        } catch (IOException e) {
                            spec.commandLine().getErr().println("nova: " + e.getMessage());
                        }
                    },
                    "nova-interrupted");
            Runtime.getRuntime().addShutdownHook(stop);
            spec.commandLine().getErr().println("nova: the solve server listens on " + socket);
            spec.commandLine().getErr().flush();
            resident.run();
            return NovaCommand.OK;
        }
    }
}
