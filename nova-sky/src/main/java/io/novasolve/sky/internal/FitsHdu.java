package io.novasolve.sky.internal;

import io.novasolve.sky.UnreadableInputException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import nom.tam.fits.Header;
import nom.tam.util.FitsInputStream;

/**
 * One header and its data within the bytes of a FITS file, found without believing any size: the data are only pointed
 * at.
 *
 * @param name of the file, for messages
 * @param file all of it
 * @param header parsed
 * @param headerOffset first byte of the header in the file
 * @param dataOffset first byte after the header
 * @param dataLength bytes of data the header claims, without padding; may be more than there are
 */
public record FitsHdu(String name, Bytes file, Header header, long headerOffset, long dataOffset, long dataLength) {

    private static final int BLOCK = 2880;
    private static final int CARD = 80;
    private static final int MAX_HDUS = 10_000;

    /** Whether bytes begin like a FITS file. */
    public static boolean isFits(byte[] content) {
        return startsWith(ByteBuffer.wrap(content), 0, "SIMPLE  =");
    }

    /**
     * All HDUs of a file, up to the first whose data are cut off, or to whatever follows the last one.
     *
     * @throws UnreadableInputException if this is no FITS file or a header has no end
     */
    public static List<FitsHdu> all(byte[] content, String name) throws UnreadableInputException {
        return all(Bytes.of(content), name);
    }

    /** The same for bytes that need not be in memory: headers are read, and no data. */
    public static List<FitsHdu> all(Bytes file, String name) throws UnreadableInputException {
        if (!startsWith(file, 0, "SIMPLE  =")) {
            throw new UnreadableInputException(name + " is not a FITS file: it does not begin with SIMPLE");
        }
        List<FitsHdu> hdus = new ArrayList<>();
        long at = 0;
        boolean more = true;
        while (more && hdus.size() < MAX_HDUS) {
            FitsHdu hdu = at(file, at, name);
            hdus.add(hdu);
            at = padded(hdu.dataOffset + hdu.dataLength);
            more = hdu.isComplete() && at < file.length() && startsWith(file, at, "XTENSION=");
        }
        return hdus;
    }

    /** Whether the data are all there. */
    public boolean isComplete() {
        return dataLength <= file.length() - dataOffset;
    }

    /** @throws UnreadableInputException if the file ends before the data do */
    public void requireComplete() throws UnreadableInputException {
        if (!isComplete()) {
            throw new UnreadableInputException(name + " is truncated: its header announces " + dataLength
                    + " bytes of data, " + (file.length() - dataOffset) + " are there");
        }
    }

    /**
     * The data, which begin at 0; of a file in memory it is no copy.
     *
     * @throws UnreadableInputException if they are not all there, or too many for a buffer
     */
    public ByteBuffer data() throws UnreadableInputException {
        requireComplete();
        if (dataLength > Integer.MAX_VALUE - 16) {
            throw new UnreadableInputException(
                    name + " has " + dataLength + " bytes of data in one piece: 2 GiB and more are not read");
        }
        return file.range(dataOffset, (int) dataLength);
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

    private static FitsHdu at(Bytes file, long at, String name) throws UnreadableInputException {
        long end = endOfHeader(file, at, name);
        try {
            // The last block may have lost its padding, which nom-tam-fits would report to the host's log.
            byte[] blocks = new byte[Math.toIntExact(padded(end - at))];
            file.range(at, (int) (end - at)).get(blocks, 0, (int) (end - at));
            Header header = Header.readHeader(new FitsInputStream(new ByteArrayInputStream(blocks)));
            return new FitsHdu(name, file, header, at, end, dataLength(header, name));
        } catch (UnreadableInputException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            throw new UnreadableInputException(
                    name + " has a damaged FITS header at byte " + at + " (" + e.getMessage() + ")", e);
        }
    }

    private static long endOfHeader(Bytes file, long at, String name) throws UnreadableInputException {
        for (long block = at; block < file.length(); block += BLOCK) {
            long end = Math.min(file.length(), block + BLOCK);
            ByteBuffer cards = file.range(block, (int) (end - block));
            for (int card = 0; card + CARD <= cards.limit(); card += CARD) {
                if (startsWith(cards, card, "END     ")) {
                    return end;
                }
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

    private static boolean startsWith(Bytes file, long at, String text) throws UnreadableInputException {
        int length = (int) Math.min(text.length(), file.length() - at);
        return startsWith(file.range(at, length), 0, text);
    }

    private static boolean startsWith(ByteBuffer content, int at, String text) {
        byte[] wanted = text.getBytes(StandardCharsets.US_ASCII);
        return at + wanted.length <= content.limit()
                && content.slice(at, wanted.length).equals(ByteBuffer.wrap(wanted));
    }
}
