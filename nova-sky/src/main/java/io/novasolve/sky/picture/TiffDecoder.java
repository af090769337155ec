package io.novasolve.sky.picture;

import com.twelvemonkeys.imageio.plugins.tiff.BigTIFFImageReaderSpi;
import com.twelvemonkeys.imageio.plugins.tiff.TIFFImageReaderSpi;
import io.novasolve.sky.UnreadableInputException;
import java.awt.image.BufferedImage;
import java.awt.image.DataBuffer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import javax.imageio.ImageReader;
import javax.imageio.plugins.tiff.TIFFDirectory;
import javax.imageio.plugins.tiff.TIFFField;

/**
 * TIFF. The JDK's reader comes first: it leaves samples as they are and is three times faster; TwelveMonkeys' is the more
 * tolerant one, knows BigTIFF and more compressions, but clips floating-point samples to 0…1.
 */
final class TiffDecoder {

    private static final int SAMPLE_FORMAT = 339;
    private static final int SIGNED = 2;
    private static final int TILE_WIDTH = 322;
    private static final int TILE_HEIGHT = 323;
    private static final int TILE_BYTES = 325;
    private static final int STRIP_BYTES = 279;
    private static final int SAMPLES_PER_PIXEL = 277;

    /** Many more than any camera has. */
    private static final int MAX_SAMPLES = 64;

    private TiffDecoder() {}

    static ChannelPicture decode(byte[] content, Limits limits) throws IOException {
        boolean big = content.length > 3 && (content[2] == 43 || content[3] == 43);
        checkSizes(content, big, limits);
        if (big) {
            return ImageIoDecoder.reading(
                    new BigTIFFImageReaderSpi().createReaderInstance(), content, limits, r -> tolerant(r, limits));
        }
        try {
            ImageReader jdk = ImageIoDecoder.jdkReader("com.sun.imageio.plugins.tiff.TIFFImageReaderSpi");
            return ImageIoDecoder.reading(jdk, content, limits, TiffDecoder::exact);
        } catch (UnreadableInputException e) {
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

    /**
     * What readers believe and take memory for, against what a picture may have: the size of a tile, the samples of a pixel, and
     * the bytes of strips and tiles. Only that is looked at here: an entry of the first directory is a tag, a type, a count and a
     * value, or where the values are, of four bytes, eight in BigTIFF (TIFF 6.0, section 2).
     */
    private static void checkSizes(byte[] content, boolean big, Limits limits) throws UnreadableInputException {
        ByteBuffer bytes = ByteBuffer.wrap(content)
                .order(content.length > 0 && content[0] == 'I' ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
        try {
            int directory = Math.toIntExact(big ? bytes.getLong(8) : Integer.toUnsignedLong(bytes.getInt(4)));
            long entries = big ? bytes.getLong(directory) : bytes.getChar(directory);
            int first = directory + (big ? 8 : 2);
            long width = 0;
            long height = 0;
            for (int i = 0; i < entries; i++) {
                int at = first + i * (big ? 20 : 12);
                int tag = bytes.getChar(at);
                switch (tag) {
                    case TILE_WIDTH -> width = largest(bytes, at, big);
                    case TILE_HEIGHT -> height = largest(bytes, at, big);
                    case SAMPLES_PER_PIXEL ->
                        require(largest(bytes, at, big), MAX_SAMPLES, "samples in a pixel", limits);
                    case STRIP_BYTES, TILE_BYTES ->
                        require(largest(bytes, at, big), content.length, "bytes in a strip or tile", limits);
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
    private static long largest(ByteBuffer bytes, int entry, boolean big) {
        int type = bytes.getChar(entry + 2);
        int size =
                switch (type) {
                    case 3 -> 2;
                    case 4 -> 4;
                    case 16 -> 8;
                    default -> 0;
                };
        if (size == 0) {
            return 0;
        }
        long count = big ? bytes.getLong(entry + 4) : Integer.toUnsignedLong(bytes.getInt(entry + 4));
        int value = entry + (big ? 12 : 8);
        boolean inline = count <= (big ? 8 : 4) / size;
        int at = inline
                ? value
                : Math.toIntExact(big ? bytes.getLong(value) : Integer.toUnsignedLong(bytes.getInt(value)));
        long largest = 0;
        for (long i = 0; i < count; i++) {
            long next =
                    switch (size) {
                        case 2 -> bytes.getChar(at);
                        case 4 -> Integer.toUnsignedLong(bytes.getInt(at));
                        default -> bytes.getLong(at);
                    };
            largest = Long.compareUnsigned(next, largest) > 0 ? next : largest;
            at += size;
        }
        return largest;
    }

    private static ChannelPicture exact(ImageReader reader) throws IOException {
        TIFFDirectory tags = TIFFDirectory.createFromMetadata(reader.getImageMetadata(0));
        TIFFField format = tags.getTIFFField(SAMPLE_FORMAT);
        boolean signed = format != null && format.getAsInt(0) == SIGNED;
        return RasterPicture.of(reader.read(0), signed);
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
