package io.novasolve.transport.ssh;

import io.novasolve.core.spi.SolverTransport;
import io.novasolve.testkit.SolverTransportContract;
import io.novasolve.transport.local.EmbeddedTransport;
import io.novasolve.transport.ssh.server.ServerLimits;
import io.novasolve.transport.ssh.server.SolveServer;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;

/** Our client against Apache MINA sshd, with our solve server and the engine in this JVM: nothing native at all. */
@Tag("once")
class MinaSolveServerTest extends SolverTransportContract {

    @TempDir
    static Path folder;

    private static MinaServer sshd;
    private static EmbeddedTransport engine;

    @BeforeAll
    static void boot() throws Exception {
        engine = EmbeddedTransport.bundled();
        SolveServer server = new SolveServer(engine, ServerLimits.DEFAULT, 8);
        sshd = new MinaServer(folder, server::serve);
    }

    @AfterAll
    static void halt() throws Exception {
        sshd.close();
        engine.close();
    }

    @Override
    protected SolverTransport newTransport() {
        return SshTransport.to(sshd.address().build());
    }
}
