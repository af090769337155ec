package io.novasolve.core.model;

import io.novasolve.sky.SkyPosition;

/**
 * A cone on the sky that holds the picture. Every star of the matching quad must lie in it, so allow for the pointing
 * error plus half the diagonal of the field.
 *
 * @param centre ICRS
 * @param radiusDeg in degrees, 0 &lt; radius ≤ 180
 */
public record PositionHint(SkyPosition centre, double radiusDeg) {

    public PositionHint {
        if (!(radiusDeg > 0 && radiusDeg <= 180)) {
            throw new IllegalArgumentException(
                    "the radius of a position hint must be above 0 and at most 180 degrees, but is " + radiusDeg);
        }
    }

    /** A hint from plain numbers; RA is taken modulo 360 only in the sense that 360 itself is 0. */
    public static PositionHint of(double raDeg, double decDeg, double radiusDeg) {
        return new PositionHint(new SkyPosition(raDeg == 360 ? 0 : raDeg, decDeg), radiusDeg);
    }
}
