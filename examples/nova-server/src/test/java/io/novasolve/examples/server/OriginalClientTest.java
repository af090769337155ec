package io.novasolve.examples.server;

import static io.novasolve.examples.server.ClientRequests.concat;
import static io.novasolve.examples.server.ClientRequests.json;
import static io.novasolve.examples.server.ClientRequests.number;
import static io.novasolve.examples.server.ClientRequests.poll;
import static io.novasolve.examples.server.ClientRequests.textList;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.novasolve.sky.stars.StarList;
import io.novasolve.sky.wcs.Wcs;
import io.novasolve.sky.wcs.WcsFile;
import io.novasolve.testkit.StarField;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command-line client of the original, as its requests byte for byte, and astroquery, the real one. */
class OriginalClientTest {

    @TempDir
    private static Path data;

    private static TestServer server;
    private static ClientRequests requests;

    @BeforeAll
    static void start() throws IOException {
        server = TestServer.start(data, "fetch-private-addresses", "true");
        requests = new ClientRequests(server);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static final class OriginalClient {
        private String session = "";

        private Map<String, Object> call(String service, String arguments) throws IOException {
            String body = "request-json=" + URLEncoder.encode(arguments, StandardCharsets.UTF_8);
            return json(RawHttp.post(
                    server.port(),
                    """
                    POST /api/%s HTTP/1.1
                    Accept-Encoding: identity
                    Content-Type: application/x-www-form-urlencoded
                    Host: %s
                    User-Agent: Python-urllib/3.11
                    Connection: close"""
                            .formatted(service, requests.host()),
                    body.getBytes(StandardCharsets.US_ASCII)));
        }

        void login() throws IOException {
            Map<String, Object> reply = call("login", "{\"apikey\": \"abcdefghijklmnop\"}");
            assertThat(reply.get("status")).isNotEqualTo("error");
            session = (String) reply.get("session");
            assertThat(session).isNotEmpty();
        }

        int upload(String path, byte[] file) throws IOException {
            String boundary = "===============1234567890123456789==";
            byte[] body = concat(
                    "--",
                    boundary,
                    "\n",
                    "Content-Type: text/plain\r\nMIME-Version: 1.0\r\n",
                    "Content-disposition: form-data; name=\"request-json\"\r\n\r\n",
                    "{\"allow_commercial_use\": \"d\", \"allow_modifications\": \"d\", \"publicly_visible\": \"y\",",
                    " \"scale_upper\": 90.0, \"scale_type\": \"ul\", \"session\": \"",
                    session,
                    "\"}\n",
                    "--",
                    boundary,
                    "\n",
                    "Content-Type: application/octet-stream\r\nMIME-Version: 1.0\r\n",
                    "Content-disposition: form-data; name=\"file\"; filename=\"",
                    path,
                    "\"\r\n\r\n",
                    file,
                    "\n--",
                    boundary,
                    "--\n");
            return ClientRequests.submission(RawHttp.post(
                    server.port(),
                    """
                    POST /api/upload HTTP/1.1
                    Accept-Encoding: identity
                    Content-Type: multipart/form-data; boundary="%s"
                    Host: %s
                    User-Agent: Python-urllib/3.11
                    Connection: close"""
                            .formatted(boundary, requests.host()),
                    body));
        }

        int awaitJob(int submission) throws IOException {
            int[] job = {0};
            poll(900, () -> {
                List<?> jobs = (List<?>)
                        call("submissions/" + submission, sessionArgument()).get("jobs");
                jobs.stream().filter(j -> j != null).findFirst().ifPresent(j -> job[0] = number(j));
                return job[0] != 0;
            });
            return job[0];
        }

        /** A failed job ends it with 255, here with false. */
        boolean succeeds(int job) throws IOException {
            Object[] status = {null};
            poll(900, () -> {
                status[0] = call("jobs/" + job, sessionArgument()).get("status");
                return "success".equals(status[0]) || "failure".equals(status[0]);
            });
            return "success".equals(status[0]);
        }

        /** @param more arguments, each with a comma after it */
        int submit(String service, String more) throws IOException {
            Map<String, Object> reply = call(
                    service,
                    "{" + more + "\"allow_commercial_use\": \"d\", \"allow_modifications\": \"d\","
                            + " \"publicly_visible\": \"y\", \"session\": \"" + session + "\"}");
            assertThat(reply.get("status")).isEqualTo("success");
            return number(reply.get("subid"));
        }

        List<?> jobsByTag(String query) throws IOException {
            return (List<?>)
                    call("jobs_by_tag?query=" + query, sessionArgument()).get("job_ids");
        }

        String sessionArgument() {
            return "{\"session\": \"" + session + "\"}";
        }

        byte[] file(String path) throws IOException {
            RawHttp.Response response = RawHttp.get(
                    server.port(),
                    """
                    GET %s HTTP/1.1
                    Accept-Encoding: identity
                    Host: %s
                    User-Agent: Python-urllib/3.11
                    Referer: http://%s/api/login
                    Connection: close"""
                            .formatted(path, requests.host(), requests.host()));
            assertThat(response.status()).as(path).isEqualTo(200);
            return response.body();
        }
    }

    @Test
    void theClientOfTheOriginal() throws IOException {
        OriginalClient client = new OriginalClient();
        client.login();
        byte[] picture = Files.readAllBytes(TestServer.sample());
        int submission = client.upload("/home/me/my pictures/sample.jpg", picture);
        int job = client.awaitJob(submission);
        poll(900, () -> {
            String status = (String)
                    client.call("jobs/" + job, client.sessionArgument()).get("status");
            assertThat(status).isNotEqualTo("failure");
            return "success".equals(status);
        });
        for (String service :
                List.of("calibration", "tags", "machine_tags", "objects_in_field", "annotations", "info")) {
            assertThat(client.call("jobs/" + job + "/" + service, client.sessionArgument())
                            .get("status"))
                    .as(service)
                    .isNotEqualTo("error");
        }
        String time = "\"\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d(\\.\\d{6})?\"";
        assertThat(requests.file("/api/submissions/" + submission).text())
                .matches("\\{\"user\": 1, \"processing_started\": " + time + ", \"processing_finished\": " + time
                        + ", \"user_images\": \\[\\d+], \"images\": \\[\\d+], \"jobs\": \\[" + job
                        + "], \"job_calibrations\": \\[\\[" + job + ", \\d+]]}");
        assertThat(requests.file("/api/jobs/" + job).text()).isEqualTo("{\"status\": \"success\"}");
        String number = "-?\\d+(\\.\\d+)?(e-?\\d+)?";
        assertThat(requests.file("/api/jobs/" + job + "/calibration").text())
                .matches("\\{\"ra\": N, \"dec\": N, \"width_arcsec\": N, \"height_arcsec\": N, \"radius\": N,"
                                .replace("N", number)
                        + " \"pixscale\": N, \"orientation\": N, \"parity\": -?1\\.0, \"orientation_up\": N}"
                                .replace("N", number));
        Wcs wcs = WcsFile.read(client.file("/wcs_file/" + job), "wcs.fits");
        assertThat(wcs.width()).isPositive();
        assertThat(client.file("/corr_file/" + job)).isNotEmpty();
        assertThat(client.file("/kml_file/" + job + "/")).isNotEmpty();
        assertThat(new String(client.file("/new_fits_file/" + job + "/"), StandardCharsets.ISO_8859_1))
                .startsWith("SIMPLE  =                    T")
                .contains("CTYPE1  = 'RA---TAN");
        String tag = (String) ((List<?>) client.call("jobs/" + job + "/machine_tags", client.sessionArgument())
                        .get("tags"))
                .get(0);
        String query = URLEncoder.encode(tag.substring(1).toUpperCase(Locale.ROOT), StandardCharsets.UTF_8);
        // What ended is in the search a moment later.
        poll(900, () -> client.jobsByTag(query + "&").contains((long) job));
        String whole = URLEncoder.encode(tag, StandardCharsets.UTF_8);
        assertThat(client.jobsByTag(whole + "&exact=yes").contains((long) job)).isTrue();
        assertThat(client.jobsByTag(query + "&exact=yes")).isEmpty();
        assertThat(((List<?>) client.call("myjobs/", client.sessionArgument()).get("jobs")).contains((long) job))
                .isTrue();
        assertThat(client.call("jobs_by_tag?query=zzz&", client.sessionArgument())
                        .get("job_ids"))
                .isEqualTo(List.of());
        assertThat(client.call("jobs_by_tag?query=zzz&exact=yes", client.sessionArgument())
                        .get("job_ids"))
                .isEqualTo(List.of());
    }

    private static String positions(StarList stars) {
        return IntStream.range(0, stars.size())
                        .mapToObj(i -> "" + stars.x(i))
                        .collect(Collectors.joining(", ", "\"x\": [", "], "))
                + IntStream.range(0, stars.size())
                        .mapToObj(i -> "" + stars.y(i))
                        .collect(Collectors.joining(", ", "\"y\": [", "], "));
    }

    @Test
    void theClientOfTheOriginalWithALink() throws IOException {
        try (PictureHost host =
                new PictureHost(textList(StarField.known(7).stars()).getBytes(StandardCharsets.US_ASCII))) {
            OriginalClient client = new OriginalClient();
            client.login();
            int submission = client.submit("url_upload", "\"url\": \"" + host.url("/list.txt") + "\", ");
            assertThat(client.succeeds(client.awaitJob(submission))).isTrue();
        }
    }

    @Test
    void theClientOfTheOriginalWithStarsOnly() throws IOException {
        StarField field = StarField.known(8);
        OriginalClient client = new OriginalClient();
        client.login();
        int job = client.awaitJob(client.submit("upload", positions(field.stars())));
        assertThat(client.succeeds(job)).isTrue();
        double ra = WcsFile.read(client.file("/wcs_file/" + job), "wcs.fits")
                .crval()
                .raDeg();
        assertThat(ra).isCloseTo(field.truth().crval().raDeg(), within(3.0));
    }

    @Test
    void whatCannotBeSolvedIsAFailureToAll() throws IOException {
        OriginalClient client = new OriginalClient();
        client.login();
        int submission = client.submit("upload", positions(StarField.unknown(9, 12)));
        int job = client.awaitJob(submission);
        assertThat(client.succeeds(job)).isFalse();
        // KStars' older parser, its current one and N.I.N.A. look here; astroquery and older N.I.N.A. there.
        assertThat(requests.get("/api/jobs/" + job)).containsEntry("status", "failure");
        Map<String, Object> info = requests.get("/api/jobs/" + job + "/info");
        assertThat(info).containsEntry("status", "failure").doesNotContainKey("calibration");
        assertThat(requests.get("/api/submissions/" + submission).get("job_calibrations"))
                .isEqualTo(List.of());
        assertThat(requests.get("/api/jobs/" + job + "/calibration"))
                .isEqualTo(Map.of("error", "no calibration data available for job " + job));
    }

    @Test
    void astroquery(@TempDir Path folder) throws Exception {
        Astroquery.require("OriginalClientTest.astroquery");
        Path script = folder.resolve("solve.py");
        try (var in = OriginalClientTest.class.getResourceAsStream("astroquery_client.py")) {
            Files.copy(in, script);
        }
        StarField field = StarField.known(6);
        Path list = Files.writeString(folder.resolve("stars.txt"), textList(field.stars()));
        Path output = folder.resolve("output.txt");
        ProcessBuilder python = new ProcessBuilder(
                Astroquery.PYTHON,
                script.toString(),
                server.url(""),
                TestServer.sample().toString(),
                list.toString());
        python.environment().put("HOME", folder.toString());
        python.environment().put("XDG_CACHE_HOME", folder.resolve("cache").toString());
        Process process =
                python.redirectErrorStream(true).redirectOutput(output.toFile()).start();
        try {
            assertThat(process.waitFor(4, TimeUnit.MINUTES)).isTrue();
            String text = Files.readString(output);
            assertThat(process.exitValue()).as(text).isZero();
            String[] centre = text.lines()
                    .filter(line -> line.startsWith("LIST "))
                    .findFirst()
                    .orElseThrow()
                    .split(" ");
            assertThat(Math.abs(Double.parseDouble(centre[1])
                            - field.truth().crval().raDeg()))
                    .as(text)
                    .isLessThan(2);
            assertThat(text).contains("PICTURE ", "UNSOLVED");
        } finally {
            process.destroyForcibly();
        }
    }
}
