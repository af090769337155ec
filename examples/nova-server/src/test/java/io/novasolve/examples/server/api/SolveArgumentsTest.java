package io.novasolve.examples.server.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.novasolve.core.model.PositionHint;
import io.novasolve.core.model.ScaleHint;
import io.novasolve.core.model.ScaleUnits;
import io.novasolve.core.model.SolveOptions;
import io.novasolve.sky.Parity;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SolveArgumentsTest {

    private static SolveOptions read(String json) throws ApiException {
        return SolveArguments.read(Arguments.parse(json));
    }

    @Test
    void nothingSaidIsNothingKnown() throws ApiException {
        assertThat(read("{}")).isEqualTo(SolveOptions.defaults());
        assertThat(read("{\"parity\": 2, \"image_width\": 0, \"image_height\": 0, \"crpix_center\": false}"))
                .isEqualTo(SolveOptions.defaults());
    }

    @Test
    void zeroIsAValue() throws ApiException {
        SolveOptions options = read("{\"center_ra\": 0, \"center_dec\": 0.0, \"radius\": 5, \"tweak_order\": 0,"
                + " \"scale_lower\": 0, \"scale_upper\": 10, \"parity\": 0}");
        assertThat(options.position()).isEqualTo(PositionHint.of(0, 0, 5));
        assertThat(options.tweakOrder()).isZero();
        assertThat(options.scale()).isEqualTo(ScaleHint.between(ScaleUnits.DEG_WIDTH, 0, 10));
        assertThat(options.parity()).isEqualTo(Parity.POS);
    }

    @Test
    void numbersMayBeTextsAndWholeNumbersMayHaveFractions() throws ApiException {
        SolveOptions options = read("{\"downsample_factor\": 2.7, \"parity\": \"1\", \"tweak_order\": \"3\","
                + " \"center_ra\": \"370.5\", \"center_dec\": \" -1e1 \", \"radius\": true, \"invert\": \"false\","
                + " \"image_width\": 640.0, \"image_height\": 480}");
        assertThat(options.downsample()).isEqualTo(2);
        assertThat(options.parity()).isEqualTo(Parity.NEG);
        assertThat(options.tweakOrder()).isEqualTo(3);
        assertThat(options.position()).isEqualTo(PositionHint.of(10.5, -10, 1));
        assertThat(options.invert()).isTrue();
        assertThat(options.width()).isEqualTo(640);
        assertThat(options.height()).isEqualTo(480);
    }

    @Test
    void scales() throws ApiException {
        assertThat(
                        read("{\"scale_type\": \"ev\", \"scale_units\": \"arcsecperpix\", \"scale_est\": 2, \"scale_err\": 10}")
                                .scale())
                .isEqualTo(ScaleHint.between(ScaleUnits.ARCSEC_PER_PIX, 1.8, 2.2));
        assertThat(read("{\"scale_units\": \"arcsecperpix\", \"scale_lower\": 1.5}")
                        .scale())
                .isEqualTo(ScaleHint.between(ScaleUnits.ARCSEC_PER_PIX, 1.5, 180));
        assertThat(read("{\"scale_units\": \"arcminwidth\", \"scale_lower\": 300}")
                        .scale())
                .isEqualTo(new ScaleHint(ScaleUnits.ARCMIN_WIDTH, 300.0, null));
        assertThat(read("{\"scale_units\": \"focalmm\", \"scale_lower\": 50, \"scale_upper\": 85}")
                        .scale())
                .isEqualTo(ScaleHint.between(ScaleUnits.FOCAL_MM, 50, 85));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"scale_units\": \"; rm -rf /\"}",
                "{\"scale_type\": \"xx\"}",
                "{\"scale_type\": \"ev\", \"scale_est\": 3}",
                "{\"scale_type\": \"ev\", \"scale_est\": 3, \"scale_err\": 101}",
                "{\"scale_lower\": \"abc\"}",
                "{\"scale_lower\": null}",
                "{\"scale_lower\": 5, \"scale_upper\": 4}",
                "{\"scale_lower\": [1]}",
                "{\"scale_upper\": \"NaN\"}",
                "{\"scale_upper\": 1e999}",
                "{\"center_ra\": 1, \"center_dec\": 91, \"radius\": 1}",
                "{\"center_ra\": 1, \"center_dec\": 1, \"radius\": -1}",
                "{\"tweak_order\": 10}",
                "{\"downsample_factor\": -1}",
                "{\"image_width\": 1e300}",
                "{\"positional_error\": 0}"
            })
    void whatMakesNoSenseIsRefusedWithASentence(String json) {
        assertThatThrownBy(() -> read(json))
                .isInstanceOf(ApiException.class)
                .message()
                .isNotBlank();
    }

    @Test
    void textsOfTheDocumentedErrors() {
        assertThatThrownBy(() -> Arguments.parse("")).hasMessage("no json");
        assertThatThrownBy(() -> Arguments.parse("null")).hasMessage("failed to parse JSON: \"null\"");
        assertThatThrownBy(() -> Arguments.parse("{\"a")).hasMessage("failed to parse JSON: \"{\"a\"");
    }
}
