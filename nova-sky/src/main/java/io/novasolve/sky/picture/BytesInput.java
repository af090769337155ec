package io.novasolve.sky.picture;

import io.novasolve.sky.internal.Bytes;
import java.io.IOException;
import java.nio.ByteBuffer;
import javax.imageio.stream.ImageInputStreamImpl;

/** Bytes as image readers want them, a block at a time. Closing it leaves the bytes open. */
final class BytesInput extends ImageInputStreamImpl {

    private static final int BLOCK = 1 << 15;

    private final Bytes bytes;
    private ByteBuffer block = ByteBuffer.allocate(0);

    /** Where the block begins. */
    private long start;

    BytesInput(Bytes bytes) {
        this.bytes = bytes;
    }

    @Override
    public int read() throws IOException {
        bitOffset = 0;
        return hasNext() ? block.get((int) (streamPos++ - start)) & 0xFF : -1;
    }

    /** As many as are wanted, unless the end comes first: the readers of numbers above this do not ask again. */
    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        bitOffset = 0;
        int count = 0;
        while (count < length && hasNext()) {
            int at = (int) (streamPos - start);
            int part = Math.min(length - count, block.limit() - at);
            block.get(at, target, offset + count, part);
            streamPos += part;
            count += part;
        }
        return count == 0 && length > 0 ? -1 : count;
    }

    /** Whether the next byte is in the block, now if not before. */
    private boolean hasNext() throws IOException {
        checkClosed();
        if (streamPos >= bytes.length()) {
            return false;
        }
        if (streamPos < start || streamPos >= start + block.limit()) {
            block = bytes.range(streamPos, (int) Math.min(BLOCK, bytes.length() - streamPos));
            start = streamPos;
        }
        return true;
    }

    @Override
    public long length() {
        return bytes.length();
    }
}
