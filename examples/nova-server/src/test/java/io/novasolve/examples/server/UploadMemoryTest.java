package io.novasolve.examples.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.novasolve.transport.local.EmbeddedTransport;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A large upload goes to disk as it comes. */
@Tag("once")
class UploadMemoryTest {

    private static final int MEGABYTE = 1 << 20;
    private static final int SIZE = Integer.getInteger("nova.server.upload.megabytes", 300) * MEGABYTE;
    private static final int DOWNLOADED = 100 * MEGABYTE;
    private static final long ALLOWED = 32L * MEGABYTE;

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    /** Bytes that all threads but this one have ever allocated: more than what the heap can have grown by. */
    private long allocatedByOthers() {
        long[] ids = Arrays.stream(threads.getAllThreadIds())
                .filter(id -> id != Thread.currentThread().getId())
                .toArray();
        return Arrays.stream(threads.getThreadAllocatedBytes(ids))
                .filter(n -> n > 0)
                .sum();
    }

    @Test
    void needsLittleMemory(@TempDir Path data) throws Exception {
        // Nobody solves it: decoding a picture of that size is another matter.
        try (TestServer server = TestServer.start(data, EmbeddedTransport.bundled(), "jobs", "0")) {
            String session = server.login("abcdefghijklmnop");
            upload(server.port(), session, "small.fits", fitsHeader(MEGABYTE), MEGABYTE);
            long before = allocatedByOthers();
            String reply = upload(server.port(), session, "big.fits", fitsHeader(SIZE), SIZE);
            long allocated = allocatedByOthers() - before;
            assertThat(reply).contains("\"status\": \"success\"");
            System.out.println("an upload of " + SIZE / MEGABYTE + " MiB allocates " + allocated / 1024 + " KiB");
            assertThat(allocated).isLessThan(ALLOWED);

            // What browsers show goes out as it came in.
            byte[] jpeg = {(byte) 0xFF, (byte) 0xD8, (byte) 0xFF};
            reply = upload(server.port(), session, "big.jpg", jpeg, DOWNLOADED);
            int submission = Integer.parseInt(reply.replaceAll("(?s).*\"subid\": (\\d+).*", "$1"));
            Map<String, Object> opened =
                    server.await("/api/submissions/" + submission, s -> ((List<?>) s.get("images")).size() == 1);
            before = allocatedByOthers();
            long got = download(server.port(), "/image/" + ((List<?>) opened.get("images")).get(0));
            allocated = allocatedByOthers() - before;
            System.out.println("its download allocates " + allocated / 1024 + " KiB");
            assertThat(got).isGreaterThan(DOWNLOADED);
            assertThat(allocated).isLessThan(ALLOWED);
        }
    }

    private static long download(int port, String path) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", port)) {
            socket.getOutputStream()
                    .write(("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            return socket.getInputStream().transferTo(OutputStream.nullOutputStream());
        }
    }

    private static String upload(int port, String session, String fileName, byte[] start, int size) throws IOException {
        byte[] head = ("--b\r\nContent-Disposition: form-data; name=\"request-json\"\r\n\r\n{\"session\": \"" + session
                        + "\"}\r\n--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\""
                        + fileName + "\"\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
        byte[] tail = "\r\n--b--\r\n".getBytes(StandardCharsets.US_ASCII);
        byte[] piece = new byte[MEGABYTE];
        Arrays.fill(piece, (byte) '\n');
        byte[] first = piece.clone();
        System.arraycopy(start, 0, first, 0, start.length);
        try (Socket socket = new Socket("127.0.0.1", port)) {
            OutputStream out = socket.getOutputStream();
            out.write(("POST /api/upload HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                            + "Content-Type: multipart/form-data; boundary=b\r\nContent-Length: "
                            + (head.length + size + tail.length) + "\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
            out.write(head);
            for (int sent = 0; sent < size; sent += piece.length) {
                out.write(sent == 0 ? first : piece);
            }
            out.write(tail);
            out.flush();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** Of a picture that needs nearly all of a file of this size. */
    private static byte[] fitsHeader(int size) {
        int rows = (size - 2 * 2880) / (2 * 4096);
        StringBuilder header = new StringBuilder();
        for (String card : new String[] {
            "SIMPLE  =                    T",
            "BITPIX  =                   16",
            "NAXIS   =                    2",
            "NAXIS1  =                 4096",
            "NAXIS2  = %20d".formatted(rows),
            "END"
        }) {
            header.append("%-80s".formatted(card));
        }
        return "%-2880s".formatted(header).getBytes(StandardCharsets.US_ASCII);
    }
}
