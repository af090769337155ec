package io.novasolve.sky.picture;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.IntBinaryOperator;

/** Uncompressed TIFF files, byte by byte (TIFF 6.0), of the kinds that no writer at hand makes. */
final class HandMadeTiff {

    private static final int HEADER = 8;

    private HandMadeTiff() {}

    /**
     * One strip, little-endian, grey.
     *
     * @param format 1 for unsigned integers, 2 for signed ones, 3 for floats
     */
    static byte[] strips(int width, int height, int bits, int format, IntBinaryOperator value) {
        return strips(width, height, bits, format, 1, value);
    }

    /** As a scanned negative: 0 is white. */
    static byte[] whiteIsZero(int width, int height, int bits, IntBinaryOperator value) {
        return strips(width, height, bits, 1, 0, value);
    }

    private static byte[] strips(
            int width, int height, int bits, int format, int photometric, IntBinaryOperator value) {
        ByteBuffer samples = buffer(width * height * bits / 8);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                put(samples, bits, format, value.applyAsInt(x, y));
            }
        }
        return file(samples, new int[][] {
            {256, width},
            {257, height},
            {258, bits},
            {259, 1},
            {262, photometric},
            {273, HEADER},
            {277, 1},
            {278, height},
            {279, samples.capacity()},
            {339, format}
        });
    }

    /** Its first directory says that it is a reduced version of what is in another. */
    static byte[] withSmallPictureFirst(int width, int height, IntBinaryOperator value) {
        ByteBuffer samples = buffer(width * height);
        for (int i = 0; i < width * height; i++) {
            samples.put((byte) value.applyAsInt(i % width, i / width));
        }
        return file(samples, new int[][] {
            {254, 1, 1},
            {256, width},
            {257, height},
            {258, 8},
            {259, 1},
            {262, 1},
            {273, HEADER},
            {277, 1},
            {278, height},
            {279, samples.capacity()},
            {330, HEADER}
        });
    }

    /** Tiles of 16 × 16. */
    static byte[] tiles(int width, int height, int bits, IntBinaryOperator value) {
        int across = (width + 15) / 16;
        int down = (height + 15) / 16;
        int tileBytes = 16 * 16 * bits / 8;
        int count = across * down;
        ByteBuffer data = buffer(count * tileBytes + 8 * count);
        for (int tile = 0; tile < count; tile++) {
            for (int i = 0; i < 256; i++) {
                int x = tile % across * 16 + i % 16;
                int y = tile / across * 16 + i / 16;
                put(data, bits, 1, x < width && y < height ? value.applyAsInt(x, y) : 9);
            }
        }
        for (int tile = 0; tile < count; tile++) {
            data.putInt(HEADER + tile * tileBytes);
        }
        for (int tile = 0; tile < count; tile++) {
            data.putInt(tileBytes);
        }
        int offsets = HEADER + count * tileBytes;
        return file(data, new int[][] {
            {256, width},
            {257, height},
            {258, bits},
            {259, 1},
            {262, 1},
            {277, 1},
            {322, 16},
            {323, 16},
            {324, offsets, count},
            {325, offsets + 4 * count, count}
        });
    }

    /** Red, green and blue in planes of their own: value, value + 1, value + 2. */
    static byte[] planes(int width, int height, IntBinaryOperator value) {
        int plane = width * height;
        ByteBuffer data = buffer(3 * plane + 24 + 6);
        for (int p = 0; p < 3; p++) {
            for (int y = 0; y < height; y++) {
                for (int x = 0; x < width; x++) {
                    data.put((byte) (value.applyAsInt(x, y) + p));
                }
            }
        }
        for (int p = 0; p < 3; p++) {
            data.putInt(HEADER + p * plane);
        }
        for (int p = 0; p < 3; p++) {
            data.putInt(plane);
        }
        for (int p = 0; p < 3; p++) {
            data.putShort((short) 8);
        }
        int offsets = HEADER + 3 * plane;
        return file(data, new int[][] {
            {256, width},
            {257, height},
            {258, offsets + 24, -3},
            {259, 1},
            {262, 2},
            {273, offsets, 3},
            {277, 3},
            {278, height},
            {279, offsets + 12, 3},
            {284, 2}
        });
    }

    /** BigTIFF: 16 bits in one strip, with sizes and offsets of eight bytes. */
    static byte[] big(int width, int height, IntBinaryOperator value) {
        int header = 16;
        int length = 2 * width * height;
        int[][] entries = {
            {256, width},
            {257, height},
            {258, 16},
            {259, 1},
            {262, 1},
            {273, header},
            {277, 1},
            {278, height},
            {279, length},
            {339, 1}
        };
        ByteBuffer file = buffer(header + length + 8 + 20 * entries.length + 8);
        file.put((byte) 'I')
                .put((byte) 'I')
                .putShort((short) 43)
                .putShort((short) 8)
                .putShort((short) 0);
        file.putLong(header + length);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                file.putShort((short) value.applyAsInt(x, y));
            }
        }
        file.putLong(entries.length);
        for (int[] entry : entries) {
            file.putShort((short) entry[0]).putShort((short) 16).putLong(1).putLong(entry[1]);
        }
        return file.array();
    }

    /** A brightness for every pixel. */
    interface Sample {
        float of(int x, int y);
    }

    /** Red, green and blue beside each other, as floats: a sample, and 3 and 6 more. */
    static byte[] floatColours(int width, int height, int rowsPerStrip, Sample sample) {
        int strips = (height + rowsPerStrip - 1) / rowsPerStrip;
        int rowBytes = 12 * width;
        ByteBuffer data = buffer(height * rowBytes + 8 * strips + 12);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                for (int c = 0; c < 3; c++) {
                    data.putFloat(sample.of(x, y) + 3 * c);
                }
            }
        }
        for (int s = 0; s < strips; s++) {
            data.putInt(HEADER + s * rowsPerStrip * rowBytes);
        }
        for (int s = 0; s < strips; s++) {
            data.putInt(Math.min(rowsPerStrip, height - s * rowsPerStrip) * rowBytes);
        }
        for (int value : new int[] {32, 32, 32, 3, 3, 3}) {
            data.putShort((short) value);
        }
        int offsets = HEADER + height * rowBytes;
        int shorts = offsets + 8 * strips;
        return file(data, new int[][] {
            {256, width},
            {257, height},
            {258, shorts, -3},
            {259, 1},
            {262, 2},
            {273, strips == 1 ? HEADER : offsets, strips},
            {277, 3},
            {278, rowsPerStrip},
            {279, strips == 1 ? height * rowBytes : offsets + 4 * strips, strips},
            {339, shorts + 6, -3}
        });
    }

    private static void put(ByteBuffer out, int bits, int format, int value) {
        if (format == 3) {
            out.putFloat(value);
        } else if (bits == 32) {
            out.putInt(value);
        } else if (bits == 16) {
            out.putShort((short) value);
        } else {
            out.put((byte) value);
        }
    }

    /** Entries are {tag, value}, {tag, offset, count of longs} or {tag, offset, minus the count of shorts}. */
    private static byte[] file(ByteBuffer data, int[][] entries) {
        ByteBuffer file = buffer(HEADER + data.capacity() + 2 + 12 * entries.length + 4);
        file.put((byte) 'I').put((byte) 'I').putShort((short) 42).putInt(HEADER + data.capacity());
        file.put(data.array());
        file.putShort((short) entries.length);
        for (int[] entry : entries) {
            int count = entry.length > 2 ? entry[2] : 1;
            boolean shorts = count < 0 || entry[0] <= 262 || entry[0] == 277 || entry[0] == 284 || entry[0] == 339;
            file.putShort((short) entry[0]).putShort((short) (shorts ? 3 : 4));
            file.putInt(Math.abs(count)).putInt(entry[1]);
        }
        return file.array();
    }

    private static ByteBuffer buffer(int length) {
        return ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    }
}
