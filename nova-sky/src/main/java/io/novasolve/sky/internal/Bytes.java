package io.novasolve.sky.internal;

import io.novasolve.sky.UnreadableInputException;
import java.nio.ByteBuffer;
import java.util.Objects;

/** The bytes of a file, read where they lie: in memory, or on disk without being held in memory. */
public interface Bytes extends AutoCloseable {

    /** How many there are. */
    long length();

    /**
     * Some of them, big-endian, in a buffer with an array. Of bytes in memory it is no copy.
     *
     * @throws IndexOutOfBoundsException if they are not all within the length
     * @throws UnreadableInputException if the file cannot be read, or got shorter
     */
    ByteBuffer range(long from, int length) throws UnreadableInputException;

    /** Frees the file; bytes in memory stay. */
    @Override
    default void close() {}

    /** Bytes in memory. */
    static Bytes of(byte[] content) {
        return new Bytes() {
            @Override
            public long length() {
                return content.length;
            }

            @Override
            public ByteBuffer range(long from, int length) {
                Objects.checkFromIndexSize(from, length, content.length);
                return ByteBuffer.wrap(content, (int) from, length).slice();
            }
        };
    }
}
