package io.novasolve.sky.picture;

/**
 * A decoded picture, read row by row so that nobody has to hold it twice. Implementations keep the samples in the depth
 * they came in, are immutable and may be read by many threads until they are closed.
 *
 * <p>Row 0 is the first row of the file: the top one of a JPEG, PNG or TIFF, the first in a FITS array.
 */
public interface Picture extends AutoCloseable {

    /** In pixels, positive. */
    int width();

    /** In pixels, positive. */
    int height();

    /**
     * Reads one row as brightness: the mean of the colour channels in the file's own units (0…255, 0…65535, or physical
     * values of a FITS frame after BSCALE and BZERO). A pixel without a value is NaN.
     *
     * @param y row, 0 ≤ y &lt; height
     * @param brightness receives {@code width()} values
     */
    void readRow(int y, float[] brightness);

    /** Frees the file, if rows are read from one; no row may be read any more. Pictures in memory need not be closed. */
    @Override
    default void close() {}
}
