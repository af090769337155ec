package io.novasolve.sky.picture;

import com.twelvemonkeys.imageio.plugins.tiff.TIFFImageWriterSpi;
import java.awt.image.BufferedImage;
import java.awt.image.DataBuffer;
import java.awt.image.Raster;
import java.awt.image.RenderedImage;
import java.awt.image.WritableRaster;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import java.util.zip.CRC32;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.MemoryCacheImageOutputStream;
import nom.tam.fits.Fits;
import nom.tam.util.FitsOutputStream;

/** Pictures that the tests make themselves. */
final class TestPictures {

    private TestPictures() {}

    /** A brightness for every pixel that no mix-up of rows and columns gives twice in a row. */
    static int value(int x, int y) {
        return (x * 7 + y * 13 + x * y % 11) % 251;
    }

    /** 8 bits, grey. */
    static byte[] grey(PictureFormat format, int width, int height) throws IOException {
        if (format == PictureFormat.FITS) {
            byte[][] rows = new byte[height][width];
            for (int y = 0; y < height; y++) {
                for (int x = 0; x < width; x++) {
                    rows[y][x] = (byte) value(x, y);
                }
            }
            return fits(rows);
        }
        return format == PictureFormat.PNM
                ? pnm("P5 " + width + " " + height + "\n255\n", width * height, i -> value(i % width, i / width))
                : encode(greyImage(width, height), format);
    }

    /** @param sample of one byte, the first of all samples being 0 */
    static byte[] pnm(String header, int samples, java.util.function.IntUnaryOperator sample) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(header.getBytes(java.nio.charset.StandardCharsets.US_ASCII));
        for (int i = 0; i < samples; i++) {
            bytes.write(sample.applyAsInt(i));
        }
        return bytes.toByteArray();
    }

    static BufferedImage greyImage(int width, int height) {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_BYTE_GRAY);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                image.getRaster().setSample(x, y, 0, value(x, y));
            }
        }
        return image;
    }

    /** 16 bits, grey. */
    static BufferedImage deepImage(int width, int height) {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_USHORT_GRAY);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                image.getRaster().setSample(x, y, 0, 257 * value(x, y) + x);
            }
        }
        return image;
    }

    static BufferedImage greyImageAsColour(int width, int height) {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_3BYTE_BGR);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                image.setRGB(x, y, 0x010101 * (2 * x + 3 * y));
            }
        }
        return image;
    }

    /** A JPEG with Adobe's marker instead of JFIF's. */
    static byte[] withAdobeMarker(byte[] jpeg, int transform) {
        byte[] adobe = {(byte) 0xFF, (byte) 0xEE, 0, 14, 'A', 'd', 'o', 'b', 'e', 0, 100, 0, 0, 0, 0, (byte) transform};
        int jfif = 2 + 2 + (jpeg[4] & 0xFF) * 256 + (jpeg[5] & 0xFF);
        return concat(java.util.Arrays.copyOf(jpeg, 2), adobe, java.util.Arrays.copyOfRange(jpeg, jfif, jpeg.length));
    }

    static byte[] encode(RenderedImage image, PictureFormat format) throws IOException {
        return format == PictureFormat.TIFF ? tiff(image, "None") : write(image, format);
    }

    private static byte[] write(RenderedImage image, PictureFormat format) throws IOException {
        return write(writer(format), new IIOImage(image, null, null), param -> {});
    }

    static byte[] tiff(RenderedImage image, String compression) throws IOException {
        return write(new TIFFImageWriterSpi().createWriterInstance(null), new IIOImage(image, null, null), param -> {
            param.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
            param.setCompressionType(compression);
        });
    }

    static byte[] progressive(RenderedImage image) throws IOException {
        return write(
                writer(PictureFormat.JPEG),
                new IIOImage(image, null, null),
                param -> param.setProgressiveMode(ImageWriteParam.MODE_DEFAULT));
    }

    /** A JPEG of four inks. */
    static byte[] cmyk(int width, int height) throws IOException {
        WritableRaster inks = Raster.createInterleavedRaster(DataBuffer.TYPE_BYTE, width, height, 4, null);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                inks.setPixel(x, y, new int[] {value(x, y), 2 * x, 3 * y, 30});
            }
        }
        return write(writer(PictureFormat.JPEG), new IIOImage(inks, null, null), param -> {});
    }

    private static ImageWriter writer(PictureFormat format) {
        return ImageIO.getImageWritersByFormatName(format.name()).next();
    }

    private static byte[] write(ImageWriter writer, IIOImage image, Consumer<ImageWriteParam> setting)
            throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (MemoryCacheImageOutputStream out = new MemoryCacheImageOutputStream(bytes)) {
            ImageWriteParam param = writer.getDefaultWriteParam();
            setting.accept(param);
            writer.setOutput(out);
            writer.write(null, image, param);
        } finally {
            writer.dispose();
        }
        return bytes.toByteArray();
    }

    static byte[] fits(Object samples) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (Fits fits = new Fits()) {
            fits.addHDU(Fits.makeHDU(samples));
            fits.write(new FitsOutputStream(bytes));
        }
        return bytes.toByteArray();
    }

    /** A small picture whose header says it is larger. */
    static byte[] claiming(PictureFormat format, int width, int height) throws IOException {
        byte[] picture = grey(format, 8, 8);
        ByteBuffer bytes = ByteBuffer.wrap(picture);
        switch (format) {
            case PNG -> {
                bytes.putInt(16, width).putInt(20, height);
                CRC32 crc = new CRC32();
                crc.update(picture, 12, 17);
                bytes.putInt(29, (int) crc.getValue());
            }
            case BMP -> bytes.putInt(18, Integer.reverseBytes(width)).putInt(22, Integer.reverseBytes(height));
            case GIF -> {
                int descriptor = indexOf(picture, ',', 13 + 3 * 256);
                bytes.putShort(descriptor + 5, Short.reverseBytes((short) width));
                bytes.putShort(descriptor + 7, Short.reverseBytes((short) height));
            }
            case JPEG -> {
                int frame = 2;
                while ((picture[frame + 1] & 0xFF) != 0xC0) {
                    frame += 2 + (bytes.getShort(frame + 2) & 0xFFFF);
                }
                bytes.putShort(frame + 5, (short) height).putShort(frame + 7, (short) width);
            }
            case TIFF -> claimInTiff(bytes, width, height);
            case PNM -> {
                return pnm("P5 " + width + " " + height + " 255\n", 64, i -> i);
            }
            case FITS -> {
                return replace(
                        replace(picture, "NAXIS1  =                    8", "NAXIS1  = %20d", width),
                        "NAXIS2  =                    8",
                        "NAXIS2  = %20d",
                        height);
            }
        }
        return picture;
    }

    private static void claimInTiff(ByteBuffer bytes, int width, int height) {
        if (bytes.get(0) == 'I') {
            bytes.order(java.nio.ByteOrder.LITTLE_ENDIAN);
        }
        int directory = bytes.getInt(4);
        int entries = bytes.getShort(directory);
        for (int i = 0; i < entries; i++) {
            int entry = directory + 2 + 12 * i;
            int tag = bytes.getShort(entry);
            if (tag == 256 || tag == 257) {
                bytes.putShort(entry + 2, (short) 4)
                        .putInt(entry + 4, 1)
                        .putInt(entry + 8, tag == 256 ? width : height);
            }
        }
    }

    private static byte[] replace(byte[] file, String card, String format, int value) {
        String text = new String(file, java.nio.charset.StandardCharsets.ISO_8859_1);
        if (!text.contains(card)) {
            throw new IllegalStateException("no card " + card);
        }
        return text.replace(card, String.format(java.util.Locale.ROOT, format, value))
                .getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);
    }

    static byte[] concat(byte[]... parts) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            bytes.writeBytes(part);
        }
        return bytes.toByteArray();
    }

    private static int indexOf(byte[] bytes, char wanted, int from) {
        for (int i = from; i < bytes.length; i++) {
            if (bytes[i] == wanted) {
                return i;
            }
        }
        throw new IllegalStateException("no " + wanted);
    }
}
