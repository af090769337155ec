package io.novasolve.products;

import io.novasolve.sky.PixelPosition;
import io.novasolve.sky.solution.MatchedStar;
import io.novasolve.sky.solution.ReferenceStar;
import io.novasolve.sky.solution.Solution;
import io.novasolve.sky.stars.StarList;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.util.List;
import java.util.Optional;

/** Pictures with stars marked: those found on them, those of the index, and both over each other. */
final class StarMarks {

    private static final Color FOUND = new Color(0xff, 0xc8, 0x57);
    private static final Color FOUND_FAINT = new Color(0xff, 0xc8, 0x57, 130);
    private static final Color INDEX = new Color(0x6b, 0xd8, 0xff);
    private static final Color RED = new Color(0xff, 0x4d, 0x4d);
    private static final Color GREEN = new Color(0x4d, 0xff, 0x6e);

    /** The groups of the web service: the first ones thick, then thinner. */
    private static final int FIRST = 50;

    private static final int SECOND = 250;
    private static final int THIRD = 500;

    /** As many as the web service shows in red. */
    private static final int RED_STARS = 200;

    private static final int MAX_INDEX_STARS = 500;

    private StarMarks() {}

    static BufferedImage sources(BufferedImage picture, StarList stars, Solution solution) {
        try (Canvas canvas = Canvas.over(picture, solution.wcs().width())) {
            for (ReferenceStar star : first(solution.referenceStars(), MAX_INDEX_STARS)) {
                position(solution, star).ifPresent(p -> canvas.diamond(p, 1.7 * canvas.radius(), INDEX, canvas.line()));
            }
            for (int i = Math.min(stars.size(), THIRD) - 1; i >= 0; i--) {
                PixelPosition p = new PixelPosition(stars.x(i), stars.y(i));
                if (i < FIRST) {
                    canvas.circle(p, 1.05 * canvas.radius(), FOUND, 1.3f * canvas.line());
                } else {
                    canvas.circle(
                            p,
                            (i < SECOND ? 0.85 : 0.65) * canvas.radius(),
                            i < SECOND ? FOUND : FOUND_FAINT,
                            (i < SECOND ? 0.9f : 0.8f) * canvas.line());
                }
            }
            canvas.legend(List.of(
                    new Canvas.Entry("found on the picture", FOUND, false),
                    new Canvas.Entry("in the index", INDEX, true)));
            return canvas.image();
        }
    }

    static BufferedImage redGreen(BufferedImage picture, StarList stars, Solution solution) {
        try (Canvas canvas = Canvas.over(picture, solution.wcs().width())) {
            canvas.dim(70);
            for (int i = 0; i < Math.min(stars.size(), RED_STARS); i++) {
                canvas.circle(new PixelPosition(stars.x(i), stars.y(i)), canvas.radius(), RED, 1.1f * canvas.line());
            }
            if (solution.referenceStars().isEmpty()) {
                for (MatchedStar star : solution.matchedStars()) {
                    canvas.circle(star.index(), 1.5 * canvas.radius(), GREEN, 1.1f * canvas.line());
                }
            }
            for (ReferenceStar star : first(solution.referenceStars(), MAX_INDEX_STARS)) {
                position(solution, star)
                        .ifPresent(p -> canvas.circle(p, 1.5 * canvas.radius(), GREEN, 1.1f * canvas.line()));
            }
            canvas.legend(List.of(
                    new Canvas.Entry("found on the picture", RED, false),
                    new Canvas.Entry("in the index", GREEN, false)));
            return canvas.image();
        }
    }

    private static List<ReferenceStar> first(List<ReferenceStar> stars, int n) {
        return stars.subList(0, Math.min(n, stars.size()));
    }

    private static Optional<PixelPosition> position(Solution solution, ReferenceStar star) {
        return solution.wcs()
                .skyToPixel(star.position())
                .filter(p -> p.x() >= 0.5
                        && p.y() >= 0.5
                        && p.x() <= solution.wcs().width() + 0.5
                        && p.y() <= solution.wcs().height() + 0.5);
    }
}
