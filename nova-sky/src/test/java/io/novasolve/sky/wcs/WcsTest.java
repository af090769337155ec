package io.novasolve.sky.wcs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.novasolve.sky.Parity;
import io.novasolve.sky.PixelPosition;
import io.novasolve.sky.SkyPosition;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WcsTest {

    private static Wcs vector(double cd11, double cd12, double cd21, double cd22) {
        return new Wcs(new SkyPosition(180, 45), new PixelPosition(300, 500), cd11, cd12, cd21, cd22, null, 1000, 800);
    }

    /** The numbers of a published service for the same headers; its parity is 1 for mirrored, -1 for the sky as seen. */
    @ParameterizedTest
    @CsvSource({
        "-2.40562612162e-4, 1.38888888889e-4, 1.38888888889e-4, 2.40562612162e-4, 179.912238946748, 45.0038776359676, 30, POS",
        "-2.40562612162e-4, -1.38888888889e-4, 1.38888888889e-4, -2.40562612162e-4, 179.951288147128, 45.0517728345609, -150, NEG",
    })
    void calibrationNumbers(
            double cd11,
            double cd12,
            double cd21,
            double cd22,
            double ra,
            double dec,
            double orientation,
            Parity parity) {
        Wcs wcs = vector(cd11, cd12, cd21, cd22);
        assertThat(wcs.centre().raDeg()).isCloseTo(ra, within(1e-11));
        assertThat(wcs.centre().decDeg()).isCloseTo(dec, within(1e-11));
        assertThat(wcs.pixelScaleArcsec()).isCloseTo(1, within(1e-10));
        double radius = wcs.pixelScaleArcsec() * Math.hypot(wcs.width(), wcs.height()) / 2 / 3600;
        assertThat(radius).isCloseTo(0.177864562150912, within(1e-11));
        assertThat(wcs.radiusDeg()).isCloseTo(radius, within(1e-5));
        assertThat(wcs.parity()).isEqualTo(parity);
        assertThat(wcs.orientationDeg()).isCloseTo(orientation, within(1e-9));
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "359.9999, -30", "0.0001, 45", "123, 89.99", "10, 90", "200, -90", "77, -89.5", "180, 60"})
    void pixelsCloseTheRoundTrip(double ra, double dec) {
        for (int order = 0; order <= 4; order++) {
            Sip sip = order < 2 ? null : distortion(order, new PixelPosition(900, 1400), 4000, 3000);
            double cos = 0.004 * Math.cos(0.7);
            double sin = 0.004 * Math.sin(0.7);
            Wcs wcs = new Wcs(
                    new SkyPosition(ra, dec), new PixelPosition(900, 1400), -cos, sin, sin, cos, sip, 4000, 3000);
            for (PixelPosition pixel : places(4000, 3000)) {
                SkyPosition sky = wcs.pixelToSky(pixel);
                PixelPosition back = wcs.skyToPixel(sky).orElseThrow();
                assertThat(Math.hypot(back.x() - pixel.x(), back.y() - pixel.y()))
                        .as("order %d, %s", order, pixel)
                        .isLessThan(1e-9);
            }
        }
    }

    @Test
    void fittedInverseIsClose() {
        PixelPosition crpix = new PixelPosition(900, 1400);
        Sip sip = distortion(3, crpix, 4000, 3000);
        for (PixelPosition pixel : places(4000, 3000)) {
            double u = pixel.x() - crpix.x();
            double v = pixel.y() - crpix.y();
            double du = u + sip.a().at(u, v);
            double dv = v + sip.b().at(u, v);
            assertThat(du + sip.ap().at(du, dv)).isCloseTo(u, within(0.02));
            assertThat(dv + sip.bp().at(du, dv)).isCloseTo(v, within(0.02));
        }
    }

    @Test
    void farSideOfTheSkyHasNoPixel() {
        Wcs wcs = vector(-1e-3, 0, 0, 1e-3);
        assertThat(wcs.skyToPixel(new SkyPosition(0, -45))).isEmpty();
        assertThat(wcs.skyToPixel(new SkyPosition(0, -44))).isEmpty();
    }

    /** The same picture with its reference pixel moved beyond the pole has the same orientation. */
    @Test
    void orientationHoldsAcrossThePole() {
        Wcs near = new Wcs(new SkyPosition(40, 89.5), new PixelPosition(500, 400), -1e-3, 0, 0, 1e-3, null, 1000, 800);
        SkyPosition beyond = near.pixelToSky(500, 2000);
        assertThat(beyond.raDeg()).isCloseTo(220, within(0.5));
        Wcs far = new Wcs(beyond, new PixelPosition(500, 2000), 1e-3, 0, 0, -1e-3, null, 1000, 800);
        assertThat(far.centre().separationDeg(near.centre())).isLessThan(0.01);
        assertThat(far.orientationAtCentreDeg()).isCloseTo(near.orientationAtCentreDeg(), within(0.1));
    }

    private static List<PixelPosition> places(int width, int height) {
        return List.of(
                new PixelPosition(0.5, 0.5),
                new PixelPosition(width + 0.5, 0.5),
                new PixelPosition(width + 0.5, height + 0.5),
                new PixelPosition(0.5, height + 0.5),
                new PixelPosition(1, 1),
                new PixelPosition(900, 1400),
                new PixelPosition((width + 1) / 2.0, (height + 1) / 2.0),
                new PixelPosition(123.456, 2345.678));
    }

    /** Up to some 30 pixels at the corners, as a short lens has it. */
    static Sip distortion(int order, PixelPosition crpix, double width, double height) {
        double[][] a = new double[order + 1][order + 1];
        double[][] b = new double[order + 1][order + 1];
        for (int p = 0; p <= order; p++) {
            for (int q = 0; q <= order - p; q++) {
                if (p + q >= 2) {
                    a[p][q] = (p - q + 0.5) * 3 / Math.pow(2000, p + q);
                    b[p][q] = (q - 2 * p + 0.3) * 2 / Math.pow(2000, p + q);
                }
            }
        }
        return Sip.forward(SipPolynomial.of(order, a), SipPolynomial.of(order, b), crpix, width, height);
    }
}
