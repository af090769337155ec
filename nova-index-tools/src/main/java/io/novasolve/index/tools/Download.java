package io.novasolve.index.tools;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Fetches one file over HTTP, in several attempts that continue each other. */
final class Download {

    private static final Duration POLL = Duration.ofMillis(100);
    private static final long LARGEST_INDEX = Integer.MAX_VALUE;
    private static final long SPARE_BYTES = 16 << 20;
    private static final int LARGEST_CHECKSUM_FILE = 1 << 20;

    private final HttpClient client;
    private final IndexInstaller.Patience patience;
    private final IndexInstaller.Progress progress;

    Download(HttpClient client, IndexInstaller.Patience patience, IndexInstaller.Progress progress) {
        this.client = client;
        this.patience = patience;
        this.progress = progress;
    }

    /** A failure after which another attempt may help. */
    private static class Hiccup extends IOException {
        private static final long serialVersionUID = 1;

        Hiccup(String reason, @Nullable Throwable cause) {
            super(reason, cause);
        }
    }

    /** All bytes arrived, but they are not a sound index. */
    private static final class Unsound extends Hiccup {
        private static final long serialVersionUID = 1;

        Unsound(String reason) {
            super(reason, null);
        }
    }

    /** The checksums a server publishes for a folder, by file name; empty if it publishes none, or not in time. */
    Map<String, String> checksums(URI url) throws InterruptedException {
        CompletableFuture<HttpResponse<String>> answer =
                client.sendAsync(HttpRequest.newBuilder(url).build(), info -> new ShortText());
        try {
            HttpResponse<String> text = answer.get(patience.stall().toMillis(), TimeUnit.MILLISECONDS);
            return text.statusCode() == 200 ? checksums(text.body()) : Map.of();
        } catch (ExecutionException | TimeoutException e) {
            // Checksums are a bonus; the files themselves will tell whether the server can be reached.
            return Map.of();
        } finally {
            answer.cancel(true);
        }
    }

    /** What {@code sha256sum} writes; other lines are passed over. */
    static Map<String, String> checksums(String text) {
        Map<String, String> checksums = new HashMap<>();
        for (String line : text.split("\n", -1)) {
            String[] cells = line.strip().split("\\s+\\*?", 2);
            if (cells.length == 2 && cells[0].matches("[0-9a-fA-F]{64}")) {
                checksums.put(cells[1], cells[0].toLowerCase(Locale.ROOT));
            }
        }
        return checksums;
    }

    /** Text of a bounded length, whatever length is announced. */
    private static final class ShortText implements HttpResponse.BodySubscriber<String> {

        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private final CompletableFuture<String> text = new CompletableFuture<>();
        private Flow.@Nullable Subscription subscription;

        @Override
        public CompletionStage<String> getBody() {
            return text;
        }

        @Override
        public void onSubscribe(Flow.Subscription whole) {
            subscription = whole;
            whole.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(List<ByteBuffer> buffers) {
            for (ByteBuffer buffer : buffers) {
                byte[] next = new byte[buffer.remaining()];
                buffer.get(next);
                bytes.writeBytes(next);
            }
            if (bytes.size() > LARGEST_CHECKSUM_FILE && subscription != null) {
                subscription.cancel();
                text.completeExceptionally(new IOException("more than " + LARGEST_CHECKSUM_FILE + " bytes"));
            }
        }

        @Override
        public void onError(Throwable failure) {
            text.completeExceptionally(failure);
        }

        @Override
        public void onComplete() {
            text.complete(bytes.toString(StandardCharsets.UTF_8));
        }
    }

    /** Fetches a file and checks it. */
    void fetch(URI url, Path file, @Nullable String sha256) throws IOException, InterruptedException {
        Path part = file.resolveSibling(file.getFileName() + ".part");
        long pauseMs = patience.pause().toMillis();
        int unsound = 0;
        for (int attempt = 1; ; attempt++) {
            try {
                transfer(url, part);
                check(part, url, sha256);
                break;
            } catch (Hiccup e) {
                unsound += e instanceof Unsound ? 1 : 0;
                if (unsound > 1) {
                    throw new IndexInstallException(
                            url + " cannot be used, twice: " + e.getMessage() + "; try another mirror", false, e);
                }
                if (attempt >= patience.attempts()) {
                    throw new IndexInstallException(
                            url + " could not be fetched in " + attempt + " attempts: " + e.getMessage()
                                    + "; try again later, what has arrived is kept",
                            true,
                            e);
                }
                Thread.sleep(pauseMs);
                pauseMs = Math.min(2 * pauseMs, 60_000);
            }
        }
        try {
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException e) {
            Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private static void check(Path part, URI url, @Nullable String sha256) throws IOException {
        String problem = sha256 == null || IndexCheck.sha256(part).equals(sha256)
                ? IndexCheck.problem(part)
                : "its SHA-256 is not the published one";
        if (problem != null) {
            // Continuing a bad part would only make it longer.
            Files.deleteIfExists(part);
            throw new Unsound("what arrived is no sound index: " + problem);
        }
    }

    private void transfer(URI url, Path part) throws IOException, InterruptedException {
        long have = Files.exists(part) ? Files.size(part) : 0;
        // No request timeout: it would count the body too on some platforms. Silence is noticed while waiting.
        HttpRequest.Builder request = HttpRequest.newBuilder(url).header("Accept-Encoding", "identity");
        if (have > 0) {
            request.header("Range", "bytes=" + have + "-");
        }
        Target target = new Target(part, have);
        CompletableFuture<HttpResponse<Path>> answer = client.sendAsync(request.build(), target);
        HttpResponse<Path> response = await(answer, target, part);
        int status = response.statusCode();
        if (status == 416 || target.misplaced) {
            Files.deleteIfExists(part);
            throw new Hiccup("the part that was there does not fit the file on the server", null);
        }
        if (status >= 500 || status == 429 || status == 408) {
            throw new Hiccup("the server answered " + status, null);
        }
        if (status != 200 && status != 206) {
            throw new IndexInstallException(
                    url + " cannot be had: the server answered " + status + "; check the series and the base URL",
                    false,
                    null);
        }
        long size = Files.size(part);
        if (target.total >= 0 && size != target.total) {
            if (size > target.total) {
                Files.deleteIfExists(part);
            }
            throw new Hiccup(size + " of " + target.total + " bytes arrived", null);
        }
        progress.update(target.name(), size, size);
    }

    /** Waits while bytes arrive; a silent server is given up. */
    private HttpResponse<Path> await(CompletableFuture<HttpResponse<Path>> answer, Target target, Path part)
            throws IOException, InterruptedException {
        long seen = -1;
        long since = System.nanoTime();
        try {
            while (true) {
                try {
                    return answer.get(POLL.toMillis(), TimeUnit.MILLISECONDS);
                } catch (TimeoutException e) {
                    long size = Files.exists(part) ? Files.size(part) : 0;
                    if (size != seen) {
                        seen = size;
                        since = System.nanoTime();
                        progress.update(target.name(), size, target.total);
                    } else if (System.nanoTime() - since > patience.stall().toNanos()) {
                        throw new Hiccup(
                                "nothing arrived for " + patience.stall().toSeconds() + " s", e);
                    }
                    if (size > LARGEST_INDEX) {
                        throw new IndexInstallException(
                                target.name() + " is larger than 2 GiB, which no index is", false, null);
                    }
                }
            }
        } catch (ExecutionException e) {
            throw failure(e.getCause() == null ? e : e.getCause());
        } finally {
            // Does nothing once the answer is there; otherwise closes the connection.
            answer.cancel(true);
        }
    }

    private static IOException failure(Throwable cause) {
        for (Throwable t = cause; t != null; t = t.getCause()) {
            if (t instanceof IndexInstallException refused) {
                return refused;
            }
        }
        return new Hiccup("the connection failed (" + cause + ")", cause);
    }

    /** Decides, when the headers are there, what becomes of the bytes. */
    private static final class Target implements HttpResponse.BodyHandler<Path> {

        private final Path part;
        private final long have;
        private volatile long total = -1;
        private volatile boolean misplaced;

        Target(Path part, long have) {
            this.part = part;
            this.have = have;
        }

        String name() {
            String name = String.valueOf(part.getFileName());
            return name.substring(0, name.length() - ".part".length());
        }

        @Override
        public HttpResponse.BodySubscriber<Path> apply(HttpResponse.ResponseInfo info) {
            long length = info.headers().firstValueAsLong("Content-Length").orElse(-1);
            if (info.statusCode() == 206 && continuesAt(info, have)) {
                total = length < 0 ? -1 : have + length;
                requireSpace(length);
                return BodyHandlers.ofFile(part, StandardOpenOption.WRITE, StandardOpenOption.APPEND)
                        .apply(info);
            }
            if (info.statusCode() == 200) {
                // The server sends it all, whether it was asked for the rest or not.
                total = length;
                requireSpace(length - have);
                return BodyHandlers.ofFile(
                                part,
                                StandardOpenOption.CREATE,
                                StandardOpenOption.TRUNCATE_EXISTING,
                                StandardOpenOption.WRITE)
                        .apply(info);
            }
            misplaced = info.statusCode() == 206;
            return HttpResponse.BodySubscribers.replacing(part);
        }

        private static boolean continuesAt(HttpResponse.ResponseInfo info, long offset) {
            return info.headers()
                    .firstValue("Content-Range")
                    .map(range -> range.strip().startsWith("bytes " + offset + "-"))
                    .orElse(false);
        }

        private void requireSpace(long bytes) {
            try {
                long free =
                        Files.getFileStore(part.toAbsolutePath().getParent()).getUsableSpace();
                if (bytes + SPARE_BYTES > free) {
                    throw new UncheckedIOException(new IndexInstallException(
                            name() + " needs " + bytes / 1_000_000 + " MB, but "
                                    + part.toAbsolutePath().getParent() + " has only " + free / 1_000_000
                                    + " MB left; free some space or choose another folder",
                            true,
                            null));
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
