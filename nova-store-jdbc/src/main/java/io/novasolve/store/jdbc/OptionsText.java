package io.novasolve.store.jdbc;

import io.novasolve.core.model.PositionHint;
import io.novasolve.core.model.ScaleHint;
import io.novasolve.core.model.ScaleUnits;
import io.novasolve.core.model.SolveOptions;
import io.novasolve.core.spi.StoreException;
import io.novasolve.sky.Parity;
import io.novasolve.sky.SkyPosition;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Options as {@code name=value} with blanks between, only those that are set; no value holds a blank. */
final class OptionsText {

    private OptionsText() {}

    static String write(SolveOptions o) {
        StringJoiner text = new StringJoiner(" ");
        ScaleHint scale = o.scale();
        if (scale != null) {
            add(text, "scaleUnits", scale.units().word());
            add(text, "scaleLow", scale.low());
            add(text, "scaleHigh", scale.high());
        }
        PositionHint position = o.position();
        if (position != null) {
            add(text, "raDeg", position.centre().raDeg());
            add(text, "decDeg", position.centre().decDeg());
            add(text, "radiusDeg", position.radiusDeg());
        }
        Parity parity = o.parity();
        add(text, "parity", parity == null ? null : parity.name().toLowerCase(Locale.ROOT));
        add(text, "downsample", o.downsample());
        add(text, "invert", o.invert());
        add(text, "depthFrom", o.depthFrom());
        add(text, "depth", o.depth());
        add(text, "maxStars", o.maxStars());
        add(text, "positionalErrorPx", o.positionalErrorPx());
        add(text, "oddsToSolve", o.oddsToSolve());
        add(text, "tweakOrder", o.tweakOrder());
        add(text, "crpixCentre", o.crpixCentre());
        add(text, "width", o.width());
        add(text, "height", o.height());
        add(text, "cpuLimit", o.cpuLimit());
        add(text, "timeout", o.timeout());
        add(text, "deadline", o.deadline());
        add(text, "reuse", o.reuse());
        return text.toString();
    }

    private static void add(StringJoiner text, String name, @Nullable Object value) {
        if (value != null) {
            text.add(name + "=" + value);
        }
    }

    /**
     * Names that a newer version may have written are passed over.
     *
     * @throws StoreException if a value was not written here
     */
    static SolveOptions read(String text) {
        try {
            return text.isEmpty() ? SolveOptions.defaults() : parse(text);
        } catch (IllegalArgumentException | DateTimeException | ArithmeticException e) {
            throw new StoreException("the database has options that Nova did not write: '" + text + "'", e);
        }
    }

    private static SolveOptions parse(String text) {
        Values values = new Values(text);
        return SolveOptions.builder()
                .scale(scale(values))
                .position(position(values))
                .parity(values.get("parity", p -> Parity.valueOf(p.toUpperCase(Locale.ROOT))))
                .downsample(values.get("downsample", Integer::valueOf))
                .invert(values.get("invert", Boolean::valueOf))
                .depthFrom(values.get("depthFrom", Integer::valueOf))
                .depth(values.get("depth", Integer::valueOf))
                .maxStars(values.get("maxStars", Integer::valueOf))
                .positionalErrorPx(values.get("positionalErrorPx", Double::valueOf))
                .oddsToSolve(values.get("oddsToSolve", Double::valueOf))
                .tweakOrder(values.get("tweakOrder", Integer::valueOf))
                .crpixCentre(values.get("crpixCentre", Boolean::valueOf))
                .width(values.get("width", Double::valueOf))
                .height(values.get("height", Double::valueOf))
                .cpuLimit(values.get("cpuLimit", Duration::parse))
                .timeout(values.get("timeout", Duration::parse))
                .deadline(values.get("deadline", Instant::parse))
                .reuse(values.get("reuse", Boolean::valueOf))
                .build();
    }

    /** Options by the names of images, one a line, the name percent-encoded; null for none. */
    static @Nullable String write(Map<String, SolveOptions> byName) {
        if (byName.isEmpty()) {
            return null;
        }
        StringJoiner lines = new StringJoiner("\n");
        byName.forEach(
                (name, options) -> lines.add(URLEncoder.encode(name, StandardCharsets.UTF_8) + " " + write(options)));
        return lines.toString();
    }

    static Map<String, SolveOptions> readByName(@Nullable String text) {
        Map<String, SolveOptions> byName = new HashMap<>();
        if (text != null) {
            for (String line : text.split("\n", -1)) {
                int blank = line.indexOf(' ');
                byName.put(name(line.substring(0, Math.max(0, blank))), read(line.substring(blank + 1)));
            }
        }
        return byName;
    }

    private static String name(String encoded) {
        try {
            return URLDecoder.decode(encoded, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new StoreException("the database has a name that Nova did not write: '" + encoded + "'", e);
        }
    }

    private static @Nullable ScaleHint scale(Values values) {
        ScaleUnits units = values.get("scaleUnits", ScaleUnits::of);
        return units == null
                ? null
                : new ScaleHint(
                        units, values.get("scaleLow", Double::valueOf), values.get("scaleHigh", Double::valueOf));
    }

    private static @Nullable PositionHint position(Values values) {
        Double ra = values.get("raDeg", Double::valueOf);
        Double dec = values.get("decDeg", Double::valueOf);
        Double radius = values.get("radiusDeg", Double::valueOf);
        return ra == null || dec == null || radius == null ? null : new PositionHint(new SkyPosition(ra, dec), radius);
    }

    private static final class Values {
        private final Map<String, String> values = new HashMap<>();

        Values(String text) {
            for (String part : text.split(" ", -1)) {
                int equals = part.indexOf('=');
                if (equals > 0) {
                    values.put(part.substring(0, equals), part.substring(equals + 1));
                }
            }
        }

        <T> @Nullable T get(String name, Function<String, T> parse) {
            String value = values.get(name);
            return value == null ? null : parse.apply(value);
        }
    }
}
