package io.novasolve.transport.ssh;

/**
 * What one job's result may measure; more is refused.
 *
 * @param fileBytes of a file that is kept, such as {@code wcs.fits}
 * @param totalBytes of the whole tar stream
 * @param members entries of the tar
 * @param logBytes of the server's log
 */
public record TransferLimits(long fileBytes, long totalBytes, int members, long logBytes) {

    /** 64 MiB a file, 256 MiB in all, 100 entries, 256 MiB of log. */
    public static final TransferLimits DEFAULT = new TransferLimits(64L << 20, 256L << 20, 100, 256L << 20);

    /** @throws IllegalArgumentException if one is not positive, or a kept file could not be held in one array */
    public TransferLimits {
        if (fileBytes < 1 || totalBytes < 1 || members < 1 || logBytes < 1 || fileBytes > Integer.MAX_VALUE - 8) {
            throw new IllegalArgumentException("limits are positive, and that of a file below 2 GiB, but these are "
                    + fileBytes + ", " + totalBytes + ", " + members + ", " + logBytes);
        }
    }
}
