package io.novasolve.examples.server;

import static io.novasolve.examples.server.TestServer.text;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever is sent, the answer is a documented one, and none tells what it should not. */
@Tag("once")
class HttpFuzzTest {

    private static final int CASES = Integer.getInteger("nova.server.fuzz.http", 500);

    @TempDir
    private static Path data;

    private static TestServer server;
    private static String alice;

    @BeforeAll
    static void start() throws IOException {
        server = TestServer.start(
                data, "api-key", "administratorkey", "max-upload-bytes", "3000000", "max-form-bytes", "200000");
        alice = Visitor.signedIn(server, "administratorkey").createAccount("alice");
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static void assertNoTrace(HttpResponse<byte[]> response) {
        assertThat(text(response))
                .doesNotContain("Exception", "at io.novasolve", "at java.", "org.eclipse.jetty", data.toString());
    }

    @Test
    void malformedRequestsGetTheErrorFormAndNeverATrace() {
        Random random = Seed.random();
        String[] paths = {"login", "upload", "url_upload", "submission_images", "myjobs"};
        String[] bits = {
            "{",
            "}",
            "[",
            "]",
            "\"",
            ":",
            ",",
            "null",
            "true",
            "1e999",
            "-0",
            "\\u0000",
            "\\ud800",
            "\"session\"",
            "\"x\"",
            "\"y\"",
            "[1, 2]",
            "\"" + alice + "\"",
            "\"apikey\"",
            "\"subid\"",
            "\u03be",
            " ",
            "1",
            "\"scale_units\"",
            "NaN"
        };
        for (int i = 0; i < CASES; i++) {
            StringBuilder json = new StringBuilder(random.nextBoolean() ? "{\"session\": \"" + alice + "\", " : "");
            for (int n = random.nextInt(12); n >= 0; n--) {
                json.append(bits[random.nextInt(bits.length)]);
            }
            HttpResponse<byte[]> response = server.call("/api/" + paths[random.nextInt(paths.length)], json.toString());
            assertThat(response.statusCode()).as(json.toString()).isEqualTo(200);
            assertThat(text(response)).as(json.toString()).matches("(?s)\\{.*\"status\": \"(error|success)\".*}");
            assertNoTrace(response);
        }
    }

    @Test
    void malformedFormsWithFilesGetTheErrorFormAndNeverATrace() {
        Random random = Seed.random();
        byte[] whole = TestServer.form("{\"session\": \"" + alice + "\"}", "a.fits", new byte[] {'\r', '\n', '-', '-'});
        String[] bits = {
            "--bb",
            "--bb--",
            "\r\n",
            "\n",
            "\r\n\r\n",
            "--",
            "Content-Disposition: form-data;",
            "name=",
            "\"",
            ";",
            "\u0000",
            "filename*=utf-8''%zz",
            "filename=\"../x\"",
            ":",
            "name=\"request-json\"",
            "{}"
        };
        for (int i = 0; i < CASES; i++) {
            ByteArrayOutputStream body = new ByteArrayOutputStream();
            int at = 0;
            for (int cuts = 1 + random.nextInt(3); cuts > 0; cuts--) {
                int cut = at + random.nextInt(whole.length - at + 1);
                body.write(whole, at, cut - at);
                body.writeBytes(bits[random.nextInt(bits.length)].getBytes(StandardCharsets.UTF_8));
                at = Math.min(whole.length, cut + random.nextInt(20));
            }
            if (random.nextInt(4) > 0) {
                body.write(whole, at, whole.length - at);
            }
            String type = random.nextInt(10) > 0 ? "boundary=bb" : bits[random.nextInt(bits.length)].strip();
            HttpResponse<byte[]> response = server.post(
                    "/api/upload", "multipart/form-data; " + type.replaceAll("[\\r\\n\\x00]", ""), body.toByteArray());
            String sent = body.toString(StandardCharsets.ISO_8859_1);
            assertThat(response.statusCode()).as(sent).isIn(200, 400);
            assertThat(text(response)).as(sent).matches("(?s)\\{.*\"status\": \"(error|success)\".*}");
            assertNoTrace(response);
        }
    }

    @Test
    void brokenHttpGetsNoTrace() throws IOException {
        String tooLong = "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nX: " + "y".repeat(100_000) + "\r\n\r\n";
        for (String request : List.of(
                "GET /%zz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
                "GET /api/jobs/1 HTTP/1.1\r\nConnection: close\r\n\r\n",
                "NONSENSE\r\n\r\n",
                "POST /api/upload HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: -5\r\n\r\n",
                "POST /api/upload HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: multipart/form-data\r\n"
                        + "Content-Length: 3\r\n\r\nabc",
                tooLong)) {
            RawHttp.Response response;
            try {
                response = RawHttp.exchange(server.port(), request.getBytes(StandardCharsets.ISO_8859_1));
            } catch (java.net.SocketException e) {
                // The server may close before it has read all of the long one; the others it has to answer.
                assertThat(request).isEqualTo(tooLong);
                continue;
            }
            assertThat(response.status()).as(request).isBetween(400, 499);
            assertThat(response.text()).doesNotContain("Exception", "at org.", "Jetty");
        }
    }
}
