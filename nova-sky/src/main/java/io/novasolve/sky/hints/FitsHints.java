package io.novasolve.sky.hints;

import io.novasolve.sky.Angles;
import io.novasolve.sky.SkyPosition;
import io.novasolve.sky.UnreadableInputException;
import io.novasolve.sky.internal.Bytes;
import io.novasolve.sky.internal.FitsHdu;
import io.novasolve.sky.wcs.Wcs;
import io.novasolve.sky.wcs.WcsFile;
import java.util.OptionalDouble;
import nom.tam.fits.Header;
import nom.tam.fits.HeaderCard;

/** Hints from the cards of a FITS header, as capture programs write them. */
final class FitsHints {

    /** Pairs of cards for RA and Dec, the more trusted ones first: where the telescope was asked to point comes last. */
    private static final String[][] POSITIONS = {
        {"RA", "DEC"}, {"OBJCTRA", "OBJCTDEC"}, {"TELRA", "TELDEC"}, {"RA_OBJ", "DEC_OBJ"},
    };

    private static final String[] SCALES = {"PIXSCALE", "SECPIX", "SECPIX1", "SCALE"};

    /** Arcseconds per radian, over micrometres per millimetre. */
    private static final double ARCSEC_UM_PER_MM = Math.toDegrees(1) * 3.6;

    /** Of a focal length as printed on the tube, with a reducer's tolerance. */
    private static final double LENS_ERROR = 1.15;

    private static final double WCS_ERROR = 1.05;

    private FitsHints() {}

    static HeaderHints read(Bytes content) throws UnreadableInputException {
        try {
            Wcs wcs = WcsFile.read(content, "the header");
            double scale = wcs.pixelScaleArcsec();
            return new HeaderHints(wcs.centre(), scale / WCS_ERROR, scale * WCS_ERROR, "an existing WCS");
        } catch (UnreadableInputException | IllegalArgumentException e) {
            // No WCS, or one of another kind: what else does the header say?
            return cards(content);
        }
    }

    private static HeaderHints cards(Bytes content) throws UnreadableInputException {
        HeaderHints best = HeaderHints.NONE;
        for (FitsHdu hdu : FitsHdu.all(content, "the header")) {
            HeaderHints hints = cards(hdu.header());
            if (best.isEmpty() || best.centre() == null && hints.centre() != null) {
                best = hints;
            }
        }
        return best;
    }

    private static HeaderHints cards(Header header) {
        StringBuilder origin = new StringBuilder();
        SkyPosition centre = null;
        if (text(header, "CTYPE1").startsWith("RA--")) {
            centre = position(header, "CRVAL1", "CRVAL2", origin);
        }
        for (String[] pair : POSITIONS) {
            if (centre == null) {
                centre = position(header, pair[0], pair[1], origin);
            }
        }
        double[] scale = scale(header, origin);
        return new HeaderHints(centre, scale[0], scale[1], origin.toString());
    }

    private static @org.jspecify.annotations.Nullable SkyPosition position(
            Header header, String raKey, String decKey, StringBuilder origin) {
        OptionalDouble ra = Angles.ra(text(header, raKey));
        OptionalDouble dec = Angles.dec(text(header, decKey));
        if (ra.isEmpty() || dec.isEmpty()) {
            return null;
        }
        double degrees = ra.getAsDouble();
        if (isInHours(header, raKey) && degrees <= 24 && isPlain(text(header, raKey))) {
            degrees = degrees * 15 % 360;
        }
        // The origin of everything is what a mount says that nobody has told where it is.
        if (degrees == 0 && dec.getAsDouble() == 0) {
            return null;
        }
        origin.append(raKey).append(", ").append(decKey).append(' ');
        return new SkyPosition(degrees, dec.getAsDouble());
    }

    private static boolean isInHours(Header header, String key) {
        HeaderCard card = header.findCard(key);
        String comment = card == null || card.getComment() == null ? "" : card.getComment();
        return comment.matches("(?i).{0,60}(\\bhours?\\b|\\[h\\]|\\bhrs\\b).{0,60}");
    }

    private static boolean isPlain(String text) {
        return text.matches("\\+?[0-9.,]{1,30}");
    }

    private static double[] scale(Header header, StringBuilder origin) {
        for (String key : SCALES) {
            OptionalDouble scale = Angles.positive(text(header, key));
            if (scale.isPresent() && scale.getAsDouble() > 0.01 && scale.getAsDouble() < 4000) {
                origin.append(key);
                return new double[] {scale.getAsDouble() / LENS_ERROR, scale.getAsDouble() * LENS_ERROR};
            }
        }
        OptionalDouble focal = Angles.positive(text(header, "FOCALLEN"));
        OptionalDouble pixel = first(header, "XPIXSZ", "PIXSIZE1");
        if (focal.isEmpty() || pixel.isEmpty()) {
            return new double[2];
        }
        double scale = ARCSEC_UM_PER_MM * pixel.getAsDouble() / focal.getAsDouble();
        // Some programs write the size of a pixel of the sensor, others that of a binned one.
        double binning = Math.min(16, Math.max(1, first(header, "XBINNING").orElse(1)));
        origin.append("FOCALLEN, XPIXSZ");
        return new double[] {scale / LENS_ERROR, scale * LENS_ERROR * binning};
    }

    private static OptionalDouble first(Header header, String... keys) {
        for (String key : keys) {
            OptionalDouble value = Angles.positive(text(header, key));
            if (value.isPresent()) {
                return value;
            }
        }
        return OptionalDouble.empty();
    }

    private static String text(Header header, String key) {
        HeaderCard card = header.findCard(key);
        String value = card == null ? null : card.getValue();
        return value == null || value.length() > 70 ? "" : value.strip();
    }
}
