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
        try (TestServer strict = TestServer.start(folder, "api-key", ADMIN_KEY, "logins-per-minute", "3")) {
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

    /** Each adds a row that stays for two weeks. */
    @Test
    void whoSignsInAgainAndAgainMustWait(@TempDir Path folder) throws IOException {
        try (TestServer strict = TestServer.start(folder, "api-key", ADMIN_KEY, "logins-per-minute", "3")) {
            strict.login(ADMIN_KEY);
            Visitor.signedIn(strict, ADMIN_KEY);
            strict.login(ADMIN_KEY);
            assertThat(strict.call("/api/login", "{\"apikey\": \"" + ADMIN_KEY + "\"}")
                            .statusCode())
                    .isEqualTo(429);
            assertThat(new Visitor(strict)
                            .submit("/signin", "apikey", ADMIN_KEY)
                            .statusCode())
                    .isEqualTo(429);
        }
    }

    @Test
    void anAccountHasSoManyJobsOpen(@TempDir Path folder) throws IOException {
        try (TestServer strict = TestServer.start(folder, "api-key", ADMIN_KEY, "jobs", "0", "open-jobs", "2")) {
            Visitor admin = Visitor.signedIn(strict, ADMIN_KEY);
            String alice = admin.createAccount("alice");
            Visitor asAlice = new Visitor(strict, alice);
            int first = strict.submit(alice, "1.txt", new byte[] {'1'});
            strict.submit(alice, "2.txt", new byte[] {'2'});
            assertThat(json(strict.upload("{\"session\": \"" + alice + "\"}", "3.txt", new byte[] {'3'}))
                            .get("errormessage"))
                    .isEqualTo("you have 2 jobs that have not ended, and no account may have more here;"
                            + " wait for some of them, or cancel them");
            assertThat(asAlice.upload("4.txt", new byte[] {'4'}).statusCode()).isEqualTo(403);
            // Others have their own.
            strict.submit(admin.createAccount("bob"), "1.txt", new byte[] {'1'});
            assertThat(asAlice.submit("/status/" + first + "/cancel").statusCode())
                    .isEqualTo(303);
            strict.submit(alice, "5.txt", new byte[] {'5'});
        }
    }

    @Test
    void anAccountUploadsSoMuchAMinuteWhereverItIs(@TempDir Path folder) throws IOException {
        try (TestServer strict =
                TestServer.start(folder, "api-key", ADMIN_KEY, "jobs", "0", "uploads-per-minute", "1")) {
            Visitor admin = Visitor.signedIn(strict, ADMIN_KEY);
            String alice = admin.createAccount("alice");
            strict.submit(admin.createAccount("bob"), "1.txt", new byte[] {'1'});
            strict.submit(alice, "1.txt", new byte[] {'1'});
            assertThat(strict.upload("{\"session\": \"" + alice + "\"}", "2.txt", new byte[] {'2'})
                            .statusCode())
                    .isEqualTo(429);
        }
    }
}
