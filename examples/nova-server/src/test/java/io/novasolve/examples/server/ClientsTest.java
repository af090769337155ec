package io.novasolve.examples.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.novasolve.core.axy.JobFile;
import io.novasolve.core.model.SolveOptions;
import io.novasolve.examples.server.json.JsonTree;
import io.novasolve.sky.stars.StarList;
import io.novasolve.sky.wcs.Wcs;
import io.novasolve.sky.wcs.WcsFile;
import io.novasolve.testkit.StarField;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The programs that people use, as requests byte for byte, with what each needs of the replies. */
class ClientsTest {

    @TempDir
    private static Path data;

    private static TestServer server;

    @BeforeAll
    static void start() throws IOException {
        server = TestServer.start(data, "fetch-private-addresses", "true");
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

    private static String textList(StarList stars) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < stars.size(); i++) {
            text.append(stars.x(i)).append(' ').append(stars.y(i)).append('\n');
        }
        return text.toString();
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
        assertThat(get("/api/jobs/" + job)).isEqualTo(Map.of("status", "failure"));
        Map<String, Object> info = get("/api/jobs/" + job + "/info");
        assertThat(info).containsEntry("status", "failure").doesNotContainKey("calibration");
        assertThat(get("/api/submissions/" + submission).get("job_calibrations"))
                .isEqualTo(List.of());
        assertThat(get("/api/jobs/" + job + "/calibration"))
                .isEqualTo(Map.of("error", "no calibration data available for job " + job));
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
        Wcs solution = WcsFile.read(wcs.body(), "wcs.fits");
        assertThat(solution.width()).isEqualTo(1200);
        // It asked for the reference pixel in the middle.
        assertThat(solution.crpix().x()).isCloseTo(600.5, within(1e-6));
        assertThat(solution.crpix().y()).isCloseTo(450.5, within(1e-6));
    }

    // N.I.N.A.: .NET forms with unquoted names, blind.

    /** As cameras write them: 16 bits, offset, the first row at the bottom. */
    private static byte[] fits(BufferedImage picture) {
        int width = picture.getWidth();
        int height = picture.getHeight();
        StringBuilder header = new StringBuilder();
        for (String card : List.of(
                "SIMPLE  =                    T",
                "BITPIX  =                   16",
                "NAXIS   =                    2",
                "NAXIS1  = %20d".formatted(width),
                "NAXIS2  = %20d".formatted(height),
                "BZERO   =                32768",
                "EXTEND  =                    T",
                "END")) {
            header.append("%-80s".formatted(card));
        }
        int bytes = 2 * width * height;
        ByteBuffer file = ByteBuffer.allocate(2880 + (bytes + 2879) / 2880 * 2880);
        file.put("%-2880s".formatted(header).getBytes(StandardCharsets.US_ASCII));
        for (int y = height - 1; y >= 0; y--) {
            for (int x = 0; x < width; x++) {
                file.putShort((short) (picture.getRaster().getSample(x, y, 0) * 200 - 32768));
            }
        }
        return file.array();
    }

    @Test
    void nina() throws IOException {
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
                "Content-Disposition: form-data; name=file; filename=sky.fits; filename*=utf-8''sky.fits\r\n\r\n",
                fits(ImageIO.read(TestServer.sample().toFile())),
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
        Map<String, Object> calibration = get("/api/jobs/" + job[0] + "/calibration/");
        assertNumbers(calibration, "parity", "orientation", "pixscale", "radius", "ra", "dec");
        // Older ones look there.
        @SuppressWarnings("unchecked")
        Map<String, Object> inInfo =
                (Map<String, Object>) get("/api/jobs/" + job[0] + "/info/").get("calibration");
        assertThat(inInfo)
                .containsOnlyKeys("ra", "dec", "radius", "pixscale", "orientation", "parity")
                .allSatisfy((key, value) -> assertThat(value).isEqualTo(calibration.get(key)));
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
