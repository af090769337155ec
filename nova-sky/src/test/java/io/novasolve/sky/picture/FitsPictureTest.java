package io.novasolve.sky.picture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.novasolve.sky.SharedImages;
import io.novasolve.sky.UnreadableInputException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import nom.tam.fits.Fits;
import nom.tam.fits.ImageHDU;
import nom.tam.fits.NullDataHDU;
import nom.tam.image.compression.hdu.CompressedImageHDU;
import nom.tam.util.FitsOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FitsPictureTest {

    private static final int W = 40;
    private static final int H = 25;

    private final PictureReader reader = new PictureReader();

    private float[][] rows(byte[] file) throws UnreadableInputException {
        Picture picture = reader.read(file, "test.fits");
        float[][] rows = new float[picture.height()][picture.width()];
        for (int y = 0; y < rows.length; y++) {
            picture.readRow(y, rows[y]);
        }
        return rows;
    }

    private static byte[] bytes(nom.tam.fits.BasicHDU<?>... hdus) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (Fits fits = new Fits()) {
            for (nom.tam.fits.BasicHDU<?> hdu : hdus) {
                fits.addHDU(hdu);
            }
            fits.write(new FitsOutputStream(bytes));
        }
        return bytes.toByteArray();
    }

    @Test
    void everySampleType() throws IOException {
        byte[][] b = new byte[H][W];
        short[][] s = new short[H][W];
        int[][] i = new int[H][W];
        long[][] l = new long[H][W];
        float[][] f = new float[H][W];
        double[][] d = new double[H][W];
        for (int y = 0; y < H; y++) {
            for (int x = 0; x < W; x++) {
                int v = TestPictures.value(x, y);
                b[y][x] = (byte) v;
                s[y][x] = (short) (v - 100);
                i[y][x] = 1000 * (v - 100);
                l[y][x] = 1000L * (v - 100);
                f[y][x] = v / 8f - 3;
                d[y][x] = v / 8.0 - 3;
            }
        }
        for (Object samples : new Object[] {b, s, i, l, f, d}) {
            float[][] rows = rows(TestPictures.fits(samples));
            for (int y = 0; y < H; y++) {
                for (int x = 0; x < W; x++) {
                    int v = TestPictures.value(x, y);
                    double expected = samples == b
                            ? v
                            : samples == s ? v - 100 : samples == f || samples == d ? v / 8.0 - 3 : 1000.0 * (v - 100);
                    assertThat((double) rows[y][x])
                            .as("%s (%d, %d)", samples, x, y)
                            .isEqualTo(expected);
                }
            }
        }
    }

    @Test
    void scaleZeroAndBlank() throws IOException {
        short[][] samples = {{-32768, 0, 32767}, {1, 2, -5}};
        ImageHDU unsigned = (ImageHDU) Fits.makeHDU(samples);
        unsigned.getHeader().addValue("BZERO", 32768.0, "");
        assertThat(rows(bytes(unsigned))).isDeepEqualTo(new float[][] {{0, 32768, 65535}, {32769, 32770, 32763}});
        ImageHDU scaled = (ImageHDU) Fits.makeHDU(samples);
        scaled.getHeader().addValue("BSCALE", 0.5, "");
        scaled.getHeader().addValue("BZERO", -1.0, "");
        scaled.getHeader().addValue("BLANK", -5, "");
        assertThat(rows(bytes(scaled))[1]).containsExactly(-0.5f, 0f, Float.NaN);
        ImageHDU floats = (ImageHDU) Fits.makeHDU(new float[][] {{1, Float.NaN}});
        floats.getHeader().addValue("BSCALE", 2.0, "");
        assertThat(rows(bytes(floats))[0]).containsExactly(2f, Float.NaN);
    }

    @Test
    void threePlanesAreAveragedOthersAreNot() throws IOException {
        float[][] rows = rows(TestPictures.fits(new short[][][] {{{1, 2}}, {{4, 4}}, {{10, 0}}}));
        assertThat(rows).isDeepEqualTo(new float[][] {{5, 2}});
        assertThat(rows(TestPictures.fits(new short[][][] {{{1, 2}}, {{4, 4}}})))
                .isDeepEqualTo(new float[][] {{1, 2}});
        assertThat(rows(TestPictures.fits(new short[][][][] {{{{7, 8}}}}))).isDeepEqualTo(new float[][] {{7, 8}});
    }

    @Test
    void firstImageMayBeInAnExtension() throws IOException {
        byte[] file = bytes(new NullDataHDU(), Fits.makeHDU(new short[] {1, 2}), Fits.makeHDU(new short[][] {{3, 4}}));
        assertThat(rows(file)).isDeepEqualTo(new float[][] {{3, 4}});
    }

    @Test
    void tableIsNoPicture() throws IOException {
        byte[] file = bytes(new NullDataHDU(), Fits.makeHDU(new Object[] {new float[] {1, 2}, new float[] {3, 4}}));
        assertThatThrownBy(() -> reader.read(file, "table.fits"))
                .isInstanceOf(UnreadableInputException.class)
                .hasMessageContaining("without an image");
    }

    @ParameterizedTest
    @ValueSource(strings = {"RICE_1", "GZIP_1", "GZIP_2", "HCOMPRESS_1"})
    void tilesAreUnpacked(String algorithm) throws IOException {
        short[][] samples = new short[H][W];
        for (int y = 0; y < H; y++) {
            for (int x = 0; x < W; x++) {
                samples[y][x] = (short) (TestPictures.value(x, y) - 50);
            }
        }
        ImageHDU image = (ImageHDU) Fits.makeHDU(samples);
        image.getHeader().addValue("BZERO", 32768.0, "");
        CompressedImageHDU compressed = CompressedImageHDU.fromImageHDU(image, W, 5);
        compressed.setCompressAlgorithm(algorithm);
        compressed.compress();
        float[][] rows = rows(bytes(new NullDataHDU(), compressed));
        for (int y = 0; y < H; y++) {
            for (int x = 0; x < W; x++) {
                assertThat((double) rows[y][x]).isEqualTo(32768 + TestPictures.value(x, y) - 50);
            }
        }
    }

    /** Files that astropy wrote, and the values it reads back. */
    @Test
    void astropyAgrees(@TempDir Path scratch) throws Exception {
        Path python = Path.of("/usr/bin/python3");
        if (!Files.exists(python)) {
            SharedImages.skip("there is no astropy; install the Debian package python3-astropy");
        }
        Path script = Files.writeString(
                scratch.resolve("write pictures.py"),
                """
                import sys
                try:
                    import numpy as np
                    from astropy.io import fits
                except ImportError:
                    print('no astropy')
                    sys.exit(0)
                folder = sys.argv[1] + '/'
                rng = np.random.default_rng(7)
                sky = rng.normal(1000, 20, (60, 90))
                made = {}
                for kind in ('uint8', 'int16', 'uint16', 'int32', 'uint32', 'float32', 'float64'):
                    made[kind] = fits.PrimaryHDU((sky / 8 if kind == 'uint8' else sky).astype(kind))
                for method in ('RICE_1', 'GZIP_1', 'GZIP_2', 'HCOMPRESS_1', 'PLIO_1'):
                    made['int16 ' + method] = fits.CompImageHDU(sky.astype('int16'), compression_type=method)
                for method in ('RICE_1', 'GZIP_1', 'GZIP_2'):
                    made['uint16 ' + method] = fits.CompImageHDU(sky.astype('uint16'), compression_type=method)
                    made['float32 ' + method] = fits.CompImageHDU(
                        sky.astype('float32'), compression_type=method, quantize_level=16, quantize_method=1, dither_seed=3)
                for name, hdu in made.items():
                    hdus = [hdu] if isinstance(hdu, fits.PrimaryHDU) else [fits.PrimaryHDU(), hdu]
                    fits.HDUList(hdus).writeto(folder + name + '.fits')
                    data = fits.open(folder + name + '.fits')[-1].data
                    print(name + '|' + ' '.join(repr(float(v)) for v in data[::7, ::11].flatten()))
                """);
        List<String> lines = SharedImages.output(scratch, python.toString(), script.toString(), scratch.toString());
        if (lines.get(0).equals("no astropy")) {
            SharedImages.skip("there is no astropy; install the Debian package python3-astropy");
        }
        for (String line : lines) {
            String name = line.substring(0, line.indexOf('|'));
            String[] expected = line.substring(line.indexOf('|') + 1).split(" ");
            float[][] rows = rows(Files.readAllBytes(scratch.resolve(name + ".fits")));
            int i = 0;
            for (int y = 0; y < 60; y += 7) {
                for (int x = 0; x < 90; x += 11) {
                    double value = Double.parseDouble(expected[i++]);
                    assertThat((double) rows[y][x])
                            .as("%s (%d, %d)", name, x, y)
                            .isCloseTo(value, within(1e-3));
                }
            }
        }
        assertThat(lines.size()).isGreaterThan(12);
    }

    @Test
    void damagedTilesAreAnError() throws IOException {
        Random random = new Random(3);
        CompressedImageHDU compressed = CompressedImageHDU.fromImageHDU((ImageHDU) Fits.makeHDU(new short[H][W]), W, 5);
        compressed.setCompressAlgorithm("GZIP_1");
        compressed.compress();
        byte[] file = bytes(new NullDataHDU(), compressed);
        byte[] tail = new byte[2880];
        random.nextBytes(tail);
        System.arraycopy(tail, 0, file, file.length - tail.length, tail.length);
        assertThatThrownBy(() -> reader.read(file, "damaged")).isInstanceOf(UnreadableInputException.class);
    }
}
