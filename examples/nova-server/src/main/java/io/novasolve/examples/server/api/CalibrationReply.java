package io.novasolve.examples.server.api;

import io.novasolve.sky.SkyPosition;
import io.novasolve.sky.wcs.Wcs;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The numbers of a calibration as the nova API has them: from the linear part of the WCS alone, the scale taken as the same
 * everywhere on the picture.
 *
 * @param wcs of the picture
 * @param flipped whether the picture is a PNG, JPEG or GIF: their orientation is told the other way round. The formula is
 *     that of the original, which clients depend on, although it is wrong for turned pictures
 * @param fromTop whether the picture's first row is shown at its top
 */
record CalibrationReply(Wcs wcs, boolean flipped, boolean fromTop) {

    Map<String, Object> full() {
        Map<String, Object> reply = new LinkedHashMap<>();
        SkyPosition centre = wcs.linear().centre();
        reply.put("ra", centre.raDeg());
        reply.put("dec", centre.decDeg());
        reply.put("width_arcsec", wcs.pixelScaleArcsec() * wcs.width());
        reply.put("height_arcsec", wcs.pixelScaleArcsec() * wcs.height());
        reply.put("radius", radiusDeg());
        reply.put("pixscale", wcs.pixelScaleArcsec());
        reply.put("orientation", orientation());
        reply.put("parity", parity());
        reply.put("orientation_up", orientationUp());
        return reply;
    }

    /** As it is nested in {@code info}: without the size. */
    Map<String, Object> brief() {
        Map<String, Object> reply = new LinkedHashMap<>();
        SkyPosition centre = wcs.linear().centre();
        reply.put("ra", centre.raDeg());
        reply.put("dec", centre.decDeg());
        reply.put("radius", radiusDeg());
        reply.put("pixscale", wcs.pixelScaleArcsec());
        reply.put("orientation", orientation());
        reply.put("parity", parity());
        return reply;
    }

    double radiusDeg() {
        return wcs.pixelScaleArcsec() * Math.hypot(wcs.width(), wcs.height()) / 2 / 3600;
    }

    double parity() {
        return wcs.determinant() >= 0 ? 1 : -1;
    }

    /** Degrees east of north, 0 to 360, of what is up where the picture is shown: right for every picture. */
    double orientationUp() {
        double up = wcs.orientationDeg() + (fromTop ? 180 : 0);
        return (up + 360) % 360;
    }

    double orientation() {
        double up = wcs.orientationDeg();
        return flipped ? (180 - up + 360) % 360 : up;
    }
}
