package io.novasolve.sky.picture;

import io.novasolve.sky.UnreadableInputException;
import org.jspecify.annotations.Nullable;

/**
 * What a header may claim before it is an error: decided before any memory is taken.
 *
 * @param claim on the memory that is shared with others; null where none is
 */
record Limits(String name, long maxPixels, long contentLength, PictureMemory.@Nullable Claim claim) {

    /** The part of the heap that the samples of one picture may take. */
    private static final double HEAP_SHARE = 0.75;

    /** Headers, palettes and the like, which hold no samples. */
    private static final long OVERHEAD = 64;

    static long heapForPictures() {
        return (long) (HEAP_SHARE * Runtime.getRuntime().maxMemory());
    }

    /**
     * Checks a claimed size, and waits until its memory is free.
     *
     * @param pixelsPerByte the best that the format's compression can do
     * @param bytesPerPixel of the decoded picture
     */
    void check(long width, long height, double pixelsPerByte, double bytesPerPixel) throws UnreadableInputException {
        String size = name + " says it is " + width + " × " + height + " pixels";
        if (width <= 0 || height <= 0) {
            throw new UnreadableInputException(size + ": a picture needs at least one");
        }
        if (width > maxPixels / height) {
            throw new UnreadableInputException(size + ": more than the limit of " + maxPixels + " pixels");
        }
        long pixels = width * height;
        if (pixels > (contentLength + OVERHEAD) * pixelsPerByte) {
            throw new UnreadableInputException(
                    size + ", but its " + contentLength + " bytes cannot hold so many: it is truncated or damaged");
        }
        double bytes = pixels * bytesPerPixel;
        if (bytes > Integer.MAX_VALUE - 16 && pixels > Integer.MAX_VALUE - 16 || bytes > heapForPictures()) {
            throw new UnreadableInputException(size + ": decoded it needs " + (long) (bytes / 1048576)
                    + " MiB, more than this process has memory for");
        }
        if (claim != null && bytes > 0) {
            claim.take((long) bytes);
        }
    }
}
