package io.novasolve.core.model;

/**
 * The pixel scales a solve looks for, in seconds of arc per pixel.
 *
 * @param low positive
 * @param high at least {@code low}
 */
public record ScaleRange(double low, double high) {

    public ScaleRange {
        if (!(low > 0 && low <= high && high < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(
                    "a scale range needs 0 < low <= high arcsec per pixel, but got " + low + " … " + high);
        }
    }
}
