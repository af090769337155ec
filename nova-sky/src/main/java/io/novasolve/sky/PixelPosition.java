package io.novasolve.sky;

/**
 * A place on a picture in the FITS convention: the centre of the first pixel is (1, 1); x grows along a row, y with the
 * row number. For JPEG, PNG, TIFF and the like the first row is the top one, for FITS it is the first in the file.
 *
 * @param x in pixels, finite
 * @param y in pixels, finite
 */
public record PixelPosition(double x, double y) {

    public PixelPosition {
        if (!Double.isFinite(x) || !Double.isFinite(y)) {
            throw new IllegalArgumentException("a pixel position must be finite, but is (" + x + ", " + y + ")");
        }
    }
}
