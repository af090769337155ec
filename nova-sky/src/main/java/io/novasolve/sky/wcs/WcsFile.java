package io.novasolve.sky.wcs;

import io.novasolve.sky.PixelPosition;
import io.novasolve.sky.SkyPosition;
import io.novasolve.sky.UnreadableInputException;
import io.novasolve.sky.internal.Bytes;
import io.novasolve.sky.internal.FileBytes;
import io.novasolve.sky.internal.FitsHdu;
import io.novasolve.sky.internal.FitsWriting;
import io.novasolve.sky.internal.InputFiles;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import nom.tam.fits.Header;
import nom.tam.fits.HeaderCard;

/**
 * Reads and writes a WCS as the header of a FITS file: the {@code wcs.fits} of a solution, or the header of a picture that
 * has been solved already. TAN (Calabretta &amp; Greisen 2002, A&amp;A 395, 1077) with a CD matrix, PC and CDELT, or CROTA2; SIP
 * (Shupe et al. 2005, ASP Conf. Ser. 347, 491) forward and inverse, the inverse being fitted where it is missing.
 */
public final class WcsFile {

    private WcsFile() {}

    /**
     * Reads a file.
     *
     * @throws UnreadableInputException if there is no such file, or none of its headers holds a TAN or TAN-SIP WCS and the
     *     size of the picture
     */
    public static Wcs read(Path file) throws UnreadableInputException {
        try (Bytes bytes = FileBytes.open(file)) {
            return read(bytes, InputFiles.nameOf(file));
        }
    }

    /** The same for bytes; {@code name} is what to call them in messages. */
    public static Wcs read(byte[] content, String name) throws UnreadableInputException {
        return read(Bytes.of(content), name);
    }

    /** The same for bytes that need not be in memory, within this module. */
    public static Wcs read(Bytes content, String name) throws UnreadableInputException {
        if (content.length() == 0) {
            throw new UnreadableInputException(name + " is empty: it has no bytes");
        }
        for (FitsHdu hdu : FitsHdu.all(content, name)) {
            if (hdu.header().containsKey("CRVAL1") && hdu.header().containsKey("CTYPE1")) {
                return read(hdu.header(), name);
            }
        }
        throw new UnreadableInputException(name + " holds no WCS: no header has CTYPE1 and CRVAL1");
    }

    private static Wcs read(Header header, String name) throws UnreadableInputException {
        try {
            return new WcsHeader(header, name).read();
        } catch (UnreadableInputException e) {
            throw e;
        } catch (RuntimeException e) {
            throw new UnreadableInputException(name + " holds a WCS that cannot be used: " + e.getMessage(), e);
        }
    }

    /** A file of one header without data, in the form the native engine writes. */
    public static byte[] write(Wcs wcs) {
        return write(wcs, List.of());
    }

    /**
     * The same with COMMENT cards.
     *
     * @param comments ASCII; what does not fit on one card is continued on the next, after two blanks
     */
    public static byte[] write(Wcs wcs, List<String> comments) {
        return FitsWriting.headerOnly(header -> {
            addProjection(header, wcs);
            Sip sip = wcs.sip();
            if (sip != null) {
                addPolynomial(header, "A", sip.a());
                addPolynomial(header, "B", sip.b());
                addPolynomial(header, "AP", sip.ap());
                addPolynomial(header, "BP", sip.bp());
            }
            comments.forEach(comment -> addComment(header, comment));
        });
    }

    private static void addProjection(Header header, Wcs wcs) {
        String kind = wcs.sip() == null ? "TAN" : "TAN-SIP";
        SkyPosition crval = wcs.crval();
        PixelPosition crpix = wcs.crpix();
        header.addValue("WCSAXES", 2, "");
        header.addValue("CTYPE1", "RA---" + kind, "gnomonic projection" + (wcs.sip() == null ? "" : ", SIP"));
        header.addValue("CTYPE2", "DEC--" + kind, "");
        addReal(header, "EQUINOX", 2000.0, "J2000, the frame is the ICRS");
        addReal(header, "LONPOLE", 180.0, "");
        addReal(header, "LATPOLE", 0.0, "");
        addReal(header, "CRVAL1", crval.raDeg(), "RA of the reference point");
        addReal(header, "CRVAL2", crval.decDeg(), "Dec of the reference point");
        addReal(header, "CRPIX1", crpix.x(), "its pixel, the first is 1");
        addReal(header, "CRPIX2", crpix.y(), "its row, the first is 1");
        header.addValue("CUNIT1", "deg", "");
        header.addValue("CUNIT2", "deg", "");
        addReal(header, "CD1_1", wcs.cd11(), "");
        addReal(header, "CD1_2", wcs.cd12(), "");
        addReal(header, "CD2_1", wcs.cd21(), "");
        addReal(header, "CD2_2", wcs.cd22(), "");
        addSize(header, "IMAGEW", wcs.width(), "width of the picture, pixels");
        addSize(header, "IMAGEH", wcs.height(), "height of the picture, pixels");
    }

    /** As many digits as it takes to read back the same number to the last bit; nom-tam-fits would write 20 characters. */
    private static void addReal(Header header, String key, double value, String comment) {
        String card = String.format(Locale.ROOT, "%-8s= %20s", key, Double.toString(value));
        header.addLine(HeaderCard.create(comment.isEmpty() ? card : card + " / " + comment));
    }

    private static void addSize(Header header, String key, double size, String comment) {
        if (size == (int) size) {
            header.addValue(key, (int) size, comment);
        } else {
            addReal(header, key, size, comment);
        }
    }

    private static void addPolynomial(Header header, String name, SipPolynomial polynomial) {
        int order = polynomial.order();
        header.addValue(name + "_ORDER", order, "");
        for (int p = 0; p <= order; p++) {
            for (int q = 0; q <= order - p; q++) {
                addReal(header, name + "_" + p + "_" + q, polynomial.coefficient(p, q), "");
            }
        }
    }

    private static void addComment(Header header, String comment) {
        int length = 70;
        for (int at = 0; at == 0 || at < comment.length(); at += length) {
            String part = comment.substring(at, Math.min(comment.length(), at + length));
            header.insertComment(at == 0 ? part : "  " + part);
        }
    }
}
