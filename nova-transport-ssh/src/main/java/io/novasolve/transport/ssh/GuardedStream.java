package io.novasolve.transport.ssh;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** Counts what is read, refuses more than is allowed, and knows how many zeros came last. Used by one thread. */
public final class GuardedStream extends FilterInputStream {

    /** More came than is allowed. */
    public static final class TooMuchException extends IOException {
        private static final long serialVersionUID = 1;

        TooMuchException(String message) {
            super(message);
        }
    }

    private final long total;
    private long count;
    private long allowed;
    private long zeros;
    private boolean broken;

    /** @param total bytes that may be read at all */
    public GuardedStream(InputStream in, long total) {
        super(in);
        this.total = total;
        this.allowed = total;
    }

    /** From here on at most so many bytes, until {@link #allowAll}. */
    public void allow(long bytes) {
        allowed = Math.min(total, count + bytes);
    }

    public void allowAll() {
        allowed = total;
    }

    /** Bytes read so far. */
    public long count() {
        return count;
    }

    /** How many of the bytes read last were zero. */
    public long trailingZeros() {
        return zeros;
    }

    /** Whether what is behind it has failed: then an error of who reads it is a consequence of that. */
    public boolean isBroken() {
        return broken;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int from, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        // One byte more than allowed tells the end of a stream from the end of patience.
        int got;
        try {
            got = in.read(bytes, from, (int) Math.min(length, Math.max(1, allowed - count)));
        } catch (IOException e) {
            broken = true;
            throw e;
        }
        if (got < 0) {
            return got;
        }
        count += got;
        if (count > allowed) {
            throw new TooMuchException(
                    allowed == total
                            ? "more than " + total + " bytes came"
                            : "a header is longer than any that is needed");
        }
        int last = from + got;
        while (last > from && bytes[last - 1] == 0) {
            last--;
        }
        zeros = last == from ? zeros + got : from + got - last;
        return got;
    }

    @Override
    public long skip(long n) throws IOException {
        byte[] nowhere = new byte[(int) Math.max(0, Math.min(n, 1 << 16))];
        int got = nowhere.length == 0 ? 0 : read(nowhere, 0, nowhere.length);
        return Math.max(0, got);
    }

    @Override
    public int available() throws IOException {
        return (int) Math.min(in.available(), Math.max(0, allowed - count));
    }

    @Override
    public boolean markSupported() {
        return false;
    }
}
