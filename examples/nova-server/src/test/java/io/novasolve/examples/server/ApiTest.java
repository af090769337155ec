package io.novasolve.examples.server;

import static io.novasolve.examples.server.TestServer.json;
import static io.novasolve.examples.server.TestServer.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.novasolve.core.axy.JobFile;
import io.novasolve.core.model.SolveOptions;
import io.novasolve.sky.stars.StarListReader;
import io.novasolve.sky.wcs.Wcs;
import io.novasolve.sky.wcs.WcsFile;
import io.novasolve.testkit.StarField;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The whole API against a server with the engine in this JVM. */
class ApiTest {

    @TempDir
    private static Path data;

    private static TestServer server;
    private static String session;

    /** The sample picture: uploaded once, for all tests that need something solved. */
    private static int submission;

    private static int job;
    private static Map<String, Object> uploaded;

    @BeforeAll
    static void start() throws Exception {
        server = TestServer.start(data);
        session = server.login("abcdefghijklmnop");
        uploaded = json(server.upload(
                "{\"session\": \"" + session + "\"}",
                "/home/me/my sky/sample.jpg",
                Files.readAllBytes(TestServer.sample())));
        submission = TestServer.submission(uploaded);
        job = server.awaitJob(submission);
        assertThat(server.awaitEnd(job)).isEqualTo("success");
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void aLoginGivesASessionAndACookie() {
        HttpResponse<byte[]> response = server.call("/api/login", "{\"apikey\": \"abcdefghijklmnop\"}");
        assertThat(text(response))
                .matches("\\{\"status\": \"success\", \"message\": \"authenticated user: anonymous\","
                        + " \"session\": \"[a-z0-9]{32}\"}");
        assertThat(response.headers().firstValue("Set-Cookie").orElseThrow())
                .contains("HttpOnly", "Path=/", "Max-Age=1209600", "SameSite=Lax");
        assertThat(response.headers().firstValue("Content-Length")).isPresent();
        assertThat(response.headers().firstValue("X-Frame-Options")).hasValue("DENY");
        assertThat(response.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
        assertThat(response.headers().firstValue("Referrer-Policy")).hasValue("same-origin");
        assertThat(response.headers().firstValue("Cross-Origin-Opener-Policy")).hasValue("same-origin");
        assertThat(response.headers().firstValue("Access-Control-Allow-Origin")).isEmpty();
    }

    @Test
    void anUploadTellsItsNumberAndHash() throws Exception {
        assertThat(uploaded.keySet()).containsExactly("status", "subid", "hash");
        byte[] sha1 = MessageDigest.getInstance("SHA-1").digest(Files.readAllBytes(TestServer.sample()));
        assertThat(uploaded.get("hash")).isEqualTo(HexFormat.of().formatHex(sha1));
    }

    @Test
    void theStatusOfASubmission() {
        Map<String, Object> status = json(server.get("/api/submissions/" + submission));
        assertThat(status.keySet())
                .containsExactly(
                        "user",
                        "processing_started",
                        "processing_finished",
                        "user_images",
                        "images",
                        "jobs",
                        "job_calibrations");
        assertThat(status.get("user")).isEqualTo(1L);
        String time = "\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d(\\.\\d{6})?";
        assertThat((String) status.get("processing_started")).matches(time);
        assertThat((String) status.get("processing_finished")).matches(time);
        assertThat(status.get("jobs")).isEqualTo(List.of((long) job));
        List<?> pair = (List<?>) ((List<?>) status.get("job_calibrations")).get(0);
        assertThat(pair.get(0)).isEqualTo((long) job);
        // As the client of the original asks: POST, with a session, with a slash or without.
        for (String path : List.of("/api/submissions/" + submission, "/api/submissions/" + submission + "/")) {
            assertThat(text(server.call(path, "{\"session\": \"" + session + "\"}")))
                    .isEqualTo(text(server.get(path)));
        }
    }

    @Test
    void theCalibrationAndInfoOfAJob() throws Exception {
        Map<String, Object> calibration = json(server.get("/api/jobs/" + job + "/calibration/"));
        Wcs wcs = WcsFile.read(server.get("/wcs_file/" + job).body(), "wcs.fits");
        assertThat(calibration.keySet())
                .containsExactly(
                        "ra",
                        "dec",
                        "width_arcsec",
                        "height_arcsec",
                        "radius",
                        "pixscale",
                        "orientation",
                        "parity",
                        "orientation_up");
        assertThat((Double) calibration.get("ra"))
                .isCloseTo(wcs.linear().centre().raDeg(), within(1e-9));
        assertThat((Double) calibration.get("pixscale")).isCloseTo(wcs.pixelScaleArcsec(), within(1e-9));
        assertThat((Double) calibration.get("parity")).isEqualTo(1.0);
        double up = wcs.orientationDeg();
        assertThat((Double) calibration.get("orientation")).isCloseTo((180 - up + 360) % 360, within(1e-9));
        assertThat((Double) calibration.get("orientation_up")).isCloseTo((up + 540) % 360, within(1e-9));
        Map<String, Object> info = json(server.get("/api/jobs/" + job + "/info/"));
        assertThat(info.keySet())
                .containsExactly(
                        "objects_in_field", "machine_tags", "tags", "status", "original_filename", "calibration");
        assertThat(info).containsEntry("status", "success").containsEntry("original_filename", "sample.jpg");
        assertThat(((Map<?, ?>) info.get("calibration")).get("ra")).isEqualTo(calibration.get("ra"));
        for (String list : List.of("tags", "machine_tags", "objects_in_field", "annotations")) {
            Map<String, Object> reply = json(server.get("/api/jobs/" + job + "/" + list));
            assertThat(reply.get(list.equals("machine_tags") ? "tags" : list)).isInstanceOf(List.class);
        }
    }

    private static int image() {
        Map<String, Object> reply = json(server.call(
                "/api/submission_images/", "{\"session\": \"" + session + "\", \"subid\": " + submission + "}"));
        assertThat(reply.keySet()).containsExactly("status", "image_ids");
        return ((Number) ((List<?>) reply.get("image_ids")).get(0)).intValue();
    }

    @Test
    void objectsBecomeTagsAndAnnotations() {
        List<?> tags =
                (List<?>) json(server.get("/api/jobs/" + job + "/machine_tags")).get("tags");
        assertThat(tags.toString()).contains("constellation Orion (Ori)", "The star Rigel (βOri)", "Orion Nebula");
        assertThat(text(server.get("/api/jobs/" + job + "/machine_tags"))).contains("(\\u03b2Ori)");
        assertThat(json(server.get("/api/jobs/" + job + "/objects_in_field")).get("objects_in_field"))
                .isEqualTo(tags);
        List<?> annotations = (List<?>)
                json(server.get("/api/jobs/" + job + "/annotations?nbright=2")).get("annotations");
        assertThat(annotations).isNotEmpty();
        int bright = 0;
        for (Object one : annotations) {
            Map<?, ?> annotation = (Map<?, ?>) one;
            boolean isBright = "bright".equals(annotation.get("type"));
            bright += isBright ? 1 : 0;
            assertThat(List.copyOf(annotation.keySet()).toString())
                    .isEqualTo(
                            isBright
                                    ? "[type, names, pixelx, pixely, radius, vmag]"
                                    : "[type, names, pixelx, pixely, radius]");
            assertThat(annotation.get("pixelx")).isInstanceOf(Double.class);
            assertThat(annotation.get("radius")).isInstanceOf(Double.class);
        }
        assertThat(bright).isEqualTo(2);
        server.await("/api/jobs_by_tag?query=rigel", r -> r.get("job_ids").equals(List.of((long) job)));
        assertThat(json(server.get("/api/jobs_by_tag?query=rigel&exact=yes")).get("job_ids"))
                .isEqualTo(List.of());
        assertThat(json(server.get("/api/jobs_by_tag?query=m%2042&exact=yes")).get("job_ids"))
                .isEqualTo(List.of((long) job));
    }

    @Test
    void myJobsAndJobsByTag() {
        String text = text(server.call("/api/myjobs/", "{\"session\": \"" + session + "\"}"));
        assertThat(text).matches("\\{\"jobs\": \\[\\d+(, \\d+)*], \"status\": \"success\"}");
        assertThat(json(server.call("/api/jobs_by_tag?query=no+such+tag&", "{}")))
                .isEqualTo(Map.of("job_ids", List.of()));
    }

    private static String list(double[] values) {
        return Arrays.stream(values).mapToObj(Double::toString).collect(Collectors.joining(", ", "[", "]"));
    }

    private static String starList(StarField field) {
        int n = field.stars().size();
        return "\"x\": "
                + list(IntStream.range(0, n).mapToDouble(field.stars()::x).toArray())
                + ", \"y\": "
                + list(IntStream.range(0, n).mapToDouble(field.stars()::y).toArray())
                + ", \"image_width\": 1200, \"image_height\": 900";
    }

    @ParameterizedTest
    @ValueSource(strings = {"/api/upload", "/api/url_upload"})
    void starListsInTheArguments(String path) throws Exception {
        StarField field = StarField.known(7);
        Map<String, Object> reply =
                json(server.call(path, "{\"session\": \"" + session + "\", " + starList(field) + "}"));
        assertThat(reply.keySet()).containsExactly("status", "subid", "hash");
        int listJob = server.awaitJob(TestServer.submission(reply));
        assertThat(server.awaitEnd(listJob)).isEqualTo("success");
        Map<String, Object> calibration = json(server.get("/api/jobs/" + listJob + "/calibration"));
        assertThat((Double) calibration.get("ra"))
                .isCloseTo(field.truth().centre().raDeg(), within(0.02));
        assertThat((Double) calibration.get("width_arcsec"))
                .isCloseTo(field.truth().pixelScaleArcsec() * 1200, within(60.0));
        // Not flipped: only for JPEG, PNG and GIF.
        Wcs wcs = WcsFile.read(server.get("/wcs_file/" + listJob).body(), "wcs.fits");
        assertThat((Double) calibration.get("orientation")).isCloseTo(wcs.orientationDeg(), within(1e-9));
        assertThat(json(server.get("/api/jobs/" + listJob + "/info"))).containsEntry("original_filename", "json-xy");
    }

    @Test
    void starListsAsFiles() throws Exception {
        StarField field = StarField.known(11);
        byte[] axy = new JobFile(field.stars(), SolveOptions.defaults()).toBytes();
        StringBuilder text = new StringBuilder("# x y\r\n");
        for (int i = 0; i < field.stars().size(); i++) {
            text.append(field.stars().x(i))
                    .append(", ")
                    .append(field.stars().y(i))
                    .append("\r\n");
        }
        for (byte[] file : List.of(axy, text.toString().getBytes(StandardCharsets.US_ASCII))) {
            Map<String, Object> reply = json(server.upload(
                    "{\"session\": \"" + session + "\", \"image_width\": 1200, \"image_height\": 900}", "list", file));
            assertThat(server.awaitEnd(server.awaitJob(TestServer.submission(reply))))
                    .isEqualTo("success");
        }
        assertThat(new StarListReader().read(axy, "axy").size()).isPositive();
    }

    @Test
    void whatCannotBeReadFailsAndWhatHasNoSolutionToo() {
        byte[] noise = "this is no picture".getBytes(StandardCharsets.US_ASCII);
        int failed = server.awaitJob(server.submit(session, "noise.jpg", noise));
        assertThat(server.awaitEnd(failed)).isEqualTo("failure");
        Map<String, Object> status = json(server.get("/api/jobs/" + failed));
        assertThat(status.keySet()).containsExactly("status", "error_message");
        assertThat((String) status.get("error_message"))
                .startsWith("failed (unreadable): ")
                .contains("noise.jpg");
        assertThat(json(server.get("/api/jobs/" + job))).isEqualTo(Map.of("status", "success"));
        assertThat(text(server.get("/api/jobs/" + failed + "/calibration")))
                .isEqualTo("{\"error\": \"no calibration data available for job " + failed + "\"}");
        assertThat(json(server.get("/api/jobs/" + failed + "/info"))).doesNotContainKey("calibration");
        assertThat(server.get("/wcs_file/" + failed).statusCode()).isEqualTo(404);
        assertThat(server.get("/joblog/" + failed).statusCode()).isEqualTo(200);
        assertThat(json(server.upload("{\"session\": \"" + session + "\"}", "empty.fits", new byte[0])))
                .containsEntry("status", "success");
    }

    /** Of a list in the arguments the hash is that of the file that is made of it; such a list comes before any file. */
    @Test
    void aStarListIsTheSameWhateverComesWithIt() {
        String list = "\"session\": \"" + session + "\", \"x\": [1, 20, \"30\"], \"y\": [5.5, 7, 9]";
        Object hash = json(server.call("/api/upload", "{" + list + "}")).get("hash");
        assertThat((String) hash).matches("[0-9a-f]{40}");
        Map<String, Object> both = json(
                server.upload("{" + list + "}", "sample.jpg", "not looked at".getBytes(StandardCharsets.US_ASCII)));
        assertThat(both).containsEntry("hash", hash);
        assertThat(json(server.call("/api/upload", "{" + list.replace("7", "8") + "}")))
                .doesNotContainEntry("hash", hash);
        int listJob = server.awaitJob(TestServer.submission(both));
        assertThat(json(server.get("/api/jobs/" + listJob + "/info"))).containsEntry("original_filename", "json-xy");
    }

    @Test
    void onAnOpenServerTheFileMayComeFirst() throws Exception {
        byte[] file = Files.readAllBytes(TestServer.sample());
        byte[] body = ClientRequests.concat(
                "--bb\r\nContent-Disposition: form-data; name=\"file\"; filename=\"first.jpg\"\r\n\r\n",
                file,
                "\r\n--bb\r\nContent-Disposition: form-data; name=\"request-json\"\r\n\r\n{\"session\": \"" + session
                        + "\"}\r\n--bb--\r\n");
        Map<String, Object> reply = json(server.post("/api/upload", "multipart/form-data; boundary=bb", body));
        assertThat(reply).containsEntry("status", "success").containsEntry("hash", uploaded.get("hash"));
    }

    @Test
    void healthAndReadiness() {
        assertThat(server.get("/health").statusCode()).isEqualTo(200);
        assertThat(text(server.get("/ready"))).isEqualTo("ready\n");
        assertThat(text(server.get("/metrics")))
                .contains("nova_jobs{state=\"solved\"}", "nova_jobs_ended_total{state=\"solved\"}")
                .contains("nova_jobs_solve_seconds{quantile=\"0.9\"}", "nova_queue_oldest_seconds ")
                .contains("nova_http_seconds_bucket{status=\"2xx\",le=\"0.1\"}", "jvm_memory_used_bytes");
    }
}
