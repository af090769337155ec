package io.novasolve.core.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.novasolve.core.model.SolveOptions.Builder;
import io.novasolve.sky.Parity;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.time.Instant;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class SolveOptionsTest {

    private static Arguments row(String word, String value, UnaryOperator<Builder> setting) {
        return Arguments.of(word, value, setting);
    }

    static Stream<Arguments> nonsense() {
        return Stream.of(
                row("downsample", "-1", b -> b.downsample(-1)),
                row("depth", "0", b -> b.depth(0)),
                row("number of stars", "0", b -> b.maxStars(0)),
                row("positional error", "0.0", b -> b.positionalErrorPx(0.0)),
                row("positional error", "NaN", b -> b.positionalErrorPx(Double.NaN)),
                row("positional error", "Infinity", b -> b.positionalErrorPx(Double.POSITIVE_INFINITY)),
                row("odds", "1.0", b -> b.oddsToSolve(1.0)),
                row("odds", "NaN", b -> b.oddsToSolve(Double.NaN)),
                row("odds", "Infinity", b -> b.oddsToSolve(Double.POSITIVE_INFINITY)),
                row("tweak order", "-1", b -> b.tweakOrder(-1)),
                row("tweak order", "10", b -> b.tweakOrder(10)),
                row("width", "0.0", b -> b.width(0.0)),
                row("height", "-5.0", b -> b.height(-5.0)),
                row("CPU limit", "PT0S", b -> b.cpuLimit(Duration.ZERO)),
                row("timeout", "PT-1S", b -> b.timeout(Duration.ofSeconds(-1))));
    }

    @ParameterizedTest
    @MethodSource("nonsense")
    void refusesNonsenseWithItsNameAndValue(String word, String value, UnaryOperator<Builder> setting) {
        Builder builder = setting.apply(SolveOptions.builder());

        assertThatIllegalArgumentException()
                .isThrownBy(builder::build)
                .withMessageContaining(word)
                .withMessageEndingWith("but is " + value);
    }

    static Stream<UnaryOperator<Builder>> edges() {
        return Stream.of(
                b -> b.downsample(0),
                b -> b.depth(1),
                b -> b.maxStars(1),
                b -> b.tweakOrder(0),
                b -> b.tweakOrder(9),
                b -> b.width(0.5),
                b -> b.cpuLimit(Duration.ofNanos(1)));
    }

    @ParameterizedTest
    @MethodSource("edges")
    void takesTheEdges(UnaryOperator<Builder> setting) {
        assertThatCode(() -> setting.apply(SolveOptions.builder()).build()).doesNotThrowAnyException();
    }

    @Test
    void zeroIsAValueThatDefaultsDoNotReplace() {
        SolveOptions zeros = SolveOptions.builder()
                .position(PositionHint.of(0, 0, 1))
                .downsample(0)
                .tweakOrder(0)
                .invert(false)
                .crpixCentre(false)
                .build();
        SolveOptions others = SolveOptions.builder()
                .position(PositionHint.of(10, 20, 30))
                .downsample(4)
                .tweakOrder(3)
                .invert(true)
                .crpixCentre(true)
                .build();

        assertThat(zeros.orElse(others)).isEqualTo(zeros);
        assertThat(zeros.tweakOrderOrDefault()).isZero();
    }

    @Test
    void whatIsOpenIsTakenFromTheOthers() {
        SolveOptions full = SolveOptions.builder()
                .scale(ScaleHint.between(ScaleUnits.DEG_WIDTH, 1, 2))
                .position(PositionHint.of(10, 20, 30))
                .parity(Parity.POS)
                .downsample(2)
                .invert(true)
                .depth(10)
                .maxStars(20)
                .positionalErrorPx(2.0)
                .oddsToSolve(1e6)
                .tweakOrder(3)
                .crpixCentre(true)
                .width(100.0)
                .height(50.0)
                .cpuLimit(Duration.ofSeconds(1))
                .timeout(Duration.ofSeconds(2))
                .build();

        assertThat(SolveOptions.defaults().orElse(full)).isEqualTo(full);
        assertThat(full.orElse(SolveOptions.defaults())).isEqualTo(full);
        assertThat(SolveOptions.defaults().tweakOrderOrDefault()).isEqualTo(2);
    }

    @Test
    void withoutAHintAllScalesAreSearched() {
        assertThat(SolveOptions.defaults().scaleRange(1800)).isEqualTo(ScaleHint.anyScale(1800));
        assertThat(SolveOptions.builder()
                        .scale(ScaleHint.between(ScaleUnits.ARCSEC_PER_PIX, 1, 2))
                        .build()
                        .scaleRange(1800))
                .isEqualTo(new ScaleRange(1, 2));
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, -1, 180.01, Double.NaN, Double.POSITIVE_INFINITY})
    void refusesARadiusThatHoldsNoPicture(double radius) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PositionHint.of(10, 20, radius))
                .withMessageContaining("radius")
                .withMessageContaining(Double.toString(radius));
    }

    @ParameterizedTest
    @CsvSource({"400, 0", "-1, 0", "NaN, 0", "0, 90.1", "0, -91", "0, NaN", "Infinity, 0"})
    void refusesPositionsOffTheSky(double ra, double dec) {
        assertThatIllegalArgumentException().isThrownBy(() -> PositionHint.of(ra, dec, 1));
    }

    @Test
    void takesTheSeamOfRightAscensionAndThePoles() {
        assertThat(PositionHint.of(360, 90, 180)).isEqualTo(PositionHint.of(0, 90, 180));
        assertThat(PositionHint.of(0, -90, 0.001).centre().decDeg()).isEqualTo(-90);
    }

    @Test
    void aBuilderBeginsWithAllThatWasSet() throws Exception {
        SolveOptions all = SolveOptions.builder()
                .scale(ScaleHint.between(ScaleUnits.ARCSEC_PER_PIX, 1, 2))
                .position(PositionHint.of(10, 20, 5))
                .parity(Parity.NEG)
                .downsample(2)
                .invert(true)
                .depthFrom(3)
                .depth(4)
                .maxStars(5)
                .positionalErrorPx(6.0)
                .oddsToSolve(7.0)
                .tweakOrder(8)
                .crpixCentre(true)
                .width(9.0)
                .height(10.0)
                .cpuLimit(Duration.ofSeconds(11))
                .timeout(Duration.ofSeconds(12))
                .deadline(Instant.ofEpochSecond(13))
                .reuse(true)
                .build();
        for (RecordComponent component : SolveOptions.class.getRecordComponents()) {
            assertThat(component.getAccessor().invoke(all))
                    .as(component.getName())
                    .isNotNull();
        }
        assertThat(all.toBuilder().build()).isEqualTo(all);
        assertThat(all.toBuilder().scale(null).build().scale()).isNull();
    }
}
