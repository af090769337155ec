package io.novasolve.products;

import io.novasolve.sky.PixelPosition;
import io.novasolve.sky.SkyPosition;
import io.novasolve.sky.region.Footprint;
import io.novasolve.sky.wcs.Wcs;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.util.List;
import java.util.Optional;

/** Lines of the sky as paths on a picture: great circles from point to point, as far as they are in the field. */
final class SkyLines {

    /** A little beyond the corners, where distortion is still tame. */
    private static final double BEYOND = 1.08;

    private final Wcs wcs;
    private final SkyPosition centre;
    private final double reachDeg;
    private final double stepDeg;
    private final Rectangle2D picture;

    SkyLines(Wcs wcs) {
        this.wcs = wcs;
        Footprint footprint = Footprint.of(wcs);
        this.centre = footprint.centre();
        this.reachDeg = Math.min(89, footprint.radiusDeg() * BEYOND);
        this.stepDeg = Math.min(1, footprint.radiusDeg() / 25);
        this.picture = new Rectangle2D.Double(0.5, 0.5, wcs.width(), wcs.height());
    }

    /** The path through positions; empty if it does not cross the picture. */
    Optional<Path2D> path(List<SkyPosition> through) {
        Path2D path = new Path2D.Double();
        for (int i = 1; i < through.size(); i++) {
            leg(through.get(i - 1), through.get(i), path);
        }
        return path.getCurrentPoint() != null && path.intersects(picture) ? Optional.of(path) : Optional.empty();
    }

    private void leg(SkyPosition from, SkyPosition to, Path2D path) {
        double length = from.separationDeg(to);
        if (length == 0 || from.separationDeg(centre) > reachDeg + length) {
            return;
        }
        double[] a = from.unitVector();
        double[] b = to.unitVector();
        double sine = Math.sin(Math.toRadians(length));
        int steps = (int) Math.min(2000, Math.max(1, Math.ceil(length / stepDeg)));
        boolean drawing = false;
        for (int i = 0; i <= steps; i++) {
            double t = Math.toRadians(length) * i / steps;
            double p = Math.sin(Math.toRadians(length) - t) / sine;
            double q = Math.sin(t) / sine;
            SkyPosition sky = SkyPosition.ofVector(p * a[0] + q * b[0], p * a[1] + q * b[1], p * a[2] + q * b[2]);
            Optional<PixelPosition> pixel =
                    sky.separationDeg(centre) > reachDeg ? Optional.empty() : wcs.skyToPixel(sky);
            if (pixel.isEmpty()) {
                drawing = false;
            } else if (drawing) {
                path.lineTo(pixel.get().x(), pixel.get().y());
            } else {
                path.moveTo(pixel.get().x(), pixel.get().y());
                drawing = true;
            }
        }
    }
}
