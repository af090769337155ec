package io.novasolve.examples.server.web;

import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.WriteListener;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends as the client reads: one that reads slowly, or not at all, holds its connection, and no thread. The server ends
 * connections on which nothing moves.
 */
final class Sending implements WriteListener {

    private static final Logger LOG = LoggerFactory.getLogger(Sending.class);

    private final InputStream body;
    private final ServletOutputStream out;
    private final CompletableFuture<Void> done = new CompletableFuture<>();
    private final byte[] buffer = new byte[32 * 1024];

    private Sending(InputStream body, ServletOutputStream out) {
        this.body = body;
        this.out = out;
    }

    /** @return done when all is sent, or nobody reads it any more; the body is closed then */
    static CompletableFuture<Void> begin(InputStream body, ServletResponse response) {
        try {
            Sending sending = new Sending(body, response.getOutputStream());
            sending.out.setWriteListener(sending);
            return sending.done;
        } catch (IOException | RuntimeException e) {
            close(body);
            return CompletableFuture.failedFuture(e);
        }
    }

    @Override
    public void onWritePossible() throws IOException {
        while (out.isReady()) {
            int count = body.read(buffer);
            if (count < 0) {
                end();
                return;
            }
            out.write(buffer, 0, count);
        }
    }

    @Override
    public void onError(Throwable failure) {
        // Fewer bytes than were announced tell the client that these are not all.
        LOG.debug("Sending ended early", failure);
        end();
    }

    private void end() {
        close(body);
        done.complete(null);
    }

    private static void close(InputStream body) {
        try {
            body.close();
        } catch (IOException e) {
            LOG.warn("A file that was sent could not be closed", e);
        }
    }
}
