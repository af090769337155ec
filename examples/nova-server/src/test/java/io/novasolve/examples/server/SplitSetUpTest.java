package io.novasolve.examples.server;

import static io.novasolve.examples.server.TestServer.json;
import static io.novasolve.examples.server.TestServer.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.novasolve.testkit.RequiresIndexes;
import io.novasolve.testkit.RequiresProgram;
import io.novasolve.testkit.Surroundings;
import io.novasolve.transport.ssh.OpenSshServer;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The set-ups on several hosts of docs/web-service.md: a database of its own, and somebody else who solves. */
@Tag("once")
class SplitSetUpTest {

    private static final String PASSWORD = "secret of the database";

    private static EmbeddedPostgres postgres;

    @TempDir
    private Path folder;

    @BeforeAll
    static void start() throws Exception {
        postgres = EmbeddedPostgres.builder()
                .setPGStartupWait(Duration.ofMinutes(1))
                .start();
        try (Connection c = postgres.getPostgresDatabase().getConnection();
                Statement s = c.createStatement()) {
            s.execute("create role nova login password '" + PASSWORD + "'");
        }
    }

    @AfterAll
    static void stop() throws Exception {
        postgres.close();
    }

    /** A front end on a new database, with more settings. */
    private TestServer frontEnd(String database, String... more) throws Exception {
        try (Connection c = postgres.getPostgresDatabase().getConnection();
                Statement s = c.createStatement()) {
            s.execute("create database " + database + " owner nova");
        }
        Path password = Files.writeString(folder.resolve("db-password"), PASSWORD + "\n");
        String[] settings = {
            "store", url(database), "store-user", "nova", "store-password-file", password.toString(), "api-key", "admin"
        };
        String[] all = new String[settings.length + more.length];
        System.arraycopy(settings, 0, all, 0, settings.length);
        System.arraycopy(more, 0, all, settings.length, more.length);
        return TestServer.start(folder.resolve("front end"), all);
    }

    private static String url(String database) {
        return "jdbc:postgresql://localhost:" + postgres.getPort() + "/" + database;
    }

    private static void assertSolvedOnItsPage(TestServer server, Visitor visitor, int submission) {
        int job = server.awaitJob(submission);
        assertThat(server.awaitEnd(job))
                .as(text(visitor.get("/joblog2/" + job)))
                .isEqualTo("success");
        Object image =
                ((List<?>) json(server.get("/api/submissions/" + submission)).get("user_images")).get(0);
        assertThat(text(visitor.get("/user_images/" + image)))
                .contains("class=\"state good\"", "RA", "/wcs_file/" + job)
                .contains("83.7");
        assertThat(visitor.get("/annotated_display/" + job).statusCode()).isEqualTo(200);
        assertThat(visitor.get("/new_fits_file/" + job).statusCode()).isEqualTo(200);
    }

    @Test
    void aWorkerProcessSolvesForAFrontEndThatHasNone() throws Exception {
        try (TestServer server = frontEnd("workers", "jobs", "0")) {
            Visitor admin = Visitor.signedIn(server, "admin");
            int submission = server.submit(server.login("admin"), "sample.jpg", TestServer.sample("to a worker"));
            // Nobody has begun a job yet, which the API tells by a null.
            server.await(
                    "/api/submissions/" + submission,
                    s -> s.get("jobs") instanceof List<?> jobs && jobs.size() == 1 && jobs.get(0) == null);
            assertThat(text(server.get("/metrics"))).contains("nova_jobs{state=\"queued\"} 1.0\n");

            Path log = folder.resolve("worker's log");
            Process worker =
                    WorkerProcess.start(url("workers"), "nova", PASSWORD, folder.resolve("front end/content"), log);
            try {
                assertSolvedOnItsPage(server, admin, submission);
                assertThat(text(admin.get("/admin"))).contains("<td>elsewhere</td>");
            } catch (AssertionError e) {
                throw new AssertionError("the worker says: " + Files.readString(log), e);
            } finally {
                worker.destroy();
                assertThat(worker.waitFor(1, TimeUnit.MINUTES)).isTrue();
            }
            assertThat(text(admin.get("/admin"))).as("it has signed off").doesNotContain("<td>elsewhere</td>");
        }
    }

    @Test
    @RequiresProgram("sshd")
    @RequiresProgram("astrometry-engine")
    @RequiresIndexes
    void aSolveServerSolvesForAFrontEndThatReachesItBySsh() throws Exception {
        Path script = folder.resolve("bin/nova-solve");
        Files.createDirectories(script.getParent());
        Files.copy(Surroundings.root().resolve("nova-transport-ssh/solve-server/nova-solve"), script);
        Files.writeString(
                script.resolveSibling("nova-solve.conf"),
                "jobs='" + Files.createDirectories(folder.resolve("jobs")) + "'\n");
        try (OpenSshServer sshd = OpenSshServer.start(folder.resolve("sshd"), script.toString())) {
            Path config = Files.writeString(
                    folder.resolve("ssh_config"),
                    """
                    Host solver1
                      HostName 127.0.0.1
                      Port %1$d
                      IdentityFile "%2$s/user_key"
                      UserKnownHostsFile "%2$s/known_hosts"
                    """
                            .formatted(sshd.port(), folder.resolve("sshd")));
            try (TestServer server =
                    frontEnd("solvers", "transport", "ssh:solver1", "ssh-config", config.toString(), "jobs", "8")) {
                Visitor admin = Visitor.signedIn(server, "admin");
                int submission = server.submit(server.login("admin"), "sample.jpg", TestServer.sample("by ssh"));
                assertSolvedOnItsPage(server, admin, submission);
                assertThat(text(admin.get("/admin"))).contains("solver1");
            }
        }
    }
}
