package io.novasolve.examples.server;

import static io.novasolve.examples.server.TestServer.json;
import static io.novasolve.examples.server.TestServer.text;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What people find on the pages. */
@Tag("once")
class PagesTest {

    private static final byte[] STARS = "1 2\n3 4\n5 7\n".getBytes(StandardCharsets.US_ASCII);

    @TempDir
    private static Path data;

    private static TestServer server;
    private static Visitor alice;
    private static String link;

    @BeforeAll
    static void start() throws Exception {
        server = TestServer.start(data, "api-key", "administratorkey", "fetch-private-addresses", "true");
        String session = Visitor.signedIn(server, "administratorkey").createAccount("alice");
        alice = new Visitor(server, session);
        assertThat(alice.submit("/albums", "title", "Winter").statusCode()).isEqualTo(303);
        int submission = TestServer.submission(json(server.upload(
                "{\"session\": \"" + session + "\", \"scale_units\": \"arcminwidth\", \"scale_lower\": 60,"
                        + " \"scale_upper\": 6000, \"center_ra\": 84, \"center_dec\": -1, \"radius\": 30,"
                        + " \"tweak_order\": 3, \"positional_error\": 2, \"album\": \"Winter\","
                        + " \"allow_modifications\": \"sa\"}",
                "my sky.jpg",
                TestServer.sample("pages"))));
        assertThat(server.awaitEnd(server.awaitJob(submission))).isEqualTo("success");
        link = "/user_images/"
                + ((List<?>) server.await("/api/submissions/" + submission, s -> true)
                                .get("images"))
                        .get(0);
        // From here on searches know it.
        server.await("/api/jobs_by_tag?query=Rigel", s -> !List.of().equals(s.get("job_ids")));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"rigel", "M42", "ngc1976", "HIP 24436", "β Ori"})
    void picturesAreFoundByWhatTheyShow(String name) {
        assertThat(search("q", name)).contains(link);
    }

    @ParameterizedTest
    @CsvSource({"5:35:17,-5:23", "5h 35m 17s,-5° 23′ 28″", "83.8,-5.4", "83.8°,−5.4", "05 35,-5 23 28"})
    void picturesAreFoundByThePlacesTheyShow(String ra, String dec) {
        assertThat(search("ra", ra, "dec", dec)).contains(link);
    }

    @ParameterizedTest
    @CsvSource({"83.8,'',needs both", "83.8,95,This is no Dec", "5:75,1,This is no RA", "Orion,1,This is no RA"})
    void whatIsNoPlaceIsSaid(String ra, String dec, String complaint) {
        assertThat(search("ra", ra, "dec", dec)).contains(complaint).doesNotContain("Nothing found", link);
    }

    @Test
    void tagsAreFoundInAnyCaseOfAnyLetters() {
        assertThat(alice.submit(link + "/tags", "tag", "Älg över Ö").statusCode())
                .isEqualTo(303);
        for (String query : List.of("Älg över Ö", "älg", "ÄLG ÖVER")) {
            assertThat(search("q", query)).contains(link);
        }
        assertThat(search("q", "alg")).contains("Nothing found");
    }

    private static String search(String... fields) {
        return text(server.get("/search?" + Visitor.encoded(fields)));
    }

    @Test
    void picturesTellWhoseTheyAre() {
        assertThat(text(server.get("/images"))).contains("by alice");
        assertThat(text(server.get(link))).containsPattern("Submitted by <a href=\"/users/\\d+\">alice</a>");
    }

    @Test
    void listsGoOnPastWhatMayNotBeSeenAndShowTheirOwnerWhatCouldNotBeOpened() throws Exception {
        String session = Visitor.signedIn(server, "administratorkey").createAccount("carol");
        Visitor carol = new Visitor(server, session);
        String hidden = "{\"session\": \"" + session + "\", \"publicly_visible\": \"n\"}";
        int shown = server.submit(session, "shown.txt", STARS);
        int last = 0;
        for (int i = 0; i < 26; i++) {
            last = TestServer.submission(json(server.upload(hidden, "hidden " + i + ".txt", STARS)));
        }
        int broken = server.submit(session, "broken.zip", "PK\003\004 no archive".getBytes(StandardCharsets.US_ASCII));
        Map<String, Object> opened =
                server.await("/api/submissions/" + shown, s -> ((List<?>) s.get("jobs")).size() == 1);
        server.await("/api/submissions/" + last, s -> ((List<?>) s.get("jobs")).size() == 1);
        String page = "/users/" + opened.get("user");
        assertThat(text(server.get(page))).contains("shown.txt").doesNotContain("hidden 2", "broken", "before=");
        assertThat(text(carol.get(page))).contains("hidden 25.txt").doesNotContain("shown.txt");
        server.await("/api/submissions/" + broken, s -> s.containsKey("error_message"));
        String mine = text(carol.get("/dashboard"));
        assertThat(mine).contains("broken.zip", "could not be opened", "/status/" + broken, "hidden 25.txt");
        Matcher older = Pattern.compile("/dashboard\\?before=\\d+").matcher(mine);
        assertThat(older.find()).isTrue();
        assertThat(text(carol.get(older.group()))).contains("shown.txt").doesNotContain("hidden 25.txt");
    }

    @Test
    void anotherTryBeginsWithTheOptionsOfTheFirst() {
        assertThat(text(alice.get(link)))
                .contains("<option value=\"arcminwidth\" selected>")
                .contains("name=\"scale_lower\" value=\"60\"", "name=\"scale_upper\" value=\"6000\"")
                .contains("name=\"tweak_order\" value=\"3\"", "name=\"radius\" value=\"30\"");
        HttpResponse<byte[]> sent = alice.submit(
                link + "/retry",
                "scale_upper",
                "7000",
                "center_ra",
                "83",
                "center_dec",
                "-1",
                "radius",
                "40",
                "parity",
                "1");
        String status = sent.headers().firstValue("Location").orElseThrow();
        int submission = Integer.parseInt(status.substring(status.lastIndexOf('/') + 1));
        server.awaitEnd(server.awaitJob(submission));
        Object image =
                ((List<?>) json(server.get("/api/submissions/" + submission)).get("images")).get(0);
        assertThat(text(alice.get("/user_images/" + image)))
                .contains("name=\"scale_upper\" value=\"7000\"", "name=\"center_ra\" value=\"83\"")
                .contains("name=\"tweak_order\" value=\"\"", "<option value=\"1\" selected>mirrored");
        assertThat(text(server.get("/albums?title=Winter"))).contains("/user_images/" + image, link);
    }

    @Test
    void picturesTellTheirLicence() {
        assertThat(text(server.get(link))).contains("Changed copies are allowed under the same licence.");
        assertThat(alice.submit("/account/licence", "allow_commercial_use", "n", "allow_modifications", "y")
                        .statusCode())
                .isEqualTo(303);
        assertThat(text(server.get(link)))
                .contains("Commercial use is not allowed. Changed copies are allowed under the same licence.");
        assertThat(text(alice.get("/account"))).contains("<option value=\"n\" selected>not allowed");
        assertThat(alice.submit("/account/licence", "allow_commercial_use", "perhaps")
                        .statusCode())
                .isEqualTo(403);
    }

    @Test
    void theLicenceOfAPictureIsItsOwnersToChange() {
        Visitor stranger =
                new Visitor(server, Visitor.signedIn(server, "administratorkey").createAccount("eve"));
        for (Visitor other : List.of(stranger, new Visitor(server))) {
            assertThat(text(other.get(link))).doesNotContain(link + "/licence");
            assertThat(other.submit(link + "/licence", "allow_modifications", "y")
                            .statusCode())
                    .isEqualTo(403);
        }
        assertThat(alice.submit(link + "/licence", "allow_modifications", "perhaps")
                        .statusCode())
                .isEqualTo(403);
        assertThat(text(alice.get(link)))
                .contains(link + "/licence", "Changed copies are allowed under the same licence.")
                .contains("<option value=\"sa\" selected>");
        assertThat(alice.submit(link + "/licence", "allow_commercial_use", "y", "allow_modifications", "n")
                        .statusCode())
                .isEqualTo(303);
        assertThat(text(stranger.get(link))).contains("Commercial use is allowed. Changed copies are not allowed.");
        assertThat(alice.submit(link + "/licence", "allow_modifications", "sa").statusCode())
                .isEqualTo(303);
    }

    /** Whether its sender has a session is not known before it is on disk. */
    @Test
    void aFileBeforeItsArgumentsIsNotKept() {
        String session = server.login("administratorkey");
        String body =
                "--bb\r\nContent-Disposition: form-data; name=\"file\"; filename=\"stars.txt\"\r\n\r\n1 2\r\n--bb\r\n"
                        + "Content-Disposition: form-data; name=\"request-json\"\r\n\r\n{\"session\": \"" + session
                        + "\"}\r\n--bb--\r\n";
        assertThat(json(server.post(
                                "/api/upload",
                                "multipart/form-data; boundary=bb",
                                body.getBytes(StandardCharsets.US_ASCII)))
                        .get("errormessage"))
                .asString()
                .contains("behind the arguments");
    }

    @Test
    void administratorsSeeWhatHappened() throws Exception {
        Visitor admin = Visitor.signedIn(server, "administratorkey");
        String session = admin.createAccount("dora");
        Visitor dora = new Visitor(server, session);
        int refused;
        try (PictureHost host = new PictureHost(new byte[1])) {
            refused = TestServer.submission(json(server.call(
                    "/api/url_upload",
                    "{\"session\": \"" + session + "\", \"url\": \"" + host.url("/missing/a.jpg") + "\"}")));
            server.await("/api/submissions/" + refused, s -> s.containsKey("error_message"));
        }
        int unreadable =
                server.submit(session, "no picture.fits", "SIMPLE  = nothing".getBytes(StandardCharsets.US_ASCII));
        assertThat(server.awaitEnd(server.awaitJob(unreadable))).isEqualTo("failure");
        int submission = server.submit(session, "stars.txt", STARS);
        int job = server.awaitJob(submission);
        Object image =
                ((List<?>) json(server.get("/api/submissions/" + submission)).get("images")).get(0);
        server.awaitEnd(job);
        dora.submit("/user_images/" + image + "/tags", "tag", "three stars");
        dora.submit("/user_images/" + image + "/visibility", "visible", "n");
        dora.submit("/user_images/" + image + "/retry");
        dora.submit("/albums", "title", "Of Dora");
        assertThat(server.send(HttpRequest.newBuilder(URI.create(server.url("/albums")))
                                .header("Cookie", "NovaSession=" + session)
                                .header("Content-Type", "application/x-www-form-urlencoded")
                                .POST(HttpRequest.BodyPublishers.ofString("title=Forged")))
                        .statusCode())
                .isEqualTo(403);
        dora.submit("/signout");

        server.await(
                "/api/submissions/" + submission, s -> text(admin.get("/admin")).contains("no picture.fits"));
        String page = text(admin.get("/admin"));
        assertThat(page)
                .contains("no picture.fits", "jobs ended in the last 24 hours", "submissions received", "h UTC");
        assertThat(page).containsPattern(" h UTC: [1-9]\\d* jobs ended, [1-9]\\d* solved");
        for (String action : List.of("create account", "tag", "hide", "retry", "album", "sign out", "form refused")) {
            assertThat(page).contains("<td>" + action + "</td>");
        }
        assertThat(page).contains("three stars", "Of Dora").doesNotContain(session);
    }
}
