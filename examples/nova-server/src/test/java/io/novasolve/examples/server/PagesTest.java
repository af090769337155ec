package io.novasolve.examples.server;

import static io.novasolve.examples.server.TestServer.json;
import static io.novasolve.examples.server.TestServer.text;
import static org.assertj.core.api.Assertions.assertThat;

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
        int submission = TestServer.submission(json(server.upload(
                "{\"session\": \"" + session + "\", \"scale_units\": \"arcsecperpix\"}",
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
