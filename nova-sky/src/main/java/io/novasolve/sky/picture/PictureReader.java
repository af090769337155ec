package io.novasolve.sky.picture;

import io.novasolve.sky.UnreadableInputException;
import io.novasolve.sky.internal.Bytes;
import io.novasolve.sky.internal.FileBytes;
import io.novasolve.sky.internal.InputFiles;
import java.awt.image.BufferedImage;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Decodes pictures: JPEG, PNG, GIF, BMP, TIFF, FITS, PGM and PPM, recognised by content.
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
     * Decodes a file. Of a FITS, PGM or PPM file, and of a TIFF whose samples take more than {@value TiffDecoder#MOST_BYTES_HELD} bytes a
     * pixel, rows are read from the file when they are asked for: it must stay as it is until the picture is closed.
     *
     * @throws UnreadableInputException if there is no such file, it may not be read, or it holds no picture
     */
    public Picture read(Path file) throws UnreadableInputException {
        return read(file, InputFiles.nameOf(file));
    }

    /** The same with what to call the picture in error messages. */
    public Picture read(Path file, String name) throws UnreadableInputException {
        return open(file, name, null);
    }

    /**
     * The same with memory that is shared with others: waits until there is enough for this picture, which has it until it is
     * closed.
     *
     * @throws InterruptedException if the thread is interrupted while it waits
     */
    public Picture read(Path file, String name, PictureMemory memory)
            throws UnreadableInputException, InterruptedException {
        PictureMemory.Claim claim = memory.new Claim();
        Picture picture = null;
        try {
            picture = open(file, name, claim);
            return new OpenPicture(picture, claim::release);
        } catch (PictureMemory.InterruptedWait e) {
            InterruptedException interrupt =
                    new InterruptedException("interrupted while waiting for memory to decode " + name);
            interrupt.initCause(e);
            throw interrupt;
        } finally {
            if (picture == null) {
                claim.release();
            }
        }
    }

    private Picture open(Path file, String name, PictureMemory.@Nullable Claim claim) throws UnreadableInputException {
        Bytes bytes = FileBytes.open(file, name);
        Picture open = null;
        try {
            ChannelPicture picture = decode(bytes, name, claim);
            // One with samples of its own needs its file no more.
            open = picture instanceof RasterPicture ? null : new OpenPicture(picture, bytes::close);
            return open == null ? picture : open;
        } finally {
            if (open == null) {
                bytes.close();
            }
        }
    }

    /**
     * Decodes bytes. A picture that would read rows from its file keeps the array and reads from it, so it must not be changed
     * afterwards.
     *
     * @param name what to call the picture in error messages
     * @throws UnreadableInputException if this is no picture, or one that is damaged, too large or of an unsupported kind
     */
    public Picture read(byte[] content, String name) throws UnreadableInputException {
        return decode(Bytes.of(content), name, null);
    }

    /**
     * Decodes a file for drawing on. The file is not held in memory.
     *
     * @return colour where there is colour, 8 bits per channel, row 0 on top; samples deeper than 8 bits are stretched so
     *     that faint stars show
     * @throws UnreadableInputException as {@link #read(Path)}
     */
    public BufferedImage readImage(Path file) throws UnreadableInputException {
        try (Bytes bytes = FileBytes.open(file)) {
            return image(bytes, InputFiles.nameOf(file));
        }
    }

    /** The same for bytes. */
    public BufferedImage readImage(byte[] content, String name) throws UnreadableInputException {
        return image(Bytes.of(content), name);
    }

    private BufferedImage image(Bytes content, String name) throws UnreadableInputException {
        return PictureFormat.of(content).orElse(null) == PictureFormat.JPEG
                ? guarded(PictureFormat.JPEG, content, name, null, limits -> JpegDecoder.decodeColour(content, limits))
                : PictureRenderer.render(decode(content, name, null));
    }

    /** The samples in their own depth, in colour where there is colour. */
    ChannelPicture readChannels(Bytes content, String name) throws UnreadableInputException {
        return PictureFormat.of(content).orElse(null) == PictureFormat.JPEG
                ? RasterPicture.of(image(content, name))
                : decode(content, name, null);
    }

    private ChannelPicture decode(Bytes content, String name, PictureMemory.@Nullable Claim claim)
            throws UnreadableInputException {
        PictureFormat format = PictureFormat.require(PictureFormat.beginningOf(content), name);
        return guarded(format, content, name, claim, limits -> switch (format) {
            case JPEG -> JpegDecoder.decode(content, limits);
            case PNG, GIF, BMP, TIFF -> ImageIoDecoder.decode(format, content, limits);
            case FITS -> FitsDecoder.decode(content, limits);
            case PNM -> PnmPicture.of(content, limits);
        });
    }

    private interface Decoding<T> {
        T with(Limits limits) throws IOException;
    }

    /** Decoders meet hostile bytes with exceptions of every kind; all of them mean the same to a caller. */
    private <T> T guarded(
            PictureFormat format, Bytes content, String name, PictureMemory.@Nullable Claim claim, Decoding<T> decoding)
            throws UnreadableInputException {
        try {
            return decoding.with(new Limits(name, maxPixels, content.length(), claim));
        } catch (UnreadableInputException | PictureMemory.InterruptedWait e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            throw new UnreadableInputException(
                    name + " begins as " + format
                            + " but cannot be decoded: it is damaged, truncated or of an unsupported kind ("
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
