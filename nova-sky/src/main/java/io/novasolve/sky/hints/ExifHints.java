package io.novasolve.sky.hints;

import io.novasolve.sky.UnreadableInputException;
import io.novasolve.sky.internal.Bytes;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.OptionalDouble;

/**
 * Hints from the EXIF tags of a JPEG or TIFF (CIPA DC-008, Exif 2.32): the focal length, and the size of the sensor by its
 * resolution or by the focal length on 35 mm film. Only the few numbers that are wanted are read, where they lie: no count
 * or offset of a file is believed.
 */
final class ExifHints {

    /** The letters Exif. */
    private static final int EXIF = 0x45786966;

    private static final int EXIF_DIRECTORY = 0x8769;
    private static final int FOCAL_LENGTH = 0x920A;
    private static final int FOCAL_LENGTH_35MM = 0xA405;
    private static final int PLANE_X_RESOLUTION = 0xA20E;
    private static final int PLANE_RESOLUTION_UNIT = 0xA210;
    private static final int PIXEL_X_DIMENSION = 0xA002;
    private static final int IMAGE_WIDTH = 0x0100;

    private static final int SHORT = 3;
    private static final int LONG = 4;
    private static final int RATIONAL = 5;

    private static final double FILM_WIDTH_MM = 36;
    private static final double ARCSEC = Math.toDegrees(1) * 3600;

    /** The 35 mm equivalent is rounded and may refer to the diagonal; zoom lenses breathe. */
    private static final double ERROR = 1.3;

    private final Bytes bytes;
    private final long start;
    private final boolean little;

    private ExifHints(Bytes bytes, long start, boolean little) {
        this.bytes = bytes;
        this.start = start;
        this.little = little;
    }

    /** @param width of the picture in pixels */
    static HeaderHints ofJpeg(Bytes jpeg, int width) throws UnreadableInputException {
        long at = 2;
        while (at + 18 < jpeg.length()) {
            ByteBuffer segment = jpeg.range(at, 8);
            int marker = segment.get(1) & 0xFF;
            int length = segment.getChar(2);
            if ((segment.get(0) & 0xFF) != 0xFF || marker == 0xDA || length < 2) {
                break;
            }
            if (marker == 0xE1 && segment.getInt(4) == EXIF) {
                return ofTiff(jpeg, at + 10, width);
            }
            at += 2 + length;
        }
        return HeaderHints.NONE;
    }

    /**
     * @param start where the TIFF header lies
     * @param width of the picture in pixels; 0 to take that of the first directory
     */
    static HeaderHints ofTiff(Bytes bytes, long start, int width) throws UnreadableInputException {
        if (start + 8 > bytes.length()) {
            return HeaderHints.NONE;
        }
        ExifHints exif = new ExifHints(bytes, start, bytes.range(start, 1).get(0) == 'I');
        long first = exif.unsigned(start + 4, 4);
        double pixels = width > 0 ? width : exif.number(first, IMAGE_WIDTH).orElse(0);
        OptionalDouble directory = exif.number(first, EXIF_DIRECTORY);
        return directory.isEmpty() || !(pixels > 0)
                ? HeaderHints.NONE
                : exif.hints((long) directory.getAsDouble(), pixels);
    }

    private HeaderHints hints(long directory, double pixels) throws UnreadableInputException {
        OptionalDouble film = number(directory, FOCAL_LENGTH_35MM);
        if (film.isPresent() && film.getAsDouble() >= 4) {
            return hints(FILM_WIDTH_MM / film.getAsDouble() / pixels, "EXIF focal length on 35 mm film");
        }
        OptionalDouble focal = number(directory, FOCAL_LENGTH);
        OptionalDouble resolution = number(directory, PLANE_X_RESOLUTION);
        if (focal.isEmpty() || resolution.isEmpty()) {
            return HeaderHints.NONE;
        }
        double sensorPixels = number(directory, PIXEL_X_DIMENSION).orElse(pixels);
        double unitMm =
                switch ((int) number(directory, PLANE_RESOLUTION_UNIT).orElse(2)) {
                    case 3 -> 10;
                    case 4 -> 1;
                    case 5 -> 0.001;
                    default -> 25.4;
                };
        double sensorMm = sensorPixels / resolution.getAsDouble() * unitMm;
        return hints(sensorMm / focal.getAsDouble() / pixels, "EXIF focal length and sensor size");
    }

    /** @param radians per pixel in the middle of the picture */
    private static HeaderHints hints(double radians, String origin) {
        double scale = radians * ARCSEC;
        return scale > 0.01 && scale < 4000
                ? new HeaderHints(null, scale / ERROR, scale * ERROR, origin)
                : HeaderHints.NONE;
    }

    /** The first number of a tag in a directory, positive and finite. */
    private OptionalDouble number(long directory, int tag) throws UnreadableInputException {
        long at = start + directory;
        int entries = (int) unsigned(at, 2);
        for (int i = 0; i < entries; i++) {
            long entry = at + 2 + 12L * i;
            if (unsigned(entry, 2) == tag) {
                return positive(value(entry));
            }
        }
        return OptionalDouble.empty();
    }

    private double value(long entry) throws UnreadableInputException {
        return switch ((int) unsigned(entry + 2, 2)) {
            case SHORT -> unsigned(entry + 8, 2);
            case LONG -> unsigned(entry + 8, 4);
            case RATIONAL -> {
                long at = start + unsigned(entry + 8, 4);
                yield (double) unsigned(at, 4) / unsigned(at + 4, 4);
            }
            default -> 0;
        };
    }

    private static OptionalDouble positive(double value) {
        return value > 0 && value < Double.POSITIVE_INFINITY ? OptionalDouble.of(value) : OptionalDouble.empty();
    }

    /** What lies beyond the file is 0. */
    private long unsigned(long at, int length) throws UnreadableInputException {
        if (at < 0 || at + length > bytes.length()) {
            return 0;
        }
        ByteBuffer number = bytes.range(at, length).order(little ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
        return length == 2 ? number.getChar(0) : Integer.toUnsignedLong(number.getInt(0));
    }
}
