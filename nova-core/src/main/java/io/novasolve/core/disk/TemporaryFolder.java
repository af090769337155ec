package io.novasolve.core.disk;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A folder for files that need not outlive this process; closing it removes it. It is made when it is needed first, and what
 * processes that died have left beside it is removed then: a live one holds a lock on a file in its folder. Thread-safe.
 */
public final class TemporaryFolder implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(TemporaryFolder.class);
    private static final String PREFIX = "nova-temporary-";
    private static final String LOCK = "in-use";

    private final Path parent;
    private @Nullable Path folder;
    private @Nullable FileChannel lock;

    private TemporaryFolder(Path parent) {
        this.parent = parent;
    }

    /** One in a folder, which is created with it if need be. */
    public static TemporaryFolder in(Path parent) {
        return new TemporaryFolder(parent);
    }

    /** One among the system's temporary files. */
    public static TemporaryFolder inSystems() {
        return in(Path.of(System.getProperty("java.io.tmpdir")));
    }

    /**
     * A new empty file.
     *
     * @throws IOException with a sentence, if the folder cannot be written to
     */
    public Path newFile(String suffix) throws IOException {
        try {
            return Files.createTempFile(path(), "nova-", suffix);
        } catch (IOException e) {
            throw new IOException(
                    "no temporary file could be made in " + parent + " (" + e
                            + "): make room there, or give Nova another temporary folder",
                    e);
        }
    }

    /** The folder itself. */
    synchronized Path path() throws IOException {
        while (folder == null) {
            Files.createDirectories(parent);
            removeLeftovers();
            Path made = Files.createTempDirectory(parent, PREFIX + process() + "-");
            FileChannel channel =
                    FileChannel.open(made.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            // Somebody may have taken it for a left-over before it was locked.
            if (isLocked(channel) && Files.exists(made.resolve(LOCK))) {
                folder = made;
                lock = channel;
            } else {
                channel.close();
            }
        }
        return folder;
    }

    private static boolean isLocked(FileChannel channel) {
        try {
            return channel.tryLock() != null;
        } catch (IOException e) {
            LOG.debug("There are no locks here, so nobody removes anything: {}", e.toString());
            return true;
        }
    }

    /** Tells this process from all others, also from one of the same number in another container or after a restart. */
    private static String process() {
        ProcessHandle process = ProcessHandle.current();
        return process.pid() + "-"
                + process.info().startInstant().map(Instant::toEpochMilli).orElse(0L);
    }

    private void removeLeftovers() {
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(parent, PREFIX + "*")) {
            for (Path other : folders) {
                // To open a file that this process has locked, and to close it, would unlock it.
                if (!String.valueOf(other.getFileName()).startsWith(PREFIX + process() + "-")) {
                    removeIfLeft(other);
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            LOG.warn("Could not remove what an earlier process left in {}: {}", parent, e.toString());
        }
    }

    /** One without the file is just being made; one that may not be written to is another user's to remove. */
    private static void removeIfLeft(Path other) throws IOException {
        Path file = other.resolve(LOCK);
        if (!Files.isWritable(other) || !Files.isWritable(file)) {
            return;
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
                FileLock held = channel.tryLock()) {
            if (held != null) {
                delete(other);
            }
        } catch (NoSuchFileException e) {
            LOG.debug("somebody else has removed it: {}", e.getMessage());
        }
    }

    /** Removes a folder with everything in it; nothing happens if it is gone already. */
    private static void delete(Path folder) throws IOException {
        List<Path> all;
        try (Stream<Path> walk = Files.walk(folder)) {
            all = walk.sorted(Comparator.reverseOrder()).toList();
        } catch (NoSuchFileException e) {
            return;
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        for (Path path : all) {
            Files.deleteIfExists(path);
        }
    }

    @Override
    public synchronized void close() throws IOException {
        Path made = folder;
        folder = null;
        if (lock != null) {
            lock.close();
        }
        if (made != null) {
            delete(made);
        }
    }
}
