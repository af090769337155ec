package io.novasolve.sky.wcs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.novasolve.sky.PixelPosition;
import io.novasolve.sky.SharedImages;
import io.novasolve.sky.SkyPosition;
import io.novasolve.sky.TestSeed;
import io.novasolve.sky.UnreadableInputException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WcsFileTest {

    private static final Wcs PLAIN = new Wcs(
            new SkyPosition(1.0 / 3, -45.123456789012345),
            new PixelPosition(300.25, -17.5),
            -2.1e-5,
            Math.PI * 1e-3,
            2.8e-3,
            1.0 / 7e5,
            null,
            640,
            480);

    private static final Wcs DISTORTED = new Wcs(
            PLAIN.crval(),
            PLAIN.crpix(),
            PLAIN.cd11(),
            PLAIN.cd12(),
            PLAIN.cd21(),
            PLAIN.cd22(),
            WcsTest.distortion(4, PLAIN.crpix(), 640, 480),
            640,
            480);

    @Test
    void whatIsWrittenIsReadToTheLastBit() throws Exception {
        assertThat(WcsFile.read(WcsFile.write(PLAIN), "plain")).isEqualTo(PLAIN);
        assertThat(WcsFile.read(WcsFile.write(DISTORTED, List.of("log odds: 12", "x".repeat(300))), "distorted"))
                .isEqualTo(DISTORTED);
    }

    @Test
    void sameWcsGivesSameBytes() {
        assertThat(WcsFile.write(DISTORTED)).isEqualTo(WcsFile.write(DISTORTED)).hasSizeGreaterThan(2880);
        assertThat(WcsFile.write(PLAIN)).hasSize(2880);
    }

    @Test
    void missingInverseIsFitted() throws Exception {
        String text = new String(WcsFile.write(DISTORTED), StandardCharsets.US_ASCII);
        String without = text.replaceAll("AP_(ORDER|\\d_\\d )", "QQ_$1").replaceAll("BP_(ORDER|\\d_\\d )", "QR_$1");
        Wcs read = WcsFile.read(without.getBytes(StandardCharsets.US_ASCII), "no inverse");
        assertThat(read.sip()).isNotNull();
        assertThat(read).isEqualTo(DISTORTED);
    }

    @ParameterizedTest
    @CsvSource({
        "CTYPE1  = 'RA---TAN', CTYPE1  = 'RA---ZPN', only RA and Dec in TAN",
        "CRVAL2  =, CRVALX  =, there is no CRVAL2",
        "CRPIX1  =, CRPIXX  =, there is no CRPIX1",
        "IMAGEW  =, IMAGEX  =, how large the picture is",
        "'LONPOLE =                180.0', 'LONPOLE =                170.0', LONPOLE is 170",
        "'EQUINOX =               2000.0', 'EQUINOX =               1950.0', only J2000",
        "CUNIT1  = 'deg     ', CUNIT1  = 'rad     ', instead of 'deg'",
        "'CD2_1   =               0.0028', 'CD2_1   =               0.0xyz', CD2_1",
        "-45.123456789, -95.123456789, Dec must be in",
    })
    void headerThatSaysSomethingElseIsAnError(String card, String instead, String message) {
        String text = new String(WcsFile.write(PLAIN), StandardCharsets.US_ASCII);
        assertThat(text).contains(card);
        byte[] changed = text.replace(card, instead).getBytes(StandardCharsets.US_ASCII);
        assertThatThrownBy(() -> WcsFile.read(changed, "changed.wcs"))
                .isInstanceOf(UnreadableInputException.class)
                .hasMessageContaining("changed.wcs")
                .hasMessageContaining(message);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 79, 80, 700, 1500})
    void halfWrittenFileIsAnError(int length) {
        byte[] part = Arrays.copyOf(WcsFile.write(PLAIN), length);
        assertThatThrownBy(() -> WcsFile.read(part, "part")).isInstanceOf(UnreadableInputException.class);
    }

    @Test
    void otherFormsOfTheMatrix() throws Exception {
        String cd = new String(WcsFile.write(PLAIN), StandardCharsets.US_ASCII);
        String rotated = withCard(cd, "CD1_1", "CDELT1", "-0.002");
        rotated = withCard(rotated, "CD1_2", "CDELT2", "0.003");
        rotated = withCard(rotated, "CD2_1", "CROTA2", "30.0");
        rotated = withCard(rotated, "CD2_2", "XXXX", "0.0");
        Wcs wcs = WcsFile.read(rotated.getBytes(StandardCharsets.US_ASCII), "rotated");
        assertThat(wcs.cd11()).isCloseTo(-0.002 * Math.cos(Math.toRadians(30)), within(1e-15));
        assertThat(wcs.cd12()).isCloseTo(-0.003 * 0.5, within(1e-15));
        assertThat(wcs.cd21()).isCloseTo(-0.002 * 0.5, within(1e-15));
        assertThat(wcs.cd22()).isCloseTo(0.003 * Math.cos(Math.toRadians(30)), within(1e-15));
    }

    private static String withCard(String header, String replaced, String key, String value) {
        int at = header.indexOf(String.format(Locale.ROOT, "%-8s= ", replaced));
        String card = String.format(Locale.ROOT, "%-80s", String.format(Locale.ROOT, "%-8s= %20s", key, value));
        return header.substring(0, at) + card + header.substring(at + 80);
    }

    /** astropy is an independent reader of the same convention. */
    @Test
    void astropyAgrees(@TempDir Path scratch) throws Exception {
        Path python = Path.of("/usr/bin/python3");
        if (!Files.exists(python)) {
            SharedImages.skip("there is no astropy; install the Debian package python3-astropy");
        }
        Path script = Files.writeString(
                scratch.resolve("sky positions.py"),
                """
                import sys, warnings
                try:
                    from astropy.io import fits
                    from astropy.wcs import WCS
                except ImportError:
                    print('no astropy')
                    sys.exit(0)
                warnings.simplefilter('ignore')
                for name in sys.argv[2:]:
                    header = fits.getheader(name)
                    header['NAXIS'] = 0
                    wcs = WCS(header)
                    for line in open(sys.argv[1]):
                        x, y = map(float, line.split())
                        ra, dec = wcs.all_pix2world(x, y, 1)
                        print(repr(float(ra)), repr(float(dec)))
                """);
        long seed = TestSeed.of(WcsFileTest.class);
        Random random = new Random(seed);
        List<PixelPosition> pixels = random.doubles(40, 0.5, 640)
                .mapToObj(x -> new PixelPosition(x, random.nextDouble() * 480 + 0.5))
                .toList();
        Path list = scratch.resolve("pixels.txt");
        Files.write(list, pixels.stream().map(p -> p.x() + " " + p.y()).toList());
        List<Path> files = new java.util.ArrayList<>(SharedImages.files("native", ".wcs"));
        files.add(Files.write(scratch.resolve("plain.wcs"), WcsFile.write(PLAIN)));
        for (double dec : new double[] {-90, -89.9, 0, 89.9, 90}) {
            for (double ra : new double[] {0, 77, 359.9999}) {
                Wcs polar = new Wcs(
                        new SkyPosition(ra, dec), PLAIN.crpix(), -3e-3, 1e-3, 1e-3, 3e-3, DISTORTED.sip(), 640, 480);
                files.add(Files.write(scratch.resolve("polar " + ra + " " + dec + ".wcs"), WcsFile.write(polar)));
            }
        }
        files.add(Files.write(scratch.resolve("distorted.wcs"), WcsFile.write(DISTORTED)));
        List<String> command =
                new java.util.ArrayList<>(List.of(python.toString(), script.toString(), list.toString()));
        files.forEach(file -> command.add(file.toString()));
        List<String> lines = SharedImages.output(scratch, command.toArray(String[]::new));
        if (lines.get(0).equals("no astropy")) {
            SharedImages.skip("there is no astropy; install the Debian package python3-astropy");
        }
        assertThat(lines).hasSize(files.size() * pixels.size());
        int line = 0;
        for (Path file : files) {
            Wcs wcs = WcsFile.read(file);
            for (PixelPosition pixel : pixels) {
                String[] words = lines.get(line++).split(" ");
                SkyPosition theirs = new SkyPosition(Double.parseDouble(words[0]), Double.parseDouble(words[1]));
                assertThat(wcs.pixelToSky(pixel).separationDeg(theirs))
                        .as("%s at %s, seed %d", file.getFileName(), pixel, seed)
                        .isLessThan(1e-9);
            }
        }
    }
}
