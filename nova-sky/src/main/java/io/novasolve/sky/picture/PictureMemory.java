package io.novasolve.sky.picture;

import java.util.concurrent.Semaphore;

/**
 * Memory that the pictures of several threads share while they are decoded and read. Who finds too little of it left waits,
 * in the order of arrival; a picture that needs more than all of it has it for itself. Nobody waits while holding a part, so
 * nobody waits for ever. Thread-safe.
 */
public final class PictureMemory {

    /** So many bytes are counted as one. */
    private static final long UNIT = 1 << 10;

    private final int units;
    private final Semaphore free;

    /** @param bytes to share, positive */
    public PictureMemory(long bytes) {
        if (bytes <= 0) {
            throw new IllegalArgumentException("pictures must have memory to share, but got " + bytes + " bytes");
        }
        this.units = unitsOf(bytes);
        this.free = new Semaphore(units, true);
    }

    /** As much as a single picture may take of this process's heap. */
    public static PictureMemory ofHeap() {
        return new PictureMemory(Limits.heapForPictures());
    }

    private static int unitsOf(long bytes) {
        return (int) Math.min(Integer.MAX_VALUE, (bytes - 1) / UNIT + 1);
    }

    /** The part of one picture; for one thread at a time. */
    final class Claim {

        private int held;

        /**
         * Waits for the memory.
         *
         * @throws InterruptedWait if the thread is interrupted
         */
        void take(long bytes) {
            int wanted = Math.min(units, unitsOf(bytes));
            if (wanted > held) {
                release();
                try {
                    free.acquire(wanted);
                } catch (InterruptedException e) {
                    throw new InterruptedWait(e);
                }
                held = wanted;
            }
        }

        /** Gives it back; again is no harm. */
        void release() {
            free.release(held);
            held = 0;
        }
    }

    /** An interrupt on its way through the decoders. */
    static final class InterruptedWait extends RuntimeException {
        private static final long serialVersionUID = 1;

        InterruptedWait(InterruptedException cause) {
            super(cause);
        }
    }
}
