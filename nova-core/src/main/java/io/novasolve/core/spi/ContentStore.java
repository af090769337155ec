package io.novasolve.core.spi;

import io.novasolve.core.model.Content;
import io.novasolve.core.model.ContentHash;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.OptionalLong;

/** Bytes by their SHA-256, stored once however often they come. Thread-safe. */
public interface ContentStore extends AutoCloseable {

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

    boolean contains(ContentHash hash) throws IOException;

    /**
     * Removes stored bytes, unless somebody has put them again lately: a submission that is about to refer to them.
     *
     * @param notPutFor how long ago the last put of them must be
     * @return false if they were put later than that, so they stay; true if they are gone now, or never were there
     */
    boolean delete(ContentHash hash, Duration notPutFor) throws IOException;

    /** Bytes that can still be put, as far as is known; empty where nobody can say. */
    default OptionalLong usableBytes() throws IOException {
        return OptionalLong.empty();
    }

    @Override
    default void close() throws IOException {}
}
