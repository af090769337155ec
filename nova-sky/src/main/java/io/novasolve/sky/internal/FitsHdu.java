package io.novasolve.sky.internal;

import io.novasolve.sky.UnreadableInputException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import nom.tam.fits.Header;
import nom.tam.util.FitsInputStream;

/**
 * One header and its data within the bytes of a FITS file, found without believing any size: the data are only pointed
 * at.
 *
 * @param name of the file, for messages
 * @param content the whole file
 * @param header parsed
 * @param headerOffset first byte of the header in the content
 * @param dataOffset first byte after the header
 * @param dataLength bytes of data the header claims, without padding; may be more than there are
 */
public record FitsHdu(String name, byte[] content, Header header, int headerOffset, int dataOffset, long dataLength) {

    private static final int BLOCK = 2880;
    private static final int CARD = 80;
    private static final int MAX_HDUS = 10_000;

    /** Whether bytes begin like a FITS file. */
    public static boolean isFits(byte[] content) {
        return startsWith(content, 0, "SIMPLE  =");
    }

    /**
     * All HDUs of a file, up to the first whose data are cut off, or to whatever follows the last one.
     *
     * @throws UnreadableInputException if this is no FITS file or a header has no end
     */
    public static List<FitsHdu> all(byte[] content, String name) throws UnreadableInputException {
        if (!isFits(content)) {
            throw new UnreadableInputException(name + " is not a FITS file: it does not begin with SIMPLE");
        }
        List<FitsHdu> hdus = new ArrayList<>();
        long at = 0;
        while (at < content.length && hdus.size() < MAX_HDUS && beginsHeader(content, (int) at)) {
            FitsHdu hdu = at(content, (int) at, name);
            hdus.add(hdu);
            at = padded(hdu.dataOffset + hdu.dataLength);
        }
        return hdus;
    }

    /** Whether the data are all there. */
    public boolean isComplete() {
        return dataLength <= content.length - dataOffset;
    }

    /** @throws UnreadableInputException if the file ends before the data do */
    public void requireComplete() throws UnreadableInputException {
        if (!isComplete()) {
            throw new UnreadableInputException(name + " is truncated: its header announces " + dataLength
                    + " bytes of data, " + (content.length - dataOffset) + " are there");
        }
    }

    /** Whether this is a binary table, plain or compressed. */
    public boolean isTable() {
        return "BINTABLE".equals(header.getStringValue("XTENSION"));
    }

    /** Whether this is an image of two or more axes, none of them empty. */
    public boolean isImage() {
        return (header.containsKey("SIMPLE") || "IMAGE".equals(header.getStringValue("XTENSION"))) && hasAxes("");
    }

    /** Whether this is such an image in a table of compressed tiles. */
    public boolean isCompressedImage() {
        return isTable() && header.getBooleanValue("ZIMAGE", false) && hasAxes("Z");
    }

    private boolean hasAxes(String prefix) {
        int axes = header.getIntValue(prefix + "NAXIS", 0);
        for (int axis = 1; axis <= axes; axis++) {
            if (header.getLongValue(prefix + "NAXIS" + axis, 0) <= 0) {
                return false;
            }
        }
        return axes >= 2;
    }

    private static boolean beginsHeader(byte[] content, int at) {
        return at == 0 || startsWith(content, at, "XTENSION=");
    }

    private static FitsHdu at(byte[] content, int at, String name) throws UnreadableInputException {
        int end = endOfHeader(content, at, name);
        try {
            // The last block may have lost its padding, which nom-tam-fits would report to the host's log.
            byte[] blocks = Arrays.copyOfRange(content, at, at + (int) padded(end - at));
            Header header = Header.readHeader(new FitsInputStream(new ByteArrayInputStream(blocks)));
            return new FitsHdu(name, content, header, at, end, dataLength(header, name));
        } catch (UnreadableInputException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            throw new UnreadableInputException(
                    name + " has a damaged FITS header at byte " + at + " (" + e.getMessage() + ")", e);
        }
    }

    private static int endOfHeader(byte[] content, int at, String name) throws UnreadableInputException {
        for (int card = at; card + CARD <= content.length; card += CARD) {
            if (startsWith(content, card, "END     ")) {
                return (int) Math.min(content.length, at + padded((long) card + CARD - at));
            }
        }
        throw new UnreadableInputException(
                name + " has a FITS header at byte " + at + " without an END card: it is truncated or damaged");
    }

    private static long dataLength(Header header, String name) throws UnreadableInputException {
        int axes = header.getIntValue("NAXIS", 0);
        if (axes < 0 || axes > 999) {
            throw new UnreadableInputException(name + " has NAXIS = " + axes + " in its FITS header: 0…999 is allowed");
        }
        boolean groups = axes > 0 && header.getIntValue("NAXIS1", 0) == 0 && header.getBooleanValue("GROUPS", false);
        long elements = axes == 0 ? 0 : 1;
        try {
            for (int axis = groups ? 2 : 1; axis <= axes; axis++) {
                elements = Math.multiplyExact(elements, size(header, "NAXIS" + axis, name));
            }
            long width = Math.abs(header.getIntValue("BITPIX", 8)) / 8;
            long perGroup = Math.addExact(elements, header.getLongValue("PCOUNT", 0));
            return Math.max(
                    0, Math.multiplyExact(Math.multiplyExact(width, header.getLongValue("GCOUNT", 1)), perGroup));
        } catch (ArithmeticException e) {
            throw new UnreadableInputException(
                    name + " has a FITS header that announces an impossible amount of data", e);
        }
    }

    private static long size(Header header, String key, String name) throws UnreadableInputException {
        long size = header.getLongValue(key, -1);
        if (size < 0) {
            throw new UnreadableInputException(name + " has no valid " + key + " in its FITS header");
        }
        return size;
    }

    private static long padded(long length) {
        return Math.floorDiv(length + BLOCK - 1, BLOCK) * BLOCK;
    }

    private static boolean startsWith(byte[] content, int at, String text) {
        byte[] wanted = text.getBytes(StandardCharsets.US_ASCII);
        if (at + wanted.length > content.length) {
            return false;
        }
        for (int i = 0; i < wanted.length; i++) {
            if (content[at + i] != wanted[i]) {
                return false;
            }
        }
        return true;
    }
}
