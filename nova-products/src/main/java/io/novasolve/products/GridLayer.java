package io.novasolve.products;

import io.novasolve.sky.PixelPosition;
import io.novasolve.sky.wcs.Wcs;
import java.awt.Color;
import java.awt.Font;

/** The lines of RA and Dec and their labels. */
final class GridLayer {

    private static final Color GRID = new Color(0x6f, 0xb7, 0xff, 170);
    private static final Color LABEL = new Color(0xcf, 0xe6, 0xff);

    private GridLayer() {}

    /** @param strength 0…1 */
    static void lines(Canvas canvas, Wcs wcs, double strength) {
        Color colour = new Color(GRID.getRed(), GRID.getGreen(), GRID.getBlue(), (int) (GRID.getAlpha() * strength));
        for (Graticule.Line line : new Graticule(wcs).lines()) {
            canvas.path(line.path(), colour, canvas.line());
        }
    }

    static void labels(Canvas canvas, Wcs wcs) {
        Font font = canvas.font(0.85f * canvas.letters(), Font.PLAIN);
        for (Graticule.Line line : new Graticule(wcs).lines()) {
            for (PixelPosition anchor : line.anchors()) {
                if (canvas.label(line.label(), anchor, 0.2 * canvas.radius(), font, LABEL)) {
                    break;
                }
            }
        }
    }
}
