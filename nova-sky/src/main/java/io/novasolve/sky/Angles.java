package io.novasolve.sky;

import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Angles as people and programs write them: in degrees or sexagesimal, with colons, blanks, letters or signs of degrees. */
public final class Angles {

    private static final String NUMBER = "(\\d{1,9}(?:[.,]\\d{0,18})?)";
    private static final String GAP = "[\\s:hHdDmM°'′]{1,4}";

    /** One to three numbers with anything usual between and behind them. */
    private static final Pattern ANGLE = Pattern.compile("([+\\-−]?)\\s{0,4}" + NUMBER + "(?:" + GAP + NUMBER + "(?:"
            + GAP + NUMBER + ")?)?[\\s:sS°\"″'′dDhHmM]{0,4}");

    private Angles() {}

    /**
     * A right ascension in degrees, 0 ≤ RA &lt; 360: numbers with minutes are hours, a bare one is degrees unless an {@code h}
     * follows; empty if it is none.
     */
    public static OptionalDouble ra(String text) {
        Matcher m = ANGLE.matcher(text.strip());
        if (!m.matches() || !m.group(1).isEmpty() && !m.group(1).equals("+")) {
            return OptionalDouble.empty();
        }
        double value = value(m);
        boolean hours = m.group(3) != null || text.indexOf('h') >= 0 || text.indexOf('H') >= 0;
        boolean inDegrees = text.indexOf('d') >= 0 || text.indexOf('D') >= 0 || text.indexOf('°') >= 0;
        double degrees = hours && !inDegrees ? value * 15 : value;
        return degrees >= 0 && degrees <= 360 ? OptionalDouble.of(degrees % 360) : OptionalDouble.empty();
    }

    /** A declination in degrees, −90 to 90; the sign of −0 counts; empty if it is none. */
    public static OptionalDouble dec(String text) {
        Matcher m = ANGLE.matcher(text.strip());
        if (!m.matches()) {
            return OptionalDouble.empty();
        }
        double value = value(m) * (m.group(1).isEmpty() || m.group(1).equals("+") ? 1 : -1);
        return Math.abs(value) <= 90 ? OptionalDouble.of(value) : OptionalDouble.empty();
    }

    private static double value(Matcher m) {
        double value = number(m.group(2)) + number(m.group(3)) / 60 + number(m.group(4)) / 3600;
        boolean valid = number(m.group(3)) < 60 && number(m.group(4)) < 60.0001;
        return valid ? value : Double.NaN;
    }

    private static double number(@Nullable String text) {
        return text == null ? 0 : Double.parseDouble(text.replace(',', '.'));
    }

    /** A plain positive number with a decimal point or comma, units behind it ignored; empty if it is none. */
    public static OptionalDouble positive(String text) {
        Matcher m = Pattern.compile("\\+?" + NUMBER + "(?:[eE]([+-]?\\d{1,2}))?(?:\\s.{0,20})?")
                .matcher(text.strip());
        if (!m.matches()) {
            return OptionalDouble.empty();
        }
        double value = number(m.group(1)) * Math.pow(10, m.group(2) == null ? 0 : Integer.parseInt(m.group(2)));
        return value > 0 && value < 1e12 ? OptionalDouble.of(value) : OptionalDouble.empty();
    }
}
