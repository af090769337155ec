package io.novasolve.engine;

import io.novasolve.engine.index.Index;
import java.util.Arrays;

/**
 * Some stars of the picture taken to be the stars of a quad.
 *
 * @param fieldStars rows of the star list, in the order of the quad's stars
 * @param mirrored whether det CD is positive
 */
record Hypothesis(IndexAids aids, int quad, int[] fieldStars, boolean mirrored, double codeError) {

    Index index() {
        return aids.index;
    }

    int[] indexStars() {
        int[] stars = new int[fieldStars.length];
        Arrays.setAll(stars, k -> index().quadStar(quad, k));
        return stars;
    }
}
