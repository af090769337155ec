package io.novasolve.examples.server;

import static io.novasolve.examples.server.TestServer.json;
import static io.novasolve.examples.server.TestServer.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import io.novasolve.testkit.RequiresProgram;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What docs/web-service.md says of backups: first the database, then the bytes, while the server runs. */
@Tag("once")
class BackupTest {

    @TempDir
    private Path folder;

    private Path data;
    private Path restored;

    /** Copies a database, and makes of the copy the one that the restored server is going to find. */
    @FunctionalInterface
    private interface Copying {
        void copy() throws Exception;
    }

    @Test
    void aBackupOfARunningServerHasAllThatWasThere() throws Exception {
        data = folder.resolve("data");
        restored = folder.resolve("restored data");
        assertRestored("", "", () -> {
            try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + data.resolve("nova.db"));
                    Statement statement = connection.createStatement()) {
                // What .backup of the sqlite3 program does.
                statement.executeUpdate("backup to '" + restored.resolve("nova.db") + "'");
            }
        });
    }

    @Test
    @RequiresProgram("pg_dump")
    @RequiresProgram("pg_restore")
    void soHasADumpOfPostgresql() throws Exception {
        data = folder.resolve("data");
        restored = folder.resolve("restored data");
        try (EmbeddedPostgres postgres = EmbeddedPostgres.builder()
                .setPGStartupWait(Duration.ofMinutes(1))
                .start()) {
            requireNoNewerThanPgDump(postgres);
            execute(postgres, "create role nova login", "create database nova owner nova");
            String url = "jdbc:postgresql://localhost:" + postgres.getPort() + "/%s?user=nova";
            List<String> who = List.of("-h", "localhost", "-p", "" + postgres.getPort(), "-U", "nova");
            assertRestored(url.formatted("nova"), url.formatted("again"), () -> {
                run("pg_dump", who, "-Fc", "-f", "nova.dump", "nova");
                execute(postgres, "create database again owner nova");
                run("pg_restore", who, "-d", "again", "--no-owner", "nova.dump");
            });
        }
    }

    private static void execute(EmbeddedPostgres postgres, String... statements) throws SQLException {
        try (Connection connection = postgres.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    /** A dump of a newer server is refused. */
    private void requireNoNewerThanPgDump(EmbeddedPostgres postgres) throws Exception {
        int server;
        try (Connection connection = postgres.getPostgresDatabase().getConnection()) {
            server = connection.getMetaData().getDatabaseMajorVersion();
        }
        String version = run("pg_dump", List.of(), "--version");
        Matcher major = Pattern.compile("\\) (\\d+)").matcher(version);
        assertThat(major.find()).as(version).isTrue();
        if (Integer.parseInt(major.group(1)) < server) {
            String reason = version.strip() + " is older than the tests' PostgreSQL " + server
                    + "; install postgresql-client of that version or a later one";
            System.out.println("SKIPPED BackupTest.soHasADumpOfPostgresql: " + reason);
            abort(reason);
        }
    }

    private String run(String program, List<String> options, String... more) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(program).directory(folder.toFile());
        builder.command().addAll(options);
        builder.command().addAll(List.of(more));
        Process process = builder.redirectErrorStream(true).start();
        process.getOutputStream().close();
        String said = new String(process.getInputStream().readAllBytes());
        assertThat(process.waitFor()).as(program + " says: " + said).isZero();
        return said;
    }

    /** @param store of the server that is copied, {@code copy} of the restored one; empty for the file in the data folder */
    private void assertRestored(String store, String copy, Copying database) throws Exception {
        String session;
        int solved;
        int waiting;
        String calibration;
        try (TestServer server = TestServer.start(data, "store", store)) {
            session = server.login("abcdefghijklmnop");
            solved = server.awaitJob(server.submit(session, "sample.jpg", TestServer.sample("")));
            assertThat(server.awaitEnd(solved)).isEqualTo("success");
            calibration = text(server.get("/api/jobs/" + solved + "/calibration"));
        }
        int late;
        try (TestServer server = TestServer.start(data, "store", store, "jobs", "0")) {
            // Other bytes: the same would be answered from the earlier solution at once, and nothing would wait.
            waiting = server.submit(session, "other name.jpg", TestServer.sample(" waits"));
            server.await("/api/submissions/" + waiting, s -> ((List<?>) s.get("jobs")).size() == 1);
            assertThat(text(server.get("/metrics"))).contains("nova_jobs{state=\"queued\"} 1.0\n");
            Files.createDirectories(restored);
            database.copy();
            copyContent();
            late = server.submit(session, "too late.jpg", TestServer.sample(" came later"));
        }
        try (TestServer server = TestServer.start(restored, "store", copy)) {
            assertThat(text(server.get("/api/jobs/" + solved + "/calibration"))).isEqualTo(calibration);
            assertThat(server.get("/new_fits_file/" + solved).statusCode()).isEqualTo(200);
            assertThat(server.get("/annotated_full/" + solved).statusCode()).isEqualTo(200);
            assertThat(server.awaitEnd(server.awaitJob(waiting))).isEqualTo("success");
            assertThat((List<?>) json(server.call("/api/myjobs", "{\"session\": \"" + session + "\"}"))
                            .get("jobs"))
                    .hasSize(2);
            assertThat(server.get("/api/submissions/" + late).statusCode())
                    .as("it came after the copy")
                    .isEqualTo(404);
            assertThat(server.submit(session, "new.jpg", TestServer.sample(" is new")))
                    .as("numbers go on")
                    .isGreaterThan(waiting);
        }
    }

    private void copyContent() throws IOException {
        Path content = data.resolve("content");
        try (Stream<Path> paths = Files.walk(content)) {
            for (Path path : paths.toList()) {
                Files.copy(
                        path,
                        restored.resolve("content")
                                .resolve(content.relativize(path).toString()));
            }
        }
    }
}
