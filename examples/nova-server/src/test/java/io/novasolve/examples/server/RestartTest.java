package io.novasolve.examples.server;

import static io.novasolve.examples.server.TestServer.json;
import static io.novasolve.examples.server.TestServer.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** What is still there when a server starts again on the same data. */
@Tag("once")
class RestartTest {

    @Test
    void sessionsSubmissionsAndResultsSurvive(@TempDir Path data) throws Exception {
        String session;
        int job;
        int submission;
        String calibration;
        try (TestServer server = TestServer.start(data)) {
            session = server.login("abcdefghijklmnop");
            submission = server.submit(session, "sample.jpg", Files.readAllBytes(TestServer.sample()));
            job = server.awaitJob(submission);
            assertThat(server.awaitEnd(job)).isEqualTo("success");
            calibration = text(server.get("/api/jobs/" + job + "/calibration"));
        }
        try (TestServer server = TestServer.start(data)) {
            assertThat(json(server.call("/api/myjobs", "{\"session\": \"" + session + "\"}"))
                            .get("jobs"))
                    .isEqualTo(List.of((long) job));
            assertThat(text(server.get("/api/jobs/" + job + "/calibration"))).isEqualTo(calibration);
            assertThat(server.get("/new_fits_file/" + job).statusCode()).isEqualTo(200);
            assertThat(server.submit(session, "x", new byte[] {1})).isGreaterThan(submission);
        }
    }

    @Test
    void whatWaitedIsDoneAfterwards(@TempDir Path data) throws Exception {
        int submission;
        try (TestServer server = TestServer.start(data, "jobs", "0")) {
            String session = server.login("abcdefghijklmnop");
            submission = server.submit(session, "sample.jpg", Files.readAllBytes(TestServer.sample()));
            server.await("/api/submissions/" + submission, s -> ((List<?>) s.get("jobs")).size() == 1);
            assertThat(text(server.get("/metrics"))).contains("nova_jobs{state=\"queued\"} 1.0\n");
        }
        try (TestServer server = TestServer.start(data)) {
            assertThat(server.awaitEnd(server.awaitJob(submission))).isEqualTo("success");
        }
    }

    /** It would fail one job after the other otherwise, and hide what comes in when the right folder is back. */
    @Test
    void aServerWithoutItsContentFolderDoesNotStart(@TempDir Path folder) throws Exception {
        Path data = folder.resolve("data");
        Path content = data.resolve("content");
        Path elsewhere = folder.resolve("elsewhere");
        submitAndStop(data);
        Files.move(content, elsewhere);
        assertThatThrownBy(() -> TestServer.start(data))
                .isInstanceOf(IOException.class)
                .hasMessageContainingAll(content.toString(), "is not there", "mount it");
        assertThat(content).doesNotExist();

        submitAndStop(folder.resolve("another"));
        Files.move(folder.resolve("another/content"), content);
        assertThatThrownBy(() -> TestServer.start(data))
                .isInstanceOf(IOException.class)
                .hasMessageContainingAll("nothing that the store refers to is in", content.toString());

        Files.move(content, folder.resolve("another/content"));
        Files.move(elsewhere, content);
        TestServer.start(data).close();
    }

    /** Of one name they would drain together, and the first to end would sign off both. */
    @Test
    void twoServersOnOneDatabaseAreTwoWorkers(@TempDir Path data) throws Exception {
        try (TestServer server = TestServer.start(data, "api-key", "administratorkey")) {
            Visitor admin = Visitor.signedIn(server, "administratorkey");
            TestServer another = TestServer.start(data, "api-key", "administratorkey");
            assertThat(workers(admin)).isEqualTo(2);
            another.close();
            assertThat(workers(admin)).isEqualTo(1);
        }
    }

    private static int workers(Visitor admin) {
        String section = text(admin.get("/admin")).replaceAll("(?s).*<h2>Workers</h2>|</section>.*", "");
        return section.split("<tr><td>", -1).length - 1;
    }

    private static void submitAndStop(Path data) throws IOException {
        try (TestServer server = TestServer.start(data, "jobs", "0")) {
            server.submit(server.login("any"), "stars.txt", data.toString().getBytes(StandardCharsets.UTF_8));
        }
    }

    @Test
    void aContentFolderThatCannotBeWrittenToIsAWordAtTheStart(@TempDir Path data) throws Exception {
        // Nobody may write there, not even an administrator.
        Files.createFile(data.resolve("content"));
        StringWriter said = new StringWriter();
        CommandLine command = new CommandLine(new ServerCommand()).setErr(new PrintWriter(said));
        assertThat(command.execute("--port", "0", "--host", "127.0.0.1", "--data", data.toString()))
                .isEqualTo(1);
        assertThat(said.toString())
                .startsWith("nova-server: cannot start: the content folder " + data.resolve("content"))
                .contains("cannot be written to")
                .hasLineCount(1);
    }

    /** The leavings of a server that was killed, or of a submission that was deleted. */
    @Test
    void bytesThatNothingHasReferredToForADayGo(@TempDir Path data) throws Exception {
        try (TestServer first = TestServer.start(data, "jobs", "0")) {
            first.submit(first.login("anything"), "stars.txt", new byte[] {'1', ' ', '2'});
        }
        Path folder = Files.createDirectories(data.resolve("content/ab/cd"));
        Path old = Files.writeString(folder.resolve("abcd" + "0".repeat(60)), "old");
        Path fresh = Files.writeString(folder.resolve("abcd" + "1".repeat(60)), "fresh");
        Files.setLastModifiedTime(old, FileTime.from(Instant.now().minus(Duration.ofDays(2))));
        try (TestServer second = TestServer.start(data, "jobs", "0")) {
            second.await("/api/submissions/1", s -> !Files.exists(old));
            assertThat(fresh).exists();
        }
    }
}
