package io.novasolve.examples.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.novasolve.core.axy.JobFile;
import io.novasolve.core.model.SolveOptions;
import io.novasolve.examples.server.json.JsonTree;
import io.novasolve.sky.wcs.Wcs;
import io.novasolve.sky.wcs.WcsFile;
import io.novasolve.testkit.StarField;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The programs that people use, as requests byte for byte, with what each needs of the replies. */
class ClientsTest {

    @TempDir
    private static Path data;

    private static TestServer server;

    @BeforeAll
    static void start() throws IOException {
        server = TestServer.start(data);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static byte[] concat(Object... pieces) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (Object piece : pieces) {
            out.writeBytes(piece instanceof byte[] b ? b : piece.toString().getBytes(StandardCharsets.UTF_8));
        }
        return out.toByteArray();
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> json(RawHttp.Response response) throws IOException {
        assertThat(response.status()).as(response.text()).isEqualTo(200);
        return (Map<String, Object>) JsonTree.read(response.text());
    }

    private static String host() {
        return "127.0.0.1:" + server.port();
    }

    private interface Poll {
        boolean isOver() throws IOException;
    }

    /** At most so often, like the client; a little faster than it. */
    private static void poll(int times, Poll poll) throws IOException {
        for (int i = 0; i < times; i++) {
            if (poll.isOver()) {
                return;
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(200));
        }
        throw new AssertionError("polled " + times + " times in vain");
    }

    private static int number(Object value) {
        return Math.toIntExact(((Number) value).longValue());
    }

    // The client of the original.

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
                            .formatted(service, host()),
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
            Map<String, Object> reply = json(RawHttp.post(
                    server.port(),
                    """
                    POST /api/upload HTTP/1.1
                    Accept-Encoding: identity
                    Content-Type: multipart/form-data; boundary="%s"
                    Host: %s
                    User-Agent: Python-urllib/3.11
                    Connection: close"""
                            .formatted(boundary, host()),
                    body));
            assertThat(reply.get("status")).isEqualTo("success");
            return number(reply.get("subid"));
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
                            .formatted(path, host(), host()));
            assertThat(response.status()).as(path).isEqualTo(200);
            return response.body();
        }
    }

    @Test
    void theClientOfTheOriginal() throws IOException {
        OriginalClient client = new OriginalClient();
        client.login();
        byte[] picture = Files.readAllBytes(TestServer.sample());
        int job = client.awaitJob(client.upload("/home/me/my pictures/sample.jpg", picture));
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
        Wcs wcs = WcsFile.read(client.file("/wcs_file/" + job), "wcs.fits");
        assertThat(wcs.width()).isPositive();
        assertThat(client.file("/corr_file/" + job)).isNotEmpty();
        assertThat(client.file("/kml_file/" + job + "/")).isNotEmpty();
        assertThat(((List<?>) client.call("myjobs/", client.sessionArgument()).get("jobs")).contains((long) job))
                .isTrue();
        assertThat(client.call("jobs_by_tag?query=zzz&", client.sessionArgument())
                        .get("job_ids"))
                .isEqualTo(List.of());
        assertThat(client.call("jobs_by_tag?query=zzz&exact=yes", client.sessionArgument())
                        .get("job_ids"))
                .isEqualTo(List.of());
    }

    // KStars: Qt forms, nothing escaped, polls that hang on words they do not know.

    private static String kstarsLogin() throws IOException {
        Map<String, Object> reply = json(RawHttp.post(
                server.port(),
                """
                POST /api/login HTTP/1.1
                Host: %s
                Content-Type: application/x-www-form-urlencoded
                Connection: close
                User-Agent: Mozilla/5.0"""
                        .formatted(host()),
                concat("request-json={\"apikey\":\"abcdefghijklmnop\"}")));
        assertThat(reply.get("status")).isEqualTo("success");
        return (String) reply.get("session");
    }

    private static int kstarsUpload(String arguments, String fileName, byte[] file) throws IOException {
        String boundary = "boundary_.oOo._NjM1MzQ4NTQ0Mjc3NTMxNjk=";
        byte[] body = concat(
                "--",
                boundary,
                "\r\nContent-Type: application/text/plain\r\n",
                "Content-Disposition: form-data; name=\"request-json\"\r\n\r\n",
                arguments,
                "\r\n--",
                boundary,
                "\r\nContent-Type: application/octet-stream\r\n",
                "Content-Disposition: form-data; name=\"file\"; filename=\"",
                fileName,
                "\"\r\n\r\n",
                file,
                "\r\n--",
                boundary,
                "--\r\n");
        Map<String, Object> reply = json(RawHttp.post(
                server.port(),
                """
                POST /api/upload HTTP/1.1
                Host: %s
                Content-Type: multipart/form-data; boundary="%s"
                MIME-Version: 1.0
                Connection: close
                User-Agent: Mozilla/5.0"""
                        .formatted(host(), boundary),
                body));
        assertThat(reply.get("status")).isEqualTo("success");
        return number(reply.get("subid"));
    }

    private static Map<String, Object> get(String path) throws IOException {
        return json(RawHttp.get(server.port(), "GET " + path + " HTTP/1.1\nHost: " + host() + "\nConnection: close"));
    }

    private static void assertNumbers(Map<String, Object> reply, String... keys) {
        for (String key : keys) {
            assertThat(reply.get(key)).as(key).isInstanceOf(Double.class);
        }
    }

    @Test
    void kstarsWithItsOlderParser() throws IOException {
        StarField field = StarField.known(3);
        String session = kstarsLogin();
        int submission = kstarsUpload(
                "{\"center_dec\":0,\"center_ra\":84,\"crpix_center\":true,\"downsample_factor\":2,"
                        + "\"allow_commercial_use\":\"n\",\"allow_modifications\":\"n\",\"publicly_visible\":\"n\","
                        + "\"parity\":2,\"radius\":15,\"scale_lower\":4,\"scale_type\":\"ul\",\"scale_units\":\"degwidth\","
                        + "\"scale_upper\":8,\"image_width\":1200,\"image_height\":900,\"session\":\"" + session
                        + "\"}",
                "solver-1.fits",
                new JobFile(field.stars(), SolveOptions.defaults()).toBytes());
        int[] job = {0};
        poll(900, () -> {
            List<?> jobs = (List<?>) get("/api/submissions/" + submission).get("jobs");
            job[0] = jobs.isEmpty() || jobs.get(0) == null ? 0 : number(jobs.get(0));
            return job[0] != 0;
        });
        poll(900, () -> {
            String status = (String) get("/api/jobs/" + job[0]).get("status");
            assertThat(status).isIn("solving", "success");
            return "success".equals(status);
        });
        assertNumbers(get("/api/jobs/" + job[0] + "/calibration"), "parity", "orientation", "ra", "dec", "pixscale");
    }

    @Test
    void kstarsByStellarSolver() throws IOException {
        StarField field = StarField.known(4);
        String session = kstarsLogin();
        int submission = kstarsUpload(
                "{\"allow_commercial_use\":\"n\",\"allow_modifications\":\"n\",\"crpix_center\":true,"
                        + "\"image_height\":900,\"image_width\":1200,\"parity\":2,\"publicly_visible\":\"n\",\"session\":\""
                        + session + "\"}",
                "stars.fits",
                new JobFile(field.stars(), SolveOptions.defaults()).toBytes());
        poll(900, () -> {
            Object finished = get("/api/submissions/" + submission).get("processing_finished");
            assertThat(finished).isInstanceOf(String.class);
            return !finished.equals("None") && !finished.equals("");
        });
        int[] job = {0};
        poll(900, () -> {
            List<?> jobs = (List<?>) get("/api/submissions/" + submission).get("jobs");
            job[0] = jobs.isEmpty() || jobs.get(0) == null ? 0 : number(jobs.get(0));
            return job[0] != 0;
        });
        poll(900, () -> {
            String status = (String) get("/api/jobs/" + job[0]).get("status");
            assertThat(status).isIn("solving", "processing", "success");
            return "success".equals(status);
        });
        assertNumbers(
                get("/api/jobs/" + job[0] + "/calibration"),
                "parity",
                "orientation",
                "ra",
                "dec",
                "pixscale",
                "width_arcsec",
                "height_arcsec");
        String close = " HTTP/1.1\nHost: " + host() + "\nConnection: close";
        assertThat(RawHttp.get(server.port(), "GET /joblog/" + job[0] + close).status())
                .isEqualTo(200);
        RawHttp.Response wcs = RawHttp.get(server.port(), "GET /wcs_file/" + job[0] + close);
        assertThat(WcsFile.read(wcs.body(), "wcs.fits").width()).isEqualTo(1200);
    }

    // N.I.N.A.: .NET forms with unquoted names, blind.

    @ParameterizedTest
    @ValueSource(strings = {"calibration/", "info/"})
    void nina(String result) throws IOException {
        StarField field = StarField.known(5);
        Map<String, Object> login = json(RawHttp.post(
                server.port(),
                """
                POST /api/login/ HTTP/1.1
                Host: %s
                Content-Type: application/x-www-form-urlencoded; charset=utf-8
                Connection: close"""
                        .formatted(host()),
                concat("request-json=%7B%22apikey%22%3A%22abcdefghijklmnop%22%7D")));
        assertThat(login.get("status")).isEqualTo("success");
        String boundary = "1b9ed2e0-7a4f-4d0c-8f3a-0b6d3c1d2f50";
        byte[] body = concat(
                "--",
                boundary,
                "\r\nContent-Type: text/plain; charset=utf-8\r\n",
                "Content-Disposition: form-data; name=request-json\r\n\r\n",
                "{\"publicly_visible\":\"n\",\"allow_modifications\":\"d\",\"session\":\"",
                login.get("session"),
                "\",\"allow_commercial_use\":\"d\"}",
                "\r\n--",
                boundary,
                "\r\n",
                "Content-Disposition: form-data; name=file; filename=stars.fits; filename*=utf-8''stars.fits\r\n\r\n",
                new JobFile(field.stars(), SolveOptions.defaults()).toBytes(),
                "\r\n--",
                boundary,
                "--\r\n");
        Map<String, Object> upload = json(RawHttp.post(
                server.port(),
                """
                POST /api/upload HTTP/1.1
                Host: %s
                Content-Type: multipart/form-data; boundary="%s"
                Connection: close"""
                        .formatted(host(), boundary),
                body));
        assertThat(upload.get("status")).isEqualTo("success");
        int submission = number(upload.get("subid"));
        int[] job = {0};
        poll(900, () -> {
            Object jobs = get("/api/submissions/" + submission).get("jobs");
            assertThat(jobs).isInstanceOf(List.class);
            List<?> list = (List<?>) jobs;
            job[0] = list.isEmpty() || list.get(0) == null ? 0 : number(list.get(0));
            return job[0] != 0;
        });
        poll(900, () -> {
            Object status = get("/api/jobs/" + job[0]).get("status");
            assertThat(status).isNotEqualTo("failure");
            return "success".equals(status);
        });
        Map<String, Object> reply = get("/api/jobs/" + job[0] + "/" + result);
        @SuppressWarnings("unchecked")
        Map<String, Object> calibration =
                result.startsWith("info") ? (Map<String, Object>) reply.get("calibration") : reply;
        assertNumbers(calibration, "parity", "orientation", "pixscale", "radius", "ra", "dec");
    }

    // astroquery, the real one.

    @Test
    void astroquery(@TempDir Path folder) throws Exception {
        Astroquery.require("ClientsTest.astroquery");
        Path script = folder.resolve("solve.py");
        try (var in = ClientsTest.class.getResourceAsStream("astroquery_client.py")) {
            Files.copy(in, script);
        }
        StarField field = StarField.known(6);
        StringBuilder stars = new StringBuilder();
        for (int i = 0; i < field.stars().size(); i++) {
            stars.append(field.stars().x(i))
                    .append(' ')
                    .append(field.stars().y(i))
                    .append('\n');
        }
        Path list = Files.writeString(folder.resolve("stars.txt"), stars);
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
