package io.novasolve.transport.ssh;

import io.novasolve.sky.solution.MatchedStar;
import io.novasolve.sky.solution.Solution;
import io.novasolve.sky.stars.StarList;
import java.util.List;
import java.util.Optional;

/** Whether a solution can be one of the star list that was sent. */
final class ResultCheck {

    private static final double SIZE_TOLERANCE_PX = 1;
    private static final double STAR_TOLERANCE_PX = 0.05;

    private final StarList stars;

    ResultCheck(StarList stars) {
        this.stars = stars;
    }

    /** What is wrong; empty if nothing is. */
    Optional<String> objection(Solution solution) {
        if (Math.abs(solution.wcs().width() - stars.width()) > SIZE_TOLERANCE_PX
                || Math.abs(solution.wcs().height() - stars.height()) > SIZE_TOLERANCE_PX) {
            return Optional.of("it is for a picture of " + solution.wcs().width() + "×"
                    + solution.wcs().height() + " pixels, not " + stars.width() + "×" + stars.height());
        }
        List<MatchedStar> matched = solution.matchedStars();
        long foreign = matched.stream().filter(star -> !isOurs(star)).count();
        return foreign * 10 > matched.size()
                ? Optional.of(foreign + " of its " + matched.size() + " stars are not among those that were sent")
                : Optional.empty();
    }

    private boolean isOurs(MatchedStar star) {
        int row = star.fieldRow();
        return row >= 0
                && row < stars.size()
                && Math.abs(stars.x(row) - star.field().x()) < STAR_TOLERANCE_PX
                && Math.abs(stars.y(row) - star.field().y()) < STAR_TOLERANCE_PX;
    }
}
