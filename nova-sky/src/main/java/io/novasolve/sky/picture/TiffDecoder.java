package io.novasolve.sky.picture;

import com.twelvemonkeys.imageio.plugins.tiff.BigTIFFImageReaderSpi;
import com.twelvemonkeys.imageio.plugins.tiff.TIFFImageReaderSpi;
import io.novasolve.sky.UnreadableInputException;
import io.novasolve.sky.internal.Bytes;
import java.awt.Rectangle;
import java.awt.image.BufferedImage;
import java.awt.image.DataBuffer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import javax.imageio.ImageReadParam;
import javax.imageio.ImageReader;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.plugins.tiff.TIFFDirectory;
import javax.imageio.plugins.tiff.TIFFField;
import org.jspecify.annotations.Nullable;

/**
 * TIFF. The JDK's reader comes first: it leaves samples as they are and is three times faster; TwelveMonkeys' is the more
 * tolerant one, knows BigTIFF and more compressions, but clips floating-point samples to 0…1.
 */
final class TiffDecoder {

    private static final int SAMPLE_FORMAT = 339;
    private static final int SIGNED = 2;
    private static final int COMPRESSION = 259;
    private static final int UNCOMPRESSED = 1;
    private static final int KIND_OF_PICTURE = 254;
    private static final int REDUCED = 1;
    private static final int DIRECTORIES_BELOW = 330;
    private static final int TILE_WIDTH = 322;
    private static final int TILE_HEIGHT = 323;
    private static final int TILE_BYTES = 325;
    private static final int STRIP_BYTES = 279;
    private static final int SAMPLES_PER_PIXEL = 277;

    /** Many more than any camera has. */
    private static final int MAX_SAMPLES = 64;

    /** Bytes a pixel of samples that are decoded at once; deeper ones are read from the file in bands of rows. */
    static final int MOST_BYTES_HELD = 8;

    /** Bytes of a band that are worth a reader. */
    private static final double BAND = 1 << 20;

    /** So many values of an entry are read at once. */
    private static final int VALUES = 1 << 13;

    /** Directories of files that are not damaged are shorter. */
    private static final int MOST_ENTRIES = 1 << 16;

    private TiffDecoder() {}

    static ChannelPicture decode(Bytes content, Limits limits) throws IOException {
        boolean big = isBig(content);
        checkDirectory(content, big, limits);
        if (big) {
            return ImageIoDecoder.reading(
                    new BigTIFFImageReaderSpi().createReaderInstance(), content, limits, r -> tolerant(r, limits));
        }
        try {
            return exact(content, limits);
        } catch (UnreadableInputException | PictureMemory.InterruptedWait e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            try {
                return ImageIoDecoder.reading(
                        new TIFFImageReaderSpi().createReaderInstance(), content, limits, r -> tolerant(r, limits));
            } catch (IOException | RuntimeException second) {
                second.addSuppressed(e);
                throw second;
            }
        }
    }

    private static boolean isBig(Bytes content) throws UnreadableInputException {
        if (content.length() < 4) {
            return false;
        }
        ByteBuffer head = content.range(0, 4);
        return head.get(2) == 43 || head.get(3) == 43;
    }

    /**
     * What readers believe and take memory for, against what a picture may have: the size of a tile, the samples of a pixel, and
     * the bytes of strips and tiles; and whether the first picture is a small version of raw data in a directory below, as in the
     * files of many cameras. Only that is looked at here: an entry of the first directory is a tag, a type, a count and a value, or
     * where the values are, of four bytes, eight in BigTIFF (TIFF 6.0, section 2); tags ascend.
     */
    private static void checkDirectory(Bytes content, boolean big, Limits limits) throws UnreadableInputException {
        try {
            ByteOrder order = content.range(0, 1).get(0) == 'I' ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN;
            ByteBuffer head = content.range(0, big ? 16 : 8).order(order);
            long directory = big ? head.getLong(8) : Integer.toUnsignedLong(head.getInt(4));
            ByteBuffer counted = content.range(directory, big ? 8 : 2).order(order);
            long count = big ? counted.getLong(0) : counted.getChar(0);
            int entry = big ? 20 : 12;
            int length = Math.toIntExact(Math.multiplyExact(Math.min(count, MOST_ENTRIES), entry));
            ByteBuffer entries =
                    content.range(directory + counted.limit(), length).order(order);
            long width = 0;
            long height = 0;
            boolean reduced = false;
            for (int at = 0; at < entries.limit(); at += entry) {
                switch (entries.getChar(at)) {
                    case TILE_WIDTH -> width = largest(content, entries, at, big);
                    case TILE_HEIGHT -> height = largest(content, entries, at, big);
                    case SAMPLES_PER_PIXEL ->
                        require(largest(content, entries, at, big), MAX_SAMPLES, "samples in a pixel", limits);
                    case STRIP_BYTES, TILE_BYTES ->
                        require(
                                largest(content, entries, at, big),
                                content.length(),
                                "bytes in a strip or tile",
                                limits);
                    case KIND_OF_PICTURE -> reduced = (largest(content, entries, at, big) & REDUCED) != 0;
                    case DIRECTORIES_BELOW -> {
                        if (reduced) {
                            throw CameraRaw.refused(limits.name());
                        }
                    }
                    default -> {}
                }
            }
            if (width < 0 || height < 0 || width > 0 && height > limits.maxPixels() / width) {
                throw new UnreadableInputException(limits.name() + " has tiles of " + width + " × " + height
                        + " pixels, more than the limit of " + limits.maxPixels() + " for a whole picture");
            }
        } catch (IndexOutOfBoundsException | ArithmeticException e) {
            throw new UnreadableInputException(
                    limits.name()
                            + " begins as TIFF, but its directory does not lie in the file: it is truncated or damaged",
                    e);
        }
    }

    private static void require(long value, long most, String what, Limits limits) throws UnreadableInputException {
        if (value < 0 || value > most) {
            throw new UnreadableInputException(limits.name() + " says it has " + Long.toUnsignedString(value) + " "
                    + what + ", and at most " + most + " are possible: it is truncated or damaged");
        }
    }

    /** The largest value of an entry; 0 if those are of another kind than sizes are, negative beyond 2^63. */
    private static long largest(Bytes content, ByteBuffer entries, int entry, boolean big)
            throws UnreadableInputException {
        int size =
                switch (entries.getChar(entry + 2)) {
                    case 3 -> 2;
                    case 4 -> 4;
                    case 16 -> 8;
                    default -> 0;
                };
        if (size == 0) {
            return 0;
        }
        long count = big ? entries.getLong(entry + 4) : Integer.toUnsignedLong(entries.getInt(entry + 4));
        int value = entry + (big ? 12 : 8);
        if (count <= (big ? 8 : 4) / size) {
            return largest(entries, value, (int) Math.max(0, count), size);
        }
        long at = big ? entries.getLong(value) : Integer.toUnsignedLong(entries.getInt(value));
        long largest = 0;
        for (long i = 0; i < count; i += VALUES) {
            int part = (int) Math.min(VALUES, count - i);
            ByteBuffer values =
                    content.range(Math.addExact(at, i * size), part * size).order(entries.order());
            long next = largest(values, 0, part, size);
            largest = Long.compareUnsigned(next, largest) > 0 ? next : largest;
        }
        return largest;
    }

    private static long largest(ByteBuffer values, int from, int count, int size) {
        long largest = 0;
        for (int at = from; at < from + count * size; at += size) {
            long next =
                    switch (size) {
                        case 2 -> values.getChar(at);
                        case 4 -> Integer.toUnsignedLong(values.getInt(at));
                        default -> values.getLong(at);
                    };
            largest = Long.compareUnsigned(next, largest) > 0 ? next : largest;
        }
        return largest;
    }

    private static ChannelPicture exact(Bytes content, Limits limits) throws IOException {
        return ImageIoDecoder.opened(jdkReader(), content, limits, reader -> {
            int rows = rowsOfBand(reader);
            if (rows > 0) {
                return BandedPicture.of(
                        reader.getWidth(0),
                        reader.getHeight(0),
                        rows,
                        region -> ImageIoDecoder.opened(jdkReader(), content, limits, r -> read(r, region)));
            }
            ImageIoDecoder.checkDecoded(reader, limits);
            return read(reader, null);
        });
    }

    private static ImageReader jdkReader() throws IOException {
        return ImageIoDecoder.jdkReader("com.sun.imageio.plugins.tiff.TIFFImageReaderSpi");
    }

    /**
     * So many rows are worth reading at a time; 0 for all. Where samples are not compressed they can be had one by one, but the
     * reader would hold a whole strip besides the decoded rows; where they are, it decodes whole strips or tiles.
     */
    private static int rowsOfBand(ImageReader reader) throws IOException {
        ImageTypeSpecifier type = reader.getRawImageType(0);
        if (type == null) {
            return 0;
        }
        double rowBytes = reader.getWidth(0) * ImageIoDecoder.bytesPerPixel(type);
        int height = reader.getTileHeight(0);
        boolean deep = ImageIoDecoder.bytesPerPixel(type) > MOST_BYTES_HELD;
        if (tag(reader, COMPRESSION, UNCOMPRESSED) == UNCOMPRESSED && !reader.isImageTiled(0)) {
            return deep || rowBytes * height > BandedPicture.MOST_BYTES ? (int) Math.max(1, BAND / rowBytes) : 0;
        }
        return deep && rowBytes * height <= BandedPicture.MOST_BYTES
                ? (int) (height * Math.max(1, (long) (BAND / rowBytes / height)))
                : 0;
    }

    private static int tag(ImageReader reader, int number, int otherwise) throws IOException {
        TIFFField field =
                TIFFDirectory.createFromMetadata(reader.getImageMetadata(0)).getTIFFField(number);
        return field == null ? otherwise : field.getAsInt(0);
    }

    /** @param region null for the whole picture */
    private static RasterPicture read(ImageReader reader, @Nullable Rectangle region) throws IOException {
        ImageReadParam param = reader.getDefaultReadParam();
        param.setSourceRegion(region);
        return RasterPicture.of(reader.read(0, param), tag(reader, SAMPLE_FORMAT, 0) == SIGNED);
    }

    private static ChannelPicture tolerant(ImageReader reader, Limits limits) throws IOException {
        BufferedImage image = reader.read(0);
        int type = image.getRaster().getTransferType();
        if (type == DataBuffer.TYPE_FLOAT || type == DataBuffer.TYPE_DOUBLE) {
            throw new UnreadableInputException(
                    limits.name()
                            + " is a TIFF of floating-point samples in a variant that cannot be read: save it as plain TIFF or FITS");
        }
        return RasterPicture.of(image);
    }
}
