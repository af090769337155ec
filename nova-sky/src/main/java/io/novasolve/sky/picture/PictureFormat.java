package io.novasolve.sky.picture;

import io.novasolve.sky.UnreadableInputException;
import io.novasolve.sky.internal.Bytes;
import io.novasolve.sky.internal.InputFiles;
import java.nio.file.Path;
import java.util.Optional;

/** The kinds of picture file that can be read, told apart by their first bytes and never by their names. */
public enum PictureFormat {
    JPEG,
    PNG,
    GIF,
    BMP,
    TIFF,
    FITS,
    /** Portable pixmaps and graymaps in binary form, P5 and P6. */
    PNM;

    /** Enough bytes to tell. */
    private static final int BEGINNING = 32;

    /** The format that content begins like; empty if it begins like none of these. */
    public static Optional<PictureFormat> of(byte[] content) {
        if (startsWith(content, 0xFF, 0xD8, 0xFF)) {
            return Optional.of(JPEG);
        }
        if (startsWith(content, 0x89, 'P', 'N', 'G', 0x0D, 0x0A, 0x1A, 0x0A)) {
            return Optional.of(PNG);
        }
        if (startsWith(content, 'G', 'I', 'F', '8')) {
            return Optional.of(GIF);
        }
        if (startsWith(content, 'S', 'I', 'M', 'P', 'L', 'E', ' ', ' ', '=')) {
            return Optional.of(FITS);
        }
        if (isPnm(content)) {
            return Optional.of(PNM);
        }
        if (isTiff(content)) {
            return Optional.of(TIFF);
        }
        return isBmp(content) ? Optional.of(BMP) : Optional.empty();
    }

    /**
     * The same of content that must be a picture.
     *
     * @param content all of it, or its beginning
     * @param name what to call it in the error message
     * @throws UnreadableInputException if it begins like none of these
     */
    public static PictureFormat require(byte[] content, String name) throws UnreadableInputException {
        if (content.length == 0) {
            throw new UnreadableInputException(name + " is empty: it has no bytes");
        }
        if (CameraRaw.isRaw(content)) {
            throw CameraRaw.refused(name);
        }
        return of(content)
                .orElseThrow(
                        () -> new UnreadableInputException(
                                name
                                        + " is not a picture: its first bytes are those of no JPEG, PNG, GIF, BMP, TIFF, FITS, PGM or PPM"));
    }

    static Optional<PictureFormat> of(Bytes content) throws UnreadableInputException {
        return of(beginningOf(content));
    }

    static byte[] beginningOf(Bytes content) throws UnreadableInputException {
        byte[] beginning = new byte[(int) Math.min(BEGINNING, content.length())];
        content.range(0, beginning.length).get(beginning);
        return beginning;
    }

    /**
     * The same of a file.
     *
     * @throws UnreadableInputException if there is no such file or it may not be read
     */
    public static Optional<PictureFormat> of(Path file) throws UnreadableInputException {
        return of(InputFiles.beginningOf(file, BEGINNING));
    }

    private static boolean isTiff(byte[] c) {
        return startsWith(c, 'I', 'I', 42, 0)
                || startsWith(c, 'M', 'M', 0, 42)
                || startsWith(c, 'I', 'I', 43, 0)
                || startsWith(c, 'M', 'M', 0, 43);
    }

    /** Two letters are little evidence, so a number or a comment must follow. */
    private static boolean isPnm(byte[] c) {
        return (startsWith(c, 'P', '5') || startsWith(c, 'P', '6'))
                && c.length > 3
                && Character.isWhitespace(c[2])
                && (c[3] == '#' || Character.isWhitespace(c[3]) || c[3] >= '0' && c[3] <= '9');
    }

    /** Two letters are little evidence, so the size of the header that follows the file header must be a known one. */
    private static boolean isBmp(byte[] c) {
        if (c.length < 18 || !startsWith(c, 'B', 'M')) {
            return false;
        }
        int headerSize = c[14] & 0xFF | (c[15] & 0xFF) << 8 | (c[16] & 0xFF) << 16 | (c[17] & 0xFF) << 24;
        return switch (headerSize) {
            case 12, 40, 52, 56, 64, 108, 124 -> true;
            default -> false;
        };
    }

    static boolean startsWith(byte[] content, int... magic) {
        if (content.length < magic.length) {
            return false;
        }
        for (int i = 0; i < magic.length; i++) {
            if ((content[i] & 0xFF) != magic[i]) {
                return false;
            }
        }
        return true;
    }
}
