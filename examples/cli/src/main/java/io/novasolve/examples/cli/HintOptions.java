package io.novasolve.examples.cli;

import io.novasolve.core.model.PositionHint;
import io.novasolve.core.model.ScaleHint;
import io.novasolve.core.model.ScaleUnits;
import io.novasolve.core.model.SolveOptions;
import io.novasolve.sky.Angles;
import io.novasolve.sky.Parity;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Locale;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What is known of the pictures, with the words and meanings of {@code solve-field}. */
final class HintOptions {

    @Option(
            names = "--scale-units",
            paramLabel = "UNITS",
            description = "degwidth (default), arcminwidth, arcsecperpix or focalmm.")
    private @Nullable String scaleUnits;

    @Option(names = "--scale-low", paramLabel = "X", description = "Lower bound of the scale.")
    private @Nullable Double scaleLow;

    @Option(names = "--scale-high", paramLabel = "X", description = "Upper bound of the scale.")
    private @Nullable Double scaleHigh;

    @Option(
            names = "--ra",
            paramLabel = "RA",
            description = "Field centre: degrees or hh:mm:ss. Needs --dec and --radius.")
    private @Nullable String ra;

    @Option(names = "--dec", paramLabel = "DEC", description = "Field centre: degrees or [+-]dd:mm:ss.")
    private @Nullable String dec;

    @Option(names = "--radius", paramLabel = "DEG", description = "Search only within this angle of the field centre.")
    private @Nullable Double radius;

    @Option(names = "--parity", paramLabel = "P", description = "pos or neg.")
    private @Nullable String parity;

    @Option(names = "--downsample", paramLabel = "N", description = "Bin the picture before extraction; 0 chooses.")
    private @Nullable Integer downsample;

    @Option(
            names = "--depth",
            paramLabel = "N",
            description = "How many of the brightest stars form quads, or a range: 11-20.")
    private @Nullable String depth;

    @Option(names = "--objs", paramLabel = "N", description = "Cut the star list to the brightest N.")
    private @Nullable Integer objs;

    @Option(names = "--pixel-error", paramLabel = "PX", description = "Standard deviation of star positions.")
    private @Nullable Double pixelError;

    @Option(names = "--odds-to-solve", paramLabel = "ODDS", description = "Odds at which a solution is accepted.")
    private @Nullable Double oddsToSolve;

    @Option(names = "--tweak-order", paramLabel = "N", description = "Order of the SIP distortion, 0 … 9.")
    private @Nullable Integer tweakOrder;

    @Option(names = "--no-tweak", description = "Plain TAN, no SIP distortion.")
    private boolean noTweak;

    @Option(names = "--crpix-center", description = "Put the reference pixel in the middle of the picture.")
    private boolean crpixCentre;

    @Option(names = "--invert", description = "Dark stars on a bright sky.")
    private boolean invert;

    @Option(names = "--width", paramLabel = "PX", description = "Picture width, for star lists.")
    private @Nullable Double width;

    @Option(names = "--height", paramLabel = "PX", description = "Picture height, for star lists.")
    private @Nullable Double height;

    @Option(names = "--cpulimit", paramLabel = "SECONDS", description = "Processor time for one search.")
    private @Nullable BigDecimal cpuLimit;

    @Option(names = "--timeout", paramLabel = "SECONDS", description = "Wall time for one file.")
    private @Nullable BigDecimal timeout;

    /** @throws IllegalArgumentException if a value or a combination makes no sense */
    SolveOptions toSolveOptions() {
        return SolveOptions.builder()
                .scale(scale())
                .position(position())
                .parity(parity == null ? null : parity(parity))
                .downsample(downsample)
                .invert(invert ? true : null)
                .depthFrom(depth == null || !depth.contains("-") ? null : depth(depth.substring(0, depth.indexOf('-'))))
                .depth(depth == null ? null : depth(depth.substring(depth.indexOf('-') + 1)))
                .maxStars(objs)
                .positionalErrorPx(pixelError)
                .oddsToSolve(oddsToSolve)
                .tweakOrder(noTweak ? Integer.valueOf(0) : tweakOrder)
                .crpixCentre(crpixCentre ? true : null)
                .width(width)
                .height(height)
                .cpuLimit(seconds("--cpulimit", cpuLimit))
                .timeout(seconds("--timeout", timeout))
                .build();
    }

    private @Nullable ScaleHint scale() {
        ScaleUnits units = scaleUnits == null ? ScaleUnits.DEG_WIDTH : ScaleUnits.of(scaleUnits);
        return scaleLow == null && scaleHigh == null ? null : new ScaleHint(units, scaleLow, scaleHigh);
    }

    private @Nullable PositionHint position() {
        if (ra == null && dec == null && radius == null) {
            return null;
        }
        if (ra == null || dec == null || radius == null) {
            throw new IllegalArgumentException("--ra, --dec and --radius belong together: give all three or none");
        }
        return PositionHint.of(angle("--ra", ra, Angles.ra(ra)), angle("--dec", dec, Angles.dec(dec)), radius);
    }

    private static Parity parity(String word) {
        return switch (word.toLowerCase(Locale.ROOT)) {
            case "pos" -> Parity.POS;
            case "neg" -> Parity.NEG;
            default -> throw new IllegalArgumentException("--parity is pos or neg, but got '" + word + "'");
        };
    }

    private static int depth(String text) {
        try {
            return Integer.parseInt(text.strip());
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    "--depth is a number of stars or a range such as 11-20, but got '" + text + "'", e);
        }
    }

    private static double angle(String option, String text, OptionalDouble angle) {
        return angle.orElseThrow(() -> new IllegalArgumentException(
                option + " is an angle in degrees or sexagesimal, but got '" + text + "'"));
    }

    private static @Nullable Duration seconds(String option, @Nullable BigDecimal value) {
        if (value == null) {
            return null;
        }
        if (value.signum() <= 0) {
            throw new IllegalArgumentException(option + " must be positive, but is " + value);
        }
        return Duration.ofNanos(value.movePointRight(9).longValue());
    }
}
