package io.novasolve.sky.stars;

import io.novasolve.sky.UnreadableInputException;
import io.novasolve.sky.internal.Bytes;
import io.novasolve.sky.internal.FileBytes;
import io.novasolve.sky.internal.FitsHdu;
import io.novasolve.sky.internal.InputFiles;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Reads star lists.
 *
 * <ul>
 *   <li>FITS: the first binary table with columns X and Y (or those that ANXCOL and ANYCOL name), in any form of number
 *       and any case; FLUX and BACKGROUND if they are there. The order of the rows is kept.
 *   <li>Text: x, y and perhaps flux on each line, separated by blanks, tabs, commas or semicolons; further columns are
 *       left alone. Comments begin with {@code #}. One heading is allowed, and followed where it names x, y and flux.
 *       With a flux on every line the brightest star comes first, otherwise the order is kept.
 * </ul>
 *
 * <p>Positions have the first pixel's centre at (1, 1); rows with a position that is no number (NaN) are dropped. The
 * size of the picture is the one given, else the one in the file (IMAGEW, IMAGEH), else the largest positions rounded
 * up. Stateless; may be used by many threads.
 */
public final class StarListReader {

    /** Stars of the longest list that is read unless another limit is given. */
    public static final int DEFAULT_MAX_STARS = 20_000_000;

    private final int maxStars;
    private final int kept;

    /** A reader with the default limit. */
    public StarListReader() {
        this(DEFAULT_MAX_STARS);
    }

    /** @param maxStars length of the longest list to accept, positive */
    public StarListReader(int maxStars) {
        if (maxStars <= 0) {
            throw new IllegalArgumentException("a star list must have room for stars, but the limit is " + maxStars);
        }
        this.maxStars = maxStars;
        this.kept = maxStars;
    }

    private StarListReader(int maxStars, int kept) {
        this.maxStars = maxStars;
        this.kept = kept;
    }

    /**
     * A reader that drops all but the first stars of a longer list: the brightest ones, or those at the top where brightness
     * is not known. A list takes the memory of the kept ones only, however long it is.
     *
     * @param stars of the longest list that is returned, positive
     */
    public StarListReader keeping(int stars) {
        if (stars <= 0) {
            throw new IllegalArgumentException("a star list keeps at least one star, but got a limit of " + stars);
        }
        return new StarListReader(maxStars, stars);
    }

    /**
     * Reads a file, with the size of its picture taken from it.
     *
     * @throws UnreadableInputException if there is no such file, or it holds no star list; for text it names the line
     */
    public StarList read(Path file) throws UnreadableInputException {
        return read(file, 0, 0);
    }

    /**
     * Reads a file.
     *
     * @param width of the picture in pixels, or 0 to take it from the file
     * @param height of the picture in pixels, or 0 to take it from the file
     * @throws UnreadableInputException as {@link #read(Path)}
     */
    public StarList read(Path file, double width, double height) throws UnreadableInputException {
        return read(file, InputFiles.nameOf(file), width, height);
    }

    /** The same with what to call the file in messages. */
    public StarList read(Path file, String name, double width, double height) throws UnreadableInputException {
        requireSize(width, height);
        if (FitsHdu.isFits(InputFiles.beginningOf(file, 16))) {
            try (Bytes bytes = FileBytes.open(file)) {
                return FitsStars.read(bytes, name, width, height, maxStars, kept);
            }
        }
        return InputFiles.reading(file, f -> {
            try (InputStream in = Files.newInputStream(f)) {
                return readText(in, name, width, height);
            }
        });
    }

    /**
     * Reads a list in text from a stream, to its end.
     *
     * @throws UnreadableInputException as {@link #read(Path)}
     * @throws IOException if the stream fails
     */
    public StarList readText(InputStream text, String name, double width, double height) throws IOException {
        requireSize(width, height);
        return TextStars.read(text, name, width, height, maxStars, kept);
    }

    /** The same for bytes; {@code name} is what to call them in messages. */
    public StarList read(byte[] content, String name) throws UnreadableInputException {
        return read(content, name, 0, 0);
    }

    /** The same for bytes and a given size. */
    public StarList read(byte[] content, String name, double width, double height) throws UnreadableInputException {
        requireSize(width, height);
        if (content.length == 0) {
            throw new UnreadableInputException(name + " is empty: it has no bytes");
        }
        if (!FitsHdu.isFits(content)) {
            try {
                return readText(new ByteArrayInputStream(content), name, width, height);
            } catch (UnreadableInputException e) {
                throw e;
            } catch (IOException e) {
                throw new UnreadableInputException(name + " cannot be read: " + e, e);
            }
        }
        return FitsStars.read(Bytes.of(content), name, width, height, maxStars, kept);
    }

    private static void requireSize(double width, double height) {
        if (!(width >= 0 && height >= 0 && width < Double.POSITIVE_INFINITY && height < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(
                    "the size of a picture must be positive, or 0 for unknown, but is " + width + " × " + height);
        }
    }

    static UnreadableInputException tooLong(String name, int maxStars) {
        return new UnreadableInputException(name + " has more than " + maxStars + " stars, the limit");
    }

    /** Puts a list together, with the unknown sides of its picture taken from the positions. */
    static StarList list(
            String name, double width, double height, double[] x, double[] y, float[] flux, float[] background)
            throws UnreadableInputException {
        double w = width > 0 ? width : extent(x, y);
        double h = height > 0 ? height : extent(y, x);
        if (!(w >= 1 && h >= 1 && w < Double.POSITIVE_INFINITY && h < Double.POSITIVE_INFINITY)) {
            throw new UnreadableInputException(
                    name + " does not say how large its picture is, and the positions of its " + x.length
                            + " stars do not show it: give a width and a height");
        }
        return StarList.of(w, h, x, y, flux, background);
    }

    /** The largest value, rounded up, of the rows where both coordinates are numbers. */
    private static double extent(double[] values, double[] others) {
        double max = 0;
        for (int i = 0; i < values.length; i++) {
            if (Double.isFinite(values[i]) && Double.isFinite(others[i])) {
                max = Math.max(max, values[i]);
            }
        }
        return Math.ceil(max);
    }
}
