package io.novasolve.examples.server;

import static io.novasolve.examples.server.TestServer.json;
import static io.novasolve.examples.server.TestServer.text;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the API says to requests that it does not fulfil, or not yet: nothing is solved here, all jobs wait. */
class ApiErrorsTest {

    @TempDir
    private static Path data;

    private static TestServer server;
    private static String session;

    /** Of the one job. */
    private static int queued;

    @BeforeAll
    static void start() throws Exception {
        server = TestServer.start(data, "jobs", "0");
        session = server.login("anything");
        int submission = server.submit(session, "stars.txt", "1 2\n3 4\n5 7\n".getBytes(StandardCharsets.US_ASCII));
        // The first of all has the number 1.
        server.await("/api/submissions/" + submission, s -> Arrays.asList((Object) null)
                .equals(s.get("jobs")));
        queued = 1;
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/api/login|{}|need \"apikey\"",
                "/api/login|{\"apikey\": \"\"}|bad apikey",
                "/api/login||no json",
                "/api/login|null|failed to parse JSON: \"null\"",
                "/api/login|{\"apikey|failed to parse JSON: \"{\"apikey\"",
                "/api/upload|{}|no \"session\" in JSON.",
                "/api/upload|{\"session\": \"nope\"}|no session with key \"nope\"",
                "/api/upload|{\"session\": null}|no session with key \"None\"",
                "/api/url_upload|{}|no \"session\" in JSON.",
                "/api/myjobs|{}|no \"session\" in JSON.",
                "/api/submission_images|{}|no \"session\" in JSON.",
                "/api/upload|{\"session\": \"S\", \"x\": [1, \"a\"], \"y\": [1, 2]}"
                        + "|Failed to parse JSON \"x\" and \"y\" values -- should be lists of floats",
                "/api/upload|{\"session\": \"S\", \"x\": [1, 2], \"y\": [1]}|\"x\" and \"y\" lists must be the same length",
                "/api/upload|{\"session\": \"S\", \"album\": \"A\"}|no file: send it as the part \"file\" behind the arguments,"
                        + " or a star list as \"x\" and \"y\"",
                "/api/upload|{\"session\": \"S\", \"x\": [1], \"y\": [1], \"album\": \"A\"}"
                        + "|Failed to find an Album with title \"A\"",
                "/api/submission_images|{\"session\": \"S\", \"subid\": 999999}|submission does not exist",
                "/api/submission_images|{\"session\": \"S\"}|no \"subid\" in JSON.",
                "/api/url_upload|{\"session\": \"S\"}|no \"url\" in JSON.",
                "/api/url_upload|{\"session\": \"S\", \"url\": \" \"}|no \"url\" in JSON.",
                "/api/jobs_by_tag|{}|no \"query\" in the URL",
                "/api/jobs/JOB/annotations?nbright=abc|{}|\"nbright\" must be a number, 0 or more",
                "/api/jobs/JOB/annotations?nbright=-1|{}|\"nbright\" must be a number, 0 or more"
            })
    void errorsHaveTheDocumentedForm(String path, String json, String message) {
        String arguments = json == null ? "" : json.replace("\"S\"", "\"" + session + "\"");
        HttpResponse<byte[]> response = server.call(path.replace("JOB", "" + queued), arguments);
        Map<String, Object> reply = json(response);
        assertThat(reply.keySet()).containsExactly("status", "errormessage");
        assertThat(reply).containsEntry("status", "error").containsEntry("errormessage", message);
    }

    @Test
    void argumentsTravelInOneFieldOnly() {
        assertThat(json(server.get("/api/login"))).containsEntry("errormessage", "no json");
        assertThat(json(server.post(
                        "/api/login", "application/json", "{\"apikey\": \"a\"}".getBytes(StandardCharsets.UTF_8))))
                .containsEntry("errormessage", "no json");
    }

    @Test
    void unknownNumbersAndPathsAreNotFound() {
        for (String path : List.of(
                "/api/jobs/999999",
                "/api/jobs/0",
                "/api/jobs/12-3",
                "/api/jobs/99999999999999999999",
                "/api/jobs/999999/calibration",
                "/api/submissions/999999",
                "/wcs_file/999999",
                "/image/999999",
                "/joblog/999999")) {
            HttpResponse<byte[]> response = server.get(path);
            assertThat(response.statusCode()).as(path).isEqualTo(404);
            assertThat(response.headers().firstValue("Content-Type").orElseThrow())
                    .startsWith("text/html");
        }
        HttpResponse<byte[]> logout = server.get("/api/logout");
        assertThat(logout.statusCode()).isEqualTo(404);
        assertThat(text(logout)).contains("\"status\": \"error\"");
    }

    /** Which need the pictures of somebody else. */
    @Test
    void picturesOfSurveysAreRefusedInTheDocumentedForm() {
        for (String survey : List.of("sdss", "galex")) {
            assertThat(json(server.call("/api/" + survey + "_image_for_wcs", "{\"session\": \"" + session + "\"}")))
                    .as(survey)
                    .containsEntry("status", "error")
                    .containsEntry("errormessage", "this server has no pictures of the " + survey + " survey");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"calibration", "annotations", "annotations?nbright=3"})
    void whatIsNotSolvedHasNoCalibration(String call) {
        assertThat(text(server.get("/api/jobs/" + queued + "/" + call)))
                .isEqualTo("{\"error\": \"no calibration data available for job " + queued + "\"}");
    }

    /** Whoever asks for all of them gets all of them; and what waits is told of in a word that every client knows. */
    @Test
    void jobsThatWaitAreAmongMineAndSaidToBeSolving() {
        assertThat(json(server.call("/api/myjobs", "{\"session\": \"" + session + "\"}")))
                .containsEntry("jobs", List.of((long) queued));
        assertThat(json(server.get("/api/jobs/" + queued))).isEqualTo(Map.of("status", "solving"));
        assertThat(json(server.get("/api/jobs/" + queued + "/info"))).containsEntry("status", "solving");
    }
}
