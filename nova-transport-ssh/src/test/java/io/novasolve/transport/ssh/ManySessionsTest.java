package io.novasolve.transport.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.novasolve.core.model.SolveOptions;
import io.novasolve.core.spi.SolveOutcome;
import io.novasolve.core.spi.SolveTask;
import io.novasolve.testkit.RequiresProgram;
import io.novasolve.testkit.StarField;
import io.novasolve.testkit.TestContext;
import io.novasolve.transport.ssh.SshTransportException.Kind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Jobs that share connections, and connections that are made anew. */
@RequiresProgram("sshd")
@Timeout(value = 2, unit = TimeUnit.MINUTES)
@Tag("once")
class ManySessionsTest {

    private static final StarField FIELD = StarField.known(21);

    /** Answers once so many jobs are there. */
    private static final String TOGETHER =
            """
            #!/bin/sh
            read -r id
            cat > /dev/null
            cd '%s'
            : > "$id"
            while [ "$(ls job-* | wc -l)" -lt %d ]; do sleep 0.1; done
            exec tar cf - backend.log
            """;

    @TempDir
    Path folder;

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private OpenSshServer sshd;

    @BeforeEach
    void boot() throws Exception {
        sshd = OpenSshServer.start(folder.resolve("sshd"), "false");
    }

    @AfterEach
    void halt() {
        threads.shutdownNow();
        sshd.close();
    }

    private SshTransport.Builder transport() {
        return SshTransport.builder(sshd.address().build()).attempts(1);
    }

    private void answerTogether(int jobs) throws Exception {
        Path there = Files.createDirectories(folder.resolve("there"));
        Files.writeString(there.resolve("backend.log"), "none");
        sshd.forceCommand(OpenSshServer.executable(folder.resolve("together"), TOGETHER.formatted(there, jobs))
                .toString());
    }

    private Future<SolveOutcome> begin(SshTransport transport, int id, TestContext context) {
        return threads.submit(
                () -> transport.solve(new SolveTask(id, FIELD.stars(), SolveOptions.defaults()), context));
    }

    private void solveAtOnce(SshTransport transport, int jobs) throws Exception {
        answerTogether(jobs);
        List<Future<SolveOutcome>> all = new ArrayList<>();
        for (int id = 1; id <= jobs; id++) {
            all.add(begin(transport, id, TestContext.patient()));
        }
        for (Future<SolveOutcome> one : all) {
            assertThat(one.get()).isInstanceOf(SolveOutcome.Unsolved.class);
        }
    }

    @Test
    void eightJobsAtOnceShareOneConnection() throws Exception {
        try (SshTransport transport = transport().build()) {
            solveAtOnce(transport, 8);
            assertThat(transport.connections()).isEqualTo(1);
            assertThat(sshd.logins()).isEqualTo(1);
        }
    }

    /** OpenSSH's MaxSessions is 10 where nothing else is said. */
    @Test
    void whereTheServerOpensNoFurtherSessionThereIsAnotherConnection() throws Exception {
        try (SshTransport transport =
                transport().maxConcurrent(14).sessionsPerConnection(14).build()) {
            solveAtOnce(transport, 14);
            assertThat(transport.connections()).isEqualTo(2);
            assertThat(sshd.logins()).isEqualTo(2);
        }
    }

    @Test
    void aServerThatOpensNoSessionAtAllSaysSo() throws Exception {
        sshd.close();
        Path config = sshd.folder().resolve("sshd_config");
        Files.writeString(config, Files.readString(config) + "MaxSessions 0\n");
        sshd.boot();
        try (SshTransport transport = transport().build()) {
            assertThatThrownBy(() -> transport.solve(
                            new SolveTask(1, FIELD.stars(), SolveOptions.defaults()), TestContext.patient()))
                    .isInstanceOfSatisfying(SshTransportException.class, e -> assertThat(e.kind())
                            .isEqualTo(Kind.UNREACHABLE))
                    .hasMessageContaining("opens no session")
                    .hasMessageContaining("MaxSessions");
            Waiting.until(() -> transport.connections() == 0);
            Waiting.until(() -> sshd.sessions().isEmpty());
        }
    }

    @Test
    void aConnectionIsMadeAnewWithGrowingPauses() throws Exception {
        answerTogether(1);
        try (SshTransport transport =
                transport().attempts(12).firstPause(Duration.ofMillis(20)).build()) {
            assertThat(begin(transport, 1, TestContext.patient()).get()).isInstanceOf(SolveOutcome.Unsolved.class);
            sshd.close();
            TestContext context = TestContext.patient();
            Future<SolveOutcome> job = begin(transport, 2, context);
            Waiting.until(() -> pauses(context).contains("160"));
            sshd.boot();

            assertThat(job.get()).isInstanceOf(SolveOutcome.Unsolved.class);
            assertThat(pauses(context)).startsWith("20", "40", "80", "160");
            assertThat(transport.connections()).isEqualTo(1);
            assertThat(sshd.logins()).isEqualTo(2);
        }
    }

    private static List<String> pauses(TestContext context) {
        return context.lines().stream()
                .filter(line -> line.contains("another try in "))
                .map(line -> line.replaceAll(".*another try in (\\d+) ms", "$1"))
                .toList();
    }
}
