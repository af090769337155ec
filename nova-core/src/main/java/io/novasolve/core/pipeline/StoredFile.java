package io.novasolve.core.pipeline;

import io.novasolve.core.disk.TemporaryFolder;
import io.novasolve.core.model.Content;
import io.novasolve.core.spi.ContentStore;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Content as a file: that of the store, or a temporary copy, so that no picture is held in memory besides its pixels.
 *
 * @param isCopy whether it goes when this is closed
 */
record StoredFile(Path path, boolean isCopy) implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(StoredFile.class);

    /**
     * Reads a content to its end, where stores notice damage, and gives the file that has it.
     *
     * @param beginning what was read of the stream before
     */
    static StoredFile of(
            ContentStore store, Content content, byte[] beginning, InputStream in, TemporaryFolder temporary)
            throws IOException {
        Optional<Path> own = store.file(content.hash());
        if (own.isPresent()) {
            require(content, beginning.length + in.transferTo(OutputStream.nullOutputStream()));
            return new StoredFile(own.get(), false);
        }
        Path copy = temporary.newFile(".picture");
        boolean whole = false;
        try (OutputStream out = Files.newOutputStream(copy)) {
            out.write(beginning);
            require(content, beginning.length + in.transferTo(out));
            whole = true;
        } finally {
            if (!whole) {
                Files.deleteIfExists(copy);
            }
        }
        return new StoredFile(copy, true);
    }

    private static void require(Content content, long read) throws EOFException {
        if (read != content.size()) {
            throw new EOFException(
                    content.hash() + " has " + read + " bytes, not those of its size, " + content.size());
        }
    }

    /** A copy that cannot be removed goes with its folder; that is no reason to lose an answer. */
    @Override
    public void close() {
        try {
            if (isCopy) {
                Files.deleteIfExists(path);
            }
        } catch (IOException e) {
            LOG.warn("the temporary file {} could not be removed: {}", path, e.toString());
        }
    }
}
