package io.novasolve.examples.server;

import static io.novasolve.examples.server.TestServer.text;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What people find on the pages. */
class PagesTest {

    private static final byte[] STARS = "1 2\n3 4\n5 7\n".getBytes(StandardCharsets.US_ASCII);

    @Test
    void whatWaitsTellsAboutItsPlaceInTheQueue(@TempDir Path folder) throws Exception {
        try (TestServer server = TestServer.start(folder, "jobs", "0")) {
            String session = server.login("x");
            int first = server.submit(session, "stars.txt", STARS);
            int second = server.submit(session, "stars.txt", STARS);
            int third = server.submit(session, "stars.txt", STARS);
            server.await("/api/submissions/" + third, s -> ((List<?>) s.get("jobs")).size() == 1);
            assertThat(text(server.get("/status/" + first))).contains("it comes next");
            assertThat(text(server.get("/status/" + second))).contains("about 1 submission comes before it");
            assertThat(text(server.get("/status/" + third))).contains("about 2 submissions come before it");
        }
    }
}
