package io.novasolve.sky.picture;

import io.novasolve.sky.UnreadableInputException;
import io.novasolve.sky.internal.Bytes;
import io.novasolve.sky.internal.FitsHdu;
import io.novasolve.sky.internal.FitsTable;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.Buffer;
import java.nio.ByteBuffer;
import nom.tam.fits.BasicHDU;
import nom.tam.fits.Fits;
import nom.tam.fits.FitsException;
import nom.tam.fits.Header;
import nom.tam.image.compression.hdu.CompressedImageHDU;

/** FITS images (FITS standard 4.0): plain ones are read where they lie, tile-compressed ones through nom-tam-fits. */
final class FitsDecoder {

    /** Constant tiles shrink to nearly nothing: deflate's best on four-byte samples, or one HCOMPRESS tile. */
    private static final double PIXELS_PER_COMPRESSED_BYTE = 4096;

    private static final int PADDING = 2880;

    private FitsDecoder() {}

    static ChannelPicture decode(Bytes file, Limits limits) throws IOException {
        for (FitsHdu hdu : FitsHdu.all(file, limits.name())) {
            if (hdu.isImage()) {
                return plain(hdu, limits);
            }
            if (hdu.isCompressedImage()) {
                return compressed(hdu, limits);
            }
        }
        throw new UnreadableInputException(
                limits.name() + " is a FITS file without an image of two or more axes in any of its headers");
    }

    private static FitsPicture plain(FitsHdu hdu, Limits limits) throws IOException {
        Header header = hdu.header();
        int bytes = bytesPerSample(header, "BITPIX", limits);
        limits.check(header.getLongValue("NAXIS1"), header.getLongValue("NAXIS2"), Double.POSITIVE_INFINITY, 0);
        hdu.requireComplete();
        int bitpix = header.getIntValue("BITPIX");
        long needed = header.getLongValue("NAXIS1") * header.getLongValue("NAXIS2") * planes(header, "") * bytes;
        if (needed > hdu.file().length() - hdu.dataOffset()) {
            throw new UnreadableInputException(
                    limits.name() + " needs " + needed + " bytes for the pixels of its header, but "
                            + (hdu.file().length() - hdu.dataOffset()) + " are there");
        }
        int length = Math.multiplyExact(header.getIntValue("NAXIS1"), bytes);
        FitsPicture.Rows rows = row -> {
            ByteBuffer data = hdu.file().range(hdu.dataOffset() + (long) row * length, length);
            return switch (bitpix) {
                case 8 -> data;
                case 16 -> data.asShortBuffer();
                case 32 -> data.asIntBuffer();
                case 64 -> data.asLongBuffer();
                case -32 -> data.asFloatBuffer();
                default -> data.asDoubleBuffer();
            };
        };
        return picture(header, "", header, rows, bitpix == 8);
    }

    private static FitsPicture compressed(FitsHdu hdu, Limits limits) throws IOException {
        Header header = hdu.header();
        long width = header.getLongValue("ZNAXIS1");
        long height = header.getLongValue("ZNAXIS2");
        // All of them are unpacked; more than any number can count are too many as well.
        double planes = 1;
        for (int axis = 3; axis <= header.getIntValue("ZNAXIS"); axis++) {
            planes *= header.getLongValue("ZNAXIS" + axis);
        }
        int bytes = bytesPerSample(header, "ZBITPIX", limits);
        limits.check(width, height, PIXELS_PER_COMPRESSED_BYTE / planes, bytes * planes);
        requireTiles(header, limits);
        FitsTable.of(hdu).requireCellsInHeap();
        int length = Math.toIntExact(hdu.dataOffset() - hdu.headerOffset() + hdu.dataLength());
        ByteBuffer whole = hdu.file().range(hdu.headerOffset(), length);
        // The padding may be gone, which nom-tam-fits would report to the host's log.
        InputStream in = new SequenceInputStream(
                new ByteArrayInputStream(whole.array(), whole.arrayOffset(), length),
                new ByteArrayInputStream(new byte[PADDING]));
        try (Fits fits = new Fits(in)) {
            BasicHDU<?> table = fits.readHDU();
            if (!(table instanceof CompressedImageHDU image)) {
                throw new UnreadableInputException(limits.name() + " has a compressed image that is no valid table");
            }
            checkHcompressTiles(header, image, limits);
            Buffer samples = image.getUncompressedData();
            samples.rewind();
            if (samples.limit() < width * height * planes(header, "Z")) {
                throw new UnreadableInputException("the compressed image holds fewer samples than its header says");
            }
            FitsPicture.Rows rows = row -> samples.slice(row * (int) width, (int) width);
            return picture(header, "Z", image.getImageHeader(), rows, samples instanceof ByteBuffer);
        } catch (FitsException e) {
            throw new UnreadableInputException(
                    limits.name() + " has a compressed image that cannot be unpacked (" + e.getMessage() + ")", e);
        }
    }

    /** nom-tam-fits looks for the next tile for ever if they have no size. */
    private static void requireTiles(Header header, Limits limits) throws UnreadableInputException {
        for (int axis = 1; axis <= header.getIntValue("ZNAXIS"); axis++) {
            long size = header.getLongValue("ZTILE" + axis, 1);
            if (size < 1 || size > Integer.MAX_VALUE) {
                throw new UnreadableInputException(
                        limits.name() + " has compressed tiles of size " + size + " along axis " + axis);
            }
        }
    }

    /**
     * The size in an HCOMPRESS tile (magic number, then two integers) against the one in the header: nom-tam-fits works for
     * minutes on a tile that says it has no pixels.
     */
    private static void checkHcompressTiles(Header header, CompressedImageHDU image, Limits limits)
            throws FitsException, UnreadableInputException {
        int column = image.findColumn("COMPRESSED_DATA");
        if (column < 0 || !header.getStringValue("ZCMPTYPE", "").startsWith("HCOMPRESS")) {
            return;
        }
        long most = header.getLongValue("ZTILE1", header.getLongValue("ZNAXIS1")) * header.getLongValue("ZTILE2", 1);
        for (int row = 0; row < image.getNRows(); row++) {
            // A tile that did not get smaller is kept in another column.
            if (image.getElement(row, column) instanceof byte[] tile && tile.length > 0) {
                ByteBuffer bytes = ByteBuffer.wrap(tile);
                long pixels = tile.length < 10 ? 0 : (long) bytes.getInt(2) * bytes.getInt(6);
                if (pixels <= 0 || pixels > most) {
                    throw new UnreadableInputException(limits.name() + " has a compressed tile of " + pixels
                            + " pixels where its header has " + most + ": it is damaged");
                }
            }
        }
    }

    private static FitsPicture picture(
            Header sizes, String prefix, Header scaling, FitsPicture.Rows rows, boolean areBytes) {
        int width = sizes.getIntValue(prefix + "NAXIS1");
        int height = sizes.getIntValue(prefix + "NAXIS2");
        Long blank = scaling.containsKey("BLANK") ? Long.valueOf(scaling.getLongValue("BLANK")) : null;
        double scale = scaling.getDoubleValue("BSCALE", 1);
        double zero = scaling.getDoubleValue("BZERO", 0);
        return new FitsPicture(width, height, planes(sizes, prefix), rows, areBytes, scale, zero, blank);
    }

    /** Three planes are colours; any other number is a stack of something, of which the first plane is taken. */
    private static int planes(Header header, String prefix) {
        int axes = header.getIntValue(prefix + "NAXIS");
        return axes >= 3 && header.getLongValue(prefix + "NAXIS3") == 3 ? 3 : 1;
    }

    private static int bytesPerSample(Header header, String key, Limits limits) throws UnreadableInputException {
        int bitpix = header.getIntValue(key);
        return switch (bitpix) {
            case 8, 16, 32, 64, -32, -64 -> Math.abs(bitpix) / 8;
            default ->
                throw new UnreadableInputException(limits.name() + " has " + key + " = " + bitpix
                        + ": the FITS standard knows 8, 16, 32, 64, -32 and -64");
        };
    }
}
