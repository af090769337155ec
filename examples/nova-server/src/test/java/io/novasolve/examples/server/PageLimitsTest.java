package io.novasolve.examples.server;

import static io.novasolve.examples.server.TestServer.json;
import static io.novasolve.examples.server.TestServer.text;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Limits that hold for the page as for the API, and keys that end. */
@Tag("once")
class PageLimitsTest {

    private static final String LINK = "https://picture.example/a.jpg";

    @Test
    void uploadsOfThePageAreLimitedToo(@TempDir Path data) throws Exception {
        try (TestServer server =
                TestServer.start(data, "anonymous-uploads-per-minute", "2", "jobs", "0", "cors-origins", "*")) {
            assertThat(HeadersTest.preflight(server, "https://any.example")
                            .headers()
                            .firstValue("Access-Control-Allow-Origin"))
                    .hasValue("*");
            Visitor visitor = new Visitor(server);
            for (int i = 0; i < 2; i++) {
                assertThat(visitor.submit("/upload", "url", LINK).statusCode()).isEqualTo(303);
            }
            HttpResponse<byte[]> tooMany = visitor.submit("/upload", "url", LINK);
            assertThat(tooMany.statusCode()).isEqualTo(429);
            assertThat(tooMany.headers().firstValue("Retry-After")).hasValue("30");
            // The same client is no other one in the API.
            String call = "{\"session\": \"" + server.login("x") + "\", \"url\": \"" + LINK + "\"}";
            assertThat(server.call("/api/url_upload", call).statusCode()).isEqualTo(429);
        }
    }

    @Test
    void thePageTellsWhatIsToBeDoneAndHowMuchComesFirst(@TempDir Path data) throws Exception {
        try (TestServer server = TestServer.start(data, "jobs", "0")) {
            HttpResponse<byte[]> sent = new Visitor(server).submit("/upload", "url", LINK);
            String status = sent.headers().firstValue("Location").orElseThrow();
            assertThat(text(server.get(status.substring(status.indexOf("/status/")))))
                    .contains("Fetched and opened");

            String session = server.login("x");
            for (String waiting : List.of("It is next in the queue.", "About one job comes first.")) {
                int submission = server.submit(session, "a.jpg", TestServer.sample(waiting));
                server.await("/api/submissions/" + submission, s -> ((List<?>) s.get("jobs")).size() == 1);
                assertThat(text(server.get("/status/" + submission))).contains(waiting);
            }
        }
    }

    @Test
    void withAChangedKeyTheAdministratorsSessionsEnd(@TempDir Path data) throws Exception {
        String session;
        try (TestServer server = TestServer.start(data, "api-key", "administratorkey")) {
            session = server.login("administratorkey");
        }
        String call = "{\"session\": \"" + session + "\"}";
        try (TestServer server = TestServer.start(data, "api-key", "administratorkey")) {
            assertThat(json(server.call("/api/myjobs", call))).containsEntry("status", "success");
        }
        try (TestServer server = TestServer.start(data, "api-key", "quiteanotherkey")) {
            assertThat(json(server.call("/api/myjobs", call))).containsEntry("status", "error");
            assertThat(server.login("quiteanotherkey")).isNotEmpty();
        }
    }
}
