package io.novasolve.examples.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.novasolve.examples.server.json.JsonTree;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the stream of events of a submission tells, from its link to its place on the sky. */
@Tag("once")
@Timeout(120)
class LiveProgressTest {

    /** Of its stream, line by line. */
    private static final class Follower implements AutoCloseable {
        private final BufferedReader lines;
        private final List<String> told = new ArrayList<>();
        private Map<?, ?> last = Map.of();

        Follower(TestServer server, String status) throws IOException, InterruptedException {
            HttpResponse<java.io.InputStream> stream = server.follow(status + "/events");
            assertThat(stream.statusCode()).isEqualTo(200);
            assertThat(stream.headers().firstValue("Content-Type").orElse("")).startsWith("text/event-stream");
            lines = new BufferedReader(new InputStreamReader(stream.body(), StandardCharsets.UTF_8));
        }

        /** Reads on until a sentence comes that is meant. */
        void await(Predicate<String> meant) throws IOException {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith("data:")) {
                    last = (Map<?, ?>) JsonTree.read(line.substring(5));
                    told.add(String.valueOf(last.get("now")));
                    if (meant.test(told.get(told.size() - 1))) {
                        return;
                    }
                }
            }
            throw new AssertionError("the stream ended, and told: " + told);
        }

        @Override
        public void close() throws IOException {
            lines.close();
        }
    }

    @Test
    void fromFetchingOverTheQueueToTheSearch(@TempDir Path data) throws Exception {
        Searching transport = new Searching();
        try (PictureHost host = new PictureHost(Files.readAllBytes(TestServer.sample()));
                TestServer server = TestServer.start(data, transport, "jobs", "1", "fetch-private-addresses", "true")) {
            String session = server.login("any");
            server.submit(session, "first.jpg", TestServer.sample("first"));
            transport.awaitBegun();
            int ahead = server.submit(session, "second.jpg", TestServer.sample("second"));
            server.await("/api/submissions/" + ahead, s -> s.get("jobs") instanceof List<?> jobs && !jobs.isEmpty());
            HttpResponse<byte[]> sent = new Visitor(server).submit("/upload", "url", host.url("/slow/sky.jpg"));
            String location = sent.headers().firstValue("Location").orElseThrow();
            try (Follower follower = new Follower(server, location.substring(location.indexOf("/status/")))) {
                follower.await("Fetching and opening it."::equals);
                host.goOn();
                follower.await("About one job comes first."::equals);
                transport.goOn();
                transport.awaitBegun();
                follower.await("It is next in the queue."::equals);
                transport.goOn();
                // Reading it and finding its stars may be over before anybody looks.
                transport.awaitBegun();
                transport.report(12, 3456);
                follower.await("Searching: the 12 brightest stars, 3456 patterns tried."::equals);
                transport.goOn();
                follower.await(told -> Boolean.TRUE.equals(follower.last.get("over")));
                assertThat(follower.last.get("next")).asString().startsWith("/user_images/");
            }
        }
    }

    @Test
    void ofASearchElsewhereIsSaidWhatIsKnown(@TempDir Path data) throws Exception {
        Searching transport = new Searching();
        try (TestServer front = TestServer.start(data, "jobs", "0");
                TestServer worker = TestServer.start(data, transport, "jobs", "1")) {
            int submission = front.submit(front.login("any"), "a.jpg", TestServer.sample("elsewhere"));
            transport.awaitBegun();
            transport.report(12, 3456);
            try (Follower follower = new Follower(front, "/status/" + submission)) {
                follower.await("Another process works on it; how far it has come is not known here."::equals);
                transport.goOn();
                follower.await(told -> Boolean.TRUE.equals(follower.last.get("over")));
            }
            assertThat(worker.get("/status/" + submission).statusCode()).isEqualTo(200);
        }
    }
}
