package io.novasolve.examples.server;

import static io.novasolve.examples.server.TestServer.json;
import static io.novasolve.examples.server.TestServer.text;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
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
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What people find on the pages. */
class PagesTest {

    private static final byte[] STARS = "1 2\n3 4\n5 7\n".getBytes(StandardCharsets.US_ASCII);

    @TempDir
    private static Path data;

    private static TestServer server;
    private static Visitor alice;
    private static String link;

    @BeforeAll
    static void start() throws Exception {
        server = TestServer.start(data, "api-key", "administratorkey");
        String session = Visitor.signedIn(server, "administratorkey").createAccount("alice");
        alice = new Visitor(server, session);
        assertThat(alice.submit("/albums", "title", "Winter").statusCode()).isEqualTo(303);
        int submission = TestServer.submission(json(server.upload(
                "{\"session\": \"" + session + "\", \"scale_units\": \"arcminwidth\", \"scale_lower\": 60,"
                        + " \"scale_upper\": 6000, \"tweak_order\": 3, \"positional_error\": 2, \"album\": \"Winter\","
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
    @CsvSource({"5:35:17,-5:23", "5h 35m 17s,-5° 23′ 28″", "83.8,-5.4", "83.8°,−5.4", "-276.2,-5 23 28"})
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
                .contains("name=\"tweak_order\" value=\"3\"", "name=\"radius\" value=\"\"");
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
    void whatWaitsTellsAboutItsPlaceInTheQueue(@TempDir Path folder) throws Exception {
        try (TestServer idle = TestServer.start(folder, "jobs", "0")) {
            String session = idle.login("x");
            int first = idle.submit(session, "stars.txt", STARS);
            int second = idle.submit(session, "stars.txt", STARS);
            int third = idle.submit(session, "stars.txt", STARS);
            idle.await("/api/submissions/" + third, s -> ((List<?>) s.get("jobs")).size() == 1);
            assertThat(text(idle.get("/status/" + first))).contains("it comes next");
            assertThat(text(idle.get("/status/" + second))).contains("about 1 submission comes before it");
            assertThat(text(idle.get("/status/" + third))).contains("about 2 submissions come before it");
        }
    }
}
