package io.novasolve.products;

import java.awt.Color;
import java.awt.GradientPaint;
import java.awt.Graphics2D;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.WritableRaster;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.Deflater;
import javax.imageio.ImageIO;

/** Pictures of 6000 × 4000 pixels, each of the kind its name says. */
enum LargePictures {
    PHOTOGRAPH("jpg") {
        @Override
        void write(Path file) throws IOException {
            BufferedImage image = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_3BYTE_BGR);
            Graphics2D g = image.createGraphics();
            g.setPaint(new GradientPaint(0, 0, Color.BLACK, WIDTH, HEIGHT, new Color(80, 60, 90)));
            g.fillRect(0, 0, WIDTH, HEIGHT);
            g.dispose();
            ImageIO.write(image, "jpeg", file.toFile());
        }
    },
    /** The file alone is as large as all of the heap but 64 MiB. */
    FITS_OF_THREE_PLANES("fits") {
        @Override
        void write(Path file) throws IOException {
            fits(file, 3);
        }
    },
    FITS_OF_SIX_PLANES("fits") {
        @Override
        void write(Path file) throws IOException {
            fits(file, 6);
        }
    },
    PNG_RGB_16("png") {
        @Override
        void write(Path file) throws IOException {
            png(file, 3);
        }
    },
    PNG_RGBA_16("png") {
        @Override
        void write(Path file) throws IOException {
            png(file, 4);
        }
    },
    TIFF_RGB_16("tif") {
        @Override
        void write(Path file) throws IOException {
            tiff(file, 3, 2, 16, false);
        }
    },
    TIFF_RGB_16_IN_ONE_STRIP("tif") {
        @Override
        void write(Path file) throws IOException {
            tiff(file, 3, 2, HEIGHT, false);
        }
    },
    TIFF_RGBA_16_DEFLATED("tif") {
        @Override
        void write(Path file) throws IOException {
            tiff(file, 4, 2, 16, true);
        }
    },
    TIFF_RGB_FLOAT("tif") {
        @Override
        void write(Path file) throws IOException {
            tiff(file, 3, 4, 16, false);
        }
    },
    TIFF_RGB_FLOAT_IN_ONE_STRIP("tif") {
        @Override
        void write(Path file) throws IOException {
            tiff(file, 3, 4, HEIGHT, false);
        }
    },
    TIFF_RGB_FLOAT_DEFLATED("tif") {
        @Override
        void write(Path file) throws IOException {
            tiff(file, 3, 4, 16, true);
        }
    };

    static final int WIDTH = 6000;
    static final int HEIGHT = 4000;

    private final String extension;

    LargePictures(String extension) {
        this.extension = extension;
    }

    /** Writes it into a folder. */
    Path in(Path folder) throws IOException {
        Path file = folder.resolve(name().toLowerCase(java.util.Locale.ROOT) + "." + extension);
        write(file);
        return file;
    }

    abstract void write(Path file) throws IOException;

    private static OutputStream open(Path file) throws IOException {
        return new BufferedOutputStream(Files.newOutputStream(file), 1 << 16);
    }

    private static void fits(Path file, int planes) throws IOException {
        StringBuilder header = new StringBuilder();
        String[] cards = {
            "SIMPLE  = T",
            "BITPIX  = -32",
            "NAXIS   = 3",
            "NAXIS1  = " + WIDTH,
            "NAXIS2  = " + HEIGHT,
            "NAXIS3  = " + planes,
            "END"
        };
        for (String card : cards) {
            header.append(card).append(" ".repeat(80 - card.length()));
        }
        try (OutputStream out = open(file)) {
            out.write((header + " ".repeat(2880 - header.length())).getBytes(StandardCharsets.US_ASCII));
            ByteBuffer row = ByteBuffer.allocate(4 * WIDTH);
            for (int y = 0; y < planes * HEIGHT; y++) {
                row.putFloat(4 * (y % WIDTH), y % 256);
                out.write(row.array());
            }
        }
    }

    private static void png(Path file, int bands) throws IOException {
        ComponentColorModel colours = new ComponentColorModel(
                ColorSpace.getInstance(ColorSpace.CS_sRGB),
                bands == 4,
                false,
                bands == 4 ? ComponentColorModel.TRANSLUCENT : ComponentColorModel.OPAQUE,
                DataBuffer.TYPE_USHORT);
        WritableRaster raster = colours.createCompatibleWritableRaster(WIDTH, HEIGHT);
        int[] row = new int[bands * WIDTH];
        for (int y = 0; y < HEIGHT; y++) {
            for (int i = 0; i < row.length; i++) {
                row[i] = sample(i, y);
            }
            raster.setPixels(0, y, WIDTH, 1, row);
        }
        ImageIO.write(new BufferedImage(colours, raster, false, null), "png", file.toFile());
    }

    /** Noise of twelve bits, which compresses as badly as that of a camera, and some stars. */
    private static int sample(int i, int y) {
        int hash = (i * 0x9E3779B1 ^ y * 0x85EBCA6B) * 0xC2B2AE35;
        return 1000 + ((hash ^ hash >>> 15) * 0x27D4EB2F >>> 20) + (i % 900 < 12 && y % 300 < 4 ? 30_000 : 0);
    }

    /** TIFF 6.0: the strips, then the directory; samples of 2 bytes are integers, those of 4 bytes floats. */
    private static void tiff(Path file, int bands, int bytes, int rowsPerStrip, boolean deflated) throws IOException {
        int strips = (HEIGHT + rowsPerStrip - 1) / rowsPerStrip;
        long[] offsets = new long[strips];
        long[] counts = new long[strips];
        long at = 8;
        ByteBuffer strip = buffer(WIDTH * bands * bytes * rowsPerStrip);
        try (OutputStream out = open(file)) {
            out.write(new byte[8]);
            for (int s = 0; s < strips; s++) {
                strip.clear();
                for (int y = s * rowsPerStrip; y < (s + 1) * rowsPerStrip; y++) {
                    for (int i = 0; i < WIDTH * bands; i++) {
                        if (bytes == 2) {
                            strip.putShort((short) sample(i, y));
                        } else {
                            strip.putFloat(sample(i, y));
                        }
                    }
                }
                offsets[s] = at;
                counts[s] = deflated ? deflate(strip.array(), out) : strip.capacity();
                if (!deflated) {
                    out.write(strip.array());
                }
                at += counts[s];
            }
            ByteBuffer tail = buffer(8 * strips + 4 * bands + 2 + 12 * 12 + 4);
            for (long offset : offsets) {
                tail.putInt((int) offset);
            }
            for (long count : counts) {
                tail.putInt((int) count);
            }
            for (int value : new int[] {8 * bytes, bytes == 2 ? 1 : 3}) {
                for (int band = 0; band < bands; band++) {
                    tail.putShort((short) value);
                }
            }
            long shorts = at + 8L * strips;
            long directory = at + tail.position();
            long[][] entries = {
                {256, 4, 1, WIDTH},
                {257, 4, 1, HEIGHT},
                {258, 3, bands, shorts},
                {259, 3, 1, deflated ? 8 : 1},
                {262, 3, 1, 2},
                {273, 4, strips, strips == 1 ? offsets[0] : at},
                {277, 3, 1, bands},
                {278, 4, 1, rowsPerStrip},
                {279, 4, strips, strips == 1 ? counts[0] : at + 4L * strips},
                {284, 3, 1, 1},
                {338, 3, 1, 2},
                {339, 3, bands, shorts + 2L * bands}
            };
            tail.putShort((short) (bands == 4 ? entries.length : entries.length - 1));
            for (long[] entry : entries) {
                if (bands == 4 || entry[0] != 338) {
                    tail.putShort((short) entry[0]).putShort((short) entry[1]);
                    tail.putInt((int) entry[2]).putInt((int) entry[3]);
                }
            }
            out.write(tail.array());
            at = directory;
        }
        try (var head = java.nio.channels.FileChannel.open(file, java.nio.file.StandardOpenOption.WRITE)) {
            head.write(
                    buffer(8)
                            .put((byte) 'I')
                            .put((byte) 'I')
                            .putShort((short) 42)
                            .putInt((int) at)
                            .flip(),
                    0);
        }
    }

    private static int deflate(byte[] strip, OutputStream out) throws IOException {
        Deflater deflater = new Deflater(1);
        byte[] buffer = new byte[1 << 16];
        int length = 0;
        deflater.setInput(strip);
        deflater.finish();
        while (!deflater.finished()) {
            int n = deflater.deflate(buffer);
            out.write(buffer, 0, n);
            length += n;
        }
        deflater.end();
        return length;
    }

    private static ByteBuffer buffer(int length) {
        return ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    }
}
