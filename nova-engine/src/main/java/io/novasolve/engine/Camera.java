package io.novasolve.engine;

import io.novasolve.sky.PixelPosition;
import io.novasolve.sky.SkyPosition;
import io.novasolve.sky.wcs.Sip;
import io.novasolve.sky.wcs.Wcs;
import org.jspecify.annotations.Nullable;

/**
 * A gnomonic projection in vector form: the pixel (x, y), counted from the middle of the picture, looks in the direction
 * axis + x′·gx + y′·gy, where (x′, y′) is (x, y) after distortion. The touching point is the middle of the picture, where
 * the optical axis of most pictures is; so fields of any width are modelled without a bias. Immutable.
 */
final class Camera {

    private final double[] axis;
    private final double[] gx;
    private final double[] gy;
    private final double[] hx;
    private final double[] hy;
    private final @Nullable Distortion distortion;

    /** @param axis unit vector; the steps per pixel {@code gx} and {@code gy} are perpendicular to it */
    Camera(double[] axis, double[] gx, double[] gy, @Nullable Distortion distortion) {
        this.axis = axis;
        this.gx = gx;
        this.gy = gy;
        this.distortion = distortion;
        double xx = Vectors.dot(gx, gx);
        double xy = Vectors.dot(gx, gy);
        double yy = Vectors.dot(gy, gy);
        double det = xx * yy - xy * xy;
        hx = Vectors.combine(yy / det, gx, -xy / det, gy);
        hy = Vectors.combine(xx / det, gy, -xy / det, gx);
    }

    Camera with(@Nullable Distortion d) {
        return new Camera(axis, gx, gy, d);
    }

    double[] axis() {
        return axis;
    }

    @Nullable
    Distortion distortion() {
        return distortion;
    }

    /** Mean step in radians per pixel at the middle. */
    double radPerPixel() {
        return Math.sqrt(Math.abs(determinant()));
    }

    /** Positive when the picture is mirrored (det CD &gt; 0 in the sense of FITS). */
    double determinant() {
        return Vectors.dot(axis, Vectors.cross(gx, gy));
    }

    /** Projects a unit vector; false behind the picture plane or where the distortion cannot be inverted. */
    boolean toPixel(double x, double y, double z, double[] pixel) {
        if (!toPlane(x, y, z, pixel)) {
            return false;
        }
        return distortion == null || distortion.invert(pixel);
    }

    /** The same before distortion is taken out: where the catalogue star is in undistorted pixels. */
    boolean toPlane(double x, double y, double z, double[] pixel) {
        double along = axis[0] * x + axis[1] * y + axis[2] * z;
        if (along < 0.02) {
            return false;
        }
        pixel[0] = (hx[0] * x + hx[1] * y + hx[2] * z) / along;
        pixel[1] = (hy[0] * x + hy[1] * y + hy[2] * z) / along;
        return true;
    }

    /** The unit vector a pixel looks at. */
    void toSky(double x, double y, double[] vector) {
        double u = x;
        double v = y;
        if (distortion != null) {
            u += distortion.a(x, y);
            v += distortion.b(x, y);
        }
        for (int k = 0; k < 3; k++) {
            vector[k] = axis[k] + u * gx[k] + v * gy[k];
        }
        Vectors.normalize(vector);
    }

    /**
     * The camera after a linear correction of the plane: undistorted pixels (x, y) become (p0 + pX·x + pY·y, q0 + qX·x +
     * qY·y). The shift turns the axis and carries the steps along.
     */
    Camera corrected(double p0, double pX, double pY, double q0, double qX, double qY, @Nullable Distortion d) {
        double[] turned = axis.clone();
        Vectors.addScaled(turned, p0, gx);
        Vectors.addScaled(turned, q0, gy);
        Vectors.normalize(turned);
        double[] newX = Vectors.transport(Vectors.combine(pX, gx, qX, gy), axis, turned);
        double[] newY = Vectors.transport(Vectors.combine(pY, gx, qY, gy), axis, turned);
        return new Camera(turned, newX, newY, d);
    }

    /** As a WCS with the reference pixel in the middle of a picture of the given size. */
    Wcs toWcs(double width, double height) {
        SkyPosition crval = SkyPosition.ofVector(axis[0], axis[1], axis[2]);
        double ra = Math.toRadians(crval.raDeg());
        double dec = Math.toRadians(crval.decDeg());
        double[] east = {-Math.sin(ra), Math.cos(ra), 0};
        double[] north = {-Math.sin(dec) * Math.cos(ra), -Math.sin(dec) * Math.sin(ra), Math.cos(dec)};
        @Nullable Sip sip = distortion == null ? null : distortion.toSip(width, height);
        return new Wcs(
                crval,
                new PixelPosition((width + 1) / 2, (height + 1) / 2),
                Math.toDegrees(Vectors.dot(gx, east)),
                Math.toDegrees(Vectors.dot(gy, east)),
                Math.toDegrees(Vectors.dot(gx, north)),
                Math.toDegrees(Vectors.dot(gy, north)),
                sip,
                width,
                height);
    }
}
