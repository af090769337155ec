package io.novasolve.fetch;

import io.novasolve.core.spi.FetchException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.io.Closer;
import org.jspecify.annotations.Nullable;

/** One link on its way into a file, in attempts that continue each other. */
final class Transfer {

    private static final int BUFFER = 1 << 16;
    private static final Pattern RANGE = Pattern.compile("bytes (\\d{1,18})-\\d{1,18}/(\\d{1,18}|\\*)");

    /** A failure after which another attempt may help. */
    private static final class Hiccup extends IOException {
        private static final long serialVersionUID = 1;

        Hiccup(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }

    private final CloseableHttpClient client;
    private final FetchLimits limits;
    private final URI link;
    private final Path file;

    /** Held while the file is written to, which nobody does who finds the transfer cancelled. */
    private final Lock writing = new ReentrantLock();

    private volatile @Nullable HttpGet request;
    private volatile boolean cancelled;

    /** What the bytes in the file are a part of: only with a server's word for it can they be continued. */
    private @Nullable String validator;

    private long have;

    Transfer(CloseableHttpClient client, FetchLimits limits, URI link, Path file) {
        this.client = client;
        this.limits = limits;
        this.link = link;
        this.file = file;
    }

    /** Stops it wherever it is. */
    void cancel() {
        cancelled = true;
        HttpGet current = request;
        if (current != null) {
            current.cancel();
        }
    }

    /**
     * Once cancelled, waits until the file is no longer written to, and never will be. The transfer itself may go on for a
     * while: nothing ends the lookup of a name, or the wait for a connection.
     */
    void awaitEndOfWriting() throws InterruptedException {
        writing.lockInterruptibly();
        writing.unlock();
    }

    void run() throws IOException, InterruptedException {
        long pauseMs = limits.pause().toMillis();
        for (int attempt = 1; ; attempt++) {
            try {
                attempt();
                return;
            } catch (Hiccup e) {
                if (attempt >= limits.attempts()) {
                    throw new FetchException(
                            link + " could not be fetched in " + attempt + " attempts: " + e.getMessage(), true, e);
                }
                Thread.sleep(pauseMs);
                pauseMs *= 2;
            }
        }
    }

    /** Follows the link to its end and takes what is there. */
    private void attempt() throws IOException {
        URI url = link;
        for (int hop = 0; hop <= limits.redirects(); hop++) {
            URI next = get(url);
            if (next == null) {
                return;
            }
            String problem = HttpFetcher.problem(next);
            if (problem != null) {
                throw refused("it redirects to " + next + ", which is not followed: " + problem, null);
            }
            url = next;
        }
        throw refused("it redirects more than " + limits.redirects() + " times", null);
    }

    private FetchException refused(String why, @Nullable Throwable cause) {
        return new FetchException(link + " cannot be fetched: " + why, false, cause);
    }

    /** One request; gives the next address if this one redirects, null if the file is complete. */
    private @Nullable URI get(URI url) throws IOException {
        HttpGet get = new HttpGet(url);
        get.setHeader(HttpHeaders.ACCEPT_ENCODING, "identity");
        String known = validator;
        if (have > 0 && known != null) {
            get.setHeader(HttpHeaders.RANGE, "bytes=" + have + "-");
            get.setHeader(HttpHeaders.IF_RANGE, known);
        }
        request = get;
        requireWanted();
        try {
            ClassicHttpResponse response = client.executeOpen(null, get, null);
            try {
                return take(url, response);
            } finally {
                // Closing alone would read the rest first, which a server can make endless.
                get.cancel();
                Closer.closeQuietly(response);
            }
        } catch (FetchException | Hiccup | FileException e) {
            throw e;
        } catch (PublicAddresses.RefusedAddressException e) {
            throw refused(String.valueOf(e.getMessage()), e);
        } catch (IOException e) {
            throw new Hiccup("the connection failed (" + reason(e) + ")", e);
        } catch (RuntimeException e) {
            throw refused("its address or its answer is malformed (" + reason(e) + ")", e);
        }
    }

    private String reason(Exception e) {
        if (e instanceof UnknownHostException) {
            return "the name of its host is not known";
        }
        if (e instanceof SocketTimeoutException) {
            return "the server was silent for " + HttpFetcher.text(limits.stall());
        }
        return e.getMessage() == null ? "no reason was given" : e.getMessage();
    }

    private void requireWanted() throws FetchException {
        if (cancelled) {
            throw refused("nobody waits for it any more", null);
        }
    }

    private @Nullable URI take(URI url, ClassicHttpResponse response) throws IOException {
        int status = response.getCode();
        switch (status) {
            case 200 -> begin(response);
            case 206 -> resume(response);
            case 301, 302, 303, 307, 308 -> {
                Header location = response.getFirstHeader(HttpHeaders.LOCATION);
                if (location == null) {
                    throw refused("it redirects to nowhere", null);
                }
                return resolved(url, location.getValue());
            }
            case 416 -> {
                have = 0;
                validator = null;
                throw new Hiccup("what had arrived does not fit what the server has now", null);
            }
            case 408, 425, 429 -> throw new Hiccup("the server answered " + status, null);
            default -> {
                if (status >= 500) {
                    throw new Hiccup("the server answered " + status, null);
                }
                throw refused("the server answered " + status, null);
            }
        }
        return null;
    }

    private URI resolved(URI url, String location) throws FetchException {
        try {
            return url.resolve(location.strip().replace(" ", "%20"));
        } catch (IllegalArgumentException e) {
            throw refused("it redirects to something that is no address", e);
        }
    }

    private void begin(ClassicHttpResponse response) throws IOException {
        have = 0;
        validator = strong(response);
        append(response);
    }

    /** A weak ETag says nothing about bytes. */
    private static @Nullable String strong(ClassicHttpResponse response) {
        Header tag = response.getFirstHeader(HttpHeaders.ETAG);
        if (tag != null && !tag.getValue().startsWith("W/")) {
            return tag.getValue();
        }
        Header modified = response.getFirstHeader(HttpHeaders.LAST_MODIFIED);
        return modified == null ? null : modified.getValue();
    }

    private void resume(ClassicHttpResponse response) throws IOException {
        Header header = response.getFirstHeader(HttpHeaders.CONTENT_RANGE);
        Matcher range = RANGE.matcher(header == null ? "" : header.getValue().strip());
        String now = strong(response);
        boolean fits = range.matches() && Long.parseLong(range.group(1)) == have;
        if (!fits || now != null && !now.equals(validator)) {
            have = 0;
            validator = null;
            throw new Hiccup("the server continues with another part, or with another file", null);
        }
        append(response);
        String all = range.group(2);
        if (!all.equals("*") && have < Long.parseLong(all)) {
            throw new Hiccup("the server sent " + have + " of " + all + " bytes", null);
        }
    }

    private void append(ClassicHttpResponse response) throws IOException {
        HttpEntity entity = response.getEntity();
        if (entity == null) {
            throw refused("the server sent no content", null);
        }
        requireSize(entity.getContentLength() < 0 ? 0 : entity.getContentLength());
        InputStream in = entity.getContent();
        writing.lock();
        try {
            requireWanted();
            try (OutputStream out = output()) {
                byte[] buffer = new byte[BUFFER];
                for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                    requireSize(n);
                    write(out, buffer, n);
                    have += n;
                }
            }
        } finally {
            writing.unlock();
        }
    }

    private void requireSize(long more) throws FetchException {
        if (more > limits.bytes() - have) {
            throw refused("it is larger than " + limits.bytes() + " bytes, the limit", null);
        }
    }

    /** The file, not the network, has failed. */
    private static final class FileException extends IOException {
        private static final long serialVersionUID = 1;

        FileException(Path file, IOException cause) {
            super(file + " cannot be written: " + cause.getMessage(), cause);
        }
    }

    private OutputStream output() throws IOException {
        try {
            return have == 0
                    ? Files.newOutputStream(file, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)
                    : Files.newOutputStream(file, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new FileException(file, e);
        }
    }

    private void write(OutputStream out, byte[] buffer, int length) throws FileException {
        try {
            out.write(buffer, 0, length);
        } catch (IOException e) {
            throw new FileException(file, e);
        }
    }
}
