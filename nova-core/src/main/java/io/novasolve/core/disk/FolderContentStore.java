package io.novasolve.core.disk;

import io.novasolve.core.model.Content;
import io.novasolve.core.model.ContentHash;
import io.novasolve.core.spi.ContentStore;
import io.novasolve.core.spi.Store;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Content in a folder: {@code ab/cd/abcd…}. A file is written beside its place, forced to disk and moved there in one
 * step, so that nobody ever sees half of one; many processes may share the folder.
 */
public final class FolderContentStore implements ContentStore {

    private static final Logger LOG = LoggerFactory.getLogger(FolderContentStore.class);
    private static final int BUFFER = 1 << 16;
    private static final int HEX_DIGITS = 64;

    /** So many contents of a store are looked for. */
    private static final int LOOKED_AT = 20;

    private static final String PART = ".part";
    private static final String DELETED = ".deleted";

    /** Nobody who puts is silent for so long. */
    private static final Duration ABANDONED = Duration.ofDays(1);

    private final Path root;
    private final Path incoming;
    private final InstantSource clock;

    /** What lies in a temporary folder need not survive a power cut, and goes when the store is closed. */
    private final @Nullable TemporaryFolder temporary;

    private FolderContentStore(Path root, InstantSource clock, @Nullable TemporaryFolder temporary) {
        this.root = root;
        this.incoming = root.resolve("incoming");
        this.clock = clock;
        this.temporary = temporary;
    }

    /**
     * Uses a folder, which is created if need be. What processes that died have left half written is removed after a day.
     */
    public static FolderContentStore in(Path folder) throws IOException {
        return in(folder, InstantSource.system());
    }

    /** The same with a clock, which says when content was put last. */
    public static FolderContentStore in(Path folder, InstantSource clock) throws IOException {
        FolderContentStore store = new FolderContentStore(folder.toAbsolutePath(), clock, null);
        Files.createDirectories(store.incoming);
        store.removeLeftovers();
        return store;
    }

    /**
     * Uses a folder that was made before, for those who must not take an empty folder for it.
     *
     * @throws IOException if it is not there, or not mounted
     */
    public static FolderContentStore existing(Path folder) throws IOException {
        return existing(folder, InstantSource.system());
    }

    /** The same with a clock, which says when content was put last. */
    public static FolderContentStore existing(Path folder, InstantSource clock) throws IOException {
        FolderContentStore store = new FolderContentStore(folder.toAbsolutePath(), clock, null);
        store.requireFolder();
        store.removeLeftovers();
        return store;
    }

    /**
     * Uses a new folder among the system's temporary ones, for content that need not outlive this process; closing the
     * store removes it. What processes that died left behind is removed first.
     */
    public static FolderContentStore temporary(InstantSource clock) throws IOException {
        return temporary(TemporaryFolder.inSystems(), clock);
    }

    /** The same in a temporary folder, which is closed with the store. */
    public static FolderContentStore temporary(TemporaryFolder folder, InstantSource clock) throws IOException {
        FolderContentStore store = new FolderContentStore(folder.path(), clock, folder);
        Files.createDirectories(store.incoming);
        return store;
    }

    /**
     * Uses the folder with the content of a store, which may be made only as long as the store has none. An empty folder is
     * not taken for that of a store which has something: work would fail, one job after the other, and what is submitted would
     * be hidden when the right folder is mounted again.
     *
     * @throws IOException with a sentence that says why it cannot be used: it is not there, cannot be written to, or has
     *     nothing of what the store refers to
     */
    public static FolderContentStore of(Path folder, Store store) throws IOException {
        FolderContentStore content = new FolderContentStore(folder.toAbsolutePath(), InstantSource.system(), null);
        List<Content> some = store.contents(null, LOOKED_AT);
        if (some.isEmpty()) {
            content.writing(() -> Files.createDirectories(content.incoming));
        } else if (!content.hasAny(some)) {
            throw new IOException("nothing that the store refers to is in the content folder " + content.root
                    + ": it must be the one of all who share the store, and mounted");
        }
        content.writing(() -> Files.deleteIfExists(Files.createTempFile(content.incoming, "put-", PART)));
        content.removeLeftovers();
        return content;
    }

    private boolean hasAny(List<Content> some) throws IOException {
        for (Content content : some) {
            if (contains(content.hash())) {
                return true;
            }
        }
        return false;
    }

    /** A step of writing. */
    @FunctionalInterface
    private interface Step<T> {
        T take() throws IOException;
    }

    @Override
    public Content put(InputStream bytes) throws IOException {
        Path temporary = writing(() -> Files.createTempFile(incoming, "put-", PART));
        try {
            Content content = receive(bytes, temporary);
            return writing(() -> place(temporary, content));
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    private Content receive(InputStream bytes, Path file) throws IOException {
        MessageDigest sha256 = digest("SHA-256");
        MessageDigest sha1 = digest("SHA-1");
        long size = 0;
        byte[] buffer = new byte[BUFFER];
        try (OutputStream out = writing(() -> Files.newOutputStream(file))) {
            for (int n = bytes.read(buffer); n >= 0; n = bytes.read(buffer)) {
                int count = n;
                sha256.update(buffer, 0, count);
                sha1.update(buffer, 0, count);
                size += writing(() -> write(out, buffer, count));
            }
        }
        return new Content(ContentHash.of(sha256.digest()), HexFormat.of().formatHex(sha1.digest()), size);
    }

    private static int write(OutputStream out, byte[] buffer, int count) throws IOException {
        out.write(buffer, 0, count);
        return count;
    }

    private Content place(Path temporary, Content content) throws IOException {
        Path place = path(content.hash());
        if (!touch(place)) {
            touch(temporary);
            force(temporary);
            createFolder(content.hash());
            Disk.move(temporary, place);
            force(folder(content.hash()));
        }
        return content;
    }

    /** What goes wrong while writing is the folder's, not that of who hands in bytes: a sentence says so. */
    private <T> T writing(Step<T> step) throws IOException {
        try {
            return step.take();
        } catch (IOException e) {
            throw new IOException(
                    "the content folder " + root + " cannot be written to (" + e.getMessage() + "; " + free()
                            + "): make room in it, or give Java the right to write there; what it holds is unharmed",
                    e);
        }
    }

    private String free() {
        try {
            return usableBytes().getAsLong() + " bytes are free";
        } catch (IOException e) {
            return "nobody can say how much is free: " + e.getMessage();
        }
    }

    @Override
    public OptionalLong usableBytes() throws IOException {
        return OptionalLong.of(Files.getFileStore(incoming).getUsableSpace());
    }

    /** Notes that a file was put now; false if it does not exist. */
    private boolean touch(Path file) throws IOException {
        try {
            Files.setLastModifiedTime(file, FileTime.from(clock.instant()));
            return true;
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    /** Creates the two folders above a file, so that they too survive a power cut. */
    private void createFolder(ContentHash hash) throws IOException {
        Path folder = folder(hash);
        if (!Files.isDirectory(folder)) {
            Files.createDirectories(folder);
            force(outerFolder(hash));
            force(root);
        }
    }

    private void force(Path path) throws IOException {
        if (temporary == null) {
            Disk.force(path);
        }
    }

    private static MessageDigest digest(String algorithm) {
        try {
            return MessageDigest.getInstance(algorithm);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has " + algorithm, e);
        }
    }

    private Path outerFolder(ContentHash hash) {
        return root.resolve(hash.hex().substring(0, 2));
    }

    private Path folder(ContentHash hash) {
        return outerFolder(hash).resolve(hash.hex().substring(2, 4));
    }

    private Path path(ContentHash hash) {
        return folder(hash).resolve(hash.hex());
    }

    @Override
    public InputStream open(ContentHash hash) throws IOException {
        Path place = path(hash);
        try {
            return new VerifiedStream(Files.newInputStream(place), digest("SHA-256"), hash);
        } catch (NoSuchFileException e) {
            requireFolder();
            throw new NoSuchFileException(place.toString(), null, "no content of that hash in the content folder");
        }
    }

    @Override
    public Optional<Path> file(ContentHash hash) {
        return Optional.of(path(hash)).filter(Files::isRegularFile);
    }

    @Override
    public boolean touch(ContentHash hash) throws IOException {
        if (touch(path(hash))) {
            return true;
        }
        requireFolder();
        return false;
    }

    @Override
    public List<ContentHash> contents(@Nullable ContentHash after, int limit) throws IOException {
        requireFolder();
        String last = after == null ? "" : after.hex();
        List<ContentHash> page = new ArrayList<>();
        for (String outer : names(root, 2, last)) {
            for (String inner : names(root.resolve(outer), 2, rest(last, outer))) {
                for (String name : names(root.resolve(outer).resolve(inner), HEX_DIGITS, last)) {
                    if (page.size() == limit) {
                        return page;
                    }
                    if (!name.equals(last) && ContentHash.isHash(name) && name.startsWith(outer + inner)) {
                        page.add(new ContentHash(name));
                    }
                }
            }
        }
        return page;
    }

    /** What of the last hash a folder within a folder is compared with. */
    private static String rest(String last, String outer) {
        return last.startsWith(outer) ? last.substring(outer.length()) : "";
    }

    /** The names of a length in a folder, in their order, from the beginning of the last one on. */
    private static List<String> names(Path folder, int length, String last) throws IOException {
        String first = last.substring(0, Math.min(last.length(), length));
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.map(entry -> String.valueOf(entry.getFileName()))
                    .filter(name -> name.length() == length && name.compareTo(first) >= 0)
                    .sorted()
                    .toList();
        } catch (NoSuchFileException | NotDirectoryException e) {
            return List.of();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    @Override
    public boolean contains(ContentHash hash) throws IOException {
        if (Files.exists(path(hash))) {
            return true;
        }
        requireFolder();
        return false;
    }

    /** A folder that is not mounted any more has nothing in it, or is not there; what was put is not lost. */
    private void requireFolder() throws IOException {
        if (!Files.isDirectory(incoming)) {
            throw new IOException("the content folder " + root
                    + " is not there (it has no folder incoming): mount it, or put it back; what it holds is unharmed");
        }
    }

    /** Also ends the deletions of processes that died: as if they had not begun. */
    private void removeLeftovers() throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(incoming)) {
            for (Path file : files) {
                String name = String.valueOf(file.getFileName());
                if (name.endsWith(PART) && !isYounger(file, ABANDONED)) {
                    Files.deleteIfExists(file);
                } else if (name.endsWith(DELETED) && name.length() > HEX_DIGITS) {
                    String hash = name.substring(0, HEX_DIGITS);
                    if (ContentHash.isHash(hash)) {
                        Disk.move(file, path(new ContentHash(hash)));
                    }
                }
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        } catch (NoSuchFileException e) {
            LOG.debug("somebody else has removed it: {}", e.getMessage());
        }
    }

    /**
     * Moves the file aside before it looks a second time: nobody can put it again between that look and the end. Whoever
     * opens the folder just then puts it back.
     */
    @Override
    public boolean delete(ContentHash hash, Duration notPutFor) throws IOException {
        Path place = path(hash);
        Path aside = incoming.resolve(hash.hex() + "-" + UUID.randomUUID() + DELETED);
        try {
            if (isYounger(place, notPutFor)) {
                return false;
            }
            Disk.move(place, aside);
        } catch (NoSuchFileException e) {
            requireFolder();
            return true;
        }
        try {
            if (isYounger(aside, notPutFor)) {
                Disk.move(aside, place);
                return false;
            }
            Files.delete(aside);
            return true;
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    private boolean isYounger(Path file, Duration age) throws IOException {
        return !age.isZero()
                && Files.getLastModifiedTime(file)
                        .toInstant()
                        .isAfter(clock.instant().minus(age));
    }

    @Override
    public void close() throws IOException {
        if (temporary != null) {
            temporary.close();
        }
    }
}
