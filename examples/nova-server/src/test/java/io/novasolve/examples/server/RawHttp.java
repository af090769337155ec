package io.novasolve.examples.server;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** Sends bytes as they are, for requests that no HTTP library would make. */
final class RawHttp {

    /** What came back. */
    record Response(int status, String headers, byte[] body) {
        String text() {
            return new String(body, StandardCharsets.UTF_8);
        }
    }

    private RawHttp() {}

    /** @param head request line and headers with LF at their ends, without the one of the length */
    static Response post(int port, String head, byte[] body) throws IOException {
        String headers = head.strip().replace("\n", "\r\n") + "\r\nContent-Length: " + body.length + "\r\n\r\n";
        return exchange(port, headers.getBytes(StandardCharsets.ISO_8859_1), body);
    }

    static Response get(int port, String head) throws IOException {
        return exchange(port, (head.strip().replace("\n", "\r\n") + "\r\n\r\n").getBytes(StandardCharsets.ISO_8859_1));
    }

    /** The request must ask for the connection to be closed. */
    static Response exchange(int port, byte[]... pieces) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", port)) {
            socket.setSoTimeout(180_000);
            // In one go: a server that answers before it has read all of it breaks the connection.
            ByteArrayOutputStream request = new ByteArrayOutputStream();
            for (byte[] piece : pieces) {
                request.writeBytes(piece);
            }
            request.writeTo(socket.getOutputStream());
            socket.getOutputStream().flush();
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            socket.getInputStream().transferTo(bytes);
            byte[] all = bytes.toByteArray();
            String text = new String(all, StandardCharsets.ISO_8859_1);
            int end = text.indexOf("\r\n\r\n");
            byte[] body = java.util.Arrays.copyOfRange(all, end + 4, all.length);
            return new Response(Integer.parseInt(text.substring(9, 12)), text.substring(0, end), body);
        }
    }
}
