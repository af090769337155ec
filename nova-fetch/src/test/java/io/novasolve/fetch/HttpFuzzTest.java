package io.novasolve.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import io.novasolve.core.spi.FetchException;
import io.novasolve.sky.Fuzz;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.apache.hc.client5.http.DnsResolver;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Damaged answers of servers: status lines, headers and chunks. */
@Tag("once")
class HttpFuzzTest {

    private static final FetchLimits LIMITS = FetchLimits.DEFAULT
            .withBytes(1 << 20)
            .withPrivateAddresses(true)
            .withAttempts(2, Duration.ZERO)
            .withStall(Duration.ofSeconds(2))
            .withTotal(Duration.ofSeconds(5));

    /** Wherever an answer sends it, no request leaves this machine. */
    private static final DnsResolver HERE = new DnsResolver() {
        @Override
        public InetAddress[] resolve(String host) {
            return new InetAddress[] {InetAddress.getLoopbackAddress()};
        }

        @Override
        public String resolveCanonicalHostname(String host) {
            return host;
        }
    };

    private volatile byte[] answer = {};
    private volatile byte[] rest = {};

    @Test
    void answers(@TempDir Path folder) throws Exception {
        Path file = Files.createFile(folder.resolve("fetched.part"));
        try (ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                HttpFetcher fetcher = HttpFetcher.with(LIMITS, HERE)) {
            Thread thread = new Thread(() -> serve(server), "fuzzed server");
            thread.start();
            URI link = URI.create("http://fuzz.test:" + server.getLocalPort() + "/x");
            String close = "Connection: close\r\n";
            String first =
                    "HTTP/1.1 200 OK\r\nContent-Length: 9\r\nETag: \"one\"\r\nLast-Modified: Mon, 23 Nov 2026 00:00:00 GMT\r\n";
            List<byte[]> seeds = List.of(
                    bytes(first + close + "\r\nnine char"),
                    bytes("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n" + close
                            + "\r\n5\r\nhello\r\n4;a=b\r\n you\r\n0\r\nX: y\r\n\r\n"),
                    bytes("HTTP/1.0 200 OK\r\n\r\nto the end"));
            Fuzz fuzz = Fuzz.of(HttpFuzzTest.class, 500)
                    .refusedWith(FetchException.class)
                    .within(Duration.ofSeconds(20))
                    .words(
                            "\r\n",
                            "\r\n\r\n",
                            "HTTP/1.1 100 Continue\r\n\r\n",
                            "HTTP/1.1 302 Found\r\nLocation: /y\r\n",
                            "Location: //[\r\n",
                            "Content-Encoding: gzip\r\n",
                            "Transfer-Encoding: chunked\r\n",
                            "Content-Length: -1\r\n",
                            "ffffffffffffffff",
                            " ",
                            ":");
            Fuzz.Counts whole = fuzz.run("answers", seeds, bytes -> fetch(fetcher, link, file, bytes));
            assertThat(whole.read()).isPositive();
            assertThat(whole.refused()).isPositive();
            // What is cut is asked for from there on.
            byte[] rest = bytes("HTTP/1.1 206 Partial Content\r\nContent-Range: bytes 4-8/9\r\nContent-Length: 5\r\n"
                    + "ETag: \"one\"\r\n" + close + "\r\nhello");
            fuzz.run("rests", rest, bytes -> fetch(fetcher, link, file, bytes(first + close + "\r\nnine"), bytes));
            server.close();
            thread.join();
        }
    }

    private void fetch(HttpFetcher fetcher, URI link, Path file, byte[] first) throws Exception {
        fetch(fetcher, link, file, first, first);
    }

    private void fetch(HttpFetcher fetcher, URI link, Path file, byte[] first, byte[] second) throws Exception {
        answer = first;
        rest = second;
        fetcher.fetch(link, file);
        assertThat(Files.size(file)).isLessThanOrEqualTo(LIMITS.bytes());
    }

    private void serve(ServerSocket server) {
        while (true) {
            try (Socket socket = server.accept()) {
                String request = head(socket.getInputStream());
                socket.getOutputStream().write(request.contains("\r\nRange:") ? rest : answer);
                socket.shutdownOutput();
            } catch (SocketException e) {
                if (server.isClosed()) {
                    return;
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private static String head(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        for (int c = in.read(); c >= 0; c = in.read()) {
            head.append((char) c);
            if (c == '\n' && head.length() > 3 && head.lastIndexOf("\r\n\r\n") == head.length() - 4) {
                break;
            }
        }
        return head.toString();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
