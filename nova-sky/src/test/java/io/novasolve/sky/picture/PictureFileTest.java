package io.novasolve.sky.picture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.novasolve.sky.UnreadableInputException;
import java.awt.image.BufferedImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A file is read as its bytes are, and not held. */
class PictureFileTest {

    private static final int WIDTH = 1500;
    private static final int HEIGHT = 203;

    private final PictureReader reader = new PictureReader();

    @TempDir
    Path folder;

    @ParameterizedTest
    @EnumSource(PictureFormat.class)
    void isTheSameAsItsBytes(PictureFormat format) throws Exception {
        for (byte[] bytes : PictureSamples.of(format)) {
            Path file = Files.write(folder.resolve("a picture"), bytes);
            try (Picture picture = reader.read(file)) {
                assertThat(rows(picture)).isDeepEqualTo(rows(reader.read(bytes, "the same")));
            }
            BufferedImage image = reader.readImage(file);
            assertThat(image.getRaster().getPixels(0, 0, image.getWidth(), image.getHeight(), (int[]) null))
                    .isEqualTo(reader.readImage(bytes, "the same")
                            .getRaster()
                            .getPixels(0, 0, image.getWidth(), image.getHeight(), (int[]) null));
        }
    }

    /** Twelve bytes a pixel: decoded in bands, of 58 rows where strips are of one row. */
    @ParameterizedTest
    @ValueSource(ints = {1, 7, HEIGHT})
    void deepPicturesAreReadInBands(int rowsPerStrip) throws Exception {
        Path file = Files.write(folder.resolve("deep.tif"), deep(rowsPerStrip));
        try (Picture picture = reader.read(file)) {
            assertThat(picture).asString().contains("BandedPicture");
            check(picture, HEIGHT - 1);
            for (int y = 0; y < HEIGHT; y++) {
                check(picture, y);
            }
        }
        ChannelPicture channels = reader.readChannels(io.novasolve.sky.internal.Bytes.of(deep(rowsPerStrip)), "deep");
        float[] row = new float[WIDTH];
        channels.readRow(150, 2, row);
        assertThat(row[33]).isEqualTo(sample(33, 150) + 6);
        assertThat(channels.bitpix()).isEqualTo(-32);
    }

    @Test
    void manyThreadsReadBandsAtOnce() throws Exception {
        Path file = Files.write(folder.resolve("deep.tif"), deep(4));
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try (Picture picture = reader.read(file)) {
            List<Future<?>> all = IntStream.range(0, 8)
                    .<Future<?>>mapToObj(thread -> threads.submit(() -> {
                        for (int y = thread; y < HEIGHT; y += 3) {
                            check(picture, y);
                        }
                    }))
                    .toList();
            for (Future<?> one : all) {
                one.get();
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void damageOfADeepPictureShowsWhenItIsOpened() throws Exception {
        byte[] whole = deep(4);
        // The directory lies behind the strips; one strip says that it lies behind everything.
        for (int i = whole.length - 600; i < whole.length - 4; i++) {
            if (littleInt(whole, i) == 8 + 30 * 4 * WIDTH * 12) {
                whole[i + 3] = 100;
            }
        }
        Path file = Files.write(folder.resolve("damaged.tif"), whole);
        assertThatThrownBy(() -> reader.read(file))
                .isInstanceOf(UnreadableInputException.class)
                .hasMessageContaining("damaged.tif begins as TIFF but cannot be decoded");
    }

    @Test
    void aThreadThatIsInterruptedReadsOn() throws Exception {
        Path file = Files.write(folder.resolve("a.fits"), TestPictures.grey(PictureFormat.FITS, 30, 20));
        try (Picture picture = reader.read(file)) {
            Thread.currentThread().interrupt();
            picture.readRow(3, new float[30]);
            assertThat(Thread.interrupted()).isTrue();
            float[] row = new float[30];
            picture.readRow(7, row);
            assertThat(row[5]).isEqualTo(TestPictures.value(5, 7));
        }
    }

    private static int littleInt(byte[] bytes, int at) {
        return bytes[at] & 0xFF | (bytes[at + 1] & 0xFF) << 8 | (bytes[at + 2] & 0xFF) << 16 | bytes[at + 3] << 24;
    }

    private static float sample(int x, int y) {
        return TestPictures.value(x, y) / 8f;
    }

    private static byte[] deep(int rowsPerStrip) {
        return HandMadeTiff.floatColours(WIDTH, HEIGHT, rowsPerStrip, PictureFileTest::sample);
    }

    /** The channels are a sample, and 3 and 6 more. */
    private static void check(Picture picture, int y) {
        float[] row = new float[WIDTH];
        picture.readRow(y, row);
        for (int x : new int[] {0, 1, 700, WIDTH - 1}) {
            assertThat(row[x]).as("%s, %s", x, y).isEqualTo(sample(x, y) + 3);
        }
    }

    private static float[][] rows(Picture picture) {
        float[][] rows = new float[picture.height()][picture.width()];
        for (int y = 0; y < rows.length; y++) {
            picture.readRow(y, rows[y]);
        }
        assertThat(Arrays.stream(rows).mapToDouble(row -> row[0]).max()).isPresent();
        return rows;
    }
}
