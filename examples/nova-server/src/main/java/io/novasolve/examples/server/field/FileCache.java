package io.novasolve.examples.server.field;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Files that can be made again, in a folder that may be emptied at any time. When they take more bytes than they may, those go
 * that were not used for longest; who reads one of them goes on reading. Thread-safe.
 */
final class FileCache {

    /** An open file. */
    record Entry(InputStream bytes, long size) {}

    private static final Logger LOG = LoggerFactory.getLogger(FileCache.class);
    private static final String UNFINISHED = "making-";

    private final Path folder;
    private final long most;
    private final InstantSource clock;

    /** Of what is kept; a little off for a while if files are replaced. */
    private long bytes;

    /** @param most bytes of all files together */
    FileCache(Path folder, long most, InstantSource clock) throws IOException {
        this.folder = Files.createDirectories(folder);
        this.most = most;
        this.clock = clock;
        // What a killed server left behind.
        try (DirectoryStream<Path> unfinished = Files.newDirectoryStream(folder, UNFINISHED + "*")) {
            for (Path file : unfinished) {
                Files.deleteIfExists(file);
            }
        }
        prune();
    }

    /** Empty if it is not there. */
    Optional<Entry> open(String name) throws IOException {
        Path file = folder.resolve(name);
        InputStream in;
        long size;
        try {
            size = Files.size(file);
            in = Files.newInputStream(file);
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
        try {
            Files.setLastModifiedTime(file, FileTime.from(clock.instant()));
        } catch (IOException e) {
            // It goes earlier than it should, or has just gone; it is open all the same.
            LOG.debug("The use of {} could not be noted", file, e);
        }
        return Optional.of(new Entry(in, size));
    }

    /** For a file that is being made. */
    Path unfinished() throws IOException {
        return Files.createTempFile(folder, UNFINISHED, ".tmp");
    }

    /** Keeps a file that is made, and opens it. */
    Entry keep(Path made, String name) throws IOException {
        Path file = folder.resolve(name);
        // Before it is kept: it may be too large to stay.
        Entry entry = new Entry(Files.newInputStream(made), Files.size(made));
        Files.setLastModifiedTime(made, FileTime.from(clock.instant()));
        Files.move(made, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        added(entry.size());
        return entry;
    }

    private synchronized void added(long size) throws IOException {
        bytes += size;
        if (bytes > most) {
            prune();
        }
    }

    private record Kept(Path file, long size, FileTime used) {}

    /** Deletes what was not used for longest, and a tenth more than needed: looking at all files again is not for each one. */
    private synchronized void prune() throws IOException {
        List<Kept> kept = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                if (!file.getFileName().toString().startsWith(UNFINISHED)) {
                    look(file).ifPresent(kept::add);
                }
            }
        }
        bytes = kept.stream().mapToLong(Kept::size).sum();
        if (bytes <= most) {
            return;
        }
        kept.sort(Comparator.comparing(Kept::used));
        for (Kept oldest : kept) {
            if (bytes <= most - most / 10) {
                return;
            }
            try {
                Files.deleteIfExists(oldest.file());
                bytes -= oldest.size();
            } catch (IOException e) {
                LOG.warn("{} stays for now, although there is too much beside it", oldest.file(), e);
            }
        }
    }

    /** Empty if somebody has just deleted it. */
    private static Optional<Kept> look(Path file) throws IOException {
        try {
            BasicFileAttributes is = Files.readAttributes(file, BasicFileAttributes.class);
            return Optional.of(new Kept(file, is.size(), is.lastModifiedTime()));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }
}
