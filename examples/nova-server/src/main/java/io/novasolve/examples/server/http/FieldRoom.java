package io.novasolve.examples.server.http;

import java.util.concurrent.Semaphore;

/**
 * The memory that the fields of one form take: at most so much for each form, and for the long ones of all requests together,
 * as each of them needs its text several times over until it is answered. To be closed when it is.
 */
final class FieldRoom implements AutoCloseable {

    private final int most;
    private final Semaphore shared;
    private int taken;
    private int borrowed;

    /**
     * @param most bytes of this form
     * @param shared bytes that long forms may have in all; the beginning of each form counts for nothing
     */
    FieldRoom(int most, Semaphore shared) {
        this.most = most;
        this.shared = shared;
    }

    /** @throws BadRequestException if the form gets too long, or there are too many long ones at this moment */
    void take(int bytes) throws BadRequestException {
        if (bytes > most - taken) {
            throw new BadRequestException(413, "the fields of this form may have at most " + most + " bytes");
        }
        taken += bytes;
        int more = Math.max(0, taken - FormLimits.SHORT) - borrowed;
        if (more > 0) {
            if (!shared.tryAcquire(more)) {
                throw new BadRequestException(503, "too many long forms are arriving here; try again later");
            }
            borrowed += more;
        }
    }

    @Override
    public void close() {
        shared.release(borrowed);
        borrowed = 0;
    }
}
