package io.novasolve.examples.server.field;

import io.novasolve.sky.SkyPosition;
import io.novasolve.sky.wcs.Wcs;
import java.util.Locale;

/** The same field as a sky survey has it: an address at the cutout service of the Legacy Surveys' viewer, which has them all. */
public enum SurveyCutout {
    SDSS("sdss"),
    GALEX("galex"),
    UNWISE("unwise-neo7"),
    LEGACYSURVEY("ls-dr10");

    /** The service makes none larger. */
    private static final int LARGEST = 3000;

    private static final String SERVICE = "https://www.legacysurvey.org/viewer/jpeg-cutout";

    private final String layer;

    SurveyCutout(String layer) {
        this.layer = layer;
    }

    /**
     * The address of a picture, north up, as large as the solved one.
     *
     * @param longest most pixels along its longer side
     */
    public String address(Wcs wcs, int longest) {
        SkyPosition centre = wcs.centre();
        double shrink = Math.min(1, Math.min(longest, LARGEST) / Math.max(wcs.width(), wcs.height()));
        return String.format(
                Locale.ROOT,
                "%s?layer=%s&ra=%.6f&dec=%.6f&pixscale=%.4f&width=%d&height=%d",
                SERVICE,
                layer,
                centre.raDeg(),
                centre.decDeg(),
                wcs.pixelScaleAtCentreArcsec() / shrink,
                Math.max(1, Math.round(wcs.width() * shrink)),
                Math.max(1, Math.round(wcs.height() * shrink)));
    }
}
