package io.novasolve.sky.picture;

import io.novasolve.sky.internal.Bytes;
import java.io.IOException;
import java.util.Iterator;
import javax.imageio.ImageReader;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.spi.IIORegistry;
import javax.imageio.spi.ImageReaderSpi;

/**
 * PNG, GIF, BMP, and what TIFF shares with them. Readers are chosen by class, not looked up by format name, so that plug-ins which happen to lie
 * on the class path change nothing; the samples stay in the depth of the file.
 */
final class ImageIoDecoder {

    /** The best of LZW: a code of 12 bits for a string of 4096 samples, of one bit each. */
    private static final double PIXELS_PER_BYTE = 4096 * 8 / 1.5;

    private ImageIoDecoder() {}

    static ChannelPicture decode(PictureFormat format, Bytes content, Limits limits) throws IOException {
        return switch (format) {
            case PNG -> read(jdkReader("com.sun.imageio.plugins.png.PNGImageReaderSpi"), content, limits);
            case GIF -> read(jdkReader("com.sun.imageio.plugins.gif.GIFImageReaderSpi"), content, limits);
            case BMP -> read(jdkReader("com.sun.imageio.plugins.bmp.BMPImageReaderSpi"), content, limits);
            case TIFF -> TiffDecoder.decode(content, limits);
            case JPEG, FITS, PNM -> throw new IllegalArgumentException(format + " has a decoder of its own");
        };
    }

    private static ChannelPicture read(ImageReader reader, Bytes content, Limits limits) throws IOException {
        return reading(reader, content, limits, r -> RasterPicture.of(r.read(0)));
    }

    /** Something to do with a reader once the size of its first picture was found plausible. */
    interface Reading<T> {
        T from(ImageReader reader) throws IOException;
    }

    static <T> T reading(ImageReader reader, Bytes content, Limits limits, Reading<T> reading) throws IOException {
        return opened(reader, content, limits, r -> {
            checkDecoded(r, limits);
            return reading.from(r);
        });
    }

    /** The same, whatever memory its samples take. */
    static <T> T opened(ImageReader reader, Bytes content, Limits limits, Reading<T> reading) throws IOException {
        try (BytesInput in = new BytesInput(content)) {
            reader.setInput(in, true, true);
            limits.check(reader.getWidth(0), reader.getHeight(0), PIXELS_PER_BYTE, 0);
            return reading.from(reader);
        } finally {
            reader.dispose();
        }
    }

    static void checkDecoded(ImageReader reader, Limits limits) throws IOException {
        ImageTypeSpecifier raw = reader.getRawImageType(0);
        limits.check(reader.getWidth(0), reader.getHeight(0), PIXELS_PER_BYTE, raw == null ? 4 : bytesPerPixel(raw));
    }

    static double bytesPerPixel(ImageTypeSpecifier type) {
        double bits = 0;
        for (int band = 0; band < type.getNumBands(); band++) {
            bits += type.getBitsPerBand(band);
        }
        return bits / 8;
    }

    static ImageReader jdkReader(String spiClass) throws IOException {
        Iterator<ImageReaderSpi> spis =
                IIORegistry.getDefaultInstance().getServiceProviders(ImageReaderSpi.class, false);
        while (spis.hasNext()) {
            ImageReaderSpi spi = spis.next();
            if (spi.getClass().getName().equals(spiClass)) {
                return spi.createReaderInstance();
            }
        }
        throw new IOException("this Java runtime comes without " + spiClass);
    }
}
