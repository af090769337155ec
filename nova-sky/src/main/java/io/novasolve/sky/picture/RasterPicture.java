package io.novasolve.sky.picture;

import com.twelvemonkeys.imageio.color.UInt32ColorModel;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.DataBufferByte;
import java.awt.image.DataBufferUShort;
import java.awt.image.IndexColorModel;
import java.awt.image.PixelInterleavedSampleModel;
import java.awt.image.Raster;
import org.jspecify.annotations.Nullable;

/** Samples as an ImageIO reader delivered them: no copy, no colour conversion; alpha stays unread. */
final class RasterPicture implements ChannelPicture {

    private final Raster raster;
    private final int channels;
    private final boolean unsignedInts;

    /** Red, green and blue of each palette entry, and their mean; null without a palette. */
    private final float @Nullable [][] palette;

    private RasterPicture(Raster raster, @Nullable ColorModel colours, boolean unsignedInts) {
        this.raster = raster;
        this.palette = colours instanceof IndexColorModel indexed ? paletteOf(indexed) : null;
        this.unsignedInts = unsignedInts;
        int colourBands = raster.getNumBands() - (colours != null && colours.hasAlpha() && palette == null ? 1 : 0);
        this.channels = palette != null || colourBands >= 3 ? 3 : 1;
    }

    static RasterPicture of(BufferedImage image) {
        ColorModel colours = image.getColorModel();
        return new RasterPicture(image.getRaster(), colours, colours instanceof UInt32ColorModel);
    }

    /** @param signed whether 32-bit integers have a sign, which their raster does not tell */
    static RasterPicture of(BufferedImage image, boolean signed) {
        Raster raster = image.getRaster();
        return new RasterPicture(
                raster, image.getColorModel(), raster.getTransferType() == DataBuffer.TYPE_INT && !signed);
    }

    static RasterPicture of(Raster raster) {
        return new RasterPicture(raster, null, false);
    }

    /** What the samples take in memory. */
    long bytes() {
        DataBuffer buffer = raster.getDataBuffer();
        return (long) buffer.getNumBanks() * buffer.getSize() * DataBuffer.getDataTypeSize(buffer.getDataType()) / 8;
    }

    private static float[][] paletteOf(IndexColorModel colours) {
        float[][] lookup = new float[4][Math.max(256, colours.getMapSize())];
        for (int i = 0; i < colours.getMapSize(); i++) {
            lookup[0][i] = colours.getRed(i);
            lookup[1][i] = colours.getGreen(i);
            lookup[2][i] = colours.getBlue(i);
            lookup[3][i] = (lookup[0][i] + lookup[1][i] + lookup[2][i]) / 3;
        }
        return lookup;
    }

    @Override
    public int width() {
        return raster.getWidth();
    }

    @Override
    public int height() {
        return raster.getHeight();
    }

    @Override
    public int channels() {
        return channels;
    }

    @Override
    public boolean isEightBit() {
        return palette != null || raster.getSampleModel().getSampleSize(0) <= 8;
    }

    @Override
    public int bitpix() {
        if (isEightBit()) {
            return 8;
        }
        return raster.getTransferType() == DataBuffer.TYPE_USHORT ? 16 : -32;
    }

    @Override
    public void readRow(int y, float[] brightness) {
        if (palette != null) {
            lookUp(y, palette[3], brightness);
        } else if (channels == 1) {
            readBand(y, 0, brightness);
        } else if (raster.getSampleModel() instanceof PixelInterleavedSampleModel model
                && raster.getDataBuffer() instanceof DataBufferByte buffer) {
            meanOfBytes(buffer.getData(), model, y, brightness);
        } else {
            meanOfBands(y, brightness);
        }
    }

    @Override
    public void readRow(int y, int channel, float[] samples) {
        if (palette != null) {
            lookUp(y, palette[channel], samples);
        } else {
            readBand(y, channel, samples);
        }
    }

    private void lookUp(int y, float[] values, float[] row) {
        int[] indices = raster.getSamples(raster.getMinX(), raster.getMinY() + y, width(), 1, 0, (int[]) null);
        for (int x = 0; x < indices.length; x++) {
            row[x] = values[indices[x]];
        }
    }

    private void readBand(int y, int band, float[] row) {
        if (raster.getSampleModel() instanceof PixelInterleavedSampleModel model) {
            int step = model.getPixelStride();
            int at = start(model, y) + model.getBandOffsets()[band];
            if (raster.getDataBuffer() instanceof DataBufferByte buffer) {
                byte[] data = buffer.getData();
                for (int x = 0; x < width(); x++, at += step) {
                    row[x] = data[at] & 0xFF;
                }
                return;
            }
            if (raster.getDataBuffer() instanceof DataBufferUShort buffer) {
                short[] data = buffer.getData();
                for (int x = 0; x < width(); x++, at += step) {
                    row[x] = data[at] & 0xFFFF;
                }
                return;
            }
        }
        readAnyBand(y, band, row);
    }

    private void readAnyBand(int y, int band, float[] row) {
        raster.getSamples(raster.getMinX(), raster.getMinY() + y, width(), 1, band, row);
        if (unsignedInts) {
            for (int x = 0; x < width(); x++) {
                row[x] = row[x] < 0 ? row[x] + 0x1p32f : row[x];
            }
        }
    }

    /** Three or four neighbouring bytes a pixel: the case worth its own loop. */
    private void meanOfBytes(byte[] data, PixelInterleavedSampleModel model, int y, float[] row) {
        int step = model.getPixelStride();
        int at = start(model, y);
        int red = at + model.getBandOffsets()[0];
        int green = at + model.getBandOffsets()[1];
        int blue = at + model.getBandOffsets()[2];
        for (int x = 0, i = 0; x < width(); x++, i += step) {
            row[x] = ((data[red + i] & 0xFF) + (data[green + i] & 0xFF) + (data[blue + i] & 0xFF)) / 3f;
        }
    }

    private void meanOfBands(int y, float[] row) {
        float[] band = new float[width()];
        readBand(y, 0, row);
        for (int c = 1; c < 3; c++) {
            readBand(y, c, band);
            for (int x = 0; x < band.length; x++) {
                row[x] += band[x];
            }
        }
        for (int x = 0; x < band.length; x++) {
            row[x] /= 3;
        }
    }

    private int start(PixelInterleavedSampleModel model, int y) {
        DataBuffer buffer = raster.getDataBuffer();
        return (y - (raster.getSampleModelTranslateY() - raster.getMinY())) * model.getScanlineStride()
                + (raster.getMinX() - raster.getSampleModelTranslateX()) * model.getPixelStride()
                + buffer.getOffset();
    }
}
