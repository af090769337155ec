package io.novasolve.core.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ScaleHintTest {

    private static final Offset<Double> TINY = within(1e-9);

    /** On a picture 1800 pixels wide, every hint means 1 … 2 arcsec per pixel. */
    @ParameterizedTest
    @CsvSource({
        "DEG_WIDTH, 0.5, 1",
        "ARCMIN_WIDTH, 30, 60",
        "ARCSEC_PER_PIX, 1, 2",
    })
    void boundsAreOfTheWidth(ScaleUnits units, double low, double high) {
        ScaleRange range = ScaleHint.between(units, low, high).arcsecPerPixel(1800);

        assertThat(range.low()).isCloseTo(1, TINY);
        assertThat(range.high()).isCloseTo(2, TINY);
    }

    /** A frame 36 mm wide: 18 mm sees 90°, and 2·atan(18/50) = 39.5977527° at 50 mm. */
    @Test
    void focalLengthsMeanTheFullAngleAndTheLongerOneTheSmallerField() {
        ScaleRange range = ScaleHint.between(ScaleUnits.FOCAL_MM, 18, 50).arcsecPerPixel(3600);

        assertThat(range.high()).isCloseTo(90, TINY);
        assertThat(range.low()).isCloseTo(39.5977527, within(1e-6));
    }

    @ParameterizedTest
    @CsvSource({"ARCSEC_PER_PIX, 4, 6", "DEG_WIDTH, 4, 6", "ARCMIN_WIDTH, 4, 6", "FOCAL_MM, 4, 6"})
    void anEstimateIsPlusMinusItsPercent(ScaleUnits units, double low, double high) {
        ScaleHint hint = ScaleHint.estimate(units, 5, 20);

        assertThat(hint.low()).isCloseTo(low, TINY);
        assertThat(hint.high()).isCloseTo(high, TINY);
        assertThat(hint.units()).isEqualTo(units);
    }

    @ParameterizedTest
    @CsvSource({"ARCSEC_PER_PIX", "DEG_WIDTH", "ARCMIN_WIDTH", "FOCAL_MM"})
    void anEstimateMayBeWrongByAllOfIt(ScaleUnits units) {
        ScaleRange range = ScaleHint.estimate(units, 5, 100).arcsecPerPixel(1000);

        assertThat(range.low()).isPositive();
        assertThat(range.high()).isGreaterThan(range.low());
    }

    @Test
    void anOpenBoundIsTheDefaultOne() {
        ScaleRange any = ScaleHint.anyScale(1000);
        assertThat(any.low()).isCloseTo(0.36, TINY);
        assertThat(any.high()).isCloseTo(648, TINY);

        assertThat(new ScaleHint(ScaleUnits.ARCSEC_PER_PIX, 5.0, null).arcsecPerPixel(1000))
                .isEqualTo(new ScaleRange(5, any.high()));
        assertThat(new ScaleHint(ScaleUnits.ARCSEC_PER_PIX, null, 5.0).arcsecPerPixel(1000))
                .isEqualTo(new ScaleRange(any.low(), 5));
        assertThat(new ScaleHint(ScaleUnits.ARCSEC_PER_PIX, null, null).arcsecPerPixel(1000))
                .isEqualTo(any);
        assertThat(new ScaleHint(ScaleUnits.FOCAL_MM, 18.0, null).arcsecPerPixel(3600))
                .satisfies(r -> assertThat(r.high()).isCloseTo(90, TINY))
                .satisfies(r -> assertThat(r.low()).isCloseTo(0.1, TINY));
    }

    @Test
    void oneBoundBeyondTheDefaultOfTheOtherStillMakesARange() {
        ScaleRange fine = new ScaleHint(ScaleUnits.ARCSEC_PER_PIX, null, 0.01).arcsecPerPixel(1000);
        ScaleRange coarse = new ScaleHint(ScaleUnits.ARCSEC_PER_PIX, 5000.0, null).arcsecPerPixel(1000);

        assertThat(fine.high()).isEqualTo(0.01);
        assertThat(fine.low()).isLessThan(0.01);
        assertThat(coarse.low()).isEqualTo(5000);
        assertThat(coarse.high()).isGreaterThan(5000);
    }

    @Test
    void zeroIsALowerBoundBelowTheDefault() {
        ScaleRange range = new ScaleHint(ScaleUnits.ARCSEC_PER_PIX, 0.0, 2.0).arcsecPerPixel(1000);

        assertThat(range.low()).isPositive().isLessThan(ScaleHint.anyScale(1000).low());
        assertThat(range.high()).isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource({"-1, 2", "2, 1", "1, 0", "0, 0", "NaN, 1", "1, NaN", "1, Infinity", "Infinity, Infinity", "-2, -1"})
    void refusesBoundsThatMakeNoSense(double low, double high) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ScaleHint.between(ScaleUnits.DEG_WIDTH, low, high))
                .withMessageContaining("scale bound")
                .withMessageMatching(".*(" + low + "|" + high + ").*");
    }

    @ParameterizedTest
    @ValueSource(doubles = {-1, 100.1, Double.NaN, Double.POSITIVE_INFINITY})
    void refusesErrorsOutsideOfZeroToHundred(double percent) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ScaleHint.estimate(ScaleUnits.DEG_WIDTH, 5, percent))
                .withMessageContaining("percent")
                .withMessageContaining(Double.toString(percent));
    }

    @ParameterizedTest
    @ValueSource(doubles = {-1, 0, Double.NaN, Double.POSITIVE_INFINITY})
    void refusesEstimatesThatAreNotPositive(double estimate) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ScaleHint.estimate(ScaleUnits.DEG_WIDTH, estimate, 10))
                .withMessageContaining("estimate must be positive");
    }

    @ParameterizedTest
    @CsvSource({
        "degwidth, DEG_WIDTH",
        "degw, DEG_WIDTH",
        "dw, DEG_WIDTH",
        "DegWidth, DEG_WIDTH",
        "arcminwidth, ARCMIN_WIDTH",
        "amw, ARCMIN_WIDTH",
        "aw, ARCMIN_WIDTH",
        "ARCMINWIDTH, ARCMIN_WIDTH",
        "arcsecperpix, ARCSEC_PER_PIX",
        "app, ARCSEC_PER_PIX",
        "ARCSECPERPIX, ARCSEC_PER_PIX",
        "focalmm, FOCAL_MM",
        "FOCALMM, FOCAL_MM"
    })
    void knowsUnitsByTheirWords(String word, ScaleUnits units) {
        assertThat(ScaleUnits.of(word)).isEqualTo(units);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "deg", "degwidth ", "DEGW\u0130DTH"})
    void saysWhichUnitsThereAre(String word) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ScaleUnits.of(word))
                .withMessageContaining("'" + word + "'")
                .withMessageContaining("degwidth, arcminwidth, arcsecperpix or focalmm");
    }
}
