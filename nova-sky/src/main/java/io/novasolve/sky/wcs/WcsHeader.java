package io.novasolve.sky.wcs;

import io.novasolve.sky.PixelPosition;
import io.novasolve.sky.SkyPosition;
import io.novasolve.sky.UnreadableInputException;
import java.util.Locale;
import nom.tam.fits.Header;
import nom.tam.fits.HeaderCard;
import org.jspecify.annotations.Nullable;

/** The WCS cards of one FITS header. */
final class WcsHeader {

    private final Header header;
    private final String name;

    WcsHeader(Header header, String name) {
        this.header = header;
        this.name = name;
    }

    Wcs read() throws UnreadableInputException {
        String type1 = text("CTYPE1");
        String type2 = text("CTYPE2");
        boolean swapped = type1.startsWith("DEC-");
        String ra = swapped ? type2 : type1;
        String dec = swapped ? type1 : type2;
        boolean sip = ra.equals("RA---TAN-SIP") && dec.equals("DEC--TAN-SIP");
        if (!sip && !(ra.equals("RA---TAN") && dec.equals("DEC--TAN"))) {
            throw bad("CTYPE is '" + type1 + "', '" + type2 + "': only RA and Dec in TAN or TAN-SIP can be read");
        }
        requireFrame();
        double width = size(1);
        double height = size(2);
        PixelPosition crpix = new PixelPosition(required("CRPIX1"), required("CRPIX2"));
        int first = swapped ? 2 : 1;
        SkyPosition crval = position(required("CRVAL" + first), required("CRVAL" + (3 - first)));
        double[][] cd = matrix();
        double[] east = cd[first - 1];
        double[] north = cd[2 - first];
        Sip distortion = sip ? distortion(crpix, width, height) : null;
        return new Wcs(crval, crpix, east[0], east[1], north[0], north[1], distortion, width, height);
    }

    private void requireFrame() throws UnreadableInputException {
        for (int axis = 1; axis <= 2; axis++) {
            String unit = text("CUNIT" + axis);
            if (!unit.isEmpty() && !unit.toLowerCase(Locale.ROOT).startsWith("deg")) {
                throw bad("CUNIT" + axis + " is '" + unit + "' instead of 'deg'");
            }
        }
        if (Math.abs(optional("LONPOLE", 180) - 180) > 1e-9) {
            throw bad("LONPOLE is " + optional("LONPOLE", 180) + ": only 180 can be read");
        }
        if (Math.abs(optional("EQUINOX", 2000) - 2000) > 1e-3) {
            throw bad("EQUINOX is " + optional("EQUINOX", 2000) + ": only J2000 positions can be read");
        }
    }

    private SkyPosition position(double ra, double dec) {
        double turned = ra - 360 * Math.floor(ra / 360);
        return new SkyPosition(turned < 360 ? turned : 0, dec);
    }

    private double size(int axis) throws UnreadableInputException {
        double size = optional(axis == 1 ? "IMAGEW" : "IMAGEH", 0);
        if (!(size > 0)) {
            size = optional("ZNAXIS" + axis, optional("NAXIS" + axis, 0));
        }
        if (!(size > 0)) {
            throw bad("neither IMAGEW and IMAGEH nor NAXIS1 and NAXIS2 say how large the picture is");
        }
        return size;
    }

    /** Row 1 belongs to CTYPE1, row 2 to CTYPE2. */
    private double[][] matrix() throws UnreadableInputException {
        if (header.containsKey("CD1_1") || header.containsKey("CD1_2") || header.containsKey("CD2_1")) {
            return new double[][] {
                {optional("CD1_1", 0), optional("CD1_2", 0)}, {optional("CD2_1", 0), optional("CD2_2", 0)}
            };
        }
        double cdelt1 = required("CDELT1");
        double cdelt2 = required("CDELT2");
        if (header.containsKey("CROTA2") && !header.containsKey("PC1_1")) {
            double rotation = Math.toRadians(required("CROTA2"));
            double cos = Math.cos(rotation);
            double sin = Math.sin(rotation);
            return new double[][] {{cdelt1 * cos, -cdelt2 * sin}, {cdelt1 * sin, cdelt2 * cos}};
        }
        return new double[][] {
            {cdelt1 * optional("PC1_1", 1), cdelt1 * optional("PC1_2", 0)},
            {cdelt2 * optional("PC2_1", 0), cdelt2 * optional("PC2_2", 1)}
        };
    }

    private @Nullable Sip distortion(PixelPosition crpix, double width, double height) throws UnreadableInputException {
        if (!header.containsKey("A_ORDER") && !header.containsKey("B_ORDER")) {
            return null;
        }
        SipPolynomial a = polynomial("A");
        SipPolynomial b = polynomial("B");
        return header.containsKey("AP_ORDER") && header.containsKey("BP_ORDER")
                ? new Sip(a, b, polynomial("AP"), polynomial("BP"))
                : Sip.forward(a, b, crpix, width, height);
    }

    private SipPolynomial polynomial(String key) throws UnreadableInputException {
        double order = optional(key + "_ORDER", 0);
        if (!(order >= 0 && order <= SipPolynomial.MAX_ORDER && order == Math.rint(order))) {
            throw bad(key + "_ORDER is " + order + ", not in 0…9");
        }
        int n = (int) order;
        double[][] coefficients = new double[n + 1][n + 1];
        for (int p = 0; p <= n; p++) {
            for (int q = 0; q <= n - p; q++) {
                coefficients[p][q] = optional(key + "_" + p + "_" + q, 0);
            }
        }
        return SipPolynomial.of(n, coefficients);
    }

    private String text(String key) {
        return header.getStringValue(key, "").trim();
    }

    private double required(String key) throws UnreadableInputException {
        if (!header.containsKey(key)) {
            throw bad("there is no " + key);
        }
        return optional(key, 0);
    }

    /** The default stands for a missing card only: a value that is there must be a finite number. */
    private double optional(String key, double ifMissing) throws UnreadableInputException {
        HeaderCard card = header.findCard(key);
        if (card == null) {
            return ifMissing;
        }
        double value = header.getDoubleValue(key, Double.NaN);
        if (!Double.isFinite(value)) {
            throw bad(key + " = " + card.getValue() + " is not a number");
        }
        return value;
    }

    private UnreadableInputException bad(String what) {
        return new UnreadableInputException(name + " holds no usable WCS: " + what);
    }
}
