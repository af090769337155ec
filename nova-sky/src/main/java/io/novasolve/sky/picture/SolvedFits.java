package io.novasolve.sky.picture;

import io.novasolve.sky.UnreadableInputException;
import io.novasolve.sky.internal.Bytes;
import io.novasolve.sky.internal.FileBytes;
import io.novasolve.sky.internal.FitsHdu;
import io.novasolve.sky.internal.InputFiles;
import io.novasolve.sky.wcs.Wcs;
import io.novasolve.sky.wcs.WcsFile;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * {@code new.fits}: a picture as FITS with the WCS of its solution in the header.
 *
 * <p>A FITS file stays byte for byte what it was (all extensions, planes and cards, tile compression too), but for the
 * header of the image that was solved: its old celestial WCS gives way to the new one, and is kept as HISTORY cards. Other
 * pictures become a primary array: the top row is row 1, colours are three planes (CTYPE3 = 'RGB'), 8 bits stay 8, 16 stay 16
 * (BZERO = 32768), anything deeper becomes 32-bit floating point. Rows are written one by one.
 *
 * <p>With three or more axes and SIP, astropy wants {@code WCS(header, naxis=2)}.
 */
public final class SolvedFits {

    private static final int BLOCK = 2880;
    private static final int CARD = 80;

    /** Bytes that are copied at once. */
    private static final int CHUNK = 1 << 16;

    /** The cards of the celestial WCS; axes beyond the second and alternate descriptions (CRVAL1A) are not meant. */
    private static final Pattern OLD_WCS =
            Pattern.compile("WCSAXES|WCSNAME|C(?:TYPE|RVAL|RPIX|UNIT|DELT|ROTA|RDER|SYER)[12]"
                    + "|CD\\d+_\\d+|PC\\d+_\\d+|PC\\d{6}|P[VS]\\d+_\\d+|LONPOLE|LATPOLE|EQUINOX|EPOCH|RADESYS|RADECSYS|IMAGE[WH]"
                    + "|(?:A|B|AP|BP)_(?:ORDER|DMAX|\\d_\\d)|CPDIS[12]|CQDIS[12]|D[PQ][12](?:\\..*)?|D2IM\\w*|CNPIX[12]"
                    + "|PLTRAH|PLTRAM|PLTRAS|PLTDEC[SDHM]|PLTDECSN|AMD[XY]\\d+|PPO\\d");

    private SolvedFits() {}

    /**
     * Writes the file.
     *
     * @param content of the picture that was solved, any format that {@link PictureReader} reads
     * @param name what to call the picture in error messages
     * @param wcs of its solution
     * @param out is flushed, not closed
     * @throws UnreadableInputException if the picture cannot be decoded
     * @throws IOException if the output fails
     */
    public static void write(byte[] content, String name, Wcs wcs, OutputStream out) throws IOException {
        write(Bytes.of(content), name, wcs, out);
    }

    /** The same for a file, which is not held in memory. */
    public static void write(Path file, Wcs wcs, OutputStream out) throws IOException {
        try (Bytes bytes = FileBytes.open(file)) {
            write(bytes, InputFiles.nameOf(file), wcs, out);
        }
    }

    private static void write(Bytes content, String name, Wcs wcs, OutputStream out) throws IOException {
        BufferedOutputStream buffered = new BufferedOutputStream(out, 1 << 16);
        if (PictureFormat.of(content).orElse(null) == PictureFormat.FITS) {
            copy(content, name, wcs, buffered);
        } else {
            convert(new PictureReader().readChannels(content, name), name, wcs, buffered);
        }
        buffered.flush();
    }

    private static void copy(Bytes file, String name, Wcs wcs, OutputStream out) throws IOException {
        FitsHdu image = FitsHdu.all(file, name).stream()
                .filter(hdu -> hdu.isImage() || hdu.isCompressedImage())
                .findFirst()
                .orElseThrow(() -> new UnreadableInputException(
                        name + " is a FITS file without an image of two or more axes in any of its headers"));
        image.requireComplete();
        int axes = image.header().getIntValue(image.isCompressedImage() ? "ZNAXIS" : "NAXIS");
        List<String> kept = new ArrayList<>();
        List<String> history = new ArrayList<>();
        boolean dropped = false;
        int length = Math.toIntExact(image.dataOffset() - image.headerOffset());
        String cards = StandardCharsets.ISO_8859_1
                .decode(file.range(image.headerOffset(), length))
                .toString();
        for (int at = 0; at + CARD <= length; at += CARD) {
            String card = cards.substring(at, at + CARD);
            String key = card.substring(0, 8).trim();
            if (key.equals("END")) {
                break;
            }
            dropped = key.equals("CONTINUE") ? dropped : OLD_WCS.matcher(key).matches() && card.charAt(8) == '=';
            if (dropped) {
                history.add("HISTORY " + card.substring(0, CARD - 8));
            } else {
                kept.add(card);
            }
        }
        // Blank cards before END are room left for more.
        while (!kept.isEmpty() && kept.get(kept.size() - 1).isBlank()) {
            kept.remove(kept.size() - 1);
        }
        double[] steps = new double[Math.max(0, axes - 2)];
        for (int i = 0; i < steps.length; i++) {
            double step = image.header().getDoubleValue("CDELT" + (i + 3), 1);
            steps[i] = step == 0 ? 1 : step;
        }
        kept.addAll(wcsCards(wcs, axes, steps));
        if (!history.isEmpty()) {
            kept.add("HISTORY The WCS before, replaced by that of the solution:");
            kept.addAll(history);
        }
        copy(file, 0, image.headerOffset(), out);
        writeHeader(kept, out);
        copy(file, image.dataOffset(), file.length(), out);
        pad(file.length(), (byte) 0, out);
    }

    private static void copy(Bytes file, long from, long to, OutputStream out) throws IOException {
        for (long at = from; at < to; at += CHUNK) {
            ByteBuffer chunk = file.range(at, (int) Math.min(CHUNK, to - at));
            out.write(chunk.array(), chunk.arrayOffset(), chunk.limit());
        }
    }

    private static void convert(ChannelPicture picture, String name, Wcs wcs, OutputStream out) throws IOException {
        int planes = picture.channels();
        int bitpix = picture.bitpix();
        List<String> cards = new ArrayList<>();
        cards.add(card("SIMPLE", "T", "conforms to the FITS standard"));
        cards.add(card("BITPIX", "" + bitpix, ""));
        cards.add(card("NAXIS", planes == 1 ? "2" : "3", ""));
        cards.add(card("NAXIS1", "" + picture.width(), ""));
        cards.add(card("NAXIS2", "" + picture.height(), ""));
        if (planes > 1) {
            cards.add(card("NAXIS3", "" + planes, "red, green, blue"));
        }
        cards.add(card("EXTEND", "T", ""));
        if (bitpix == 16) {
            cards.add(card("BSCALE", "1.0", ""));
            cards.add(card("BZERO", "32768.0", "samples are 0...65535"));
        }
        if (planes > 1) {
            cards.add(text("CTYPE3", "RGB", "planes are red, green and blue"));
        }
        cards.addAll(wcsCards(wcs, planes == 1 ? 2 : 3, new double[] {1}));
        cards.add("COMMENT Row 1 is the top row of " + ascii(name));
        writeHeader(cards, out);
        float[] row = new float[picture.width()];
        ByteBuffer bytes = ByteBuffer.allocate(Math.multiplyExact(row.length, Math.abs(bitpix) / 8));
        for (int plane = 0; plane < planes; plane++) {
            for (int y = 0; y < picture.height(); y++) {
                if (planes == 1) {
                    picture.readRow(y, row);
                } else {
                    picture.readRow(y, plane, row);
                }
                bytes.clear();
                encode(row, bitpix, bytes);
                out.write(bytes.array(), 0, bytes.position());
            }
        }
        pad((long) planes * picture.height() * bytes.capacity(), (byte) 0, out);
    }

    private static void encode(float[] row, int bitpix, ByteBuffer bytes) {
        for (float value : row) {
            switch (bitpix) {
                case 8 -> bytes.put((byte) value);
                case 16 -> bytes.putShort((short) (value - 32768));
                default -> bytes.putFloat(value);
            }
        }
    }

    /** The cards of {@code wcs.fits} without those of the empty file around them. */
    private static List<String> wcsCards(Wcs wcs, int axes, double[] stepsBeyond) {
        String header = new String(WcsFile.write(wcs), StandardCharsets.ISO_8859_1);
        List<String> cards = new ArrayList<>();
        for (int at = 0; at + CARD <= header.length(); at += CARD) {
            String card = header.substring(at, at + CARD);
            switch (card.substring(0, 8).trim()) {
                case "SIMPLE", "BITPIX", "NAXIS", "EXTEND", "END", "" -> {
                    continue;
                }
                case "WCSAXES" -> cards.add(card("WCSAXES", "" + axes, ""));
                default -> cards.add(card);
            }
        }
        // A matrix that says nothing of the other axes would be singular.
        for (int axis = 3; axis <= axes; axis++) {
            cards.add(card("CD" + axis + "_" + axis, Double.toString(stepsBeyond[axis - 3]), ""));
        }
        return cards;
    }

    private static String card(String key, String value, String comment) {
        String card = String.format(Locale.ROOT, "%-8s= %20s", key, value);
        return comment.isEmpty() ? card : card + " / " + comment;
    }

    private static String text(String key, String value, String comment) {
        return String.format(
                Locale.ROOT, "%-8s= %-20s / %s", key, String.format(Locale.ROOT, "'%-8s'", value), comment);
    }

    private static String ascii(String text) {
        return text.replaceAll("[^ -~]", "?");
    }

    private static void writeHeader(List<String> cards, OutputStream out) throws IOException {
        long length = 0;
        for (String card : cards) {
            out.write(padded(card));
            length += CARD;
        }
        out.write(padded("END"));
        pad(length + CARD, (byte) ' ', out);
    }

    private static byte[] padded(String card) {
        String whole = card.length() >= CARD ? card.substring(0, CARD) : card + " ".repeat(CARD - card.length());
        return whole.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static void pad(long length, byte with, OutputStream out) throws IOException {
        for (long i = length; i % BLOCK != 0; i++) {
            out.write(with);
        }
    }
}
