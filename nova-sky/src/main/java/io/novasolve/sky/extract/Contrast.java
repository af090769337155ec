package io.novasolve.sky.extract;

import java.util.Arrays;

/** Height of a peak above the ring around it where its profile stops falling. */
final class Contrast {

    private static final int LARGEST_RADIUS = 12;
    private static final int DIRECTIONS = 16;

    private final SmoothedImage image;
    private final float[] ring = new float[DIRECTIONS];

    Contrast(SmoothedImage image) {
        this.image = image;
    }

    float of(Peak peak) {
        float lowest = peak.height();
        for (int radius = 1; radius <= LARGEST_RADIUS; radius++) {
            float median = ringMedian(peak, radius);
            if (!(median < lowest)) {
                break;
            }
            lowest = median;
        }
        return peak.height() - lowest;
    }

    private float ringMedian(Peak peak, int radius) {
        for (int i = 0; i < DIRECTIONS; i++) {
            double angle = 2 * Math.PI * i / DIRECTIONS;
            int x = peak.x() + (int) Math.round(radius * Math.cos(angle));
            int y = peak.y() + (int) Math.round(radius * Math.sin(angle));
            ring[i] = image.at(clamp(x, image.width()), clamp(y, image.height()));
        }
        Arrays.sort(ring);
        return (ring[DIRECTIONS / 2 - 1] + ring[DIRECTIONS / 2]) * 0.5f;
    }

    private static int clamp(int i, int length) {
        return Math.max(0, Math.min(length - 1, i));
    }
}
