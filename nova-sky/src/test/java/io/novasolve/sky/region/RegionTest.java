package io.novasolve.sky.region;

import static org.assertj.core.api.Assertions.assertThat;

import io.novasolve.sky.PixelPosition;
import io.novasolve.sky.SkyPosition;
import io.novasolve.sky.wcs.Sip;
import io.novasolve.sky.wcs.SipPolynomial;
import io.novasolve.sky.wcs.Wcs;
import java.io.ByteArrayInputStream;
import java.util.Arrays;
import java.util.SplittableRandom;
import nom.tam.fits.BinaryTableHDU;
import nom.tam.fits.Fits;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RegionTest {

    private static final long SEED = Long.getLong("nova.test.seed", 20261124);

    /** Numbers from healpy 1.16.1: ang2pix(2**order, ra, dec, nest=True, lonlat=True). */
    @ParameterizedTest
    @CsvSource({
        "0, 10.5, 20.25, 4",
        "3, 83.8221, -5.3911, 334",
        "8, 266.4168, -29.0078, 461282",
        "13, 0.0001, 89.9999, 67108863",
        "29, 201.365, -43.0191, 3044352322598484184",
        "29, 359.999999, -0.000001, 1224979098644774829"
    })
    void nestedNumbersAreThoseOfHealpy(int order, double ra, double dec, long nested) {
        double[] v = new SkyPosition(ra, dec).unitVector();
        Healpix healpix = Healpix.ofOrder(order);

        long cell = healpix.cell(v[0], v[1], v[2]);

        assertThat(healpix.nested(cell)).isEqualTo(nested);
        assertThat(healpix.ofNested(nested)).isEqualTo(cell);
    }

    @ParameterizedTest
    @CsvSource({
        "83, -5, 10, 30",
        "0, 0, 2, 0",
        "359.99, 30, 0.01, 77",
        "10, 90, 20, 10",
        "10, -90, 0.5, 200",
        "200, 88, 60, 5",
        "120, 60, 100, 45"
    })
    void theMapCoversThePictureAndLittleMore(double ra, double dec, double widthDeg, double rollDeg) {
        Wcs wcs = wcs(ra, dec, widthDeg, rollDeg, true);
        Moc moc = Moc.of(wcs);
        System.out.println("seed " + SEED + ", " + moc);

        SplittableRandom random = new SplittableRandom(SEED);
        for (int i = 0; i < 20_000; i++) {
            double x = 0.5 + random.nextDouble() * wcs.width();
            double y = 0.5 + random.nextDouble() * wcs.height();
            assertThat(moc.contains(wcs.pixelToSky(x, y)))
                    .as("pixel %f %f", x, y)
                    .isTrue();
        }
        double area = areaSquareDegrees(wcs);
        assertThat(moc.areaSquareDegrees()).isBetween(area, 1.15 * area);
        Footprint footprint = Footprint.of(wcs);
        double margin = 3 * 58.6 / (1 << moc.order());
        for (int i = 0; i < 20_000; i++) {
            SkyPosition p =
                    SkyPosition.ofVector(random.nextDouble(-1, 1), random.nextDouble(-1, 1), random.nextDouble(-1, 1));
            if (!footprint.isNear(p, margin)) {
                assertThat(moc.contains(p)).isFalse();
            }
        }
    }

    @Test
    void aStripHasFewCells() {
        double scale = 20.0 / 700;
        Wcs strip = new Wcs(new SkyPosition(84, 10), new PixelPosition(350.5, 1.5), -scale, 0, 0, scale, null, 700, 2);

        Moc moc = Moc.of(strip);

        assertThat(moc.uniq()).hasSizeBetween(200, 2000);
        assertThat(moc.contains(new SkyPosition(84, 10))).isTrue();
        assertThat(moc.contains(new SkyPosition(84, 10.5))).isFalse();
    }

    @Test
    void neighboursOfTheSameKindAreOneCell() {
        long[] uniq = Moc.of(wcs(83, -5, 10, 30, false)).uniq();
        long smallest = Arrays.stream(uniq).max().orElseThrow();
        long largest = Arrays.stream(uniq).min().orElseThrow();

        assertThat(largest).isLessThan(smallest / 64);
        for (long u : uniq) {
            assertThat(Arrays.binarySearch(uniq, u / 4))
                    .as("cell %d and its parent", u)
                    .isNegative();
        }
    }

    @Test
    void theFileIsATableOfUniqNumbers() throws Exception {
        Moc moc = Moc.of(wcs(83, -5, 10, 30, false));

        try (Fits fits = new Fits(new ByteArrayInputStream(moc.toFits()))) {
            BinaryTableHDU table = (BinaryTableHDU) fits.getHDU(1);
            assertThat(table.getHeader().getStringValue("ORDERING")).isEqualTo("NUNIQ");
            assertThat(table.getHeader().getStringValue("COORDSYS")).isEqualTo("C");
            assertThat(table.getHeader().getIntValue("MOCORDER")).isEqualTo(moc.order());
            assertThat((long[]) table.getColumn("UNIQ")).isEqualTo(moc.uniq());
        }
    }

    @ParameterizedTest
    @CsvSource({"83, -5, 10", "0, 0, 2", "10, 90, 20", "10, -90, 0.5", "120, 60, 100"})
    void aFootprintContainsWhatIsOnThePictureAndNothingElse(double ra, double dec, double widthDeg) {
        Wcs wcs = wcs(ra, dec, widthDeg, 33, true);
        Footprint footprint = Footprint.of(wcs);
        System.out.println("seed " + SEED);
        SplittableRandom random = new SplittableRandom(SEED);
        int inside = 0;
        for (int i = 0; i < 20_000; i++) {
            double x = random.nextDouble(-0.1, 1.1) * wcs.width();
            double y = random.nextDouble(-0.1, 1.1) * wcs.height();
            boolean on = x >= 0.5 && x <= wcs.width() + 0.5 && y >= 0.5 && y <= wcs.height() + 0.5;
            SkyPosition sky = wcs.pixelToSky(x, y);
            assertThat(footprint.contains(sky)).as("pixel %f %f", x, y).isEqualTo(on);
            assertThat(on && !footprint.isNear(sky, 0)).isFalse();
            inside += on ? 1 : 0;
        }
        assertThat(inside).isBetween(10_000, 19_000);
        SkyPosition antipode = SkyPosition.ofVector(-footprint.x(), -footprint.y(), -footprint.z());
        assertThat(footprint.contains(antipode)).isFalse();
        assertThat(footprint.centre().separationDeg(wcs.centre())).isLessThan(1e-9);
        assertThat(footprint.corners()).isEqualTo(wcs.corners());
    }

    private static double areaSquareDegrees(Wcs wcs) {
        int n = 200;
        double sum = 0;
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                double x = 0.5 + wcs.width() * (i + 0.5) / n;
                double y = 0.5 + wcs.height() * (j + 0.5) / n;
                double dx = wcs.width() / n / 2;
                double dy = wcs.height() / n / 2;
                double[] a = wcs.pixelToSky(x - dx, y).unitVector();
                double[] b = wcs.pixelToSky(x + dx, y).unitVector();
                double[] c = wcs.pixelToSky(x, y - dy).unitVector();
                double[] d = wcs.pixelToSky(x, y + dy).unitVector();
                double[] u = {b[0] - a[0], b[1] - a[1], b[2] - a[2]};
                double[] v = {d[0] - c[0], d[1] - c[1], d[2] - c[2]};
                double cx = u[1] * v[2] - u[2] * v[1];
                double cy = u[2] * v[0] - u[0] * v[2];
                double cz = u[0] * v[1] - u[1] * v[0];
                sum += Math.sqrt(cx * cx + cy * cy + cz * cz);
            }
        }
        return sum * Math.toDegrees(1) * Math.toDegrees(1) * 0.999;
    }

    private static Wcs wcs(double ra, double dec, double widthDeg, double rollDeg, boolean distorted) {
        int width = 900;
        int height = 700;
        double scale = 2 * Math.toDegrees(Math.tan(Math.toRadians(widthDeg / 2))) / width;
        double roll = Math.toRadians(rollDeg);
        PixelPosition crpix = new PixelPosition((width + 1) / 2.0, (height + 1) / 2.0);
        SipPolynomial a = SipPolynomial.of(2, new double[][] {{0, 0, 1e-6}, {0, 2e-6}, {-3e-6}});
        SipPolynomial b = SipPolynomial.of(2, new double[][] {{0, 0, 2e-6}, {0, -1e-6}, {1e-6}});
        return new Wcs(
                new SkyPosition(ra, dec),
                crpix,
                -scale * Math.cos(roll),
                scale * Math.sin(roll),
                -scale * Math.sin(roll),
                -scale * Math.cos(roll),
                distorted ? Sip.forward(a, b, crpix, width, height) : null,
                width,
                height);
    }
}
