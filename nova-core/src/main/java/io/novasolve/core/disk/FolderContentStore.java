package io.novasolve.core.disk;

import io.novasolve.core.model.Content;
import io.novasolve.core.model.ContentHash;
import io.novasolve.core.spi.ContentStore;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Content in a folder: {@code ab/cd/abcd…}. A file is written beside its place, forced to disk and moved there in one
 * step, so that nobody ever sees half of one; many processes may share the folder.
 */
public final class FolderContentStore implements ContentStore {

    private static final int BUFFER = 1 << 16;

    private final Path root;
    private final Path incoming;
    private final InstantSource clock;

    /** What lies in a temporary folder need not survive a power cut, and goes when the store is closed. */
    private final boolean temporary;

    private FolderContentStore(Path root, InstantSource clock, boolean temporary) {
        this.root = root;
        this.incoming = root.resolve("incoming");
        this.clock = clock;
        this.temporary = temporary;
    }

    /** Uses a folder, which is created if need be. */
    public static FolderContentStore in(Path folder) throws IOException {
        return in(folder, InstantSource.system());
    }

    /** The same with a clock, which says when content was put last. */
    public static FolderContentStore in(Path folder, InstantSource clock) throws IOException {
        FolderContentStore store = new FolderContentStore(folder.toAbsolutePath(), clock, false);
        Files.createDirectories(store.incoming);
        return store;
    }

    /**
     * Uses a folder that was made before, for those who must not take an empty folder for it.
     *
     * @throws IOException if it is not there, or not mounted
     */
    public static FolderContentStore existing(Path folder) throws IOException {
        FolderContentStore store = new FolderContentStore(folder.toAbsolutePath(), InstantSource.system(), false);
        store.requireFolder();
        return store;
    }

    /**
     * Uses a new folder among the system's temporary ones, for content that need not outlive this process; closing the
     * store removes it. What processes that died left behind is removed first.
     */
    public static FolderContentStore temporary(InstantSource clock) throws IOException {
        Path folder = TemporaryFolders.create();
        FolderContentStore store = new FolderContentStore(folder, clock, true);
        Files.createDirectories(store.incoming);
        return store;
    }

    /** A step of writing. */
    @FunctionalInterface
    private interface Step<T> {
        T take() throws IOException;
    }

    @Override
    public Content put(InputStream bytes) throws IOException {
        Path temporary = writing(() -> Files.createTempFile(incoming, "put-", ".part"));
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
        if (!temporary) {
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

    /** What lies in the folder, in no order; content that is put or deleted meanwhile may be among it or not. */
    public void forEach(Consumer<ContentHash> each) throws IOException {
        try (Stream<Path> files = Files.walk(root, 3)) {
            Iterator<Path> paths = files.iterator();
            while (paths.hasNext()) {
                Path path = paths.next();
                String name = String.valueOf(path.getFileName());
                if (ContentHash.isHash(name) && path.equals(path(new ContentHash(name)))) {
                    each.accept(new ContentHash(name));
                }
            }
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

    /** Moves the file aside before it looks a second time: nobody can put it again between that look and the end. */
    @Override
    public boolean delete(ContentHash hash, Duration notPutFor) throws IOException {
        Path place = path(hash);
        Path aside = incoming.resolve(hash.hex() + "-" + UUID.randomUUID() + ".deleted");
        try {
            if (isYounger(place, notPutFor)) {
                return false;
            }
            Disk.move(place, aside);
        } catch (NoSuchFileException e) {
            requireFolder();
            return true;
        }
        if (isYounger(aside, notPutFor)) {
            Disk.move(aside, place);
            return false;
        }
        Files.delete(aside);
        return true;
    }

    private boolean isYounger(Path file, Duration age) throws IOException {
        return !age.isZero()
                && Files.getLastModifiedTime(file)
                        .toInstant()
                        .isAfter(clock.instant().minus(age));
    }

    @Override
    public void close() throws IOException {
        if (temporary) {
            TemporaryFolders.delete(root);
        }
    }
}
