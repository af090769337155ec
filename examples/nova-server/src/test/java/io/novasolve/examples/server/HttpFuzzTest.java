package io.novasolve.examples.server;

import static io.novasolve.examples.server.TestServer.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.novasolve.sky.Fuzz;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever is sent, the answer is a documented one, and none tells what it should not. */
@Tag("once")
class HttpFuzzTest {

    private final Fuzz fuzz = Fuzz.of(HttpFuzzTest.class, 150);

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

    @ParameterizedTest
    @ValueSource(strings = {"login", "upload", "url_upload", "submission_images", "myjobs"})
    void malformedRequestsGetTheErrorFormAndNeverATrace(String path) throws Exception {
        String whole =
                "{\"session\": \"" + alice + "\", \"apikey\": \"x\", \"subid\": 1, \"url\": \"http://127.0.0.1:1/x\","
                        + " \"scale_units\": \"degwidth\", \"scale_lower\": 0.5, \"publicly_visible\": \"y\", \"x\": [1.5, 2], \"y\": []}";
        List<byte[]> seeds = List.of(bytes(whole), bytes("{\"session\": \"" + alice + "\"}"), bytes("{}"));
        fuzz.words("{", "}", "[", "]", "\"", ":", ",", "null", "true", "\\u0000", "\\ud800", "NaN", "\u00fe")
                .run("requests of " + path, seeds, json -> {
                    String sent = new String(json, StandardCharsets.ISO_8859_1);
                    HttpResponse<byte[]> response = server.call("/api/" + path, sent);
                    assertThat(response.statusCode()).as(sent).isEqualTo(200);
                    assertErrorForm(sent, response);
                });
    }

    @Test
    void malformedFormsWithFilesGetTheErrorFormAndNeverATrace() throws Exception {
        byte[] whole = TestServer.form("{\"session\": \"" + alice + "\"}", "a.fits", new byte[] {'\r', '\n', '-', '-'});
        fuzz.words(
                        "--bb",
                        "--bb--",
                        "\r\n",
                        "\n",
                        "\r\n\r\n",
                        "--",
                        "name=",
                        "\"",
                        ";",
                        "\0",
                        "filename*=utf-8''%zz",
                        "../x",
                        ":")
                .run("forms", whole, body -> {
                    HttpResponse<byte[]> response =
                            server.post("/api/upload", "multipart/form-data; boundary=bb", body);
                    String sent = new String(body, StandardCharsets.ISO_8859_1);
                    assertThat(response.statusCode()).as(sent).isIn(200, 400);
                    assertErrorForm(sent, response);
                });
    }

    private static void assertErrorForm(String sent, HttpResponse<byte[]> response) {
        assertThat(text(response))
                .as(sent)
                .matches("(?s)\\{.*\"status\": \"(error|success)\".*}")
                .doesNotContain("Exception", "at io.novasolve", "at java.", "org.eclipse.jetty", data.toString());
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
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
