package io.novasolve.sky;

/**
 * A direction on the sky, ICRS (J2000).
 *
 * @param raDeg right ascension in degrees, 0 ≤ RA &lt; 360
 * @param decDeg declination in degrees, −90 ≤ Dec ≤ 90
 */
public record SkyPosition(double raDeg, double decDeg) {

    /** @throws IllegalArgumentException if a coordinate is out of range or not finite */
    public SkyPosition {
        if (!(raDeg >= 0 && raDeg < 360)) {
            throw new IllegalArgumentException("RA must be in [0, 360) degrees, but is " + raDeg);
        }
        if (!(decDeg >= -90 && decDeg <= 90)) {
            throw new IllegalArgumentException("Dec must be in [-90, 90] degrees, but is " + decDeg);
        }
    }

    /** The direction of a vector of any length but zero: x to RA 0, y to RA 90°, z to the north pole. */
    public static SkyPosition ofVector(double x, double y, double z) {
        double ra = Math.toDegrees(Math.atan2(y, x));
        if (ra < 0) {
            ra += 360;
        }
        // A tiny negative angle plus 360 rounds to 360 itself.
        if (ra >= 360) {
            ra = 0;
        }
        return new SkyPosition(ra, Math.toDegrees(Math.atan2(z, Math.hypot(x, y))));
    }

    /** The unit vector (x, y, z): x to RA 0, y to RA 90°, z to the north pole. */
    public double[] unitVector() {
        double ra = Math.toRadians(raDeg);
        double dec = Math.toRadians(decDeg);
        double cosDec = Math.cos(dec);
        return new double[] {cosDec * Math.cos(ra), cosDec * Math.sin(ra), Math.sin(dec)};
    }

    /** The angle to another position, in degrees; exact for tiny and for opposite directions alike. */
    public double separationDeg(SkyPosition other) {
        double[] a = unitVector();
        double[] b = other.unitVector();
        double cx = a[1] * b[2] - a[2] * b[1];
        double cy = a[2] * b[0] - a[0] * b[2];
        double cz = a[0] * b[1] - a[1] * b[0];
        double dot = a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
        return Math.toDegrees(Math.atan2(Math.sqrt(cx * cx + cy * cy + cz * cz), dot));
    }
}
