package io.novasolve.examples.server;

import static io.novasolve.examples.server.TestServer.json;
import static io.novasolve.examples.server.TestServer.text;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the pages offer for taking back a submission, or a tag. */
@Tag("once")
class DeletingTest {

    private static final String KEY = "administratorkey";
    private static final byte[] STARS = "1 2\n3 4\n5 7\n".getBytes(StandardCharsets.US_ASCII);
    private static final List<String> LISTS =
            List.of("/", "/images", "/users/OWNER", "/search?q=rigel", "/search?q=comet", "/search?ra=83.7&dec=-1.5");

    @TempDir
    private Path data;

    private static String location(HttpResponse<byte[]> taken) {
        assertThat(taken.statusCode()).as(text(taken)).isEqualTo(303);
        return taken.headers().firstValue("Location").orElseThrow().replaceFirst("http://[^/]*", "");
    }

    private static Object first(Object list) {
        return ((List<?>) list).get(0);
    }

    /** The submission, once it is opened. */
    private static Map<String, Object> opened(TestServer server, int submission) {
        return server.await("/api/submissions/" + submission, s -> !List.of().equals(s.get("user_images")));
    }

    private static String deleteOf(int submission) {
        return "action=\"/status/" + submission + "/delete\"";
    }

    @Test
    void whatItsOwnerDeletesIsNowhereAnyMore() throws Exception {
        try (TestServer server = TestServer.start(data, "api-key", KEY)) {
            Visitor admin = Visitor.signedIn(server, KEY);
            String session = admin.createAccount("alice");
            Visitor alice = new Visitor(server, session);
            Visitor bob = new Visitor(server, admin.createAccount("bob"));
            int submission = server.submit(session, "sky.jpg", TestServer.sample("delete"));
            int job = server.awaitJob(submission);
            assertThat(server.awaitEnd(job)).isEqualTo("success");
            server.await("/api/jobs_by_tag?query=Rigel", s -> !List.of().equals(s.get("job_ids")));
            Map<String, Object> status = opened(server, submission);
            Object image = first(status.get("images"));
            Object calibration = ((List<?>) first(status.get("job_calibrations"))).get(1);
            String page = "/user_images/" + image;
            location(alice.submit(page + "/tags", "tag", "comet"));
            List<String> lists = LISTS.stream()
                    .map(list -> list.replace("OWNER", "" + status.get("user")))
                    .toList();
            for (String list : lists) {
                assertThat(text(bob.get(list))).as(list).contains(page + "\"");
            }
            for (String offered : List.of(page, "/status/" + submission)) {
                assertThat(text(alice.get(offered))).contains(deleteOf(submission), "with its picture");
                assertThat(text(admin.get(offered))).contains(deleteOf(submission));
                assertThat(text(bob.get(offered))).doesNotContain("/delete\"");
            }

            String deed = "/status/" + submission + "/delete";
            for (Visitor other : List.of(bob, new Visitor(server))) {
                HttpResponse<byte[]> refused = other.submit(deed);
                assertThat(refused.statusCode()).isEqualTo(403);
                assertThat(text(refused)).contains("Only the administrator, or whoever submitted it");
            }
            assertThat(bob.get(page).statusCode()).isEqualTo(200);
            assertThat(text(alice.get("/images?deleted=" + submission))).doesNotContain("is deleted");

            String list = location(alice.submit(deed));
            assertThat(list).isEqualTo("/dashboard?deleted=" + submission);
            assertThat(text(alice.get(list)))
                    .contains("Submission " + submission + " is deleted.")
                    .doesNotContain(page + "\"");
            for (String template : (Iterable<String>)
                    Stream.concat(HiddenPicturesTest.HIDDEN.stream(), HiddenPicturesTest.OPEN.stream())::iterator) {
                String path = template.replace("IMAGE", "" + image)
                        .replace("JOB", "" + job)
                        .replace("SUBMISSION", "" + submission)
                        .replace("CALIBRATION", "" + calibration);
                assertThat(alice.get(path).statusCode()).as(path).isEqualTo(404);
                assertThat(server.get(path).statusCode()).as(path).isEqualTo(404);
            }
            for (String gone : lists) {
                assertThat(text(alice.get(gone))).as(gone).doesNotContain(page + "\"");
            }
            assertThat(json(server.get("/api/jobs_by_tag?query=Rigel"))).containsEntry("job_ids", List.of());
            assertThat(json(server.call("/api/myjobs", "{\"session\": \"" + session + "\"}")))
                    .containsEntry("jobs", List.of());
            assertThat(alice.submit(deed).statusCode()).isEqualTo(404);
            assertThat(text(admin.get("/admin")))
                    .containsPattern(
                            "<td>alice</td><td>[^<]*</td><td>delete</td><td>submission " + submission + "</td>")
                    .containsOnlyOnce("<td>delete</td>");
            // Something that is still referred to.
            server.awaitEnd(server.awaitJob(server.submit(session, "stars.txt", STARS)));
        }
        // The day that bytes are kept has passed.
        List<Path> all = bytes();
        for (Path file : all) {
            Files.setLastModifiedTime(file, FileTime.from(Instant.now().minus(Duration.ofDays(2))));
        }
        Path picture = all.stream().filter(DeletingTest::isTheSample).findAny().orElseThrow();
        try (TestServer server = TestServer.start(data, "api-key", KEY, "jobs", "0")) {
            server.await("/api/submissions/2", s -> !Files.exists(picture));
            assertThat(bytes()).isNotEmpty();
        }
    }

    private List<Path> bytes() throws IOException {
        try (Stream<Path> files = Files.walk(data.resolve("content"))) {
            return files.filter(Files::isRegularFile).toList();
        }
    }

    private static boolean isTheSample(Path file) {
        try {
            return Files.mismatch(file, TestServer.sample()) == Files.size(TestServer.sample());
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void whatHasNotEndedIsCancelledFirst() throws Exception {
        try (TestServer server = TestServer.start(data, "api-key", KEY, "jobs", "0")) {
            Visitor admin = Visitor.signedIn(server, KEY);
            String session = admin.createAccount("alice");
            Visitor alice = new Visitor(server, session);
            int submission = server.submit(session, "stars.txt", STARS);
            Map<String, Object> status = opened(server, submission);
            List<String> pages = List.of("/status/" + submission, "/user_images/" + first(status.get("user_images")));
            for (String page : pages) {
                assertThat(text(alice.get(page)))
                        .contains(">cancel it</a> first")
                        .doesNotContain(deleteOf(submission));
            }
            HttpResponse<byte[]> refused = alice.submit("/status/" + submission + "/delete");
            assertThat(refused.statusCode()).isEqualTo(403);
            assertThat(text(refused)).contains("Submission " + submission + " has not ended. Cancel it first");
            assertThat(text(admin.get("/admin"))).doesNotContain("<td>delete</td>");

            location(alice.submit("/status/" + submission + "/cancel"));
            for (String page : pages) {
                assertThat(text(alice.get(page))).contains(deleteOf(submission)).doesNotContain("cancel it");
            }
            // The administrator sees the list that it is gone from.
            String list = location(admin.submit("/status/" + submission + "/delete"));
            assertThat(list).isEqualTo("/users/" + status.get("user") + "?deleted=" + submission);
            assertThat(text(admin.get(list)))
                    .contains("Submission " + submission + " is deleted.")
                    .doesNotContain("stars.txt");
        }
    }

    /** They have all the same account there: one would delete the night of another. */
    @Test
    void nobodyWithoutAnAccountOfTheirOwnDeletes() throws Exception {
        String deed;
        try (TestServer open = TestServer.start(data, "jobs", "0")) {
            Visitor stranger = new Visitor(open);
            String page = location(stranger.upload("stars.txt", STARS));
            deed = page + "/delete";
            location(stranger.submit(page + "/cancel"));
            for (Visitor visitor : List.of(stranger, new Visitor(open, open.login("anything")))) {
                assertThat(text(visitor.get(page))).doesNotContain(deed, "Delete");
                assertThat(visitor.submit(deed).statusCode()).isEqualTo(403);
                assertThat(visitor.get(page).statusCode()).isEqualTo(200);
            }
        }
        try (TestServer closed = TestServer.start(data, "jobs", "0", "api-key", KEY)) {
            assertThat(new Visitor(closed).submit(deed).statusCode()).isEqualTo(403);
            location(Visitor.signedIn(closed, KEY).submit(deed));
        }
    }

    @Test
    void aTagIsRemovedByWhoeverGaveIt() throws Exception {
        try (TestServer server = TestServer.start(data, "api-key", KEY, "jobs", "0")) {
            Visitor admin = Visitor.signedIn(server, KEY);
            String session = admin.createAccount("alice");
            Visitor alice = new Visitor(server, session);
            Visitor bob = new Visitor(server, admin.createAccount("bob"));
            int submission = server.submit(session, "stars.txt", STARS);
            String page = "/user_images/" + first(opened(server, submission).get("user_images"));
            location(alice.submit(page + "/tags", "tag", "M 42 & \"friends\""));
            location(bob.submit(page + "/tags", "tag", "comet"));
            assertThat(text(alice.get(page)))
                    .containsOnlyOnce("/tags/remove\"")
                    .contains("name=\"tag\" value=\"M 42 &amp; &quot;friends&quot;\"", ">comet</a>");
            assertThat(text(server.get(page))).contains(">comet</a>").doesNotContain("/tags/remove\"");

            for (Visitor other : List.of(alice, admin, new Visitor(server))) {
                assertThat(other.submit(page + "/tags/remove", "tag", "comet").statusCode())
                        .isEqualTo(403);
            }
            assertThat(text(bob.get(page))).contains(">comet</a>");
            assertThat(location(bob.submit(page + "/tags/remove", "tag", "comet")))
                    .isEqualTo(page);
            location(alice.submit(page + "/tags/remove", "tag", "M 42 & \"friends\""));
            assertThat(text(alice.get(page))).contains("None yet.").doesNotContain("comet", "friends");
            assertThat(text(admin.get("/admin")))
                    .containsOnlyOnce("<td>remove tag</td><td>image 1: comet</td>")
                    .containsOnlyOnce("<td>remove tag</td><td>image 1: M 42");
        }
    }
}
