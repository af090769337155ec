package io.novasolve.examples.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What stands at the head of every answer, whatever it is. */
class HeadersTest {

    private static final String FRIEND = "https://friend.example";

    @TempDir
    private static Path data;

    private static TestServer server;

    @BeforeAll
    static void start() throws IOException {
        server = TestServer.start(data, "behind-proxy", "true", "cors-origins", FRIEND);
        // The first of all: submission, image and job have the number 1.
        server.awaitJob(server.submit(
                server.login("anything"), "sky.gif", "GIF89a no more".getBytes(StandardCharsets.US_ASCII)));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /, 200",
        "GET, /image/1, 200",
        "GET, /joblog/1, 200",
        "GET, /assets/nova.css, 200",
        "GET, /api/jobs/1, 200",
        "GET, /api/jobs/4711, 404",
        "GET, /wcs_file/4711, 404",
        "GET, /nothing, 404",
        "GET, /api/nothing, 404",
        "GET, /admin, 403",
        "PUT, /api/jobs/1, 405",
        "DELETE, /image/1, 405",
        "POST, /signout, 403",
        "HEAD, /image/1, 200",
        "HEAD, /nothing, 404"
    })
    void everyAnswerIsGuarded(String method, String path, int status) {
        for (String proto : List.of("http", "https")) {
            HttpResponse<byte[]> response = server.send(HttpRequest.newBuilder(URI.create(server.url(path)))
                    .header("X-Forwarded-Proto", proto)
                    .method(method, HttpRequest.BodyPublishers.noBody()));
            assertThat(response.statusCode()).isEqualTo(status);
            assertThat(response.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
            assertThat(response.headers().firstValue("X-Frame-Options")).hasValue("DENY");
            assertThat(response.headers().firstValue("Referrer-Policy")).hasValue("same-origin");
            assertThat(response.headers().firstValue("Cross-Origin-Opener-Policy"))
                    .hasValue("same-origin");
            assertThat(response.headers().firstValue("Content-Security-Policy").orElseThrow())
                    .startsWith("default-src 'none'");
            assertThat(response.headers()
                            .firstValue("Strict-Transport-Security")
                            .isPresent())
                    .isEqualTo(proto.equals("https"));
            if (!method.equals("HEAD") || status == 200) {
                assertThat(response.headers().firstValue("Content-Length")).isPresent();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/image/1", "/joblog/1", "/api/jobs/1", "/api/submissions/1"})
    void theHeadIsThatOfTheWhole(String path) {
        HttpResponse<byte[]> head = server.send(HttpRequest.newBuilder(URI.create(server.url(path)))
                .method("HEAD", HttpRequest.BodyPublishers.noBody()));
        HttpResponse<byte[]> whole = server.get(path);
        assertThat(head.statusCode()).isEqualTo(200);
        assertThat(head.body()).isEmpty();
        for (String name : List.of("Content-Type", "Content-Length")) {
            assertThat(head.headers().firstValue(name))
                    .as(name)
                    .isEqualTo(whole.headers().firstValue(name));
        }
    }

    @Test
    void othersThanGetAndPostAreRefused() throws IOException {
        for (String method : List.of("PUT", "DELETE", "PATCH")) {
            RawHttp.Response response = RawHttp.post(
                    server.port(), method + " /api/jobs/1 HTTP/1.1\nHost: localhost\nConnection: close", new byte[0]);
            assertThat(response.status()).isEqualTo(405);
            assertThat(response.headers()).contains("Allow: GET, POST");
            assertThat(response.text()).startsWith("{\"status\": \"error\"");
        }
        RawHttp.Response trace = RawHttp.get(
                server.port(), "TRACE /api/jobs/1 HTTP/1.1\nHost: localhost\nX-Secret: abc\nConnection: close");
        assertThat(trace.status()).isGreaterThanOrEqualTo(400);
        assertThat(trace.text()).doesNotContain("X-Secret");
    }

    static HttpResponse<byte[]> preflight(TestServer server, String origin) {
        return server.send(HttpRequest.newBuilder(URI.create(server.url("/api/upload")))
                .headers("Origin", origin, "Access-Control-Request-Method", "POST")
                .method("OPTIONS", HttpRequest.BodyPublishers.noBody()));
    }

    @Test
    void onlyFriendlyPagesElsewhereMayUseTheApi() {
        HttpResponse<byte[]> asked = preflight(server, FRIEND);
        assertThat(asked.statusCode()).isEqualTo(204);
        assertThat(asked.headers().firstValue("Access-Control-Allow-Origin")).hasValue(FRIEND);
        assertThat(asked.headers().firstValue("Access-Control-Allow-Methods")).hasValue("GET, POST");
        assertThat(asked.headers().firstValue("Access-Control-Allow-Headers")).hasValue("Content-Type");
        assertThat(asked.headers().allValues("Vary")).contains("Origin");
        assertThat(preflight(server, "https://other.example").headers().map().keySet())
                .noneMatch(name -> name.startsWith("access-control-"));
        // Without the session of the browser: nobody's cookies are of use elsewhere.
        assertThat(asked.headers().firstValue("Access-Control-Allow-Credentials"))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/api/jobs/1", "/api/jobs/4711", "/image/1", "/joblog/1", "/wcs_file/1"})
    void onlyFriendlyPagesElsewhereReadAnswersAndFiles(String path) {
        HttpResponse<byte[]> friend = server.get(path, "Origin", FRIEND);
        assertThat(friend.headers().firstValue("Access-Control-Allow-Origin")).hasValue(FRIEND);
        assertThat(friend.headers().firstValue("Access-Control-Allow-Credentials"))
                .isEmpty();
        HttpResponse<byte[]> other = server.get(path, "Origin", "https://other.example");
        assertThat(other.headers().firstValue("Access-Control-Allow-Origin")).isEmpty();
        assertThat(other.headers().allValues("Vary")).contains("Origin");
    }
}
