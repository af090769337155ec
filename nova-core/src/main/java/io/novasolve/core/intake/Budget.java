package io.novasolve.core.intake;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** What one submission may still bring forth. */
final class Budget {

    private final UnpackLimits limits;
    private final long allowed;
    private long bytes;
    private int members;

    /** @param size of the submission in bytes */
    Budget(UnpackLimits limits, long size) {
        this.limits = limits;
        this.allowed = limits.bytesOf(size);
    }

    void countMember() throws LimitException {
        if (++members > limits.members()) {
            throw new LimitException(
                    "it has more than " + limits.members() + " members, and the rest was left: submit it in parts");
        }
    }

    private void count(long read) throws LimitException {
        bytes += Math.max(0, read);
        if (bytes > allowed) {
            throw new LimitException("it unpacks to more than " + allowed + " bytes, "
                    + (allowed == limits.bytes()
                            ? "the limit for one submission"
                            : limits.ratio() + " times its own size")
                    + ", and the rest was left");
        }
    }

    /** A stream whose bytes count. */
    InputStream counted(InputStream in) {
        return new FilterInputStream(in) {
            @Override
            public int read() throws IOException {
                int b = in.read();
                count(b < 0 ? 0 : 1);
                return b;
            }

            @Override
            public int read(byte[] target, int offset, int length) throws IOException {
                int n = in.read(target, offset, length);
                count(n);
                return n;
            }

            @Override
            public long skip(long n) throws IOException {
                long skipped = in.skip(n);
                count(skipped);
                return skipped;
            }

            @Override
            public boolean markSupported() {
                return false;
            }
        };
    }
}
