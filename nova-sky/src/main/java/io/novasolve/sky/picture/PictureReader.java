package io.novasolve.sky.picture;

import io.novasolve.sky.UnreadableInputException;
import io.novasolve.sky.internal.Bytes;
import io.novasolve.sky.internal.FileBytes;
import io.novasolve.sky.internal.InputFiles;
import java.awt.image.BufferedImage;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Decodes pictures: JPEG, PNG, GIF, BMP, TIFF and FITS, recognised by content.
 *
 * <p>EXIF rotation is ignored, transparency too; of an animation or a multi-page file the first picture is read. Of a
 * JPEG in YCbCr, which is nearly every colour JPEG, the brightness is the luminance Y = 0.299 R + 0.587 G + 0.114 B as
 * stored: it is decoded without the colour in less than half the time, and stars are found in it as well. Of a FITS file
 * the first image with data is read, in an extension or tile-compressed if need be; three planes are averaged, of any
 * other number the first is taken.
 *
 * <p>No header is believed: a size beyond the limit, or one that so few bytes cannot hold, is an error before memory is
 * taken. Stateless; may be used by many threads.
 */
public final class PictureReader {

    /** Pixels of the largest picture that is read unless another limit is given. */
    public static final long DEFAULT_MAX_PIXELS = 400_000_000;

    private static final String UNTOLD = "the decoder makes no sense of it";

    private final long maxPixels;

    /** A reader with the default limit. */
    public PictureReader() {
        this(DEFAULT_MAX_PIXELS);
    }

    /** @param maxPixels width × height of the largest picture to accept, positive */
    public PictureReader(long maxPixels) {
        if (maxPixels <= 0) {
            throw new IllegalArgumentException("the largest picture must have pixels, but the limit is " + maxPixels);
        }
        this.maxPixels = maxPixels;
    }

    /**
     * Decodes a file.
     *
     * @throws UnreadableInputException if there is no such file, it may not be read, or it holds no picture
     */
    public Picture read(Path file) throws UnreadableInputException {
        return read(InputFiles.contentOf(file), InputFiles.nameOf(file));
    }

    /**
     * Decodes bytes. A FITS picture keeps the array and reads from it, so it must not be changed afterwards.
     *
     * @param name what to call the picture in error messages
     * @throws UnreadableInputException if this is no picture, or one that is damaged, too large or of an unsupported kind
     */
    public Picture read(byte[] content, String name) throws UnreadableInputException {
        return decode(content, name);
    }

    /**
     * Decodes a file for drawing on. A FITS file is not held in memory: its rows are read one by one.
     *
     * @return colour where there is colour, 8 bits per channel, row 0 on top; samples deeper than 8 bits are stretched so
     *     that faint stars show
     * @throws UnreadableInputException as {@link #read(Path)}
     */
    public BufferedImage readImage(Path file) throws UnreadableInputException {
        String name = InputFiles.nameOf(file);
        if (PictureFormat.of(file).orElse(null) != PictureFormat.FITS) {
            return readImage(InputFiles.contentOf(file), name);
        }
        try (FileBytes bytes = FileBytes.open(file)) {
            return guarded(
                    PictureFormat.FITS,
                    new Limits(name, maxPixels, bytes.length()),
                    limits -> PictureRenderer.render(FitsDecoder.decode(bytes, limits)));
        }
    }

    /** The same for bytes. */
    public BufferedImage readImage(byte[] content, String name) throws UnreadableInputException {
        if (PictureFormat.of(content).orElse(null) == PictureFormat.JPEG) {
            return guarded(
                    PictureFormat.JPEG,
                    new Limits(name, maxPixels, content.length),
                    limits -> JpegDecoder.decodeColour(content, limits));
        }
        return PictureRenderer.render(decode(content, name));
    }

    /** The samples in their own depth, in colour where there is colour. */
    ChannelPicture readChannels(byte[] content, String name) throws UnreadableInputException {
        return PictureFormat.of(content).orElse(null) == PictureFormat.JPEG
                ? RasterPicture.of(readImage(content, name))
                : decode(content, name);
    }

    private ChannelPicture decode(byte[] content, String name) throws UnreadableInputException {
        if (content.length == 0) {
            throw new UnreadableInputException(name + " is empty: it has no bytes");
        }
        PictureFormat format = PictureFormat.of(content)
                .orElseThrow(() -> new UnreadableInputException(
                        name + " is not a picture: its first bytes are those of no JPEG, PNG, GIF, BMP, TIFF or FITS"));
        return guarded(format, new Limits(name, maxPixels, content.length), limits -> switch (format) {
            case JPEG -> JpegDecoder.decode(content, limits);
            case PNG, GIF, BMP, TIFF -> ImageIoDecoder.decode(format, content, limits);
            case FITS -> FitsDecoder.decode(Bytes.of(content), limits);
        });
    }

    private interface Decoding<T> {
        T with(Limits limits) throws IOException;
    }

    /** Decoders meet hostile bytes with exceptions of every kind; all of them mean the same to a caller. */
    private static <T> T guarded(PictureFormat format, Limits limits, Decoding<T> decoding)
            throws UnreadableInputException {
        try {
            return decoding.with(limits);
        } catch (UnreadableInputException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            throw new UnreadableInputException(
                    limits.name() + " begins as " + format
                            + " but cannot be decoded: it is damaged, truncated or of an unsupported" + " kind ("
                            + messageOf(e) + ")",
                    e);
        }
    }

    /** The innermost cause knows best what is wrong; what a decoder trips over is written for its programmers. */
    private static String messageOf(Throwable e) {
        if (e.getCause() != null) {
            return messageOf(e.getCause());
        }
        if (e instanceof EOFException) {
            return "its data end too early";
        }
        String message = e.getMessage();
        if (message == null || message.contains("java.")) {
            return UNTOLD;
        }
        return e instanceof IOException || e instanceof IllegalArgumentException ? message : UNTOLD;
    }
}
