package io.novasolve.sky.picture;

import io.novasolve.sky.UnreadableInputException;
import java.io.UncheckedIOException;
import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.nio.ShortBuffer;
import org.jspecify.annotations.Nullable;

/** Samples in the depth of a FITS file, scaled row by row when they are read. */
final class FitsPicture implements ChannelPicture {

    private final int width;
    private final int height;
    private final int planes;
    private final Rows rows;
    private final boolean areBytes;
    private final double scale;
    private final double zero;
    private final @Nullable Long blank;

    /** The samples of a row as one of the buffers of the six FITS sample types; rows are counted on from plane to plane. */
    @FunctionalInterface
    interface Rows {
        Buffer read(int row) throws UnreadableInputException;
    }

    /**
     * @param areBytes whether samples are of 8 bits
     * @param blank raw integer value of pixels without a value, or null
     */
    FitsPicture(
            int width,
            int height,
            int planes,
            Rows rows,
            boolean areBytes,
            double scale,
            double zero,
            @Nullable Long blank) {
        this.width = width;
        this.height = height;
        this.planes = planes;
        this.rows = rows;
        this.areBytes = areBytes;
        this.scale = scale;
        this.zero = zero;
        this.blank = blank;
    }

    @Override
    public int width() {
        return width;
    }

    @Override
    public int height() {
        return height;
    }

    @Override
    public int channels() {
        return planes;
    }

    @Override
    public boolean isEightBit() {
        return areBytes && scale == 1 && zero == 0;
    }

    @Override
    public int bitpix() {
        return isEightBit() ? 8 : -32;
    }

    @Override
    public void readRow(int y, float[] brightness) {
        readRow(y, 0, brightness);
        if (planes == 1) {
            return;
        }
        float[] plane = new float[width];
        for (int p = 1; p < planes; p++) {
            readRow(y, p, plane);
            for (int x = 0; x < width; x++) {
                brightness[x] += plane[x];
            }
        }
        for (int x = 0; x < width; x++) {
            brightness[x] /= planes;
        }
    }

    @Override
    public void readRow(int y, int channel, float[] row) {
        Buffer samples = samples(channel * height + y);
        if (samples instanceof FloatBuffer floats) {
            readFloats(floats, row);
        } else if (samples instanceof DoubleBuffer doubles) {
            for (int x = 0; x < width; x++) {
                row[x] = (float) (zero + scale * doubles.get(x));
            }
        } else if (samples instanceof ShortBuffer shorts && blank == null) {
            readShorts(shorts, row);
        } else {
            readIntegers(samples, row);
        }
    }

    private Buffer samples(int row) {
        try {
            return rows.read(row);
        } catch (UnreadableInputException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void readFloats(FloatBuffer floats, float[] row) {
        floats.get(0, row, 0, width);
        if (scale != 1 || zero != 0) {
            for (int x = 0; x < width; x++) {
                row[x] = (float) (zero + scale * row[x]);
            }
        }
    }

    private void readShorts(ShortBuffer shorts, float[] row) {
        short[] raw = new short[width];
        shorts.get(0, raw);
        // Exact in float: 16-bit samples plus an offset such as 32768.
        if (scale == 1 && zero == (short) zero || scale == 1 && zero == 32768) {
            float offset = (float) zero;
            for (int x = 0; x < width; x++) {
                row[x] = raw[x] + offset;
            }
        } else {
            for (int x = 0; x < width; x++) {
                row[x] = (float) (zero + scale * raw[x]);
            }
        }
    }

    private void readIntegers(Buffer samples, float[] row) {
        for (int x = 0; x < width; x++) {
            long raw = rawInteger(samples, x);
            row[x] = blank != null && raw == blank ? Float.NaN : (float) (zero + scale * raw);
        }
    }

    private static long rawInteger(Buffer samples, int i) {
        if (samples instanceof ByteBuffer bytes) {
            return bytes.get(i) & 0xFF;
        }
        if (samples instanceof ShortBuffer shorts) {
            return shorts.get(i);
        }
        if (samples instanceof IntBuffer ints) {
            return ints.get(i);
        }
        return ((LongBuffer) samples).get(i);
    }
}
