package io.novasolve.core.model;

import org.jspecify.annotations.Nullable;

/**
 * What is known of the scale of a picture: bounds in some units, either of which may be open.
 *
 * @param units what the bounds are given in
 * @param low lower bound; null for the default one, 0 for none at all
 * @param high upper bound, positive; null for the default one
 */
public record ScaleHint(ScaleUnits units, @Nullable Double low, @Nullable Double high) {

    /** Field widths that are searched when nothing is known, in degrees. */
    private static final double DEFAULT_MIN_WIDTH_DEG = 0.1;

    private static final double DEFAULT_MAX_WIDTH_DEG = 180;

    /** A lower bound of zero means none; an engine wants a positive number all the same, in arcsec per pixel. */
    private static final double SMALLEST = 1e-4;

    /** @throws IllegalArgumentException if a bound is negative or not finite, the upper one is 0, or low &gt; high */
    public ScaleHint {
        if (low != null && !(low >= 0 && low < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("the lower scale bound must be 0 or more, but is " + low);
        }
        if (high != null && !(high > 0 && high < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("the upper scale bound must be positive, but is " + high);
        }
        if (low != null && high != null && low > high) {
            throw new IllegalArgumentException("the lower scale bound " + low + " is above the upper one " + high);
        }
    }

    /** Bounds in given units. */
    public static ScaleHint between(ScaleUnits units, double low, double high) {
        return new ScaleHint(units, low, high);
    }

    /**
     * An estimate with its error.
     *
     * @param estimate positive
     * @param errorPercent 0 … 100; at 100 there is no lower bound
     */
    public static ScaleHint estimate(ScaleUnits units, double estimate, double errorPercent) {
        if (!(errorPercent >= 0 && errorPercent <= 100)) {
            throw new IllegalArgumentException("the scale error must be 0 … 100 percent, but is " + errorPercent);
        }
        if (!(estimate > 0 && estimate < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("the scale estimate must be positive, but is " + estimate);
        }
        return new ScaleHint(units, estimate * (1 - errorPercent / 100), estimate * (1 + errorPercent / 100));
    }

    /** The range when nothing is known: fields from 0.1° to 180° of width. */
    public static ScaleRange anyScale(double width) {
        return new ScaleRange(DEFAULT_MIN_WIDTH_DEG * 3600 / width, DEFAULT_MAX_WIDTH_DEG * 3600 / width);
    }

    /** The range in seconds of arc per pixel on a picture of a given width in pixels. */
    public ScaleRange arcsecPerPixel(double width) {
        ScaleRange any = anyScale(width);
        // The longer focal length sees the smaller field.
        Double small = units == ScaleUnits.FOCAL_MM ? high : low;
        Double large = units == ScaleUnits.FOCAL_MM ? low : high;
        double from = small == null ? any.low() : Math.max(SMALLEST, units.arcsecPerPixel(small, width));
        double to = large == null ? any.high() : Math.max(SMALLEST, units.arcsecPerPixel(large, width));
        // One open bound may lie on the wrong side of the default for the other one.
        if (from > to) {
            return small == null ? new ScaleRange(to / 100, to) : new ScaleRange(from, from * 100);
        }
        return new ScaleRange(from, to);
    }
}
