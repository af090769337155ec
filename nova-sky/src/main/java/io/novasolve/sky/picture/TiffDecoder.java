package io.novasolve.sky.picture;

import com.twelvemonkeys.imageio.plugins.tiff.BigTIFFImageReaderSpi;
import com.twelvemonkeys.imageio.plugins.tiff.TIFFImageReaderSpi;
import io.novasolve.sky.UnreadableInputException;
import java.awt.image.BufferedImage;
import java.awt.image.DataBuffer;
import java.io.IOException;
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

    private TiffDecoder() {}

    static ChannelPicture decode(byte[] content, Limits limits) throws IOException {
        boolean big = content.length > 3 && (content[2] == 43 || content[3] == 43);
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
