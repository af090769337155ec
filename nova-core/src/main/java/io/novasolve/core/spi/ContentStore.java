package io.novasolve.core.spi;

import io.novasolve.core.model.Content;
import io.novasolve.core.model.ContentHash;
import io.novasolve.sky.UnreadableInputException;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Bytes by their SHA-256, stored once however often they come. Thread-safe.
 *
 * <p>A store that is out of reach as a whole fails whatever it is asked with another {@link IOException} than
 * {@link java.nio.file.NoSuchFileException}, so that nobody takes for lost what is there when the store is back.
 */
public interface ContentStore extends AutoCloseable {

    /** Bytes of the largest content that {@link #read} holds in memory: the longest array there is. */
    int MOST_READ = Integer.MAX_VALUE - 16;

    /** Stores what a stream holds, to its end; durable on return. The stream is not closed. */
    Content put(InputStream bytes) throws IOException;

    /** The same for bytes in memory. */
    default Content put(byte[] bytes) throws IOException {
        return put(new ByteArrayInputStream(bytes));
    }

    /**
     * Opens stored bytes.
     *
     * @throws java.nio.file.NoSuchFileException if there are none of that hash
     */
    InputStream open(ContentHash hash) throws IOException;

    /**
     * Where stored bytes lie as a file of their own, so that large ones need not be held in memory; empty where they do not, or
     * are not there. The file may be read only. It is as good as the store is: who must know reads {@link #open} to its end.
     */
    default Optional<Path> file(ContentHash hash) throws IOException {
        return Optional.empty();
    }

    /**
     * All bytes of a content, in one array made for them: pictures are large, and held once.
     *
     * @throws java.nio.file.NoSuchFileException if there are none of that hash
     * @throws EOFException if there are fewer than its size says
     * @throws UnreadableInputException if they are too many for an array
     */
    default byte[] read(Content content) throws IOException {
        if (content.size() > MOST_READ) {
            throw new UnreadableInputException("content " + content.hash() + " has " + content.size()
                    + " bytes: 2 GiB and more are not held in memory; open it as a stream, or as a file");
        }
        try (InputStream in = open(content.hash())) {
            byte[] bytes = new byte[(int) content.size()];
            int read = in.readNBytes(bytes, 0, bytes.length);
            // The end of the stream is where stores notice damage.
            if (read < bytes.length || in.read() >= 0) {
                throw new EOFException(content.hash() + " is not of its size, " + content.size() + " bytes");
            }
            return bytes;
        }
    }

    /** @throws IOException if the store is out of reach */
    boolean contains(ContentHash hash) throws IOException;

    /**
     * Notes, as a put of the same bytes would, that somebody is about to refer to stored ones.
     *
     * @return false if there are none of that hash
     */
    boolean touch(ContentHash hash) throws IOException;

    /**
     * What is stored, in the order of the hashes, each once; what is put or deleted meanwhile may be among it or not.
     *
     * @param after the last one of the page before; null for the first page
     */
    List<ContentHash> contents(@Nullable ContentHash after, int limit) throws IOException;

    /**
     * Removes stored bytes, unless somebody has put them again lately: a submission that is about to refer to them.
     *
     * @param notPutFor how long ago the last put or touch of them must be
     * @return false if they were put or touched later than that, so they stay; true if they are gone now, or never were there
     */
    boolean delete(ContentHash hash, Duration notPutFor) throws IOException;

    /** Bytes that can still be put, as far as is known; empty where nobody can say. */
    default OptionalLong usableBytes() throws IOException {
        return OptionalLong.empty();
    }

    @Override
    default void close() throws IOException {}
}
