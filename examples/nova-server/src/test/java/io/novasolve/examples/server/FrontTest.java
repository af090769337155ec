package io.novasolve.examples.server;

import static io.novasolve.examples.server.TestServer.text;
import static org.assertj.core.api.Assertions.assertThat;

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

/** A server with names of its own behind a proxy. */
@Tag("once")
class FrontTest {

    @TempDir
    private static Path data;

    private static TestServer server;

    @BeforeAll
    static void start() throws IOException {
        server = TestServer.start(
                data,
                "api-key",
                "administratorkey",
                "hosts",
                "nova.example, 127.0.0.1",
                "behind-proxy",
                "true",
                "logins-per-minute",
                "2",
                "jobs",
                "0");
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void onlyItsOwnNamesAreAnswered() throws IOException {
        for (String host : List.of("nova.example", "NOVA.example:8080", "127.0.0.1:1")) {
            assertThat(asked("/signin", host).status()).as(host).isEqualTo(200);
        }
        for (String host : List.of("evil.example", "nova.example.evil.example", "[::1]:8080", "")) {
            for (String path : List.of("/signin", "/api/jobs/1", "/wcs_file/1")) {
                RawHttp.Response response = asked(path, host);
                assertThat(response.status()).as(host + path).isEqualTo(400);
                assertThat(response.text()).doesNotContain("apikey");
            }
        }
    }

    private static RawHttp.Response asked(String path, String host) throws IOException {
        return RawHttp.get(server.port(), "GET " + path + " HTTP/1.1\nHost: " + host + "\nConnection: close");
    }

    private static HttpResponse<byte[]> login(String key, String... headers) {
        String body = "request-json={\"apikey\": \"" + key + "\"}";
        return server.send(java.net.http.HttpRequest.newBuilder(java.net.URI.create(server.url("/api/login")))
                .headers(headers)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(java.net.http.HttpRequest.BodyPublishers.ofString(body, StandardCharsets.UTF_8)));
    }

    @Test
    void cookiesAreForHttpsOnlyIfTheProxyIs() {
        assertThat(login("administratorkey", "X-Forwarded-Proto", "https", "X-Forwarded-For", "192.0.2.50")
                        .headers()
                        .allValues("Set-Cookie"))
                .isNotEmpty()
                .allMatch(cookie -> cookie.endsWith("; Secure"));
        assertThat(login("administratorkey", "X-Forwarded-Proto", "http", "X-Forwarded-For", "192.0.2.51")
                        .headers()
                        .allValues("Set-Cookie"))
                .isNotEmpty()
                .noneMatch(cookie -> cookie.contains("Secure"));
    }

    @Test
    void clientsAreToldApartByWhatTheProxySaw() {
        // What stands before the proxy's own word is the client's, who would like to be another one each time.
        for (int i = 0; i < 2; i++) {
            assertThat(login("wrong", "X-Forwarded-For", "10.0.0." + i + ", 192.0.2.1")
                            .statusCode())
                    .isEqualTo(200);
        }
        assertThat(login("wrong", "X-Forwarded-For", "10.0.0.9, 192.0.2.1").statusCode())
                .isEqualTo(429);
        assertThat(login("wrong", "X-Forwarded-For", "192.0.2.2").statusCode()).isEqualTo(200);
        // Of IPv6 everybody has a whole network.
        for (int i = 0; i < 2; i++) {
            assertThat(login("administratorkey", "X-Forwarded-For", "2001:db8:1:2::" + i)
                            .statusCode())
                    .isEqualTo(200);
        }
        assertThat(login("administratorkey", "X-Forwarded-For", "2001:db8:1:2:ffff::9")
                        .statusCode())
                .isEqualTo(429);
        assertThat(login("administratorkey", "X-Forwarded-For", "2001:db8:1:3::1")
                        .statusCode())
                .isEqualTo(200);
        assertThat(text(Visitor.signedIn(server, "administratorkey").get("/admin")))
                .contains("<td>192.0.2.1</td>", "<td>192.0.2.2</td>")
                .doesNotContain("10.0.0.");
    }
}
