package io.novasolve.sky.wcs;

import io.novasolve.sky.Parity;
import io.novasolve.sky.PixelPosition;
import io.novasolve.sky.SkyPosition;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where a picture points: a gnomonic (TAN) projection with optional SIP distortion, for a picture of a given size.
 *
 * <p>Intermediate world coordinates are CD · (x − CRPIX + distortion) in degrees, east and north; the projection is that
 * of Calabretta &amp; Greisen 2002 (A&amp;A 395, 1077) with LONPOLE = 180°.
 *
 * @param crval sky position of the reference pixel
 * @param crpix reference pixel
 * @param cd11 ∂east/∂x, degrees per pixel
 * @param cd12 ∂east/∂y, degrees per pixel
 * @param cd21 ∂north/∂x, degrees per pixel
 * @param cd22 ∂north/∂y, degrees per pixel
 * @param sip distortion, or null for a plain TAN
 * @param width picture width in pixels, positive
 * @param height picture height in pixels, positive
 */
public record Wcs(
        SkyPosition crval,
        PixelPosition crpix,
        double cd11,
        double cd12,
        double cd21,
        double cd22,
        @Nullable Sip sip,
        double width,
        double height) {

    /** Newton steps for the inverse distortion; a usable SIP converges in three or four. */
    private static final int MAX_STEPS = 20;

    /** @throws IllegalArgumentException if the CD matrix is singular or not finite, or the size not positive */
    public Wcs {
        double det = cd11 * cd22 - cd12 * cd21;
        if (!(Math.abs(det) > 0) || !Double.isFinite(det)) {
            throw new IllegalArgumentException("the CD matrix [" + cd11 + " " + cd12 + "; " + cd21 + " " + cd22
                    + "] cannot be inverted, so it is no WCS");
        }
        if (!(width > 0 && height > 0 && width < Double.POSITIVE_INFINITY && height < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("the picture size must be positive, but is " + width + " × " + height);
        }
    }

    /** The sky position of a pixel position. */
    public SkyPosition pixelToSky(double x, double y) {
        double u = x - crpix.x();
        double v = y - crpix.y();
        if (sip != null) {
            double du = sip.a().at(u, v);
            v += sip.b().at(u, v);
            u += du;
        }
        return Tangent.at(crval).deproject(Math.toRadians(cd11 * u + cd12 * v), Math.toRadians(cd21 * u + cd22 * v));
    }

    public SkyPosition pixelToSky(PixelPosition pixel) {
        return pixelToSky(pixel.x(), pixel.y());
    }

    /**
     * The pixel position of a sky position, on the picture or off it; empty for the half of the sky that has no image
     * in a gnomonic projection, or where the distortion cannot be inverted.
     */
    public Optional<PixelPosition> skyToPixel(SkyPosition sky) {
        double[] plane = new double[2];
        if (!Tangent.at(crval).project(sky, plane)) {
            return Optional.empty();
        }
        double east = Math.toDegrees(plane[0]);
        double north = Math.toDegrees(plane[1]);
        double det = determinant();
        double targetU = (cd22 * east - cd12 * north) / det;
        double targetV = (cd11 * north - cd21 * east) / det;
        if (sip == null) {
            return Optional.of(new PixelPosition(targetU + crpix.x(), targetV + crpix.y()));
        }
        return undistort(sip, targetU, targetV);
    }

    /** Inverts the forward polynomials, starting from the header's approximate inverse, so that round trips close. */
    private Optional<PixelPosition> undistort(Sip s, double targetU, double targetV) {
        double u = targetU + s.ap().at(targetU, targetV);
        double v = targetV + s.bp().at(targetU, targetV);
        for (int step = 0; step < MAX_STEPS; step++) {
            double ru = targetU - u - s.a().at(u, v);
            double rv = targetV - v - s.b().at(u, v);
            if (!(Math.abs(ru) + Math.abs(rv) < 1e12)) {
                return Optional.empty();
            }
            if (Math.abs(ru) + Math.abs(rv) < 1e-10) {
                return Optional.of(new PixelPosition(u + crpix.x(), v + crpix.y()));
            }
            double h = 1e-3;
            double a11 = 1 + (s.a().at(u + h, v) - s.a().at(u - h, v)) / (2 * h);
            double a12 = (s.a().at(u, v + h) - s.a().at(u, v - h)) / (2 * h);
            double a21 = (s.b().at(u + h, v) - s.b().at(u - h, v)) / (2 * h);
            double a22 = 1 + (s.b().at(u, v + h) - s.b().at(u, v - h)) / (2 * h);
            double det = a11 * a22 - a12 * a21;
            if (Math.abs(det) < 1e-9) {
                return Optional.empty();
            }
            u += (a22 * ru - a12 * rv) / det;
            v += (a11 * rv - a21 * ru) / det;
        }
        double left = Math.hypot(targetU - u - s.a().at(u, v), targetV - v - s.b().at(u, v));
        return left < 1e-6 ? Optional.of(new PixelPosition(u + crpix.x(), v + crpix.y())) : Optional.empty();
    }

    /** The middle of the picture, ((W + 1)/2, (H + 1)/2). */
    public PixelPosition centrePixel() {
        return new PixelPosition((width + 1) / 2, (height + 1) / 2);
    }

    /** The sky position of the middle of the picture. */
    public SkyPosition centre() {
        return pixelToSky(centrePixel());
    }

    /** √|det CD| in arcseconds per pixel: the scale at the reference pixel. */
    public double pixelScaleArcsec() {
        return 3600 * Math.sqrt(Math.abs(determinant()));
    }

    /** The scale in the middle of the picture, projection and distortion included, in arcseconds per pixel. */
    public double pixelScaleAtCentreArcsec() {
        double[] j = jacobianAtCentre();
        return Math.toDegrees(Math.sqrt(Math.abs(j[0] * j[3] - j[1] * j[2]))) * 3600;
    }

    /** Determinant of the CD matrix, in square degrees per square pixel. */
    public double determinant() {
        return cd11 * cd22 - cd12 * cd21;
    }

    public Parity parity() {
        return Parity.ofDeterminant(determinant());
    }

    /**
     * The position angle (east of north) of the picture's +y axis at the reference pixel, in degrees, −180…180, from the
     * CD matrix alone.
     */
    public double orientationDeg() {
        double p = determinant() >= 0 ? 1 : -1;
        return -Math.toDegrees(Math.atan2(p * cd21 - cd12, p * cd11 + cd22));
    }

    /**
     * The same angle with north taken along the meridian through the middle of the picture: the one to compare between
     * solutions, which may have their reference pixels anywhere. It is what the native {@code wcsinfo} prints as
     * {@code orientation_center}, but for a middle that lies beyond the pole, where that is off by 180°.
     *
     * <p>In the plane of a gnomonic projection meridians are straight lines to the pole; that at ΔRA from the point of
     * contact is turned by atan(tan ΔRA · sin Dec₀).
     */
    public double orientationAtCentreDeg() {
        double turned = Math.toRadians(centre().raDeg() - crval.raDeg());
        double meridian = Math.atan2(Math.sin(turned) * Math.sin(Math.toRadians(crval.decDeg())), Math.cos(turned));
        return Math.IEEEremainder(orientationDeg() + Math.toDegrees(meridian), 360);
    }

    /** ∂east/∂x, ∂east/∂y, ∂north/∂x, ∂north/∂y in the plane that touches the sky at the centre, radians per pixel. */
    private double[] jacobianAtCentre() {
        PixelPosition c = centrePixel();
        Tangent tangent = Tangent.at(centre());
        double[] right = new double[2];
        double[] left = new double[2];
        double[] up = new double[2];
        double[] down = new double[2];
        tangent.project(pixelToSky(c.x() + 1, c.y()), right);
        tangent.project(pixelToSky(c.x() - 1, c.y()), left);
        tangent.project(pixelToSky(c.x(), c.y() + 1), up);
        tangent.project(pixelToSky(c.x(), c.y() - 1), down);
        return new double[] {
            (right[0] - left[0]) / 2, (up[0] - down[0]) / 2, (right[1] - left[1]) / 2, (up[1] - down[1]) / 2
        };
    }

    /** The angle across the middle of the picture from its left to its right edge, in degrees. */
    public double fieldWidthDeg() {
        double y = centrePixel().y();
        return angleAcross(0.5, y, width + 0.5, y);
    }

    /** The angle across the middle of the picture from its first to its last row, in degrees. */
    public double fieldHeightDeg() {
        double x = centrePixel().x();
        return angleAcross(x, 0.5, x, height + 0.5);
    }

    /** Sum of the two halves, so that a field wider than a hemisphere's half is not measured the short way round. */
    private double angleAcross(double x1, double y1, double x2, double y2) {
        SkyPosition middle = centre();
        return middle.separationDeg(pixelToSky(x1, y1)) + middle.separationDeg(pixelToSky(x2, y2));
    }

    /** The largest angle from the middle to a corner, in degrees: the cone that holds the picture. */
    public double radiusDeg() {
        SkyPosition middle = centre();
        return corners().stream().mapToDouble(middle::separationDeg).max().orElseThrow();
    }

    /** The outer corners in the order (first column, first row), (last, first), (last, last), (first, last). */
    public List<SkyPosition> corners() {
        return List.of(
                pixelToSky(0.5, 0.5),
                pixelToSky(width + 0.5, 0.5),
                pixelToSky(width + 0.5, height + 0.5),
                pixelToSky(0.5, height + 0.5));
    }

    /** This WCS without its distortion. */
    public Wcs linear() {
        return sip == null ? this : new Wcs(crval, crpix, cd11, cd12, cd21, cd22, null, width, height);
    }
}
