package io.novasolve.core.model;

import io.novasolve.sky.Parity;
import io.novasolve.sky.SkyPosition;
import io.novasolve.sky.wcs.Wcs;
import java.util.List;

/**
 * Where a picture points.
 *
 * @param id positive, in sequence, never given twice
 * @param wcs from pixels to the sky and back, TAN or TAN-SIP
 * @param logOdds natural logarithm of the odds that it is true against chance
 * @param matchedStars stars of the picture that were matched with catalogue stars
 * @param rmsPx their root mean square distance in pixels; NaN if unknown
 * @param index base name of the index that matched, such as {@code index-tycho2-12}
 */
public record Calibration(int id, Wcs wcs, double logOdds, int matchedStars, double rmsPx, String index) {

    public Calibration {
        if (id < 1) {
            throw new IllegalArgumentException("a calibration id is positive, but this one is " + id);
        }
    }

    /** The sky position of the middle of the picture. */
    public SkyPosition centre() {
        return wcs.centre();
    }

    /** The cone around the centre that holds the picture, in degrees. */
    public double radiusDeg() {
        return wcs.radiusDeg();
    }

    /** In arcseconds per pixel, at the reference pixel. */
    public double pixelScaleArcsec() {
        return wcs.pixelScaleArcsec();
    }

    /** Position angle (east of north) of the picture's +y axis at its middle, in degrees. */
    public double orientationDeg() {
        return wcs.orientationAtCentreDeg();
    }

    public Parity parity() {
        return wcs.parity();
    }

    /** The outer corners: (first column, first row), (last, first), (last, last), (first, last). */
    public List<SkyPosition> corners() {
        return wcs.corners();
    }
}
