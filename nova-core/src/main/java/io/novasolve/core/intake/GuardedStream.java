package io.novasolve.core.intake;

import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/**
 * A stream that remembers its own failure, so that whoever reads through several layers can tell which one broke, and that
 * turns whatever a decoder throws at hostile bytes into an {@link IOException}. It can forbid long reads for a while.
 */
final class GuardedStream extends InputStream {

    private final InputStream in;
    private long left = Long.MAX_VALUE;
    private String whenOver = "";
    private @Nullable IOException failure;

    GuardedStream(InputStream in) {
        this.in = in;
    }

    /** The first failure of this stream itself; null as long as there was none. */
    @Nullable
    IOException failure() {
        return failure;
    }

    /** From now on so many bytes may be read; behind more of them comes an exception with a given message. */
    void allow(long bytes, String message) {
        left = bytes == Long.MAX_VALUE ? bytes : bytes + 1;
        whenOver = message;
    }

    void allowAll() {
        left = Long.MAX_VALUE;
    }

    private interface Reading {
        int read() throws IOException;
    }

    private int guarded(Reading reading) throws IOException {
        if (left <= 0) {
            throw remember(new BadMemberException(whenOver, null));
        }
        try {
            return reading.read();
        } catch (IOException e) {
            throw remember(e);
        } catch (RuntimeException e) {
            throw remember(new IOException(e.getMessage(), e));
        }
    }

    private IOException remember(IOException e) {
        if (failure == null) {
            failure = e;
        }
        return e;
    }

    @Override
    public int read() throws IOException {
        int b = guarded(in::read);
        left -= b < 0 ? 0 : 1;
        return b;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        int n = guarded(() -> in.read(target, offset, (int) Math.min(left, length)));
        left -= Math.max(0, n);
        return n;
    }

    @Override
    public int available() throws IOException {
        return in.available();
    }

    /** Does nothing: who opened the stream below closes it. */
    @Override
    public void close() {}
}
