package io.novasolve.examples.server.api;

import io.novasolve.core.model.PositionHint;
import io.novasolve.core.model.ScaleHint;
import io.novasolve.core.model.ScaleUnits;
import io.novasolve.core.model.SolveOptions;
import io.novasolve.sky.Parity;
import io.novasolve.sky.SkyPosition;
import org.jspecify.annotations.Nullable;

/**
 * The solver's settings among the arguments of a submission. Zero is a value: a centre at RA 0 is a centre at RA 0. What
 * makes no sense is refused with a sentence, instead of failing later.
 */
final class SolveArguments {

    private static final double DEFAULT_LOWER = 0.1;
    private static final double DEFAULT_UPPER = 180;

    private SolveArguments() {}

    static SolveOptions read(Arguments arguments) throws ApiException {
        try {
            SolveOptions.Builder options = SolveOptions.builder()
                    .scale(scale(arguments))
                    .position(position(arguments))
                    .parity(parity(arguments))
                    .downsample(arguments.integer("downsample_factor"))
                    .positionalErrorPx(arguments.number("positional_error"))
                    .tweakOrder(arguments.integer("tweak_order"))
                    .width(size(arguments, "image_width"))
                    .height(size(arguments, "image_height"));
            if (arguments.isTrue("crpix_center")) {
                options.crpixCentre(true);
            }
            if (arguments.isTrue("invert")) {
                options.invert(true);
            }
            return options.build();
        } catch (IllegalArgumentException e) {
            throw new ApiException(String.valueOf(e.getMessage()));
        }
    }

    private static @Nullable ScaleHint scale(Arguments arguments) throws ApiException {
        ScaleUnits units = ScaleUnits.of(arguments.text("scale_units", "degwidth"));
        String type = arguments.text("scale_type", "ul");
        return switch (type) {
            case "ul" -> bounds(units, arguments.number("scale_lower"), arguments.number("scale_upper"));
            case "ev" -> estimate(units, arguments.number("scale_est"), arguments.number("scale_err"));
            default -> throw new ApiException("\"scale_type\" must be ul or ev, but is \"" + type + "\"");
        };
    }

    /**
     * One bound keeps the default for the other, whatever the units, unless the two would contradict each other. Without
     * either, nothing is known.
     */
    private static @Nullable ScaleHint bounds(ScaleUnits units, @Nullable Double lower, @Nullable Double upper) {
        if (lower == null && upper == null) {
            return null;
        }
        Double low = lower != null ? lower : upper != null && upper >= DEFAULT_LOWER ? DEFAULT_LOWER : null;
        Double high = upper != null ? upper : lower != null && lower <= DEFAULT_UPPER ? DEFAULT_UPPER : null;
        return new ScaleHint(units, low, high);
    }

    private static ScaleHint estimate(ScaleUnits units, @Nullable Double estimate, @Nullable Double error)
            throws ApiException {
        if (estimate == null || error == null) {
            throw new ApiException("\"scale_type\" ev needs \"scale_est\" and \"scale_err\"");
        }
        return ScaleHint.estimate(units, estimate, error);
    }

    /** Without all three there is no position: a centre alone says nothing of how far off it may be. */
    private static @Nullable PositionHint position(Arguments arguments) throws ApiException {
        Double ra = arguments.number("center_ra");
        Double dec = arguments.number("center_dec");
        Double radius = arguments.number("radius");
        if (ra == null || dec == null || radius == null) {
            return null;
        }
        double turned = ra - 360 * Math.floor(ra / 360);
        return new PositionHint(new SkyPosition(turned < 360 ? turned : 0, dec), Math.min(180, radius));
    }

    private static @Nullable Parity parity(Arguments arguments) throws ApiException {
        Integer parity = arguments.integer("parity");
        if (parity == null) {
            return null;
        }
        return switch (parity) {
            case 0 -> Parity.POS;
            case 1 -> Parity.NEG;
            default -> null;
        };
    }

    /** Zero is the default of these two, and means: as the stars have it. */
    private static @Nullable Double size(Arguments arguments, String key) throws ApiException {
        Integer size = arguments.integer(key);
        return size == null || size == 0 ? null : (double) size;
    }
}
