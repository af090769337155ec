package io.novasolve.examples.server;

import static io.novasolve.examples.server.TestServer.json;
import static io.novasolve.examples.server.TestServer.text;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
}
