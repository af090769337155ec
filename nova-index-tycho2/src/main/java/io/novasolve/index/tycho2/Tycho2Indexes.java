package io.novasolve.index.tycho2;

import io.novasolve.engine.index.Index;
import io.novasolve.engine.index.IndexLibrary;
import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.URL;
import java.net.URLConnection;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * The bundled indexes: quads of 1.4° to 33° all over the sky, made of the Tycho-2 catalogue (Høg et al. 2000, A&amp;A 355,
 * L27), for fields from about 2.5° of width. They are Debian's {@code index-tycho2-11} to {@code index-tycho2-19}, under
 * the 2-clause BSD licence that lies beside them.
 */
public final class Tycho2Indexes {

    private static final int WIDEST = 19;
    private static final int NARROWEST = 11;

    private Tycho2Indexes() {}

    /**
     * Reads the indexes from the class path into direct memory (17 MB), which takes some tens of milliseconds.
     *
     * @throws IOException if the class path is damaged
     */
    public static IndexLibrary open() throws IOException {
        List<Index> indexes = new ArrayList<>();
        for (int scale = WIDEST; scale >= NARROWEST; scale--) {
            indexes.add(Index.read(name(scale), read(resource(scale))));
        }
        return IndexLibrary.of(indexes);
    }

    /**
     * Maps the indexes from a folder, after copying there those that are missing or have another size. From the second
     * time on nothing is read before it is needed, which makes this the fastest start; several processes may share the
     * folder.
     *
     * @param folder is made if it is missing
     * @throws IOException if the folder cannot be written or the class path is damaged
     */
    public static IndexLibrary open(Path folder) throws IOException {
        List<Index> indexes = new ArrayList<>();
        Files.createDirectories(folder);
        for (int scale = WIDEST; scale >= NARROWEST; scale--) {
            indexes.add(Index.open(copy(resource(scale), folder.resolve(fileName(scale)))));
        }
        return IndexLibrary.of(indexes);
    }

    private static String name(int scale) {
        return "index-tycho2-" + scale;
    }

    private static String fileName(int scale) {
        return name(scale) + ".littleendian.fits";
    }

    private static URLConnection resource(int scale) throws IOException {
        String file = fileName(scale);
        URL url = Tycho2Indexes.class.getResource(file);
        if (url == null) {
            throw new FileNotFoundException("the bundled index " + file
                    + " is not on the class path; was nova-index-tycho2 repackaged without its resources?");
        }
        return url.openConnection();
    }

    private static ByteBuffer read(URLConnection resource) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocateDirect(resource.getContentLength());
        try (ReadableByteChannel in = Channels.newChannel(resource.getInputStream())) {
            while (bytes.hasRemaining()) {
                if (in.read(bytes) < 0) {
                    throw new EOFException("the bundled index " + resource.getURL() + " ends after " + bytes.position()
                            + " of " + bytes.capacity() + " bytes");
                }
            }
        }
        return bytes.flip();
    }

    private static Path copy(URLConnection resource, Path file) throws IOException {
        if (Files.isRegularFile(file) && Files.size(file) == resource.getContentLengthLong()) {
            return file;
        }
        Path part = file.resolveSibling("." + file.getFileName() + "." + UUID.randomUUID() + ".part");
        try {
            try (FileChannel out = FileChannel.open(part, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                ByteBuffer bytes = read(resource);
                while (bytes.hasRemaining()) {
                    out.write(bytes);
                }
            }
            move(part, file);
        } finally {
            Files.deleteIfExists(part);
        }
        return file;
    }

    /** Another process may do the same at the same moment: whoever comes last replaces equal bytes by equal bytes. */
    private static void move(Path part, Path file) throws IOException {
        try {
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException e) {
            Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
        }
    }
}
