package io.novasolve.examples.server;

import static io.novasolve.examples.server.TestServer.json;
import static io.novasolve.examples.server.TestServer.text;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What docs/web-service.md says of backups: first the database, then the bytes, while the server runs. */
@Tag("once")
class BackupTest {

    @Test
    void aBackupOfARunningServerHasAllThatWasThere(@TempDir Path folder) throws Exception {
        Path data = folder.resolve("data");
        Path restored = folder.resolve("restored data");
        String session;
        int solved;
        int waiting;
        String calibration;
        try (TestServer server = TestServer.start(data)) {
            session = server.login("abcdefghijklmnop");
            solved = server.awaitJob(server.submit(session, "sample.jpg", TestServer.sample("")));
            assertThat(server.awaitEnd(solved)).isEqualTo("success");
            calibration = text(server.get("/api/jobs/" + solved + "/calibration"));
        }
        try (TestServer server = TestServer.start(data, "jobs", "0")) {
            // Other bytes: the same would be answered from the earlier solution at once, and nothing would wait.
            waiting = server.submit(session, "other name.jpg", TestServer.sample(" waits"));
            server.await("/api/submissions/" + waiting, s -> ((List<?>) s.get("jobs")).size() == 1);
            assertThat(text(server.get("/metrics"))).contains("nova_jobs{state=\"queued\"} 1.0\n");
            backUp(data, restored);
            server.submit(session, "too late.jpg", TestServer.sample(" came later"));
        }
        try (TestServer server = TestServer.start(restored)) {
            assertThat(text(server.get("/api/jobs/" + solved + "/calibration"))).isEqualTo(calibration);
            assertThat(server.get("/new_fits_file/" + solved).statusCode()).isEqualTo(200);
            assertThat(server.get("/annotated_full/" + solved).statusCode()).isEqualTo(200);
            assertThat(server.awaitEnd(server.awaitJob(waiting))).isEqualTo("success");
            assertThat((List<?>) json(server.call("/api/myjobs", "{\"session\": \"" + session + "\"}"))
                            .get("jobs"))
                    .hasSize(2);
        }
    }

    private static void backUp(Path data, Path to) throws SQLException, IOException {
        Files.createDirectories(to);
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + data.resolve("nova.db"));
                Statement statement = connection.createStatement()) {
            // What .backup of the sqlite3 program does.
            statement.executeUpdate("backup to '" + to.resolve("nova.db") + "'");
        }
        Path content = data.resolve("content");
        try (Stream<Path> paths = Files.walk(content)) {
            for (Path path : paths.toList()) {
                Files.copy(
                        path,
                        to.resolve("content").resolve(content.relativize(path).toString()));
            }
        }
    }
}
