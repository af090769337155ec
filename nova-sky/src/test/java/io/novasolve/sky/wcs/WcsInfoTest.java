package io.novasolve.sky.wcs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.novasolve.sky.Parity;
import io.novasolve.sky.PixelPosition;
import io.novasolve.sky.SharedImages;
import io.novasolve.sky.SkyPosition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The native {@code wcsinfo} on the native solutions, and on the files that are written from them, as a second opinion. */
class WcsInfoTest {

    @Test
    void agreesOnNativeSolutions(@TempDir Path scratch) throws Exception {
        int files = 0;
        for (Path file : SharedImages.files("native", ".wcs")) {
            agree(WcsFile.read(file), wcsinfo(scratch, file), file.getFileName().toString());
            files++;
        }
        assertThat(files).isGreaterThan(40);
    }

    @Test
    void agreesOnFilesWrittenHere(@TempDir Path scratch) throws Exception {
        for (Path file : SharedImages.files("native", ".wcs")) {
            Wcs wcs = WcsFile.read(file);
            Path written = Files.write(scratch.resolve("written.wcs"), WcsFile.write(wcs));
            agree(wcs, wcsinfo(scratch, written), "rewritten " + file.getFileName());
        }
    }

    /** Where the pole lies between the two points, wcsinfo turns by the other half circle: not compared here. */
    @Test
    void agreesFarFromTheReferencePoint(@TempDir Path scratch) throws Exception {
        for (double dec : new double[] {-86, -30, 0, 45, 85}) {
            for (double ra : new double[] {0, 0.5, 359.9}) {
                for (int mirrored = -1; mirrored <= 1; mirrored += 2) {
                    Wcs wcs = new Wcs(
                            new SkyPosition(ra, dec),
                            new PixelPosition(200, 900),
                            mirrored * 3e-3,
                            2e-3,
                            -mirrored * 2e-3,
                            3e-3,
                            null,
                            2000,
                            1000);
                    Path written = Files.write(scratch.resolve("polar.wcs"), WcsFile.write(wcs));
                    agree(wcs, wcsinfo(scratch, written), "RA " + ra + ", Dec " + dec + ", " + mirrored);
                }
            }
        }
    }

    private static void agree(Wcs wcs, Map<String, String> info, String what) {
        SkyPosition centre = new SkyPosition(number(info, "ra_center"), number(info, "dec_center"));
        assertThat(3600 * wcs.centre().separationDeg(centre))
                .as("%s: centre, arcsec", what)
                .isLessThan(0.01);
        double scale = number(info, "pixscale");
        assertThat(wcs.pixelScaleArcsec() / scale).as("%s: scale", what).isCloseTo(1, within(1e-6));
        assertAngle(wcs.orientationDeg(), number(info, "orientation"), what + ": orientation");
        assertAngle(wcs.orientationAtCentreDeg(), number(info, "orientation_center"), what + ": orientation_center");
        assertThat(wcs.parity()).as(what).isEqualTo(number(info, "parity") > 0 ? Parity.NEG : Parity.POS);
        assertThat(wcs.determinant() / number(info, "det")).as("%s: det", what).isCloseTo(1, within(1e-6));
    }

    private static void assertAngle(double actual, double expected, String what) {
        assertThat(Math.IEEEremainder(actual - expected, 360)).as(what).isCloseTo(0, within(1e-5));
    }

    private static double number(Map<String, String> info, String key) {
        return Double.parseDouble(info.get(key));
    }

    private static Map<String, String> wcsinfo(Path scratch, Path file) throws IOException, InterruptedException {
        Map<String, String> info = new HashMap<>();
        for (String line : SharedImages.output(scratch, "wcsinfo", file.toString())) {
            String[] words = line.split(" ", 2);
            if (words.length == 2) {
                info.put(words[0], words[1]);
            }
        }
        return info;
    }
}
