package io.novasolve.examples.server;

import static io.novasolve.examples.server.TestServer.json;
import static io.novasolve.examples.server.TestServer.text;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a service on the open net has to stand: every answer is a documented one, and none tells what it should not. */
class SecurityTest {

    private static final String ADMIN_KEY = "administratorkey";

    @TempDir
    private static Path data;

    private static TestServer server;
    private static Visitor admin;
    private static String alice;

    @BeforeAll
    static void start() throws IOException {
        server = TestServer.start(data, "api-key", ADMIN_KEY);
        admin = Visitor.signedIn(server, ADMIN_KEY);
        alice = admin.createAccount("alice");
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    // Clients with a key that nobody has.

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api/login {\"apikey\":\"abcdefghijklmnop\"}",
                "/api/login/ %7B%22apikey%22%3A%22abcdefghijklmnop%22%7D"
            })
    void kstarsAndNinaLearnThatTheirKeyIsRefused(String request) throws IOException {
        String[] parts = request.split(" ");
        RawHttp.Response response = RawHttp.post(
                server.port(),
                "POST " + parts[0] + " HTTP/1.1\nHost: localhost\nContent-Type: application/x-www-form-urlencoded\n"
                        + "Connection: close",
                ("request-json=" + parts[1]).getBytes(StandardCharsets.US_ASCII));
        assertThat(response.status()).isEqualTo(200);
        assertThat(response.text()).isEqualTo("{\"status\": \"error\", \"errormessage\": \"bad apikey\"}");
    }

    // Injection.

    @ParameterizedTest
    @ValueSource(
            strings = {"' or '1'='1", "'; drop table server_account; --", "\" or \"\"=\"", "%", "_", "\\", "\u0000"})
    void nothingIsInjectedIntoTheDatabase(String evil) {
        String quoted = evil.replace("\\", "\\\\").replace("\"", "\\\"").replace("\u0000", "\\u0000");
        assertThat(json(server.call("/api/login", "{\"apikey\": \"" + quoted + "\"}")))
                .containsEntry("errormessage", "bad apikey");
        assertThat(json(server.call("/api/myjobs", "{\"session\": \"" + quoted + "\"}")))
                .containsEntry("status", "error");
        String query = URLEncoder.encode(evil, StandardCharsets.UTF_8);
        assertThat(json(server.get("/api/jobs_by_tag?query=" + query)).get("job_ids"))
                .isEqualTo(List.of());
        assertThat(server.get("/search?q=" + query).statusCode()).isEqualTo(200);
        assertThat(json(server.call("/api/login", "{\"apikey\": \"" + ADMIN_KEY + "\"}")))
                .containsEntry("status", "success");
    }

    // Path traversal.

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/wcs_file/../../../../etc/passwd",
                "/wcs_file/..%2f..%2f..%2fetc%2fpasswd",
                "/image/..%5c..%5cnova.db",
                "/assets/../nova.db",
                "/assets/..%2fdb%2fV1__accounts_sessions_and_submissions.sql",
                "/assets/%2e%2e/page/layout.peb",
                "/joblog/1;/../../x",
                "/image/1%00.png"
            })
    void noPathLeadsOut(String path) throws IOException {
        RawHttp.Response response =
                RawHttp.get(server.port(), "GET " + path + " HTTP/1.1\nHost: localhost\nConnection: close");
        assertThat(response.status()).isIn(400, 404);
        assertThat(response.text()).doesNotContain("root:", "create table", "SQLite", "{% block");
    }

    // Server-side request forgery.

    private static Map<String, Object> submitUrl(String url) {
        return json(server.call("/api/url_upload", "{\"session\": \"" + alice + "\", \"url\": \"" + url + "\"}"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://127.0.0.1:8080/health",
                "http://169.254.169.254/latest/meta-data/",
                "http://[::1]/",
                "http://[::ffff:127.0.0.1]/",
                "http://10.0.0.1/",
                "http://user:secret@example.com/x",
                "file:///etc/passwd",
                "ftp://example.com/x",
                "gopher://x/",
                "jar:http://example.com/x!/y",
                "http:///etc/passwd",
                "not a url"
            })
    void linksThatWillNeverBeFetchedAreRefusedAtOnce(String url) {
        assertThat(submitUrl(url)).containsEntry("status", "error");
    }

    /** Written in every way that some resolver takes for the loopback address. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://localhost:PORT/secret.fits",
                "http://127.1:PORT/secret.fits",
                "http://2130706433:PORT/secret.fits",
                "http://0:PORT/secret.fits",
                "http://127.0.0.1:PORT/secret.fits",
                "http://[::ffff:7f00:1]:PORT/secret.fits"
            })
    void nothingInThisNetworkIsEverAsked(String url) throws IOException {
        try (PictureHost inside = new PictureHost(Files.readAllBytes(TestServer.sample()))) {
            Map<String, Object> reply = submitUrl(url.replace("PORT", "" + inside.port()));
            if ("success".equals(reply.get("status"))) {
                Map<String, Object> ended = server.await(
                        "/api/submissions/" + reply.get("subid"), s -> !"None".equals(s.get("processing_finished")));
                assertThat(String.valueOf(ended.get("error_message"))).contains(url.substring(0, url.indexOf("PORT")));
                assertThat((List<?>) ended.get("jobs")).isEmpty();
            }
            assertThat(inside.asked()).isEmpty();
        }
    }

    // Sessions.

    @Test
    void sessionsCannotBeForgedOrGuessed() {
        for (String forged :
                List.of("", "x", "a".repeat(32), alice.substring(1) + "a", alice.toUpperCase(java.util.Locale.ROOT))) {
            assertThat(json(server.call("/api/myjobs", "{\"session\": \"" + forged + "\"}")))
                    .containsEntry("errormessage", "no session with key \"" + forged + "\"");
            assertThat(server.get("/dashboard", "Cookie", "NovaSession=" + forged)
                            .statusCode())
                    .isEqualTo(403);
        }
        assertThat(server.get("/admin", "Cookie", "NovaSession=" + alice).statusCode())
                .isEqualTo(403);
        assertThat(server.get("/admin").statusCode()).isEqualTo(403);
    }

    @Test
    void whoSignsOutHasNoSessionAnyMore() {
        String session = server.login(ADMIN_KEY);
        Visitor visitor = new Visitor(server, session);
        assertThat(visitor.get("/dashboard").statusCode()).isEqualTo(200);
        assertThat(visitor.submit("/signout").statusCode()).isEqualTo(303);
        assertThat(visitor.get("/dashboard").statusCode()).isEqualTo(403);
        // Nor has a program that kept its key.
        assertThat(json(server.call("/api/myjobs", "{\"session\": \"" + session + "\"}")))
                .containsEntry("errormessage", "no session with key \"" + session + "\"");
    }

    @Test
    void aNewKeyEndsTheOldOneAndAllSessionsButTheOneThatAsked() {
        String elsewhere = admin.createAccount("carol");
        Visitor carol = new Visitor(server, elsewhere);
        Matcher key = Pattern.compile("<code>([a-z]{16})</code>").matcher(text(carol.submit("/account/key")));
        assertThat(key.find()).isTrue();
        assertThat(carol.get("/dashboard").statusCode()).isEqualTo(200);
        assertThat(json(server.call("/api/myjobs", "{\"session\": \"" + elsewhere + "\"}")))
                .containsEntry("status", "error");
        assertThat(server.login(key.group(1))).isNotEmpty();
    }

    // The administrator's page.

    @Test
    void theAdministratorSeesWorkersPartsFailuresAndWhatWasDone() {
        int submission = server.submit(alice, "no picture <i>.fits", "no picture".getBytes(StandardCharsets.US_ASCII));
        assertThat(server.awaitEnd(server.awaitJob(submission))).isEqualTo("failure");
        // The tables of the server follow the store a little later.
        server.await(
                "/api/submissions/" + submission, s -> text(admin.get("/admin")).contains("no picture &lt;i"));
        String page = text(admin.get("/admin"));
        assertThat(page)
                .containsPattern("<dt>Failed</dt><dd>[1-9]")
                .containsPattern("aria-label=\"[1-9][0-9]* jobs ended in the last 24 hours")
                .contains("<dt>Waiting</dt>", "<dt>Running</dt>", "<dt>Solved</dt>")
                .contains("no picture &lt;i&gt;.fits</a>: ")
                .contains("<td>create account</td><td>alice</td>", "<td>login</td>", "<td>127.0.0.1</td>");
        // Its parts are well, the engine among them.
        String health = page.substring(page.indexOf("<h2>Health</h2>"), page.indexOf("<h2>Workers</h2>"));
        assertThat(health).contains(">up</td>", "<td>embedded</td>").doesNotContain(">down</td>");
        String workers = page.substring(page.indexOf("<h2>Workers</h2>"), page.indexOf("<h2>The last 24 hours"));
        assertThat(workers).containsPattern("<td>[0-9]+ of [1-9][0-9]*</td>");
    }

    @Test
    void ofDuplicateFieldsTheLastCounts() {
        HttpResponse<byte[]> response = server.post(
                "/api/login",
                "application/x-www-form-urlencoded",
                ("request-json={\"apikey\":\"nope\"}&request-json={\"apikey\":\"no\",\"apikey\":\"" + ADMIN_KEY + "\"}")
                        .getBytes(StandardCharsets.UTF_8));
        assertThat(json(response)).containsEntry("status", "success");
    }

    @Test
    void keysAndSessionsAreNotKeptAsTheyAre() throws IOException {
        for (String name : List.of("nova.db", "nova.db-wal")) {
            Path file = data.resolve(name);
            if (Files.exists(file)) {
                assertThat(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1))
                        .doesNotContain(ADMIN_KEY, alice);
            }
        }
    }
}
