package io.novasolve.examples.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Clients that ask for a file and then do not read it, and what else could hold the server up for those who look on. */
@Tag("once")
class SlowReadersTest {

    /** More than the connection's buffers hold. */
    private static final int BYTES = 12_000_000;

    private static final int READERS = 10;

    @TempDir
    private static Path data;

    private static TestServer server;
    private static byte[] picture;
    private static Object image;
    private static Object calibration;

    @BeforeAll
    static void start() throws IOException {
        server = TestServer.start(data);
        picture = Arrays.copyOf(Files.readAllBytes(TestServer.sample()), BYTES);
        int submission = server.submit(server.login("any"), "large.jpg", picture);
        server.awaitEnd(server.awaitJob(submission));
        var status =
                server.await("/api/submissions/" + submission, s -> !List.of().equals(s.get("job_calibrations")));
        image = ((List<?>) status.get("user_images")).get(0);
        calibration = ((List<?>) ((List<?>) status.get("job_calibrations")).get(0)).get(1);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    /** How many of the server's threads are at a request. */
    private static long busyThreads() {
        return Thread.getAllStackTraces().values().stream()
                .filter(stack -> Arrays.stream(stack)
                        .anyMatch(frame -> frame.getClassName().startsWith("io.javalin.http.servlet.JavalinServlet")))
                .count();
    }

    @Test
    void whoDoesNotReadHoldsNoThread() throws Exception {
        String request = "GET /image/" + image + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
        byte[] answer = withoutReading(request);
        // Who goes on reading gets all of it.
        assertThat(Arrays.copyOfRange(answer, answer.length - BYTES, answer.length))
                .isEqualTo(picture);
    }

    @Test
    void whoAsksForMoreAndMoreWithoutReadingHoldsNoThread() throws Exception {
        String request = "GET /assets/nova.css HTTP/1.1\r\nHost: localhost\r\n\r\n";
        int requests = BYTES / server.get("/assets/nova.css").body().length;
        byte[] answers =
                withoutReading(request.repeat(requests) + request.replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n"));
        assertThat(new String(answers, StandardCharsets.ISO_8859_1).split("TTP/1.1 200 OK", -1))
                .hasSize(requests + 2);
    }

    /** Asks without reading until no thread is at it; what one of those then reads, but for its first byte. */
    private static byte[] withoutReading(String request) throws Exception {
        List<Socket> readers = new ArrayList<>();
        try {
            for (int i = 0; i < READERS; i++) {
                Socket reader = new Socket();
                readers.add(reader);
                reader.setReceiveBufferSize(4096);
                reader.setSoTimeout(60_000);
                reader.connect(new InetSocketAddress("127.0.0.1", server.port()));
                reader.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            }
            for (Socket reader : readers) {
                // It is being sent from here on.
                assertThat(reader.getInputStream().read()).isEqualTo('H');
            }
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
            // Not only between one request and the next.
            for (int quiet = 0; quiet < 20; quiet = busyThreads() > 0 ? 0 : quiet + 1) {
                assertThat(System.nanoTime() - deadline)
                        .as(busyThreads() + " threads wait for who does not read")
                        .isNegative();
                LockSupport.parkNanos(10_000_000);
            }
            assertThat(server.get("/health").statusCode()).isEqualTo(200);

            return readers.get(0).getInputStream().readAllBytes();
        } finally {
            for (Socket reader : readers) {
                reader.close();
            }
        }
    }

    @Test
    void aSkyMapIsDrawnOnce() throws Exception {
        String path = "/sky_plot/zoom2/" + calibration;
        byte[] map = server.get(path).body();
        Path kept;
        try (Stream<Path> cache = Files.list(data.resolve("cache"))) {
            kept = cache.filter(file -> file.getFileName().toString().startsWith("sky-2-"))
                    .findFirst()
                    .orElseThrow();
        }
        assertThat(kept).hasBinaryContent(map);
        Files.write(kept, new byte[] {1, 2, 3});
        assertThat(server.get(path).body()).containsExactly(1, 2, 3);
    }
}
