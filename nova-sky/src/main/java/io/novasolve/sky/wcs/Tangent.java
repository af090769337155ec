package io.novasolve.sky.wcs;

import io.novasolve.sky.SkyPosition;

/**
 * The plane that touches the sphere at one point, with axes east and north: the gnomonic projection in vector form, exact
 * at the poles too (there north is the limit along the meridian of the given RA).
 */
public final class Tangent {

    private final double[] axis;
    private final double[] east;
    private final double[] north;

    private Tangent(double raRad, double decRad) {
        double cosRa = Math.cos(raRad);
        double sinRa = Math.sin(raRad);
        double cosDec = Math.cos(decRad);
        double sinDec = Math.sin(decRad);
        axis = new double[] {cosDec * cosRa, cosDec * sinRa, sinDec};
        east = new double[] {-sinRa, cosRa, 0};
        north = new double[] {-sinDec * cosRa, -sinDec * sinRa, cosDec};
    }

    /** The plane that touches at a position. */
    public static Tangent at(SkyPosition point) {
        return new Tangent(Math.toRadians(point.raDeg()), Math.toRadians(point.decDeg()));
    }

    /**
     * Projects a position.
     *
     * @param plane receives (east, north) in units of the sphere's radius, so radians near the point of contact
     * @return false, with {@code plane} untouched, for positions 90° or farther away, which have no image
     */
    public boolean project(SkyPosition sky, double[] plane) {
        double[] s = sky.unitVector();
        return project(s[0], s[1], s[2], plane);
    }

    /** The same for a unit vector. */
    public boolean project(double x, double y, double z, double[] plane) {
        double along = axis[0] * x + axis[1] * y + axis[2] * z;
        if (along <= 1e-12) {
            return false;
        }
        plane[0] = (east[0] * x + east[1] * y) / along;
        plane[1] = (north[0] * x + north[1] * y + north[2] * z) / along;
        return true;
    }

    /** The position whose image is (e, n), in units of the sphere's radius. */
    public SkyPosition deproject(double e, double n) {
        return SkyPosition.ofVector(
                axis[0] + e * east[0] + n * north[0], axis[1] + e * east[1] + n * north[1], axis[2] + n * north[2]);
    }
}
