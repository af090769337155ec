package io.novasolve.sky.picture;

import io.novasolve.sky.UnreadableInputException;
import io.novasolve.sky.internal.Bytes;
import java.awt.image.BufferedImage;
import java.awt.image.DataBuffer;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import java.io.IOException;
import java.util.Locale;
import javax.imageio.ImageReadParam;
import javax.imageio.ImageReader;
import javax.imageio.ImageTypeSpecifier;

/** JPEG, through the JDK's reader: as luminance where the file has it, which leaves the chroma undecoded. */
final class JpegDecoder {

    /** A block of 64 pixels takes at least one bit. */
    private static final double PIXELS_PER_BYTE = 8 * 64;

    private static final String SPI = "com.sun.imageio.plugins.jpeg.JPEGImageReaderSpi";

    private JpegDecoder() {}

    static ChannelPicture decode(Bytes content, Limits limits) throws IOException {
        JpegFrame frame = JpegFrame.of(content, limits);
        return reading(content, limits, frame, reader -> switch (frame.colours()) {
            case GREY, YCC -> RasterPicture.of(readGrey(reader));
            case RGB -> RasterPicture.of(reader.readRaster(0, null));
            case CMYK, YCCK -> RasterPicture.of(greyOfInk(reader.readRaster(0, null), frame));
        });
    }

    static BufferedImage decodeColour(Bytes content, Limits limits) throws IOException {
        JpegFrame frame = JpegFrame.of(content, limits);
        return switch (frame.colours()) {
            case GREY, CMYK, YCCK -> PictureRenderer.render(decode(content, limits));
            case YCC, RGB -> reading(content, limits, frame, reader -> reader.read(0));
        };
    }

    private interface Reading<T> {
        T from(ImageReader reader) throws IOException;
    }

    private static <T> T reading(Bytes content, Limits limits, JpegFrame frame, Reading<T> reading) throws IOException {
        limits.check(frame.width(), frame.height(), PIXELS_PER_BYTE, frame.components() + 1);
        ImageReader reader = ImageIoDecoder.jdkReader(SPI);
        boolean[] truncated = new boolean[1];
        reader.addIIOReadWarningListener((source, warning) -> {
            // The texts are those of libjpeg, in English everywhere.
            if (warning.toLowerCase(Locale.ROOT).contains("premature end")) {
                truncated[0] = true;
            }
        });
        try (BytesInput in = new BytesInput(content)) {
            reader.setInput(in, true, true);
            T result = reading.from(reader);
            if (truncated[0]) {
                throw new UnreadableInputException(limits.name() + " is a truncated JPEG: its data end too early");
            }
            return result;
        } finally {
            reader.dispose();
        }
    }

    private static BufferedImage readGrey(ImageReader reader) throws IOException {
        ImageReadParam param = reader.getDefaultReadParam();
        param.setDestinationType(ImageTypeSpecifier.createGrayscale(8, DataBuffer.TYPE_BYTE, false));
        return reader.read(0, param);
    }

    /**
     * The brightness of ink on paper, light times blackness; Adobe's files store both inverted, and YCCK the inverse of
     * that in YCbCr.
     */
    private static Raster greyOfInk(Raster ink, JpegFrame frame) {
        int width = ink.getWidth();
        WritableRaster grey = Raster.createInterleavedRaster(DataBuffer.TYPE_BYTE, width, ink.getHeight(), 1, null);
        int[] inks = new int[4 * width];
        int[] row = new int[width];
        for (int y = 0; y < ink.getHeight(); y++) {
            ink.getPixels(0, y, width, 1, inks);
            for (int x = 0; x < width; x++) {
                int c = inks[4 * x];
                int colour = frame.colours() == JpegFrame.Colours.YCCK
                        ? 255 - c
                        : (c + inks[4 * x + 1] + inks[4 * x + 2]) / 3;
                int black = inks[4 * x + 3];
                row[x] = frame.adobe() ? colour * black / 255 : (255 - colour) * (255 - black) / 255;
            }
            grey.setPixels(0, y, width, 1, row);
        }
        return grey;
    }
}
