package io.novasolve.examples.cli;

import io.novasolve.core.spi.SolverTransport;
import io.novasolve.core.spi.TransportException;
import io.novasolve.engine.index.IndexLibrary;
import io.novasolve.index.tycho2.Tycho2Indexes;
import io.novasolve.transport.local.AstrometryEngineTransport;
import io.novasolve.transport.local.EmbeddedTransport;
import io.novasolve.transport.ssh.SshConfig;
import io.novasolve.transport.ssh.SshPool;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which solver, and where its indexes are. */
final class TransportOptions {

    private static final String EMBEDDED = "embedded";
    private static final String ASTROMETRY = "astrometry";
    private static final String SSH = "ssh:";

    @Option(
            names = "--transport",
            paramLabel = "T",
            defaultValue = EMBEDDED,
            description = "embedded: the engine in this JVM (default); astrometry: the astrometry-engine program;"
                    + " ssh:ALIAS[,ALIAS…]: solve servers of the ssh configuration.")
    private String transport = EMBEDDED;

    @Option(names = "--index", paramLabel = "DIR", description = "Folder with index files; may be repeated.")
    private List<Path> indexes = List.of();

    @Option(names = "--config", paramLabel = "FILE", description = "Configuration of astrometry-engine.")
    private @Nullable Path config;

    @Option(
            names = "--ssh-config",
            paramLabel = "FILE",
            description = "Where the aliases of --transport ssh are (default: ~/.ssh/config).")
    private @Nullable Path sshConfig;

    /**
     * @param threads for one search in this JVM
     * @param warnings hears of index files that were passed over
     * @throws IllegalArgumentException if there is no such transport or no such index folder
     * @throws TransportException if it cannot be set up
     */
    SolverTransport open(int threads, Consumer<String> warnings) throws TransportException {
        return switch (transport) {
            case EMBEDDED -> EmbeddedTransport.with(library(warnings), threads);
            case ASTROMETRY -> program(null, 0);
            default -> {
                if (transport.startsWith(SSH)) {
                    yield remote(List.of(transport.substring(SSH.length()).split(",", -1)));
                }
                throw new IllegalArgumentException(
                        "there is no transport '" + transport + "'; use embedded, astrometry or ssh:ALIAS[,ALIAS…]");
            }
        };
    }

    private SolverTransport remote(List<String> aliases) {
        try {
            SshConfig config = sshConfig == null ? SshConfig.ofUser() : SshConfig.of(sshConfig);
            SshPool.Builder pool = SshPool.builder();
            for (String alias : aliases) {
                pool.server(config.server(alias));
            }
            return pool.build();
        } catch (IOException e) {
            throw new IllegalArgumentException("--ssh-config: " + e.getMessage(), e);
        }
    }

    /** The indexes of the folders given, and the bundled ones of other names. */
    private IndexLibrary library(Consumer<String> warnings) throws TransportException {
        IndexLibrary given;
        try {
            given = IndexLibrary.open(indexes);
        } catch (IOException e) {
            throw new IllegalArgumentException("--index: cannot list the folder " + e.getMessage(), e);
        }
        given.unreadable().forEach(u -> warnings.accept(u.file() + " is passed over: " + u.reason()));
        return given.with(bundled(warnings));
    }

    /** Mapped from a folder that the start script keeps, which saves unpacking them every time; else from the class path. */
    private static IndexLibrary bundled(Consumer<String> warnings) throws TransportException {
        String folder = System.getProperty("nova.indexes");
        if (folder != null) {
            try {
                return Tycho2Indexes.open(Path.of(folder));
            } catch (IOException e) {
                warnings.accept("the bundled indexes cannot be kept in " + folder + ": " + e.getMessage());
            }
        }
        return EmbeddedTransport.bundledIndexes();
    }

    /**
     * Jobs of a solve server: only what runs on this machine, and job folders where it is told.
     *
     * @param memory of one search in bytes, 0 for no limit
     */
    SolverTransport openLocal(int threads, @Nullable Path jobFolders, long memory, Consumer<String> warnings)
            throws TransportException {
        if (transport.equals(ASTROMETRY)) {
            return program(jobFolders, memory);
        }
        if (memory > 0) {
            throw new IllegalArgumentException(
                    "--memory-mb is a limit of astrometry-engine; that of the engine in the JVM is java -Xmx");
        }
        if (!transport.equals(EMBEDDED)) {
            throw new IllegalArgumentException("a solve server solves with embedded or astrometry, not " + transport);
        }
        return open(threads, warnings);
    }

    private SolverTransport program(@Nullable Path jobFolders, long memory) {
        AstrometryEngineTransport.Builder builder =
                AstrometryEngineTransport.builder().memoryLimit(memory);
        if (jobFolders != null) {
            builder.jobFolders(jobFolders);
        }
        if (config != null) {
            builder.config(config);
        }
        indexes.forEach(builder::indexFolder);
        return builder.build();
    }
}
