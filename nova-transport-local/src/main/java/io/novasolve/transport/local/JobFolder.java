package io.novasolve.transport.local;

import io.novasolve.core.spi.TransportException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A fresh folder for one search, removed with everything in it when closed, unless it is to be kept. */
final class JobFolder implements AutoCloseable {

    private static final int ATTEMPTS = 3;

    private final Path path;
    private final boolean keep;
    private final Consumer<String> log;

    private JobFolder(Path path, boolean keep, Consumer<String> log) {
        this.path = path;
        this.keep = keep;
        this.log = log;
    }

    /** @param base where to make it; null for the system's place for temporary files */
    static JobFolder create(@Nullable Path base, int jobId, boolean keep, Consumer<String> log)
            throws TransportException {
        Path parent = base != null ? base : Path.of(System.getProperty("java.io.tmpdir"));
        try {
            Files.createDirectories(parent);
            return new JobFolder(
                    Files.createTempDirectory(parent, "nova-job-" + jobId + "-").toAbsolutePath(), keep, log);
        } catch (IOException e) {
            throw new TransportException(
                    "no folder for job " + jobId + " can be made in " + parent + " (" + e
                            + "); look for free disk space and permissions there, or choose another place",
                    true,
                    e);
        }
    }

    Path path() {
        return path;
    }

    void write(String name, byte[] content) throws IOException {
        Files.write(path.resolve(name), content);
    }

    /** A folder that cannot be removed does not undo an answer: the job's log says where it is. */
    @Override
    public void close() {
        if (keep) {
            log.accept("nova: the job's folder is kept: " + path);
            return;
        }
        IOException failure = null;
        for (int attempt = 0; attempt < ATTEMPTS && Files.exists(path); attempt++) {
            try {
                removeAll();
                failure = null;
            } catch (IOException e) {
                failure = e;
            }
        }
        if (failure != null) {
            log.accept("nova: the job's folder could not be removed: " + path + " (" + failure + ")");
        }
    }

    private void removeAll() throws IOException {
        List<Path> all;
        try (Stream<Path> tree = Files.walk(path)) {
            all = tree.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path entry : all) {
            Files.deleteIfExists(entry);
        }
    }
}
