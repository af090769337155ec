package io.novasolve.index.tools;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Fetches index files from a server. A file appears under its name only when it is whole and has passed all checks: its
 * size is what the server said, its SHA-256 what the server publishes in {@code SHA256SUMS}, if it does, and every quad is
 * as it should be. What was fetched before a failure is kept in a {@code .part} file and continued.
 */
public final class IndexInstaller {

    private final Download download;
    private final @Nullable URI baseUrl;
    private final Progress progress;

    /** Told what happens while files are fetched. */
    @FunctionalInterface
    public interface Progress {

        /**
         * Some of a file has arrived.
         *
         * @param file name of the file
         * @param bytes that are there
         * @param total bytes of the whole file, −1 if unknown
         */
        void update(String file, long bytes, long total);
    }

    /**
     * What to do about failures.
     *
     * @param attempts for each file, the first one included
     * @param pause before the second attempt; doubles each time
     * @param stall how long nothing may arrive
     */
    public record Patience(int attempts, Duration pause, Duration stall) {

        /** Five attempts, pauses from a second up, and a minute of silence. */
        public static final Patience DEFAULT = new Patience(5, Duration.ofSeconds(1), Duration.ofMinutes(1));

        /** @throws IllegalArgumentException if there is no attempt or no time */
        public Patience {
            if (attempts < 1 || pause.isNegative() || stall.isNegative() || stall.isZero()) {
                throw new IllegalArgumentException("patience is at least one attempt and some time");
            }
        }
    }

    /**
     * What was done.
     *
     * @param fetched files that are new
     * @param present files that were there and usable
     */
    public record Result(List<Path> fetched, List<Path> present) {}

    /**
     * @param client as {@code HttpClient.newBuilder().followRedirects(NORMAL)} makes it, or with a proxy of one's own
     * @param baseUrl of a mirror that has a folder for each series; null for the publisher of each
     * @param patience with servers
     * @param progress told what arrives
     */
    public IndexInstaller(HttpClient client, @Nullable URI baseUrl, Patience patience, Progress progress) {
        this.download = new Download(client, patience, progress);
        this.baseUrl = baseUrl;
        this.progress = progress;
    }

    /**
     * Fetches the files of some scales of a series that are not there yet.
     *
     * @param folder is made if it is missing
     * @throws IllegalArgumentException if the series has no such scale or is not downloaded file by file
     * @throws IndexInstallException if a file cannot be had; those before it are installed
     * @throws IOException if the folder cannot be written
     * @throws InterruptedException if the thread was interrupted; the part that has arrived is kept
     */
    public Result install(IndexSeries series, Iterable<Integer> scales, Path folder)
            throws IOException, InterruptedException {
        URI source = source(series);
        List<String> names = new ArrayList<>();
        for (int number : scales) {
            names.addAll(series.scale(number)
                    .orElseThrow(() ->
                            new IllegalArgumentException("the series " + series.name() + " has no scale " + number))
                    .files());
        }
        Files.createDirectories(folder);
        List<Path> fetched = new ArrayList<>();
        List<Path> present = new ArrayList<>();
        Map<String, String> checksums = null;
        for (String name : names) {
            Path file = folder.resolve(name);
            if (Files.exists(file) && IndexCheck.problem(file) == null) {
                present.add(file);
                progress.update(name, Files.size(file), Files.size(file));
                continue;
            }
            if (checksums == null) {
                checksums = download.checksums(source.resolve("SHA256SUMS"));
            }
            download.fetch(source.resolve(name), file, checksums.get(name));
            fetched.add(file);
        }
        return new Result(List.copyOf(fetched), List.copyOf(present));
    }

    private URI source(IndexSeries series) {
        URI url = series.url();
        if (url == null) {
            throw new IllegalArgumentException(
                    "the series " + series.name() + " is not downloaded file by file: " + series.licence());
        }
        if (baseUrl == null) {
            return url;
        }
        String base = baseUrl.toString();
        return URI.create((base.endsWith("/") ? base : base + "/") + series.path() + "/");
    }
}
