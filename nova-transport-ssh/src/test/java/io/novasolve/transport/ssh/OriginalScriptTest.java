package io.novasolve.transport.ssh;

import static org.assertj.core.api.Assertions.assertThat;

import io.novasolve.core.model.SolveOptions;
import io.novasolve.core.spi.SolveOutcome;
import io.novasolve.core.spi.SolveTask;
import io.novasolve.core.spi.SolverTransport;
import io.novasolve.testkit.RequiresIndexes;
import io.novasolve.testkit.RequiresProgram;
import io.novasolve.testkit.SolverTransportContract;
import io.novasolve.testkit.StarField;
import io.novasolve.testkit.TestContext;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Our client against OpenSSH and a script that does what the original's receiving script does, with the native engine. */
@RequiresProgram("sshd")
@RequiresProgram("astrometry-engine")
@RequiresIndexes
@Tag("once")
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

    /** As after a cut while the results came back: the folder of the first run is still there. */
    @Test
    void aJobThatIsSentAgainIsSolvedAgain() throws Exception {
        StarField field = StarField.known(21);
        SolveTask task = new SolveTask(77, field.stars(), SolveOptions.defaults());
        try (SolverTransport transport = newTransport()) {
            for (int run = 1; run <= 2; run++) {
                assertThat(transport.solve(task, TestContext.patient()))
                        .as("run %d", run)
                        .isInstanceOf(SolveOutcome.Solved.class);
            }
        }
    }
}
