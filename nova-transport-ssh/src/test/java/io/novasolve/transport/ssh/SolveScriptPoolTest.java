package io.novasolve.transport.ssh;

import static org.assertj.core.api.Assertions.assertThat;

import io.novasolve.core.spi.SolverTransport;
import io.novasolve.testkit.RequiresIndexes;
import io.novasolve.testkit.RequiresProgram;
import io.novasolve.testkit.SolverTransportContract;
import io.novasolve.testkit.Surroundings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;

/** A pool of solve servers as a transport like any other: two, which run our script with the native engine. */
@RequiresProgram("sshd")
@RequiresProgram("astrometry-engine")
@RequiresIndexes
@Tag("once")
class SolveScriptPoolTest extends SolverTransportContract {

    @TempDir
    static Path folder;

    private static Path jobs;
    private static OpenSshServer sshd;

    @BeforeAll
    static void boot() throws Exception {
        Path script = folder.resolve("bin/nova-solve");
        Files.createDirectories(script.getParent());
        Files.copy(Surroundings.root().resolve("nova-transport-ssh/solve-server/nova-solve"), script);
        jobs = Files.createDirectories(folder.resolve("jobs"));
        Files.writeString(script.resolveSibling("nova-solve.conf"), "jobs='" + jobs + "'\n");
        sshd = OpenSshServer.start(folder.resolve("sshd"), script.toString());
    }

    @AfterAll
    static void halt() {
        sshd.close();
    }

    @Override
    protected SolverTransport newTransport() {
        return SshPool.builder()
                .server(sshd.address().name("one").build())
                .server(sshd.address().name("two").build())
                .build();
    }

    /** The script may be a moment behind its client. */
    @Override
    protected void assertNothingLeft() throws Exception {
        Waiting.until(() -> folders() == 0);
        assertThat(jobs).exists();
    }

    private static long folders() {
        try (Stream<Path> left = Files.list(jobs)) {
            return left.count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
