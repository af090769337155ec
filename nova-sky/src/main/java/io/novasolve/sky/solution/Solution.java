package io.novasolve.sky.solution;

import io.novasolve.sky.wcs.Wcs;
import java.util.List;

/**
 * A plate solution: where the picture points, and the evidence. The same type whether the engine ran in this JVM, as a
 * program, or on another machine.
 *
 * @param wcs from pixels to the sky and back
 * @param match the accepted hypothesis
 * @param matchedStars pairs of picture star and catalogue star, in the order of the star list
 * @param referenceStars catalogue stars of the index within the picture, brightest first
 */
public record Solution(Wcs wcs, QuadMatch match, List<MatchedStar> matchedStars, List<ReferenceStar> referenceStars) {

    public Solution {
        matchedStars = List.copyOf(matchedStars);
        referenceStars = List.copyOf(referenceStars);
    }

    /** Root mean square distance of the matched stars, in pixels; NaN if the solution came without its matches. */
    public double rmsPx() {
        return Math.sqrt(matchedStars.stream()
                .mapToDouble(m -> m.residualPx() * m.residualPx())
                .average()
                .orElse(Double.NaN));
    }
}
