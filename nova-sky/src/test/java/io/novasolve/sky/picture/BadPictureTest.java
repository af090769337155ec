package io.novasolve.sky.picture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.novasolve.sky.UnreadableInputException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(value = 30, unit = TimeUnit.SECONDS)
class BadPictureTest {

    private final PictureReader reader = new PictureReader();

    @Test
    void emptyBytesAreNoPicture() {
        assertThatThrownBy(() -> reader.read(new byte[0], "nothing.jpg"))
                .isInstanceOf(UnreadableInputException.class)
                .hasMessageContaining("nothing.jpg")
                .hasMessageContaining("empty");
    }

    @Test
    void textIsNoPicture() {
        assertThatThrownBy(() -> reader.read("Dear Sir".getBytes(StandardCharsets.US_ASCII), "letter.png"))
                .isInstanceOf(UnreadableInputException.class)
                .hasMessageContaining("letter.png is not a picture");
    }

    @Test
    void aTileLargerThanAnyPictureIsRefusedBeforeMemoryIsTaken() {
        byte[] tiff = HandMadeTiff.tiles(24, 17, 16, TestPictures::value);
        for (int i = 0; i + 12 <= tiff.length; i++) {
            // The tag 322, a number of four bytes, once.
            if (Arrays.equals(tiff, i, i + 8, new byte[] {0x42, 1, 4, 0, 1, 0, 0, 0}, 0, 8)) {
                tiff[i + 11] = 50;
            }
        }
        assertTimeoutPreemptively(Duration.ofSeconds(5), () -> assertThatThrownBy(() -> reader.read(tiff, "tile.tif"))
                .isInstanceOf(UnreadableInputException.class)
                .hasMessageContaining("tile.tif has tiles of 838860816 × 16 pixels"));
    }

    @Test
    void anHcompressTileWithoutPixelsIsRefusedAtOnce() throws IOException {
        byte[] fits = PictureSamples.tiles("HCOMPRESS_1");
        int tile = 0;
        while (fits[tile] != (byte) 0xDD || fits[tile + 1] != (byte) 0x99) {
            tile++;
        }
        Arrays.fill(fits, tile + 2, tile + 14, (byte) 0);
        assertTimeoutPreemptively(Duration.ofSeconds(5), () -> assertThatThrownBy(() -> reader.read(fits, "tile.fits"))
                .isInstanceOf(UnreadableInputException.class)
                .hasMessageContaining("tile.fits has a compressed tile of 0 pixels where its header has 144"));
    }

    /** Readers make room for what the directory promises before they look. */
    @ParameterizedTest
    @CsvSource({"277, 2000000000, samples in a pixel", "279, 500000000, bytes in a strip or tile"})
    void aTiffThatPromisesMoreThanThereIsIsRefusedBeforeMemoryIsTaken(int tag, int value, String what) {
        byte[] tiff = HandMadeTiff.strips(24, 17, 16, 1, TestPictures::value);
        ByteBuffer bytes = ByteBuffer.wrap(tiff).order(ByteOrder.LITTLE_ENDIAN);
        int entry = bytes.getInt(4) + 2;
        while (bytes.getChar(entry) != tag) {
            entry += 12;
        }
        bytes.putShort(entry + 2, (short) 4).putInt(entry + 8, value);
        assertThatThrownBy(() -> reader.read(tiff, "lie.tif"))
                .isInstanceOf(UnreadableInputException.class)
                .hasMessageContaining("lie.tif says it has " + value + " " + what);
    }

    @Test
    void compressedTilesWithoutASizeAreRefusedAtOnce() throws IOException {
        String fits = new String(PictureSamples.tiles("PLIO_1"), StandardCharsets.ISO_8859_1);
        String card = "ZTILE1  =                   24";
        assertThat(fits).contains(card);
        for (String size : new String[] {"                   0", "                  -6", " 9223372036854775808"}) {
            byte[] changed = fits.replace(card, "ZTILE1  =" + size + " ").getBytes(StandardCharsets.ISO_8859_1);
            assertTimeoutPreemptively(
                    Duration.ofSeconds(5), () -> assertThatThrownBy(() -> reader.read(changed, "tile.fits"))
                            .isInstanceOf(UnreadableInputException.class)
                            .hasMessageContaining("tile.fits has compressed tiles of size"));
        }
    }

    /** The library makes room for what the table promises before it looks. */
    @Test
    void aCompressedTileThatSaysItIsHugeIsRefusedBeforeMemoryIsTaken() throws IOException {
        for (int length : new int[] {Integer.MAX_VALUE - 16, 1 << 29, -1}) {
            byte[] fits = PictureSamples.tiles("GZIP_2");
            ByteBuffer.wrap(fits).putInt(2 * 2880, length);
            assertThatThrownBy(() -> reader.read(fits, "tile.fits"))
                    .isInstanceOf(UnreadableInputException.class)
                    .hasMessageContaining(
                            "tile.fits holds a table that cannot be read: in row 1 " + length + " elements");
        }
    }

    /** All axes are unpacked, though only the first plane is looked at. */
    @ParameterizedTest
    @ValueSource(longs = {200_000, 4_000_000_000L, Long.MAX_VALUE})
    void aCompressedImageWithAnyAxisTooLongIsRefusedBeforeMemoryIsTaken(long length) throws Exception {
        byte[] cube = PictureSamples.compressedCube(length);
        assertThatThrownBy(() -> reader.read(cube, "cube.fits"))
                .isInstanceOf(UnreadableInputException.class)
                .hasMessageMatching("cube.fits says it is 24 × 17 pixels, but its \\d+ bytes cannot hold so many.*");
        assertThat(reader.read(PictureSamples.compressedCube(2), "cube.fits").height())
                .isEqualTo(17);
    }

    @Test
    void missingFileSaysSo(@TempDir Path folder) {
        assertThatThrownBy(() -> reader.read(folder.resolve("not here.fits")))
                .isInstanceOf(UnreadableInputException.class)
                .hasMessageContaining("there is no file");
    }

    @Test
    void directoryIsNoPicture(@TempDir Path folder) {
        assertThatThrownBy(() -> reader.read(folder))
                .isInstanceOf(UnreadableInputException.class)
                .hasMessageContaining("is a directory");
    }

    @Test
    void contentDecidesNotTheName(@TempDir Path folder) throws IOException {
        Path file = Files.write(folder.resolve("really a png.jpg"), TestPictures.grey(PictureFormat.PNG, 5, 4));
        assertThat(reader.read(file).width()).isEqualTo(5);
    }

    @ParameterizedTest
    @EnumSource(PictureFormat.class)
    void onePixelIsAPicture(PictureFormat format) throws IOException {
        Picture picture = reader.read(TestPictures.grey(format, 1, 1), "one");
        assertThat(picture.width()).isEqualTo(1);
        assertThat(picture.height()).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource(PictureFormat.class)
    void truncatedFileIsAnError(PictureFormat format) throws IOException {
        byte[] whole = TestPictures.grey(format, 300, 200);
        for (double share : new double[] {0.001, 0.01, 0.1, 0.5, 0.9}) {
            byte[] part = Arrays.copyOf(whole, (int) (whole.length * share));
            assertThatThrownBy(() -> reader.read(part, "part"))
                    .as("%s cut to %s", format, share)
                    .isInstanceOf(UnreadableInputException.class);
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = PictureFormat.class,
            names = {"PNG", "BMP", "TIFF", "FITS", "PNM"})
    void hugeHeaderWithoutDataIsAnErrorAtOnce(PictureFormat format) throws IOException {
        byte[] lie = TestPictures.claiming(format, 100_000, 100_000);
        long start = System.nanoTime();
        assertThatThrownBy(() -> reader.read(lie, "lie"))
                .isInstanceOf(UnreadableInputException.class)
                .hasMessageMatching(".*(limit of 400000000 pixels|100000.* too large).*");
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(2));
    }

    @ParameterizedTest
    @EnumSource(PictureFormat.class)
    void sizeThatTheBytesCannotHoldIsAnError(PictureFormat format) throws IOException {
        byte[] lie = TestPictures.claiming(format, 19_000, 20_000);
        assertThatThrownBy(() -> reader.read(lie, "lie")).isInstanceOf(UnreadableInputException.class);
    }

    @ParameterizedTest
    @CsvSource({
        "'P5 3 x 255 abc', height",
        "'P5 3 99999999999999999999 255 abc', height",
        "'P6 3 2 65536 abcdef', 65536",
        "'P6 3 2 0 abcdef', largest sample is 0",
        "'P5 3 2 255 abcde', needs 6 bytes for its samples",
        "'P5 3 2 # for ever', ends in its header"
    })
    void aPnmWithABadHeaderSaysWhere(String file, String message) {
        assertThatThrownBy(() -> reader.read(file.getBytes(StandardCharsets.US_ASCII), "bad.pgm"))
                .isInstanceOf(UnreadableInputException.class)
                .hasMessageContaining("bad.pgm")
                .hasMessageContaining(message);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "II*\0\20\0\0\0CR\2\0 of Canon, in many of its cameras",
                "\0\0\0\30ftypcrx of newer ones of Canon",
                "FUJIFILMCCD-RAW 0201",
                "IIRO\b\0\0\0 of Olympus",
                "IIU\0\b\0\0\0 of Panasonic",
                "FOVb of Sigma, which is long enough",
                "\0MRM of Minolta, which is long enough"
            })
    void cameraRawSaysWhatToDo(String file) {
        assertRaw(file.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** As Nikon, Sony and Adobe have it: a small picture first, and what the camera took in a directory below. */
    @Test
    void cameraRawInTheFormOfTiffSaysWhatToDo() {
        assertRaw(HandMadeTiff.withSmallPictureFirst(24, 17, TestPictures::value));
    }

    private void assertRaw(byte[] file) {
        assertThatThrownBy(() -> reader.read(file, "raw.nef"))
                .isInstanceOf(UnreadableInputException.class)
                .hasMessage(
                        "raw.nef is the raw data of a camera, which are not read: develop them first and save them as TIFF"
                                + " of 16 bits, or submit the camera's JPEG");
    }

    @Test
    void limitIsConfigurable() throws IOException {
        byte[] picture = TestPictures.grey(PictureFormat.PNG, 20, 20);
        assertThatThrownBy(() -> new PictureReader(399).read(picture, "big"))
                .isInstanceOf(UnreadableInputException.class)
                .hasMessageContaining("limit of 399 pixels");
        assertThat(new PictureReader(400).read(picture, "fits").height()).isEqualTo(20);
    }
}
