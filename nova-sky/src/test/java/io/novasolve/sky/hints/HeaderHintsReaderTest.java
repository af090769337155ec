package io.novasolve.sky.hints;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.novasolve.sky.Fuzz;
import io.novasolve.sky.SkyPosition;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What headers say, in the many ways in which they say it. */
class HeaderHintsReaderTest {

    /** A FITS file of one header. */
    private static byte[] fits(String... cards) {
        StringBuilder text = new StringBuilder(card("SIMPLE  =                    T")
                + card("BITPIX  =                   16")
                + card("NAXIS   =                    2")
                + card("NAXIS1  =                   10")
                + card("NAXIS2  =                   10"));
        for (String card : cards) {
            text.append(card(card));
        }
        text.append(card("END"));
        while (text.length() % 2880 != 0) {
            text.append(' ');
        }
        return (text + " ".repeat(2880)).getBytes(StandardCharsets.US_ASCII);
    }

    private static String card(String text) {
        return String.format(Locale.ROOT, "%-80s", text);
    }

    private static void pointsTo(byte[] fits, double ra, double dec) {
        SkyPosition centre = HeaderHintsReader.read(fits, 10).centre();
        assertThat(centre).isNotNull();
        assertThat(centre.raDeg()).isEqualTo(ra, within(1e-9));
        assertThat(centre.decDeg()).isEqualTo(dec, within(1e-9));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'05 35 17'|'-05 23 28'",
                "'05:35:17.0'|'-05:23:28'",
                "'5h35m17s'|'-5d23m28s'",
                "'05 35 17,0'|'-05 23 28,00'",
                "83.8208333333333|-5.39111111111111",
                "'83,8208333333333'|'-5,39111111111111'",
            })
    void readsPositionsHoweverTheyAreWritten(String ra, String dec) {
        for (String[] keys : new String[][] {{"RA      ", "DEC     "}, {"OBJCTRA ", "OBJCTDEC"}}) {
            byte[] fits = fits(keys[0] + "= " + quoted(ra), keys[1] + "= " + quoted(dec));
            SkyPosition centre = HeaderHintsReader.read(fits, 10).centre();
            assertThat(centre).isNotNull();
            assertThat(centre.separationDeg(new SkyPosition(83.8208333333333, -5.39111111111111)))
                    .isLessThan(1e-6);
        }
    }

    /** CSV takes the quotes off; what is no number needs them in a header. */
    private static String quoted(String value) {
        return value.matches("-?[0-9.]+") ? value : "'" + value + "'";
    }

    @Test
    void signsUnitsAndOrder() {
        pointsTo(fits("RA      = '00 00 04'", "DEC     = '-00 30 00'"), 1.0 / 60, -0.5);
        pointsTo(fits("RA      =  5.5 / [h] hours", "DEC     = 10.0"), 82.5, 10);
        pointsTo(fits("RA      =  5.5 / degrees", "DEC     = 10.0"), 5.5, 10);
        pointsTo(fits("OBJCTRA = '01 00 00'", "OBJCTDEC= '1'", "RA      = 20.0", "DEC     = 30.0"), 20, 30);
        pointsTo(fits("CTYPE1  = 'RA---ZEA'", "CRVAL1  = 20.0", "CRVAL2  = -30.0"), 20, -30);
    }

    @ParameterizedTest
    @ValueSource(strings = {"'unknown'", "'99 99 99'", "400.0", "-20.0", "''", "'NaN'", "'05 35 17 22'", "1e99"})
    void whatIsNoPositionIsNoHint(String ra) {
        assertThat(HeaderHintsReader.read(fits("RA      = " + ra, "DEC     = 5.0"), 10))
                .isEqualTo(HeaderHints.NONE);
        assertThat(HeaderHintsReader.read(fits("RA      = 0.0", "DEC     = 0.0"), 10)
                        .centre())
                .isNull();
    }

    @Test
    void aScaleComesFromTheOptics() {
        HeaderHints hints = HeaderHintsReader.read(
                fits("FOCALLEN= 1000.0", "XPIXSZ  = 3.76", "XBINNING= 2", "RA      = 10.0", "DEC     = 20.0"), 10);

        // 206.265 · 3.76 µm / 1000 mm = 0.7756 arcsec; the binning may be counted already or not.
        assertThat(hints.lowArcsecPerPixel()).isBetween(0.65, 0.7756);
        assertThat(hints.highArcsecPerPixel()).isBetween(2 * 0.7756, 1.8);
        assertThat(hints.origin()).contains("FOCALLEN").contains("RA");
        assertThat(HeaderHintsReader.read(fits("FOCALLEN= '530,0 mm'", "XPIXSZ  = '3,8'"), 10)
                        .hasScale())
                .isTrue();
        assertThat(HeaderHintsReader.read(fits("FOCALLEN= 0.0", "XPIXSZ  = 3.76"), 10)
                        .hasScale())
                .isFalse();
    }

    @Test
    void anExistingWcsIsAHint() {
        HeaderHints hints = HeaderHintsReader.read(
                fits(
                        "CTYPE1  = 'RA---TAN'",
                        "CTYPE2  = 'DEC--TAN'",
                        "CRVAL1  = 100.0",
                        "CRVAL2  = 20.0",
                        "CRPIX1  = 5.5",
                        "CRPIX2  = 5.5",
                        "CD1_1   = -0.001",
                        "CD1_2   = 0.0",
                        "CD2_1   = 0.0",
                        "CD2_2   = 0.001"),
                10);
        assertThat(hints.centre().separationDeg(new SkyPosition(100, 20))).isLessThan(1e-9);
        assertThat(hints.lowArcsecPerPixel()).isLessThan(3.6);
        assertThat(hints.highArcsecPerPixel()).isGreaterThan(3.6);
    }

    /** An EXIF block with a focal length of 50 mm, and either its equivalent on film or the resolution of the sensor. */
    private static byte[] exif(ByteOrder order, boolean film) {
        ByteBuffer b = ByteBuffer.allocate(120).order(order);
        b.put((byte) (order == ByteOrder.LITTLE_ENDIAN ? 'I' : 'M')).put(b.get(0));
        b.putShort((short) 42).putInt(8);
        b.putShort((short) 1);
        tag(b, 0x8769, 4, 26);
        b.putInt(0);
        b.putShort((short) 3);
        tag(b, 0x920A, 5, 100);
        if (film) {
            b.putShort((short) 0xA405)
                    .putShort((short) 3)
                    .putInt(1)
                    .putShort((short) 80)
                    .putShort((short) 0);
        } else {
            tag(b, 0xA20E, 5, 108);
        }
        b.putShort((short) 0xA210)
                .putShort((short) 3)
                .putInt(1)
                .putShort((short) 4)
                .putShort((short) 0);
        b.position(100);
        b.putInt(500).putInt(10).putInt(250).putInt(1);
        return b.array();
    }

    private static void tag(ByteBuffer b, int tag, int type, int value) {
        b.putShort((short) tag).putShort((short) type).putInt(1).putInt(value);
    }

    private static byte[] jpeg(byte[] exif) {
        ByteBuffer b = ByteBuffer.allocate(exif.length + 40);
        b.put(new byte[] {(byte) 0xFF, (byte) 0xD8, (byte) 0xFF, (byte) 0xE0, 0, 4, 0, 0});
        b.put(new byte[] {(byte) 0xFF, (byte) 0xE1}).putShort((short) (exif.length + 8));
        b.put("Exif\0\0".getBytes(StandardCharsets.US_ASCII)).put(exif);
        return b.array();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aScaleComesFromExif(boolean little) {
        ByteOrder order = little ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN;
        // 36 mm at 80 mm over 6000 pixels; and 6000 pixels at 250 a millimetre (24 mm) at 50 mm.
        double film = Math.toDegrees(36.0 / 80 / 6000) * 3600;
        double sensor = Math.toDegrees(24.0 / 50 / 6000) * 3600;
        for (byte[] file : new byte[][] {jpeg(exif(order, true)), exif(order, true)}) {
            HeaderHints hints = HeaderHintsReader.read(file, 6000);
            assertThat(Math.sqrt(hints.lowArcsecPerPixel() * hints.highArcsecPerPixel()))
                    .isEqualTo(film, within(1e-6));
            assertThat(hints.centre()).isNull();
        }
        HeaderHints hints = HeaderHintsReader.read(jpeg(exif(order, false)), 6000);
        assertThat(Math.sqrt(hints.lowArcsecPerPixel() * hints.highArcsecPerPixel()))
                .isEqualTo(sensor, within(1e-6));
    }

    /** Hints or none, but never an exception. */
    @Test
    void noHeaderBreaksIt() throws Exception {
        List<byte[]> seeds = List.of(
                fits("RA      = '05 35 17'", "DEC     = '-05 23 28'", "FOCALLEN= 530.0", "XPIXSZ  = 3.76"),
                fits(
                        "CTYPE1  = 'RA---TAN'",
                        "CTYPE2  = 'DEC--TAN'",
                        "CRVAL1  = 1.0",
                        "CRVAL2  = 2.0",
                        "CRPIX1  = 5.5",
                        "CRPIX2  = 5.5",
                        "CD1_1   = -0.001",
                        "CD2_2   = 0.001"),
                jpeg(exif(ByteOrder.BIG_ENDIAN, false)),
                exif(ByteOrder.LITTLE_ENDIAN, true));
        Fuzz.Counts counts = Fuzz.of(HeaderHintsReaderTest.class, 1000)
                .words(":", ",", "'", " / [h]", "-", "e", "h", "m")
                .run("headers", seeds, content -> {
                    HeaderHintsReader.read(content, 6000);
                    HeaderHintsReader.read(content, 0);
                });
        assertThat(counts.refused()).isZero();
    }
}
