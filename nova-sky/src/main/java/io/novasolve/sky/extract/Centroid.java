package io.novasolve.sky.extract;

/** Where the middle of a peak lies, to a part of a pixel. */
final class Centroid {

    /**
     * A peak that falls by less than this part of its height within one pixel is flat: a saturated star, whose highest
     * pixel is a matter of chance. A Gaussian of σ = 4 pixels is the limit.
     */
    private static final float FLAT = 1 / 32f;

    /** Part of the height at which a flat peak is cut; {@link Separation} lets no other star rise above it. */
    private static final float CUT = 0.7f;

    private static final int LONGEST_CHORD = 100;

    private final SmoothedImage image;

    Centroid(SmoothedImage image) {
        this.image = image;
    }

    /** Column of the middle; the first pixel's centre is 0. */
    double x(Peak peak) {
        return along(peak, 1, 0);
    }

    /** Row of the middle; the first pixel's centre is 0. */
    double y(Peak peak) {
        return along(peak, 0, 1);
    }

    private double along(Peak peak, int dx, int dy) {
        double start = dx * peak.x() + dy * peak.y();
        float at = peak.height();
        float before = image.at(peak.x() - dx, peak.y() - dy);
        float after = image.at(peak.x() + dx, peak.y() + dy);
        float curvature = 2 * at - before - after;
        if (curvature < 2 * FLAT * at) {
            return start + (reach(peak, dx, dy) - reach(peak, -dx, -dy)) / 2;
        }
        return start + Math.max(-0.5, Math.min(0.5, 0.5 * (after - before) / curvature));
    }

    /** Distance in pixels at which the profile falls below the cut. */
    private double reach(Peak peak, int dx, int dy) {
        float cut = CUT * peak.height();
        float last = peak.height();
        for (int i = 1; i <= LONGEST_CHORD; i++) {
            int x = peak.x() + i * dx;
            int y = peak.y() + i * dy;
            if (x < 0 || y < 0 || x >= image.width() || y >= image.height()) {
                return i - 0.5;
            }
            float value = image.at(x, y);
            if (value < cut) {
                return i - 1 + (last - cut) / (last - value);
            }
            last = value;
        }
        return LONGEST_CHORD;
    }
}
