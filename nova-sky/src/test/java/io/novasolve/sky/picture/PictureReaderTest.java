package io.novasolve.sky.picture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.novasolve.sky.SharedImages;
import io.novasolve.sky.UnreadableInputException;
import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class PictureReaderTest {

    private static final int W = 37;
    private static final int H = 23;

    private final PictureReader reader = new PictureReader();

    private interface Expected {
        double at(int x, int y);
    }

    private void expect(byte[] file, Expected expected, double tolerance) throws UnreadableInputException {
        Picture picture = reader.read(file, "test");
        assertThat(picture.width()).isEqualTo(W);
        assertThat(picture.height()).isEqualTo(H);
        float[] row = new float[W];
        for (int y = 0; y < H; y++) {
            picture.readRow(y, row);
            for (int x = 0; x < W; x++) {
                assertThat((double) row[x]).as("(%d, %d)", x, y).isCloseTo(expected.at(x, y), within(tolerance));
            }
        }
    }

    @ParameterizedTest
    @EnumSource(PictureFormat.class)
    void eightBitsGrey(PictureFormat format) throws IOException {
        // The test picture is nearly noise, which JPEG blurs.
        expect(TestPictures.grey(format, W, H), TestPictures::value, format == PictureFormat.JPEG ? 40 : 0);
    }

    @ParameterizedTest
    @EnumSource(
            value = PictureFormat.class,
            names = {"PNG", "BMP", "TIFF"})
    void colourIsAveraged(PictureFormat format) throws IOException {
        BufferedImage image = new BufferedImage(W, H, BufferedImage.TYPE_3BYTE_BGR);
        paint(image);
        expect(TestPictures.encode(image, format), PictureReaderTest::meanColour, 1e-4);
    }

    @ParameterizedTest
    @EnumSource(
            value = PictureFormat.class,
            names = {"PNG", "TIFF"})
    void alphaIsIgnored(PictureFormat format) throws IOException {
        BufferedImage image = new BufferedImage(W, H, BufferedImage.TYPE_4BYTE_ABGR);
        paint(image);
        expect(TestPictures.encode(image, format), PictureReaderTest::meanColour, 1e-4);
    }

    @ParameterizedTest
    @EnumSource(
            value = PictureFormat.class,
            names = {"PNG", "GIF", "BMP"})
    void paletteIsLookedUp(PictureFormat format) throws IOException {
        byte[] red = Arrays.copyOf(new byte[] {0, 10, (byte) 200, 40}, 256);
        byte[] green = Arrays.copyOf(new byte[] {0, 20, (byte) 250, 41}, 256);
        byte[] blue = Arrays.copyOf(new byte[] {0, 33, (byte) 255, 42}, 256);
        BufferedImage image =
                new BufferedImage(W, H, BufferedImage.TYPE_BYTE_INDEXED, new IndexColorModel(8, 256, red, green, blue));
        for (int y = 0; y < H; y++) {
            for (int x = 0; x < W; x++) {
                image.getRaster().setSample(x, y, 0, TestPictures.value(x, y) % 4);
            }
        }
        double[] means = {0, 21, 705 / 3.0, 41};
        expect(TestPictures.encode(image, format), (x, y) -> means[TestPictures.value(x, y) % 4], 1e-4);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4})
    void fewBitsGreyAreSpreadOverEight(int bits) throws IOException {
        int levels = 1 << bits;
        byte[] ramp = new byte[levels];
        for (int i = 0; i < levels; i++) {
            ramp[i] = (byte) (i * 255 / (levels - 1));
        }
        BufferedImage image = new BufferedImage(
                W, H, BufferedImage.TYPE_BYTE_BINARY, new IndexColorModel(bits, levels, ramp, ramp, ramp));
        for (int y = 0; y < H; y++) {
            for (int x = 0; x < W; x++) {
                image.getRaster().setSample(x, y, 0, TestPictures.value(x, y) % levels);
            }
        }
        expect(
                TestPictures.encode(image, PictureFormat.PNG),
                (x, y) -> TestPictures.value(x, y) % levels * 255 / (levels - 1),
                0);
    }

    @Test
    void sixteenBitsPng() throws IOException {
        expect(
                TestPictures.encode(TestPictures.deepImage(W, H), PictureFormat.PNG),
                (x, y) -> 257 * TestPictures.value(x, y) + x,
                0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"None", "LZW", "ZLib", "Deflate"})
    void sixteenBitsTiff(String compression) throws IOException {
        expect(
                TestPictures.tiff(TestPictures.deepImage(W, H), compression),
                (x, y) -> 257 * TestPictures.value(x, y) + x,
                0);
    }

    @Test
    void handMadeTiffs() throws IOException {
        expect(HandMadeTiff.strips(W, H, 32, 1, TestPictures::value), (x, y) -> TestPictures.value(x, y), 0);
        expect(HandMadeTiff.strips(W, H, 32, 1, (x, y) -> -1 - x), (x, y) -> 4294967295.0 - x, 256);
        expect(HandMadeTiff.strips(W, H, 32, 2, (x, y) -> -1 - x), (x, y) -> -1 - x, 0);
        expect(HandMadeTiff.strips(W, H, 16, 2, (x, y) -> -1 - x), (x, y) -> -1 - x, 0);
        expect(HandMadeTiff.strips(W, H, 32, 3, TestPictures::value), (x, y) -> TestPictures.value(x, y), 0);
        expect(HandMadeTiff.strips(W, H, 16, 1, TestPictures::value), (x, y) -> TestPictures.value(x, y), 0);
        expect(HandMadeTiff.whiteIsZero(W, H, 8, TestPictures::value), (x, y) -> 255 - TestPictures.value(x, y), 0);
        expect(HandMadeTiff.whiteIsZero(W, H, 16, TestPictures::value), (x, y) -> 65535 - TestPictures.value(x, y), 0);
        expect(HandMadeTiff.tiles(W, H, 16, TestPictures::value), (x, y) -> TestPictures.value(x, y), 0);
        expect(HandMadeTiff.planes(W, H, TestPictures::value), (x, y) -> TestPictures.value(x, y) + 1, 1e-4);
    }

    /** Files that another library wrote. */
    @Test
    void pillowAgrees(@TempDir Path scratch) throws Exception {
        Path python = Path.of("/usr/bin/python3");
        if (!Files.exists(python)) {
            SharedImages.skip("there is no Pillow; install the Debian package python3-pil");
        }
        Path script = Files.writeString(
                scratch.resolve("write pictures.py"),
                """
                import sys
                try:
                    import numpy as np
                    from PIL import Image
                except ImportError:
                    print('no Pillow')
                    sys.exit(0)
                rng = np.random.default_rng(7)
                def save(name, image, mean, **options):
                    image.save(sys.argv[1] + '/' + name, **options)
                    print(name + '|' + ' '.join(repr(float(v)) for v in mean[::7, ::5].flatten()))
                floats = rng.normal(1000, 200, (23, 37)).astype('float32')
                for method in (None, 'tiff_lzw', 'tiff_adobe_deflate', 'packbits'):
                    save('float %s.tif' % method, Image.fromarray(floats), floats, compression=method)
                colour = rng.integers(0, 256, (23, 37, 3)).astype('uint8')
                for method in (None, 'tiff_lzw', 'tiff_adobe_deflate'):
                    save('colour %s.tif' % method, Image.fromarray(colour), colour.mean(axis=2), compression=method)
                save('colour.png', Image.fromarray(colour), colour.mean(axis=2))
                hills = np.add.outer(np.arange(23) * 7, np.arange(37) * 3)[:, :, None] * np.array([1, 0.5, 0.25])
                hills = (hills + rng.integers(0, 5, hills.shape)).astype('uint8')
                for level in (1, 6, 9):
                    save('hills %d.png' % level, Image.fromarray(hills), hills.mean(axis=2), compress_level=level)
                grey = hills[:, :, 0]
                both = np.dstack([grey, 255 - grey])
                save('grey alpha.png', Image.fromarray(both, mode='LA'), grey)
                deep = (np.add.outer(np.arange(23) * 900, np.arange(37) * 400) + 7).astype('uint16')
                save('deep.png', Image.fromarray(deep), deep)
                save('colour.bmp', Image.fromarray(colour), colour.mean(axis=2))
                flat = np.tile(np.array([40, 90, 140, 30], 'uint8'), (23, 37, 1))
                cmyk = Image.fromarray(flat, mode='CMYK')
                light = (255 - 90.0) * (255 - 30.0) / 255
                save('cmyk.jpg', cmyk, np.full((23, 37), light), quality=95)
                smooth = np.add.outer(np.arange(23) * 8, np.arange(37) * 2).astype('uint8')
                for options in ({}, {'progressive': True}, {'optimize': True}):
                    save('smooth %d.jpg' % len(str(options)), Image.fromarray(smooth), smooth, quality=95, **options)
                """);
        List<String> lines = SharedImages.output(scratch, python.toString(), script.toString(), scratch.toString());
        if (lines.get(0).equals("no Pillow")) {
            SharedImages.skip("there is no Pillow; install the Debian package python3-pil");
        }
        for (String line : lines) {
            String name = line.substring(0, line.indexOf('|'));
            String[] expected = line.substring(line.indexOf('|') + 1).split(" ");
            Picture picture = reader.read(scratch.resolve(name));
            float[] row = new float[picture.width()];
            for (int i = 0; i < expected.length; i++) {
                picture.readRow(7 * (i / 8), row);
                double tolerance = name.endsWith(".jpg") ? 6 : 1e-3;
                assertThat((double) row[5 * (i % 8)])
                        .as("%s, value %d", name, i)
                        .isCloseTo(Double.parseDouble(expected[i]), within(tolerance));
            }
        }
    }

    @Test
    void colourJpegIsReadAsLuminance() throws IOException {
        BufferedImage image = new BufferedImage(W, H, BufferedImage.TYPE_3BYTE_BGR);
        for (int y = 0; y < H; y++) {
            for (int x = 0; x < W; x++) {
                image.setRGB(x, y, (4 * x) << 16 | (8 * y) << 8 | 50);
            }
        }
        expect(TestPictures.encode(image, PictureFormat.JPEG), (x, y) -> 0.299 * 4 * x + 0.587 * 8 * y + 0.114 * 50, 6);
    }

    @Test
    void jpegOfRedGreenBlueIsAveraged() throws IOException {
        byte[] ycc = TestPictures.encode(TestPictures.greyImageAsColour(W, H), PictureFormat.JPEG);
        byte[] rgb = TestPictures.withAdobeMarker(ycc, 0);
        // What were luminance and two flat chroma planes at 128 is now called red, green and blue.
        float[] luminance = new float[W];
        reader.read(ycc, "ycc").readRow(5, luminance);
        float[] mean = new float[W];
        reader.read(rgb, "rgb").readRow(5, mean);
        for (int x = 0; x < W; x++) {
            assertThat((double) mean[x]).isCloseTo((luminance[x] + 128 + 128) / 3, within(3.0));
        }
    }

    @Test
    void trailingBytesAfterAJpegAreIgnored() throws IOException {
        byte[] jpeg = TestPictures.grey(PictureFormat.JPEG, W, H);
        byte[] longer = Arrays.copyOf(jpeg, jpeg.length + 5000);
        Arrays.fill(longer, jpeg.length, longer.length, (byte) 0xA5);
        float[] plain = new float[W];
        float[] trailed = new float[W];
        reader.read(jpeg, "plain").readRow(7, plain);
        reader.read(longer, "trailed").readRow(7, trailed);
        assertThat(trailed).isEqualTo(plain);
    }

    /** As the original does: positions are those of the pixels as they are stored. */
    @Test
    void theTurnThatExifAsksForIsIgnored() throws IOException {
        byte[] plain = TestPictures.grey(PictureFormat.JPEG, W, H);
        byte[] exif = HexFormat.of()
                .parseHex(
                        "ffe10022457869660000" + "4d4d002a00000008" + "0001" + "011200030000000100060000" + "00000000");
        byte[] turned = new byte[plain.length + exif.length];
        System.arraycopy(plain, 0, turned, 0, 2);
        System.arraycopy(exif, 0, turned, 2, exif.length);
        System.arraycopy(plain, 2, turned, 2 + exif.length, plain.length - 2);

        Picture picture = reader.read(turned, "turned.jpg");

        assertThat(picture.width()).isEqualTo(W);
        assertThat(picture.height()).isEqualTo(H);
        float[] expected = new float[W];
        float[] row = new float[W];
        reader.read(plain, "plain.jpg").readRow(7, expected);
        picture.readRow(7, row);
        assertThat(row).isEqualTo(expected);
    }

    @Test
    void manyThreadsMayReadOnePicture() throws IOException {
        Picture picture = reader.read(TestPictures.grey(PictureFormat.FITS, W, H), "shared");
        assertThat(java.util.stream.IntStream.range(0, 1000).parallel().allMatch(i -> {
                    float[] row = new float[W];
                    picture.readRow(i % H, row);
                    return row[i % W] == TestPictures.value(i % W, i % H);
                }))
                .isTrue();
    }

    @Test
    void imageForDrawingHasTheColoursAndTheFirstRowOnTop() throws IOException {
        BufferedImage image = new BufferedImage(W, H, BufferedImage.TYPE_3BYTE_BGR);
        paint(image);
        BufferedImage read = reader.readImage(TestPictures.encode(image, PictureFormat.PNG), "colour");
        for (int y = 0; y < H; y++) {
            for (int x = 0; x < W; x++) {
                assertThat(read.getRGB(x, y) & 0xFFFFFF).isEqualTo(image.getRGB(x, y) & 0xFFFFFF);
            }
        }
        BufferedImage jpeg = reader.readImage(TestPictures.encode(image, PictureFormat.JPEG), "jpeg");
        assertThat(jpeg.getRaster().getNumBands()).isEqualTo(3);
    }

    @Test
    void imageForDrawingIsStretchedWhenDeep() throws IOException {
        short[][] sky = new short[200][300];
        java.util.Random random = new java.util.Random(5);
        for (short[] row : sky) {
            for (int x = 0; x < row.length; x++) {
                row[x] = (short) (1000 + 10 * random.nextGaussian());
            }
        }
        for (int i = 0; i < 200; i++) {
            sky[random.nextInt(200)][random.nextInt(300)] = 20_000;
        }
        sky[3][5] = 20_000;
        BufferedImage image = reader.readImage(TestPictures.fits(sky), "deep");
        assertThat(image.getRaster().getSample(5, 3, 0)).isGreaterThan(250);
        int[] background = image.getRaster().getSamples(0, 100, 300, 1, 0, (int[]) null);
        Arrays.sort(background);
        assertThat(background[150]).isLessThan(100);
    }

    @Test
    void flatAndUndefinedPicturesCanBeDrawn() throws IOException {
        float[][] nothing = new float[H][W];
        for (float[] row : nothing) {
            Arrays.fill(row, Float.NaN);
        }
        assertThat(reader.readImage(TestPictures.fits(nothing), "NaN")
                        .getRaster()
                        .getSample(3, 3, 0))
                .isZero();
        assertThat(reader.readImage(TestPictures.fits(new short[H][W]), "flat").getWidth())
                .isEqualTo(W);
    }

    @Test
    void jpegCutAnywhereIsAnErrorOrWhole() throws IOException {
        byte[] whole = TestPictures.grey(PictureFormat.JPEG, 64, 64);
        for (int length = 0; length < whole.length - 2; length++) {
            byte[] part = Arrays.copyOf(whole, length);
            try {
                reader.read(part, "part");
                assertThat(whole.length - length).as("bytes missing unnoticed").isLessThan(5);
            } catch (UnreadableInputException e) {
                assertThat(e).hasMessageContaining("part");
            }
        }
    }

    private static void paint(BufferedImage image) {
        for (int y = 0; y < H; y++) {
            for (int x = 0; x < W; x++) {
                int alpha = (x * y) % 256;
                image.setRGB(x, y, alpha << 24 | red(x) << 16 | green(y) << 8 | TestPictures.value(x, y));
            }
        }
    }

    private static int red(int x) {
        return 5 * x;
    }

    private static int green(int y) {
        return 255 - 3 * y;
    }

    private static double meanColour(int x, int y) {
        return (red(x) + green(y) + TestPictures.value(x, y)) / 3.0;
    }

    @Test
    void aPortablePixmapOfSixteenBitsIsBigEndianAndInColour() throws Exception {
        byte[] file = TestPictures.pnm("P6\n#made by hand\n2 1\n# twice\n65535\n", 12, i -> i + 1);
        Picture picture = reader.read(file, "two.ppm");
        float[] row = new float[2];
        picture.readRow(0, row);
        assertThat(row[0]).isEqualTo((0x0102 + 0x0304 + 0x0506) / 3f);
        assertThat(row[1]).isEqualTo((0x0708 + 0x090A + 0x0B0C) / 3f);
        ChannelPicture channels = reader.readChannels(io.novasolve.sky.internal.Bytes.of(file), "two.ppm");
        channels.readRow(0, 2, row);
        assertThat(row).containsExactly(0x0506, 0x0B0C);
        assertThat(channels.bitpix()).isEqualTo(16);
    }

    /** A row of the table may begin like one. */
    @Test
    void lettersAreNoPortablePixmap() {
        assertThat(PictureFormat.of("P5 stars of a list".getBytes(java.nio.charset.StandardCharsets.US_ASCII)))
                .isEmpty();
        assertThat(PictureFormat.of("P6".getBytes(java.nio.charset.StandardCharsets.US_ASCII)))
                .isEmpty();
    }
}
