package io.novasolve.examples.server.http;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.function.LongSupplier;

/** Gives up on a body that is longer than allowed, or takes longer: whatever its headers promised, byte by byte or not. */
final class LimitedInput extends FilterInputStream {

    private final long limit;
    private final LongSupplier ticker;
    private final long deadline;
    private long read;

    /** @param ticker nanoseconds */
    LimitedInput(InputStream in, long limit, Duration time, LongSupplier ticker) {
        super(in);
        this.limit = limit;
        this.ticker = ticker;
        this.deadline = ticker.getAsLong() + time.toNanos();
    }

    @Override
    public int read() throws IOException {
        int b = super.read();
        count(b < 0 ? 0 : 1);
        return b;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        int n = super.read(buffer, offset, length);
        count(Math.max(0, n));
        return n;
    }

    private void count(int n) throws BadRequestException {
        read += n;
        if (read > limit) {
            throw new BadRequestException(413, "a request may have at most " + limit + " bytes");
        }
        if (ticker.getAsLong() - deadline > 0) {
            throw new BadRequestException(408, "the request took too long to arrive");
        }
    }
}
