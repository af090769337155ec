package io.novasolve.sky.extract;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The order a plate solver wants: bright stars early, but from all over the picture, so that a tree or a nebula full of
 * peaks does not take all the places.
 */
final class Spread {

    private static final int PIXELS_PER_SQUARE = 50;

    /** What a star leaves of the weight of the next one in its square. */
    private static final double DECAY = 0.7;

    private final int columns;
    private final int rows;
    private final double side;

    /** @param squares along the longer side; 0 chooses by size */
    Spread(int width, int height, int squares) {
        int longer = squares > 0 ? squares : Math.max(4, Math.min(10, Math.min(width, height) / PIXELS_PER_SQUARE));
        side = Math.max(width, height) / (double) longer;
        columns = (int) Math.ceil(width / side);
        rows = (int) Math.ceil(height / side);
    }

    /**
     * Orders by weight, where each star of a square lowers the weight of those after it.
     *
     * @param ranked the best first
     * @param limit the most that are returned
     */
    List<Peak> order(List<Star> ranked, int limit) {
        double[] share = new double[columns * rows];
        Arrays.fill(share, 1);
        List<Star> spread = new ArrayList<>();
        for (Star star : ranked) {
            int square = square(star.peak());
            spread.add(new Star(star.peak(), star.weight() * share[square]));
            share[square] *= DECAY;
        }
        return spread.stream()
                .sorted(Star.BEST_FIRST)
                .limit(limit)
                .map(Star::peak)
                .toList();
    }

    private int square(Peak peak) {
        int column = Math.min(columns - 1, (int) (peak.x() / side));
        int row = Math.min(rows - 1, (int) (peak.y() / side));
        return row * columns + column;
    }
}
