package io.novasolve.sky.hints;

import io.novasolve.sky.picture.PictureFormat;

/** Reads what the header of a picture says of its place and scale. Whatever cannot be read is no hint, and no error. */
public final class HeaderHintsReader {

    private HeaderHintsReader() {}

    /**
     * The hints of a picture: of a FITS file from its cards or an existing WCS, of a JPEG or TIFF from its EXIF tags.
     *
     * @param width of the picture in pixels, positive
     */
    public static HeaderHints read(byte[] content, int width) {
        return PictureFormat.of(content)
                .map(format -> switch (format) {
                    case FITS -> FitsHints.read(content);
                    case JPEG -> ExifHints.ofJpeg(content, width);
                    case TIFF -> ExifHints.ofTiff(content, 0, width);
                    case PNG, GIF, BMP -> HeaderHints.NONE;
                })
                .orElse(HeaderHints.NONE);
    }
}
