package io.novasolve.examples.server.http;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;

/**
 * Gives up on a body that is longer than allowed, or takes longer: whatever its headers promised, byte by byte or not. A body
 * that takes its time is one of a few that may, as each of them holds a thread. To be closed, which leaves the body open.
 */
final class LimitedInput extends FilterInputStream {

    /** From then on a body is slow: the largest one is here by then over a good line. */
    static final Duration SLOW = Duration.ofSeconds(20);

    private final long limit;
    private final Semaphore slowOnes;
    private final LongSupplier ticker;
    private final long begin;
    private final long time;
    private long read;
    private boolean slow;
    private boolean givenUp;

    /**
     * @param slowOnes how many more may be slow
     * @param ticker nanoseconds
     */
    LimitedInput(InputStream in, long limit, Duration time, Semaphore slowOnes, LongSupplier ticker) {
        super(in);
        this.limit = limit;
        this.slowOnes = slowOnes;
        this.ticker = ticker;
        this.begin = ticker.getAsLong();
        this.time = time.toNanos();
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        int n;
        try {
            n = super.read(buffer, offset, length);
        } catch (IOException e) {
            throw e.getCause() instanceof TimeoutException
                    ? late()
                    : givenUp(400, "the request broke off: " + e.getMessage());
        }
        count(Math.max(0, n));
        return n;
    }

    private void count(int n) throws BadRequestException {
        read += n;
        if (read > limit) {
            throw givenUp(413, "a request may have at most " + limit + " bytes");
        }
        long passed = ticker.getAsLong() - begin;
        if (passed > time) {
            throw late();
        }
        if (!slow && passed > SLOW.toNanos()) {
            if (!slowOnes.tryAcquire()) {
                throw givenUp(503, "too many slow requests are arriving here; try again later");
            }
            slow = true;
        }
    }

    private BadRequestException late() {
        return givenUp(408, "the request took too long to arrive");
    }

    private BadRequestException givenUp(int status, String message) {
        givenUp = true;
        return new BadRequestException(status, message);
    }

    /** Whether it must not be read any further. */
    boolean isGivenUp() {
        return givenUp;
    }

    @Override
    public void close() {
        if (slow) {
            slow = false;
            slowOnes.release();
        }
    }
}
