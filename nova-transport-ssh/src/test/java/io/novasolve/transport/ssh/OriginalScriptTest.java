package io.novasolve.transport.ssh;

import io.novasolve.core.spi.SolverTransport;
import io.novasolve.testkit.RequiresIndexes;
import io.novasolve.testkit.RequiresProgram;
import io.novasolve.testkit.SolverTransportContract;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** Our client against OpenSSH and a script that does what the original's receiving script does, with the native engine. */
@RequiresProgram("sshd")
@RequiresProgram("astrometry-engine")
@RequiresIndexes
class OriginalScriptTest extends SolverTransportContract {

    @TempDir
    static Path folder;

    private static OpenSshServer server;

    @BeforeAll
    static void boot() throws Exception {
        Path script = ReceivingScript.write(
                folder.resolve("receive"), folder.resolve("jobs"), ReceivingScript.nativeEngine());
        server = OpenSshServer.start(folder.resolve("sshd"), script.toString());
    }

    @AfterAll
    static void halt() {
        server.close();
    }

    @Override
    protected SolverTransport newTransport() {
        return SshTransport.to(server.address().build());
    }
}
