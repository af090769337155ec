package io.novasolve.sky.picture;

import java.awt.Rectangle;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;

/** A picture that would be large in memory: rows are decoded in bands when they are asked for, and the last few bands kept. */
final class BandedPicture implements ChannelPicture {

    /** Of the bands that are kept, and of the largest one that is made. */
    static final int MOST_BYTES = 16 << 20;

    /** Decodes a part of the picture. */
    @FunctionalInterface
    interface Decoder {
        RasterPicture decode(Rectangle region) throws IOException;
    }

    private final int width;
    private final int height;
    private final int rows;
    private final Decoder decoder;
    private final RasterPicture first;
    private final Map<Integer, RasterPicture> bands;

    private BandedPicture(int width, int height, int rows, Decoder decoder) throws IOException {
        this.width = width;
        this.height = height;
        this.rows = rows;
        this.decoder = decoder;
        this.first = decode(0);
        int kept = (int) Math.max(1, MOST_BYTES / first.bytes());
        this.bands = new LinkedHashMap<>(16, 0.75f, true) {
            @Override
            protected boolean removeEldestEntry(Map.Entry<Integer, RasterPicture> eldest) {
                return size() > kept;
            }
        };
    }

    /**
     * Decodes all of it once, so that damage shows now and not when it is read.
     *
     * @param rows of a band
     */
    static BandedPicture of(int width, int height, int rows, Decoder decoder) throws IOException {
        BandedPicture picture = new BandedPicture(width, height, rows, decoder);
        for (long top = rows; top < height; top += rows) {
            picture.decode((int) top / rows);
        }
        return picture;
    }

    private RasterPicture decode(int band) throws IOException {
        int top = band * rows;
        return decoder.decode(new Rectangle(0, top, width, Math.min(rows, height - top)));
    }

    private synchronized RasterPicture band(int y) {
        try {
            RasterPicture band = bands.get(y / rows);
            if (band == null) {
                band = decode(y / rows);
                bands.put(y / rows, band);
            }
            return band;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
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
        return first.channels();
    }

    @Override
    public boolean isEightBit() {
        return first.isEightBit();
    }

    @Override
    public int bitpix() {
        return first.bitpix();
    }

    @Override
    public void readRow(int y, float[] brightness) {
        band(y).readRow(y % rows, brightness);
    }

    @Override
    public void readRow(int y, int channel, float[] samples) {
        band(y).readRow(y % rows, channel, samples);
    }
}
