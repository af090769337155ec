package io.novasolve.examples.server;

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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The solvers that the server can use. */
final class Transports {

    private static final Logger LOG = LoggerFactory.getLogger(Transports.class);

    private static final String SSH = "ssh:";

    private Transports() {}

    /**
     * @throws IllegalArgumentException if there is no such transport or index folder
     * @throws TransportException if it cannot be set up
     */
    static SolverTransport open(ServerConfig config) throws TransportException {
        return switch (config.transport()) {
            case "embedded" ->
                EmbeddedTransport.with(
                        library(config),
                        config.threads() > 0
                                ? config.threads()
                                : Runtime.getRuntime().availableProcessors());
            case "astrometry" -> program(config);
            default -> {
                if (config.transport().startsWith(SSH)) {
                    yield remote(config);
                }
                throw new IllegalArgumentException("there is no transport '" + config.transport()
                        + "'; use embedded, astrometry or ssh:ALIAS[,ALIAS…]");
            }
        };
    }

    private static SolverTransport remote(ServerConfig config) {
        try {
            SshConfig ssh = config.sshConfig() == null ? SshConfig.ofUser() : SshConfig.of(config.sshConfig());
            SshPool.Builder pool = SshPool.builder();
            for (String alias : config.transport().substring(SSH.length()).split(",", -1)) {
                pool.server(ssh.server(alias));
            }
            return pool.build();
        } catch (IOException e) {
            throw new IllegalArgumentException("ssh-config: " + e.getMessage(), e);
        }
    }

    /** The indexes of the folders given, and the bundled ones of other names. */
    private static IndexLibrary library(ServerConfig config) throws TransportException {
        IndexLibrary given;
        try {
            given = IndexLibrary.open(config.indexes());
        } catch (IOException e) {
            throw new IllegalArgumentException("--index: cannot list the folder " + e.getMessage(), e);
        }
        given.unreadable().forEach(u -> LOG.warn("{} is passed over: {}", u.file(), u.reason()));
        return given.with(bundled(config.data().resolve("indexes")));
    }

    /** Kept unpacked beside the data, which saves unpacking them at every start. */
    private static IndexLibrary bundled(Path folder) throws TransportException {
        try {
            return Tycho2Indexes.open(folder);
        } catch (IOException e) {
            LOG.warn("The bundled indexes cannot be kept in {}: {}", folder, e.getMessage());
            return EmbeddedTransport.bundledIndexes();
        }
    }

    private static SolverTransport program(ServerConfig config) {
        AstrometryEngineTransport.Builder builder = AstrometryEngineTransport.builder();
        if (config.engineConfig() != null) {
            builder.config(config.engineConfig());
        }
        config.indexes().forEach(builder::indexFolder);
        return builder.build();
    }
}
