package io.novasolve.examples.server.api;

import io.novasolve.core.model.SolveOptions;
import io.novasolve.examples.server.http.Form;
import io.novasolve.examples.server.json.JsonText;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

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
}
