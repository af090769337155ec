package io.novasolve.sky.region;

import io.novasolve.sky.PixelPosition;
import io.novasolve.sky.SkyPosition;
import io.novasolve.sky.wcs.Wcs;
import java.util.List;

/**
 * Where a picture lies on the sky, for spatial searches: the cone that holds it, as numbers that a store can index, and the
 * exact test behind it.
 *
 * <p>A store finds candidates by the cone ({@link #x}, {@link #y}, {@link #z}, {@link #radiusDeg}), which is never too
 * small, and asks {@link #contains} for each. Immutable.
 *
 * @param wcs of the picture
 * @param x unit vector of the middle of the picture, towards RA 0
 * @param y the same, towards RA 90°
 * @param z the same, towards the north pole
 * @param radiusDeg of the cone around that vector that holds every pixel, degrees
 */
public record Footprint(Wcs wcs, double x, double y, double z, double radiusDeg) {

    /** Points along each side that the cone is measured with. */
    private static final int SAMPLES = 16;

    /** Between two samples a side bulges by less than this part of the radius. */
    private static final double BULGE = 1.002;

    /** The footprint of a picture. */
    public static Footprint of(Wcs wcs) {
        SkyPosition centre = wcs.centre();
        double radius = 0;
        for (int i = 0; i <= SAMPLES; i++) {
            double px = 0.5 + wcs.width() * i / SAMPLES;
            double py = 0.5 + wcs.height() * i / SAMPLES;
            radius = Math.max(radius, centre.separationDeg(wcs.pixelToSky(px, 0.5)));
            radius = Math.max(radius, centre.separationDeg(wcs.pixelToSky(px, wcs.height() + 0.5)));
            radius = Math.max(radius, centre.separationDeg(wcs.pixelToSky(0.5, py)));
            radius = Math.max(radius, centre.separationDeg(wcs.pixelToSky(wcs.width() + 0.5, py)));
        }
        double[] v = centre.unitVector();
        return new Footprint(wcs, v[0], v[1], v[2], Math.min(180, radius * BULGE));
    }

    /** The middle of the picture. */
    public SkyPosition centre() {
        return SkyPosition.ofVector(x, y, z);
    }

    /** The outer corners in the order (first column, first row), (last, first), (last, last), (first, last). */
    public List<SkyPosition> corners() {
        return wcs.corners();
    }

    /** Whether a position is on the picture, its outermost half pixels included: exact, distortion and all. */
    public boolean contains(SkyPosition position) {
        if (position.separationDeg(centre()) > radiusDeg) {
            return false;
        }
        return wcs.skyToPixel(position).filter(this::onPicture).isPresent();
    }

    private boolean onPicture(PixelPosition p) {
        return p.x() >= 0.5 && p.x() <= wcs.width() + 0.5 && p.y() >= 0.5 && p.y() <= wcs.height() + 0.5;
    }

    /**
     * Whether the cone of this picture and another cone touch: what “near this one” means before it is sorted by
     * {@link SkyPosition#separationDeg}.
     *
     * @param radiusDeg of the other cone, degrees, 0 for a position alone
     */
    public boolean isNear(SkyPosition position, double radiusDeg) {
        return position.separationDeg(centre()) <= this.radiusDeg + radiusDeg;
    }
}
