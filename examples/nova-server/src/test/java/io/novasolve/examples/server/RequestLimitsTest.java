package io.novasolve.examples.server;

import static io.novasolve.examples.server.TestServer.json;
import static io.novasolve.examples.server.TestServer.text;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How much may be sent, and how often. */
class RequestLimitsTest {

    private static final String ADMIN_KEY = "administratorkey";

    @TempDir
    private static Path data;

    private static TestServer server;
    private static String session;

    @BeforeAll
    static void start() throws IOException {
        server = TestServer.start(
                data, "api-key", ADMIN_KEY, "max-upload-bytes", "3000000", "max-form-bytes", "2000000", "jobs", "0");
        session = server.login(ADMIN_KEY);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void whatIsTooLargeIsRefused() {
        HttpResponse<byte[]> large = server.upload("{\"session\": \"" + session + "\"}", "x", new byte[3_000_001]);
        assertThat(large.statusCode()).isEqualTo(413);
        assertThat(text(large)).startsWith("{\"status\": \"error\", \"errormessage\": ");
        assertThat(json(server.call("/api/login", "[".repeat(20_000)))).containsEntry("status", "error");
    }

    /** Star lists are long; what all other calls need is short. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api/login",
                "/api/myjobs",
                "/api/submission_images",
                "/api/jobs_by_tag?query=x",
                "/api/submissions/1",
                "/api/sdss_image_for_wcs"
            })
    void onlyUploadsHaveLongArguments(String path) {
        String megabyte = "{\"session\": \"" + session + "\", \"x\": \"" + "x".repeat(1_000_000) + "\"}";
        HttpResponse<byte[]> refused = server.call(path, megabyte);
        assertThat(refused.statusCode()).isEqualTo(413);
        assertThat(text(refused))
                .isEqualTo(
                        "{\"status\": \"error\", \"errormessage\": \"the fields of this form may have at most 65536 bytes\"}");
        assertThat(json(server.call("/api/url_upload", megabyte))).containsEntry("errormessage", "no \"url\" in JSON.");
        assertThat(json(server.call("/api/upload", megabyte))
                        .get("errormessage")
                        .toString())
                .startsWith("no file");
    }

    @Test
    void whoGuessesKeysMustWait(@TempDir Path folder) throws IOException {
        try (TestServer strict = TestServer.start(folder, "api-key", ADMIN_KEY, "failed-logins-per-minute", "3")) {
            for (int i = 0; i < 3; i++) {
                assertThat(json(strict.call("/api/login", "{\"apikey\": \"wrong\"}")))
                        .containsEntry("errormessage", "bad apikey");
            }
            HttpResponse<byte[]> refused = strict.call("/api/login", "{\"apikey\": \"" + ADMIN_KEY + "\"}");
            assertThat(refused.statusCode()).isEqualTo(429);
            assertThat(refused.headers().firstValue("Retry-After")).hasValue("20");
            assertThat(text(refused)).startsWith("{\"status\": \"error\"");
        }
    }
}
