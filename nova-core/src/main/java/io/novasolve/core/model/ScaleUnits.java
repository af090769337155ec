package io.novasolve.core.model;

import java.util.Locale;

/** Units in which a scale hint is given. All refer to the width of the picture, not its height. */
public enum ScaleUnits {
    /** Width of the field in degrees. */
    DEG_WIDTH("degwidth", "degw", "dw"),
    /** Width of the field in minutes of arc. */
    ARCMIN_WIDTH("arcminwidth", "amw", "aw"),
    /** Seconds of arc per pixel. */
    ARCSEC_PER_PIX("arcsecperpix", "app"),
    /** Focal length in millimetres on a frame 36 mm wide; the full angle, 2·atan(18/f), lies across the width. */
    FOCAL_MM("focalmm");

    private final String word;
    private final String[] aliases;

    ScaleUnits(String word, String... aliases) {
        this.word = word;
        this.aliases = aliases;
    }

    /** The word that scripts and the nova API use, such as {@code degwidth}. */
    public String word() {
        return word;
    }

    /**
     * The units with a given word or alias, in upper or lower case.
     *
     * @throws IllegalArgumentException if there are none
     */
    public static ScaleUnits of(String text) {
        String wanted = text.toLowerCase(Locale.ROOT);
        for (ScaleUnits units : values()) {
            if (units.word.equals(wanted)) {
                return units;
            }
            for (String alias : units.aliases) {
                if (alias.equals(wanted)) {
                    return units;
                }
            }
        }
        throw new IllegalArgumentException(
                "unknown scale units '" + text + "': use degwidth, arcminwidth, arcsecperpix or focalmm");
    }

    /** Seconds of arc per pixel for a value in these units on a picture of a given width in pixels. */
    double arcsecPerPixel(double value, double width) {
        return switch (this) {
            case DEG_WIDTH -> value * 3600 / width;
            case ARCMIN_WIDTH -> value * 60 / width;
            case ARCSEC_PER_PIX -> value;
            case FOCAL_MM -> Math.toDegrees(2 * Math.atan2(18, value)) * 3600 / width;
        };
    }
}
