package io.novasolve.examples.server;

import static io.novasolve.examples.server.TestServer.json;
import static io.novasolve.examples.server.TestServer.text;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Forms do only what whoever is signed in has sent from a page of this server, with what is theirs. */
class FormsTest {

    private static final String ADMIN_KEY = "administratorkey";

    private static final Set<String> FORMS = Set.of(
            "/upload",
            "/status/{id}/cancel",
            "/status/{id}/delete",
            "/user_images/{id}/tags",
            "/user_images/{id}/tags/remove",
            "/user_images/{id}/visibility",
            "/user_images/{id}/licence",
            "/user_images/{id}/retry",
            "/signin",
            "/signout",
            "/account/key",
            "/account/licence",
            "/albums",
            "/admin/accounts",
            "/admin/accounts/{id}/key",
            "/admin/accounts/{id}/lock");

    @TempDir
    private static Path data;

    private static TestServer server;
    private static Visitor admin;
    private static Visitor asAlice;
    private static String alice;

    @BeforeAll
    static void start() throws IOException {
        server = TestServer.start(data, "api-key", ADMIN_KEY);
        admin = Visitor.signedIn(server, ADMIN_KEY);
        alice = admin.createAccount("alice");
        asAlice = new Visitor(server, alice);
        // The first of all: submission, image and job have the number 1.
        server.awaitJob(server.submit(alice, "noise.jpg", "no picture".getBytes(StandardCharsets.US_ASCII)));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static HttpResponse<byte[]> post(String path, String cookies, String fields) {
        return server.send(HttpRequest.newBuilder(URI.create(server.url(path)))
                .headers("Content-Type", "application/x-www-form-urlencoded", "Cookie", cookies)
                .POST(HttpRequest.BodyPublishers.ofString(fields)));
    }

    static Set<String> forms() {
        return FORMS;
    }

    @ParameterizedTest
    @MethodSource("forms")
    void aFormFromElsewhereIsRefused(String form) {
        String path = form.replace("{id}", "1");
        String session = "NovaSession=" + alice;
        String token = "a".repeat(32);
        String fields = "&visible=y&name=mallory&tag=seen&title=mine&apikey=" + ADMIN_KEY;
        for (HttpResponse<byte[]> refused : List.of(
                post(path, session, fields),
                post(path, session, "token=" + token + fields),
                post(path, session + "; NovaForm=" + token, "token=" + "b".repeat(32) + fields),
                post(path, session + "; NovaForm=", "token=" + fields))) {
            assertThat(refused.statusCode()).isEqualTo(403);
            assertThat(refused.headers().allValues("Set-Cookie")).noneMatch(cookie -> cookie.startsWith("NovaSession"));
        }
        assertThat(asAlice.get("/dashboard").statusCode()).isEqualTo(200);
    }

    /** So that no form goes without the test above: it answers otherwise than a GET. */
    @Test
    void whatElseIsPostedIsOnlyReading() {
        Set<String> others = new TreeSet<>(server.routes("POST"));
        assertThat(others).containsAll(FORMS);
        others.removeAll(FORMS);
        others.removeIf(path -> path.startsWith("/api/"));
        assertThat(others).hasSizeGreaterThan(20);
        for (String other : others) {
            String path = other.replace("{id}", "1").replace("{zoom}", "zoom0");
            assertThat(post(path, "NovaSession=" + alice, "").statusCode())
                    .as(other)
                    .isEqualTo(asAlice.get(path).statusCode());
        }
    }

    /** A form elsewhere that signs its visitors in to the account of whoever wrote it. */
    @ParameterizedTest
    @CsvSource({
        "Sec-Fetch-Site, cross-site, false",
        "Sec-Fetch-Site, same-site, false",
        "Sec-Fetch-Site, same-origin, true",
        "Origin, https://elsewhere.example, false",
        "Origin, null, false",
        "Origin, http://127.0.0.1:1, false",
        "Origin, HERE, true",
        "User-Agent, KStars, true"
    })
    void aLoginFromAPageElsewhereSetsNoCookie(String header, String value, boolean cookie) {
        HttpResponse<byte[]> login = server.send(HttpRequest.newBuilder(URI.create(server.url("/api/login")))
                .headers("Content-Type", "application/x-www-form-urlencoded")
                .header(header, value.replace("HERE", "http://127.0.0.1:" + server.port()))
                .POST(HttpRequest.BodyPublishers.ofString("request-json={\"apikey\": \"" + ADMIN_KEY + "\"}")));
        assertThat(json(login)).containsEntry("status", "success").containsKey("session");
        assertThat(login.headers().firstValue("Set-Cookie").isPresent()).isEqualTo(cookie);
    }

    @Test
    void albumsAreMadeOnceAndHoldWhatTheirOwnersPutIn() throws IOException {
        String title = "Orion & <b>friends</b>";
        assertThat(asAlice.submit("/albums", "title", title).statusCode()).isEqualTo(303);
        assertThat(admin.submit("/albums", "title", title).statusCode()).isBetween(400, 499);
        String account = text(asAlice.get("/account"));
        assertThat(account).contains("Orion &amp; &lt;b&gt;friends").doesNotContain("<b>friends");
        Map<String, Object> reply = json(server.upload(
                "{\"session\": \"" + alice + "\", \"album\": \"" + title + "\"}",
                "in-the-album.jpg",
                Files.readAllBytes(TestServer.sample())));
        assertThat(reply).containsEntry("status", "success");
        server.awaitEnd(server.awaitJob(TestServer.submission(reply)));
        assertThat(text(server.get("/albums?title=" + URLEncoder.encode(title, StandardCharsets.UTF_8))))
                .contains("in-the-album.jpg");
        assertThat(server.get("/albums?title=none").statusCode()).isEqualTo(404);
        assertThat(json(server.upload(
                        "{\"session\": \"" + alice + "\", \"album\": \"none\"}", "x.jpg", new byte[] {1})))
                .containsEntry("errormessage", "Failed to find an Album with title \"none\"");
        // Nobody puts anything into the album of somebody else.
        String bob = admin.createAccount("bob");
        assertThat(json(server.upload(
                        "{\"session\": \"" + bob + "\", \"album\": \"" + title.replace("\"", "") + "\"}",
                        "x.jpg",
                        new byte[] {1})))
                .containsEntry("errormessage", "Failed to find an Album with title \"" + title + "\"");
        assertThat(new Visitor(server, bob)
                        .upload("x.jpg", new byte[] {1}, "album", title)
                        .statusCode())
                .isEqualTo(403);
    }
}
