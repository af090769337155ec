package io.novasolve.examples.server.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.novasolve.sky.PixelPosition;
import io.novasolve.sky.SkyPosition;
import io.novasolve.sky.wcs.Wcs;
import java.util.Map;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The two worked examples of the API's reference. */
class CalibrationReplyTest {

    private static final Offset<Double> DEGREES = within(1e-10);
    private static final Offset<Double> PIXELS = within(1e-6);

    private static Wcs wcs(double cd11, double cd12, double cd21, double cd22) {
        return new Wcs(new SkyPosition(180, 45), new PixelPosition(300, 500), cd11, cd12, cd21, cd22, null, 1000, 800);
    }

    private static double number(Map<String, Object> reply, String key) {
        return (Double) reply.get(key);
    }

    @Test
    void aFitsPicture() {
        Map<String, Object> reply = new CalibrationReply(
                        wcs(-2.40562612162e-4, 1.38888888889e-4, 1.38888888889e-4, 2.40562612162e-4), false, false)
                .full();
        assertThat(reply.keySet())
                .containsExactly(
                        "ra",
                        "dec",
                        "width_arcsec",
                        "height_arcsec",
                        "radius",
                        "pixscale",
                        "orientation",
                        "parity",
                        "orientation_up");
        assertThat(number(reply, "ra")).isCloseTo(179.912238946748, DEGREES);
        assertThat(number(reply, "dec")).isCloseTo(45.0038776359676, DEGREES);
        assertThat(number(reply, "width_arcsec")).isCloseTo(1000, PIXELS);
        assertThat(number(reply, "height_arcsec")).isCloseTo(800, PIXELS);
        assertThat(number(reply, "radius")).isCloseTo(0.177864562150912, DEGREES);
        assertThat(number(reply, "pixscale")).isCloseTo(1, within(1e-9));
        assertThat(number(reply, "orientation")).isCloseTo(30, within(1e-8));
        assertThat(number(reply, "parity")).isEqualTo(-1.0);
    }

    @Test
    void aJpegPicture() {
        Map<String, Object> reply = new CalibrationReply(
                        wcs(-2.40562612162e-4, -1.38888888889e-4, 1.38888888889e-4, -2.40562612162e-4), true, true)
                .brief();
        assertThat(reply.keySet()).containsExactly("ra", "dec", "radius", "pixscale", "orientation", "parity");
        assertThat(number(reply, "ra")).isCloseTo(179.951288147128, DEGREES);
        assertThat(number(reply, "dec")).isCloseTo(45.0517728345609, DEGREES);
        assertThat(number(reply, "radius")).isCloseTo(0.177864562150912, DEGREES);
        assertThat(number(reply, "orientation")).isCloseTo(330, within(1e-8));
        assertThat(number(reply, "parity")).isEqualTo(1.0);
    }

    /** Of the same sky, shown the same way up, whichever way its rows are counted and its file is written. */
    @ParameterizedTest
    @CsvSource({"-1, false, false", "1, true, true", "1, false, true"})
    void whatIsUpIsTheSameInEveryFormat(double rows, boolean flipped, boolean fromTop) {
        double s = 1 / 3600.0;
        for (double up : new double[] {0, 30, 90, 200, 345}) {
            double cos = Math.cos(Math.toRadians(up));
            double sin = Math.sin(Math.toRadians(up));
            // North up and east left, then turned; rows from the top go down.
            Wcs wcs = wcs(-s * cos, -rows * s * sin, s * sin, -rows * s * cos);
            assertThat(number(new CalibrationReply(wcs, flipped, fromTop).full(), "orientation_up"))
                    .isCloseTo(up, within(1e-8));
        }
    }
}
