package io.novasolve.sky.picture;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import nom.tam.fits.BinaryTable;
import nom.tam.fits.BinaryTableHDU;
import nom.tam.fits.Fits;
import nom.tam.fits.ImageHDU;
import nom.tam.fits.NullDataHDU;
import nom.tam.image.compression.hdu.CompressedImageHDU;
import nom.tam.util.FitsOutputStream;

/** Small valid files of every kind, to be damaged. */
public final class PictureSamples {

    private PictureSamples() {}

    public static List<byte[]> of(PictureFormat format) throws IOException {
        List<byte[]> samples = new ArrayList<>();
        samples.add(TestPictures.grey(format, 24, 17));
        BufferedImage colour = TestPictures.greyImageAsColour(24, 17);
        switch (format) {
            case TIFF -> {
                samples.add(TestPictures.tiff(colour, "LZW"));
                samples.add(TestPictures.tiff(colour, "Deflate"));
                samples.add(HandMadeTiff.tiles(24, 17, 16, TestPictures::value));
                samples.add(HandMadeTiff.planes(24, 17, TestPictures::value));
                samples.add(HandMadeTiff.big(24, 17, TestPictures::value));
            }
            case FITS -> {
                samples.add(TestPictures.fits(new float[3][17][24]));
                samples.add(TestPictures.fits(new short[1][2][3][17][24]));
                for (String algorithm : List.of("RICE_1", "GZIP_1", "GZIP_2", "HCOMPRESS_1", "PLIO_1")) {
                    samples.add(tiles(algorithm));
                }
                samples.add(tiles("GZIP_1", new short[2][3][17][24]));
            }
            case JPEG -> {
                byte[] whole = TestPictures.encode(colour, format);
                samples.add(whole);
                samples.add(TestPictures.withAdobeMarker(whole, 0));
                samples.add(TestPictures.progressive(colour));
                samples.add(TestPictures.cmyk(24, 17));
            }
            case PNG -> {
                samples.add(TestPictures.encode(colour, format));
                samples.add(TestPictures.encode(TestPictures.deepImage(24, 17), format));
                samples.add(TestPictures.encode(new BufferedImage(24, 17, BufferedImage.TYPE_BYTE_INDEXED), format));
            }
            case BMP -> samples.add(TestPictures.encode(colour, format));
            case PNM -> {
                samples.add(TestPictures.pnm("P6\n# colours\n24 17\n255\n", 3 * 24 * 17, i -> i % 251));
                samples.add(TestPictures.pnm("P6 24 17 4095\n", 6 * 24 * 17, i -> i % 2 == 0 ? i % 16 : i % 251));
            }
            case GIF -> {}
        }
        return samples;
    }

    static byte[] tiles(String algorithm) throws IOException {
        short[][] rows = new short[17][24];
        for (int y = 0; y < 17; y++) {
            for (int x = 0; x < 24; x++) {
                rows[y][x] = (short) TestPictures.value(x, y);
            }
        }
        return tiles(algorithm, rows);
    }

    private static byte[] tiles(String algorithm, Object samples) throws IOException {
        CompressedImageHDU compressed = CompressedImageHDU.fromImageHDU((ImageHDU) Fits.makeHDU(samples), 24, 6);
        compressed.setCompressAlgorithm(algorithm);
        compressed.compress();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (Fits fits = new Fits()) {
            fits.addHDU(new NullDataHDU());
            fits.addHDU(compressed);
            fits.write(new FitsOutputStream(bytes));
        }
        return bytes.toByteArray();
    }

    /** An image of 24 × 17 × 1 × 2 that says its last axis has another length. */
    static byte[] compressedCube(long claimed) throws Exception {
        CompressedImageHDU compressed =
                CompressedImageHDU.fromImageHDU((ImageHDU) Fits.makeHDU(new short[2][1][17][24]), 24, 17);
        compressed.setCompressAlgorithm("RICE_1");
        compressed.compress();
        compressed.getHeader().addValue("ZNAXIS4", claimed, "");
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (Fits fits = new Fits()) {
            fits.addHDU(new NullDataHDU());
            fits.addHDU(compressed);
            fits.write(new FitsOutputStream(bytes));
        }
        return bytes.toByteArray();
    }

    public static byte[] starTable() throws IOException {
        BinaryTable table = new BinaryTable();
        table.addColumn(new double[] {1, 2, 3});
        table.addColumn(new float[] {4, 5, 6});
        BinaryTableHDU hdu = (BinaryTableHDU) Fits.makeHDU(table);
        hdu.setColumnName(0, "X", "");
        hdu.setColumnName(1, "Y", "");
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (Fits fits = new Fits()) {
            fits.addHDU(new NullDataHDU());
            fits.addHDU(hdu);
            fits.write(new FitsOutputStream(bytes));
        }
        return bytes.toByteArray();
    }
}
