package io.novasolve.examples.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Requests that never come to an end, byte by byte, so that no pause is ever long. */
@Tag("once")
class SlowRequestsTest {

    @TempDir
    private static Path data;

    private static TestServer server;

    @BeforeAll
    static void start() throws IOException {
        server = TestServer.start(data, "request-seconds", "1", "jobs", "0");
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    /** Sends the beginning, then a byte now and then until the other side has had enough; what it said. */
    private static String drip(String beginning) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", server.port())) {
            socket.setSoTimeout(1);
            OutputStream out = socket.getOutputStream();
            out.write(beginning.getBytes(StandardCharsets.US_ASCII));
            StringBuilder said = new StringBuilder();
            long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
            while (System.nanoTime() - deadline < 0) {
                try {
                    int b = socket.getInputStream().read();
                    if (b < 0) {
                        return said.toString();
                    }
                    said.append((char) b);
                } catch (java.net.SocketTimeoutException e) {
                    LockSupport.parkNanos(20_000_000);
                    out.write('a');
                } catch (IOException e) {
                    return said.toString();
                }
            }
            throw new AssertionError("still listens after a minute; said '" + said + "'");
        }
    }

    @Test
    void aBodyThatDripsIsRefused() throws IOException {
        for (String type : new String[] {"multipart/form-data; boundary=b", "application/x-www-form-urlencoded"}) {
            String said =
                    drip("POST /api/upload HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000\r\nContent-Type: "
                            + type + "\r\n\r\n");
            assertThat(said).startsWith("HTTP/1.1 408 ").contains("\r\n\r\n{\"status\": \"error\", \"errormessage\": ");
        }
        try (Stream<Path> left = Files.list(data.resolve("uploads"))) {
            assertThat(left).isEmpty();
        }
    }

    @Test
    void headersThatDripEndTheConnection() throws IOException {
        assertThat(drip("GET /health HTTP/1.1\r\nHost: localhost\r\nX-Long: ")).doesNotContain("HTTP/1.1 200");
        assertThat(drip("G")).doesNotContain("HTTP/1.1 200");
        // On a connection that was good before, too.
        String said = drip("GET /health HTTP/1.1\r\nHost: localhost\r\n\r\nGET /health HTTP/1.1\r\nX: ");
        assertThat(said).startsWith("HTTP/1.1 200").contains("ok\n");
        assertThat(said.indexOf("HTTP/1.1 200", 1)).isNegative();
    }

    @Test
    void aConnectionThatWaitsForItsNextRequestStaysOpen() throws IOException {
        try (Socket socket = new Socket("127.0.0.1", server.port())) {
            socket.setSoTimeout(60_000);
            for (int i = 0; i < 2; i++) {
                socket.getOutputStream()
                        .write("GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                String said = "";
                while (!said.endsWith("ok\n")) {
                    said += (char) socket.getInputStream().read();
                }
                assertThat(said).startsWith("HTTP/1.1 200");
                // Longer than the headers of a request may take.
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1600));
            }
        }
    }
}
