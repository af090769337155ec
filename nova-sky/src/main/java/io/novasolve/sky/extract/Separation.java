package io.novasolve.sky.extract;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Tells stars from the bumps on their flanks: a peak goes when a higher one is close by, or can be reached without
 * stepping down far. Of a trail, the edge of a roof or a stroke of a label, little remains.
 */
final class Separation {

    /** Two stars nearer than this, in pixels, are one. */
    private static final int CLOSE = 3;

    /** How far, in pixels, a higher peak is looked for. */
    private static final int REACH = 20;

    /** The valley towards a higher peak must be lower than this part of the peak's own height. */
    private static final float VALLEY = 0.7f;

    private final SmoothedImage image;
    private final List<Peak> peaks;

    /** For each peak the higher one it belongs to, or itself. */
    private final int[] owner;

    private final int columns;
    private final int[] newest;
    private final int[] older;

    private Separation(SmoothedImage image, List<Peak> peaks) {
        this.image = image;
        this.peaks = peaks;
        this.owner = new int[peaks.size()];
        this.columns = image.width() / REACH + 3;
        this.newest = new int[columns * (image.height() / REACH + 3)];
        this.older = new int[peaks.size()];
        Arrays.fill(newest, -1);
    }

    /**
     * The peaks that stand alone, in the order given.
     *
     * @param peaks highest first
     */
    static List<Peak> apply(SmoothedImage image, List<Peak> peaks) {
        Separation separation = new Separation(image, peaks);
        for (int i = 0; i < peaks.size(); i++) {
            separation.add(i);
        }
        List<Peak> kept = new ArrayList<>();
        for (int i = 0; i < peaks.size(); i++) {
            if (separation.owner[i] == i) {
                kept.add(peaks.get(i));
            }
        }
        return kept;
    }

    private void add(int i) {
        Peak peak = peaks.get(i);
        int bucket = (peak.y() / REACH + 1) * columns + peak.x() / REACH + 1;
        owner[i] = i;
        Map<Integer, Float> passes = new TreeMap<>();
        for (int dy = -columns; dy <= columns; dy += columns) {
            for (int dx = -1; dx <= 1; dx++) {
                for (int k = newest[bucket + dy + dx]; k >= 0; k = older[k]) {
                    float pass = pass(peak, peaks.get(k));
                    if (pass >= VALLEY * peak.height()) {
                        passes.merge(top(k), pass, Math::max);
                    }
                }
            }
        }
        join(i, passes);
        older[i] = newest[bucket];
        newest[bucket] = i;
    }

    /** The highest peak of all that a peak is joined to. */
    private int top(int i) {
        int top = i;
        while (owner[top] != top) {
            owner[top] = owner[owner[top]];
            top = owner[top];
        }
        return top;
    }

    /**
     * Gives a peak to the highest of the tops it leads to, and to that one also the others that are not far above the
     * passes: so a trail falls to its highest peak from one end to the other, while two stars on a nebula stay two.
     */
    private void join(int i, Map<Integer, Float> passes) {
        int highest = -1;
        float first = 0;
        for (Map.Entry<Integer, Float> pass : passes.entrySet()) {
            int top = pass.getKey();
            if (highest < 0) {
                highest = top;
                first = pass.getValue();
                owner[i] = highest;
            } else if (Math.min(first, pass.getValue())
                    >= VALLEY * peaks.get(top).height()) {
                owner[top] = highest;
            }
        }
    }

    /** The lowest value on the line from a peak to a higher one; 0 if that is out of reach. */
    private float pass(Peak from, Peak to) {
        int dx = to.x() - from.x();
        int dy = to.y() - from.y();
        int distanceSquared = dx * dx + dy * dy;
        if (distanceSquared >= REACH * REACH) {
            return 0;
        }
        if (distanceSquared < CLOSE * CLOSE) {
            return from.height();
        }
        float lowest = from.height();
        int steps = Math.max(Math.abs(dx), Math.abs(dy));
        for (int i = 1; i < steps; i++) {
            int x = from.x() + Math.round((float) dx * i / steps);
            int y = from.y() + Math.round((float) dy * i / steps);
            lowest = Math.min(lowest, image.at(x, y));
        }
        return lowest;
    }
}
