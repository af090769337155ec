package io.novasolve.examples.server.api;

import io.novasolve.core.model.PositionHint;
import io.novasolve.core.model.ScaleHint;
import io.novasolve.core.model.SolveOptions;
import io.novasolve.examples.server.http.Form;
import io.novasolve.examples.server.json.JsonText;
import io.novasolve.sky.Parity;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The solver's settings in a form of the page: the API's names, and empty fields mean nothing. */
public final class FormOptions {

    private static final List<String> NAMES = List.of(
            "scale_units",
            "scale_lower",
            "scale_upper",
            "center_ra",
            "center_dec",
            "radius",
            "parity",
            "downsample_factor",
            "tweak_order",
            "image_width",
            "image_height",
            "invert",
            "crpix_center");

    private FormOptions() {}

    /** @throws ApiException if a setting makes no sense */
    public static SolveOptions read(Form form) throws ApiException {
        Map<String, Object> given = new LinkedHashMap<>();
        for (String name : NAMES) {
            String value = form.field(name).strip();
            if (!value.isEmpty()) {
                given.put(name, value);
            }
        }
        return SolveArguments.read(Arguments.parse(JsonText.of(given)));
    }

    /** What a form shows that gives the same settings; what is not set is empty. */
    public static Map<String, String> fields(SolveOptions options) {
        Map<String, String> fields = new HashMap<>();
        NAMES.forEach(name -> fields.put(name, ""));
        ScaleHint scale = options.scale();
        if (scale != null) {
            fields.put("scale_units", scale.units().word());
            put(fields, "scale_lower", scale.low());
            put(fields, "scale_upper", scale.high());
        }
        PositionHint position = options.position();
        if (position != null) {
            put(fields, "center_ra", position.centre().raDeg());
            put(fields, "center_dec", position.centre().decDeg());
            put(fields, "radius", position.radiusDeg());
        }
        if (options.parity() != null) {
            fields.put("parity", options.parity() == Parity.POS ? "0" : "1");
        }
        put(fields, "downsample_factor", options.downsample());
        put(fields, "tweak_order", options.tweakOrder());
        put(fields, "image_width", options.width());
        put(fields, "image_height", options.height());
        fields.put("invert", Boolean.TRUE.equals(options.invert()) ? "1" : "");
        fields.put("crpix_center", Boolean.TRUE.equals(options.crpixCentre()) ? "1" : "");
        return fields;
    }

    private static void put(Map<String, String> fields, String name, @Nullable Number value) {
        if (value != null) {
            fields.put(
                    name, new BigDecimal(value.toString()).stripTrailingZeros().toPlainString());
        }
    }

    /** Settings of a submission that a form does not have: whoever solves it again keeps them. */
    public static SolveOptions unseen(SolveOptions options) {
        return SolveOptions.builder()
                .positionalErrorPx(options.positionalErrorPx())
                .build();
    }
}
