package io.novasolve.examples.server;

import static io.novasolve.examples.server.TestServer.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.novasolve.examples.server.db.Database;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("once")
class AuditTest {

    @Test
    void whatIsOlderThanAYearGoes(@TempDir Path folder) throws IOException {
        AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-01-01T00:00:00Z"));
        try (Database db = Database.open("jdbc:sqlite:" + folder.resolve("nova.db"), null, null)) {
            Audit audit = new Audit(db, now::get);
            audit.add(null, "::1", "login refused", "old");
            now.updateAndGet(t -> t.plus(Duration.ofDays(1)));
            audit.add(null, "::1", "login refused", "new");
            now.updateAndGet(t -> t.plus(Audit.KEPT));
            audit.forgetOld();
            assertThat(audit.newest(10)).extracting(Audit.Entry::detail).containsExactly("new");
        }
    }

    /** Of the deeds that nothing else looks at. */
    @Test
    void whatPeopleDoOnThePageIsWrittenDown(@TempDir Path data) throws Exception {
        try (TestServer server = TestServer.start(data, "api-key", "administratorkey", "jobs", "0")) {
            Visitor admin = Visitor.signedIn(server, "administratorkey");
            String session = admin.createAccount("alice");
            Visitor alice = new Visitor(server, session);
            int submission = server.submit(session, "stars.txt", "1 2\n3 4\n5 7\n".getBytes(StandardCharsets.US_ASCII));
            Object image = ((List<?>) server.await("/api/submissions/" + submission, s -> !List.of()
                                    .equals(s.get("user_images")))
                            .get("user_images"))
                    .get(0);
            String fetched = follow(alice.submit("/upload", "url", "https://picture.example/a.jpg"));
            follow(alice.submit(fetched + "/cancel"));
            follow(alice.submit("/user_images/" + image + "/licence", "allow_modifications", "sa"));
            follow(alice.submit("/account/licence", "allow_commercial_use", "y"));
            assertThat(alice.submit("/account/key").statusCode()).isEqualTo(200);
            // What is refused is not said to have been done.
            assertThat(alice.submit("/account/licence", "allow_commercial_use", "perhaps")
                            .statusCode())
                    .isEqualTo(403);
            assertThat(alice.submit("/status/77/cancel").statusCode()).isEqualTo(404);

            String audit = text(admin.get("/admin")).replaceAll("(?s).*<h2>Audit</h2>", "");
            assertThat(Pattern.compile("<td>alice</td><td>127\\.0\\.0\\.1</td><td>([^<]*)</td><td>([^<]*)</td>")
                            .matcher(audit)
                            .results()
                            .map(entry -> entry.group(1) + ": " + entry.group(2)))
                    .containsExactly(
                            "new key: ",
                            "licence: of the account",
                            "licence: submission " + submission,
                            "cancel: submission " + fetched.replace("/status/", ""),
                            "upload: submission " + fetched.replace("/status/", ""),
                            "upload: submission " + submission,
                            "login: api");
        }
    }

    /** Where a form that was taken leads to. */
    private static String follow(HttpResponse<byte[]> taken) {
        assertThat(taken.statusCode()).as(text(taken)).isEqualTo(303);
        return taken.headers().firstValue("Location").orElseThrow().replaceFirst("http://[^/]*", "");
    }
}
