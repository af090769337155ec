package io.novasolve.products;

import io.novasolve.sky.PixelPosition;
import io.novasolve.sky.solution.MatchedStar;
import io.novasolve.sky.solution.Solution;
import io.novasolve.sky.stars.StarList;
import java.awt.Color;
import java.awt.image.BufferedImage;

/**
 * A solved picture with what was found on it: the stars of the list, those that were matched, and a grid of RA and Dec.
 * Line widths follow the size of the picture, and every line has a dark rim, so that it reads on dark and bright sky.
 */
public final class FieldDrawing {

    private static final Color STAR = new Color(0xff, 0xc8, 0x57);
    private static final Color MATCHED = new Color(0x5e, 0xf2, 0x8b);

    /** Stars beyond these would only hide the picture. */
    private static final int MAX_STARS = 200;

    private FieldDrawing() {}

    /**
     * Draws over a copy of a picture; small pictures are enlarged so that labels can be read.
     *
     * @param picture as decoded, row 0 on top
     * @param stars the star list that was searched with; positions on {@code picture}
     * @param solution of that list
     */
    public static BufferedImage draw(BufferedImage picture, StarList stars, Solution solution) {
        try (Canvas canvas = Canvas.over(picture, solution.wcs().width())) {
            GridLayer.lines(canvas, solution.wcs(), 1);
            for (int i = 0; i < Math.min(MAX_STARS, stars.size()); i++) {
                canvas.circle(new PixelPosition(stars.x(i), stars.y(i)), canvas.radius(), STAR, canvas.line());
            }
            for (MatchedStar m : solution.matchedStars()) {
                canvas.circle(m.index(), canvas.radius() * 1.45, MATCHED, 1.4f * canvas.line());
            }
            GridLayer.labels(canvas, solution.wcs());
            return canvas.image();
        }
    }

    /** The grid alone. */
    static BufferedImage grid(BufferedImage picture, Solution solution) {
        try (Canvas canvas = Canvas.over(picture, solution.wcs().width())) {
            GridLayer.lines(canvas, solution.wcs(), 1);
            GridLayer.labels(canvas, solution.wcs());
            return canvas.image();
        }
    }
}
