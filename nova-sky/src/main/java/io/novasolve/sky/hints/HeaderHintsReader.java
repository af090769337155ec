package io.novasolve.sky.hints;

import io.novasolve.sky.UnreadableInputException;
import io.novasolve.sky.internal.Bytes;
import io.novasolve.sky.internal.FileBytes;
import io.novasolve.sky.picture.PictureFormat;
import java.nio.file.Path;
import java.util.Optional;

/** Reads what the header of a picture says of its place and scale. Whatever cannot be read is no hint, and no error. */
public final class HeaderHintsReader {

    private HeaderHintsReader() {}

    /**
     * The hints of a picture: of a FITS file from its cards or an existing WCS, of a JPEG or TIFF from its EXIF tags.
     *
     * @param width of the picture in pixels, positive
     */
    public static HeaderHints read(byte[] content, int width) {
        return hints(() -> read(Bytes.of(content), PictureFormat.of(content), width));
    }

    /** The same of a file, of which only the headers are read. */
    public static HeaderHints read(Path file, int width) {
        return hints(() -> {
            try (Bytes bytes = FileBytes.open(file)) {
                return read(bytes, PictureFormat.of(file), width);
            }
        });
    }

    private interface Reading {
        HeaderHints read() throws UnreadableInputException;
    }

    private static HeaderHints hints(Reading reading) {
        try {
            return reading.read();
        } catch (UnreadableInputException e) {
            // The reader of the picture says what is wrong with the file; here it only means no hints.
            return HeaderHints.NONE;
        }
    }

    private static HeaderHints read(Bytes content, Optional<PictureFormat> format, int width)
            throws UnreadableInputException {
        return format.isEmpty()
                ? HeaderHints.NONE
                : switch (format.get()) {
                    case FITS -> FitsHints.read(content);
                    case JPEG -> ExifHints.ofJpeg(content, width);
                    case TIFF -> ExifHints.ofTiff(content, 0, width);
                    case PNG, GIF, BMP, PNM -> HeaderHints.NONE;
                };
    }
}
