package io.novasolve.examples.server;

import static io.novasolve.examples.server.TestServer.json;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What others hide takes no place in what is found. */
class SearchTest {

    private static final String KEY = "administratorkey";
    private static final int MANY = 1100;

    @TempDir
    private static Path data;

    private static TestServer server;
    private static Visitor admin;

    @BeforeAll
    static void start() throws Exception {
        server = TestServer.start(data, "api-key", KEY, "jobs", "0");
        admin = Visitor.signedIn(server, KEY);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    /** A picture with a tag; its job, which waits. */
    private static int tagged(String tag) {
        int submission = server.submit(server.login(KEY), "stars.txt", tag.getBytes(StandardCharsets.US_ASCII));
        List<?> images = (List<?>) server.await(
                        "/api/submissions/" + submission,
                        s -> s.get("images") instanceof List<?> list && list.size() == 1)
                .get("images");
        assertThat(admin.submit("/user_images/" + images.get(0) + "/tags", "tag", tag)
                        .statusCode())
                .isEqualTo(303);
        // One picture a submission: all three count alike.
        return submission;
    }

    /** Hidden pictures with a tag, newer than all others, as rows of the server's own tables. */
    private static void hide(String tag) throws SQLException {
        try (Connection c = DriverManager.getConnection("jdbc:sqlite:" + data.resolve("nova.db"));
                Statement s = c.createStatement()) {
            c.setAutoCommit(false);
            for (int i = 1_000_000; i < 1_000_000 + MANY; i++) {
                s.execute(
                        "insert into server_submission (id, account_id, visible, commercial, modifications, created_at,"
                                + " recorded, opened) values (" + i + ", 99, 0, 'd', 'd', 0, 1, 1)");
                s.execute("insert into server_image (id, submission_id, job_id, solved) values (" + i + ", " + i + ", "
                        + i + ", 0)");
                s.execute("insert into server_tag (job_id, account_id, tag, lowered) values (" + i + ", 99, '" + tag
                        + "', '" + tag + "')");
            }
            c.commit();
        }
    }

    @Test
    void ofManyJobsWithATagThePublicOnesAreFoundTheNewestFirst() throws Exception {
        int older = tagged("heap of stars");
        int newer = tagged("another heap of stars");
        List<Long> newestFirst = List.of((long) newer, (long) older);
        server.await("/api/jobs_by_tag?query=HEAP+of", r -> newestFirst.equals(r.get("job_ids")));
        hide("heap of stars");
        assertThat(json(server.get("/api/jobs_by_tag?query=HEAP+of")).get("job_ids"))
                .isEqualTo(newestFirst);
        assertThat(json(server.get("/api/jobs_by_tag?query=Heap+of+stars&exact=1"))
                        .get("job_ids"))
                .isEqualTo(List.of((long) older));
        String all = "{\"session\": \"" + server.login(KEY) + "\"}";
        assertThat((List<?>)
                        json(server.call("/api/jobs_by_tag?query=heap", all)).get("job_ids"))
                .hasSizeGreaterThan(MANY - 101);
    }
}
