package io.novasolve.examples.cli;

import io.novasolve.core.spi.SolverTransport;
import io.novasolve.testkit.RequiresProgram;
import io.novasolve.testkit.SolverTransportContract;
import io.novasolve.transport.ssh.OpenSshServer;
import io.novasolve.transport.ssh.SshTransport;
import io.novasolve.transport.ssh.Waiting;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;

/** {@code nova solve-server} as the forced command of a key, a JVM a job. */
@RequiresProgram("sshd")
@Tag("once")
class SolveServerOnceTest extends SolverTransportContract {

    @TempDir
    static Path folder;

    private static OpenSshServer sshd;

    @BeforeAll
    static void boot() throws Exception {
        Path script = OpenSshServer.executable(
                folder.resolve("bin/once"), "#!/bin/sh\nexec " + SolveServerProcess.line("--cpu-seconds", 60) + "\n");
        sshd = OpenSshServer.start(folder.resolve("sshd"), script.toString());
    }

    @AfterAll
    static void halt() {
        sshd.close();
    }

    @Override
    protected SolverTransport newTransport() {
        return SshTransport.to(sshd.address().build());
    }

    /** With the start of a JVM before each search. */
    @Override
    protected Duration patience() {
        return Duration.ofSeconds(15);
    }

    @Override
    protected void assertNothingLeft() throws Exception {
        Waiting.until(() -> sshd.sessions().stream().noneMatch(SolveServerOnceTest::isServer));
    }

    private static boolean isServer(ProcessHandle process) {
        return process.info().command().filter(c -> c.endsWith("java")).isPresent();
    }
}
