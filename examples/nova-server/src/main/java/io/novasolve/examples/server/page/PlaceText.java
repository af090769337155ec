package io.novasolve.examples.server.page;

import io.novasolve.sky.SkyPosition;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads places on the sky as people write them: in degrees, or RA in hours and Dec in degrees, minutes and seconds. */
final class PlaceText {

    private static final Pattern DEGREES = Pattern.compile("([+-]?)(\\d{1,3}(?:\\.\\d{1,12})?)°?");

    private static final Pattern SIXTIETHS = Pattern.compile(
            "([+-]?)(\\d{1,3})\\s*[:hd°\\s]\\s*([0-5]?\\d)(?:\\s*[:m'′\\s]\\s*([0-5]?\\d(?:\\.\\d{1,9})?))?\\s*[ms'′\"″]?");

    private PlaceText() {}

    /**
     * A place; empty if neither is given.
     *
     * @throws IllegalArgumentException if it is none, with what is wrong
     */
    static Optional<SkyPosition> read(String ra, String dec) {
        if (ra.isBlank() && dec.isBlank()) {
            return Optional.empty();
        }
        if (ra.isBlank() || dec.isBlank()) {
            throw new IllegalArgumentException("A place needs both RA and Dec.");
        }
        double raDeg = number(ra, 15);
        if (!(raDeg >= -360 && raDeg <= 360)) {
            throw new IllegalArgumentException(
                    "This is no RA: \"" + ra + "\". Write degrees such as 83.82, or hours such as 5:35:17.");
        }
        double decDeg = number(dec, 1);
        if (!(Math.abs(decDeg) <= 90)) {
            throw new IllegalArgumentException(
                    "This is no Dec: \"" + dec + "\". Write degrees such as -5.39, or -5:23:28.");
        }
        double turned = raDeg - 360 * Math.floor(raDeg / 360);
        return Optional.of(new SkyPosition(turned < 360 ? turned : 0, decDeg));
    }

    /** NaN if it is none. */
    private static double number(String text, double unitDeg) {
        String plain = text.strip().replace('−', '-').toLowerCase(Locale.ROOT);
        Matcher degrees = DEGREES.matcher(plain);
        if (degrees.matches()) {
            return sign(degrees.group(1)) * Double.parseDouble(degrees.group(2));
        }
        Matcher parts = SIXTIETHS.matcher(plain);
        if (!parts.matches()) {
            return Double.NaN;
        }
        double seconds = parts.group(4) == null ? 0 : Double.parseDouble(parts.group(4));
        return sign(parts.group(1))
                * unitDeg
                * (Integer.parseInt(parts.group(2)) + Integer.parseInt(parts.group(3)) / 60.0 + seconds / 3600);
    }

    private static int sign(String text) {
        return text.equals("-") ? -1 : 1;
    }
}
