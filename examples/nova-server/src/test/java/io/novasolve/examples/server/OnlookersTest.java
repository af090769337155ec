package io.novasolve.examples.server;

import static io.novasolve.examples.server.TestServer.json;
import static io.novasolve.examples.server.TestServer.text;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who sees a hidden picture, on the page and in the files that the page shows. */
@Tag("once")
class OnlookersTest {

    private static int number(Map<String, Object> status, String list) {
        return ((Number) ((List<?>) status.get(list)).get(0)).intValue();
    }

    @Test
    void aHiddenPictureOfNobodyOnAnOpenServerIsShownWhole(@TempDir Path data) throws Exception {
        try (TestServer server = TestServer.start(data)) {
            String session = server.login("anything");
            int submission = TestServer.submission(json(server.upload(
                    "{\"session\": \"" + session + "\", \"publicly_visible\": \"n\"}",
                    "sample.jpg",
                    Files.readAllBytes(TestServer.sample()))));
            int job = server.awaitJob(submission);
            assertThat(server.awaitEnd(job)).isEqualTo("success");
            Map<String, Object> status = server.await(
                    "/api/submissions/" + submission, s -> !((List<?>) s.get("job_calibrations")).isEmpty());
            int image = number(status, "images");
            // At once: the server's own tables do not know of it yet.
            Object calibration = ((List<?>) ((List<?>) status.get("job_calibrations")).get(0)).get(1);
            assertThat(server.get("/sky_plot/zoom1/" + calibration).statusCode())
                    .isEqualTo(200);
            for (String path : List.of(
                    "/user_images/" + image,
                    "/display_of_image/" + image,
                    "/thumbnail_of_image/" + image,
                    "/axy_file/" + job,
                    "/new_fits_file/" + job,
                    "/annotated_full/" + job)) {
                assertThat(server.get(path).statusCode()).as(path).isEqualTo(200);
                assertThat(server.get(path).statusCode()).as(path + " again").isEqualTo(200);
            }
        }
    }

    @Test
    void whoCouldNotSeeAHiddenPictureMayNotSendOne(@TempDir Path data) throws Exception {
        try (TestServer server = TestServer.start(data, "api-key", "administratorkey", "anonymous-uploads", "true")) {
            HttpResponse<byte[]> hidden =
                    new Visitor(server).submit("/upload", "url", "https://picture.example/a.jpg", "hidden", "1");
            assertThat(hidden.statusCode()).isEqualTo(403);
            assertThat(text(hidden)).contains("Sign in to hide a picture");
            HttpResponse<byte[]> shown = new Visitor(server).submit("/upload", "url", "https://picture.example/a.jpg");
            assertThat(shown.statusCode()).isEqualTo(303);
        }
    }

    @Test
    void strangersDoNotLearnWhyAHiddenSubmissionFailed(@TempDir Path data) throws Exception {
        try (TestServer server =
                        TestServer.start(data, "api-key", "administratorkey", "fetch-private-addresses", "true");
                PictureHost host = new PictureHost(new byte[1])) {
            String session = server.login("administratorkey");
            int submission = TestServer.submission(json(server.call(
                    "/api/url_upload",
                    "{\"session\": \"" + session + "\", \"publicly_visible\": \"n\", \"url\": \""
                            + host.url("/missing/secret-token") + "\"}")));
            String path = "/api/submissions/" + submission;
            Map<String, Object> stranger = server.await(path, s -> s.containsKey("error_message"));
            assertThat(stranger.get("error_message")).asString().doesNotContain("secret-token", "127.0.0.1");
            assertThat(json(server.call(path, "{\"session\": \"" + session + "\"}"))
                            .get("error_message"))
                    .asString()
                    .contains("secret-token");
        }
    }

    @Test
    void logsOfAHiddenPictureTellStrangersItsStateOnly(@TempDir Path data) throws Exception {
        try (TestServer server = TestServer.start(data, "api-key", "administratorkey")) {
            String session = server.login("administratorkey");
            int submission = TestServer.submission(json(server.upload(
                    "{\"session\": \"" + session + "\", \"publicly_visible\": \"n\"}",
                    "secret place.fits",
                    "no picture at all".getBytes(StandardCharsets.US_ASCII))));
            int job = server.awaitJob(submission);
            assertThat(server.awaitEnd(job)).isEqualTo("failure");
            for (String log : List.of("/joblog/", "/joblog2/")) {
                assertThat(text(server.get(log + job)))
                        .contains("is queued", "failed")
                        .doesNotContain("secret place");
            }
            String owners = text(server.get("/joblog2/" + job, "Cookie", "NovaSession=" + session));
            assertThat(owners).contains("failed (");
        }
    }
}
