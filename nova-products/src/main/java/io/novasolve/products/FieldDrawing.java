package io.novasolve.products;

import io.novasolve.sky.PixelPosition;
import io.novasolve.sky.solution.MatchedStar;
import io.novasolve.sky.solution.Solution;
import io.novasolve.sky.stars.StarList;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.Shape;
import java.awt.font.GlyphVector;
import java.awt.geom.AffineTransform;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;

/**
 * A solved picture with what was found on it: the stars of the list, those that were matched, and a grid of RA and Dec.
 * Line widths follow the size of the picture, and every line has a dark rim, so that it reads on dark and bright sky.
 */
public final class FieldDrawing {

    private static final Color STAR = new Color(0xff, 0xc8, 0x57);
    private static final Color MATCHED = new Color(0x5e, 0xf2, 0x8b);
    private static final Color GRID = new Color(0x6f, 0xb7, 0xff, 170);
    private static final Color LABEL = new Color(0xcf, 0xe6, 0xff);
    private static final Color RIM = new Color(0, 0, 0, 140);

    /** Stars beyond these would only hide the picture. */
    private static final int MAX_STARS = 200;

    private static final double SHORTEST_SIDE = 600;

    private FieldDrawing() {}

    /**
     * Draws over a copy of a picture; small pictures are enlarged so that labels can be read.
     *
     * @param picture as decoded, row 0 on top
     * @param stars the star list that was searched with; positions on {@code picture}
     * @param solution of that list
     */
    public static BufferedImage draw(BufferedImage picture, StarList stars, Solution solution) {
        double zoom = Math.max(1, Math.ceil(SHORTEST_SIDE / Math.min(picture.getWidth(), picture.getHeight())));
        zoom = Math.min(zoom, 4);
        BufferedImage image = new BufferedImage(
                (int) (picture.getWidth() * zoom), (int) (picture.getHeight() * zoom), BufferedImage.TYPE_INT_RGB);
        Graphics2D g = image.createGraphics();
        try {
            g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
            g.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
            g.setRenderingHint(RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BICUBIC);
            g.drawImage(picture, 0, 0, image.getWidth(), image.getHeight(), null);
            new Layers(g, zoom, Math.min(image.getWidth(), image.getHeight()), picture.getWidth(), picture.getHeight())
                    .draw(stars, solution);
        } finally {
            g.dispose();
        }
        return image;
    }

    /** The layers on one canvas; sizes in canvas pixels. */
    private static final class Layers {
        private final Graphics2D g;
        private final float line;
        private final double radius;
        private final AffineTransform toCanvas;
        private final double zoom;
        private final Rectangle2D canvas;

        Layers(Graphics2D g, double zoom, double shortSide, int width, int height) {
            this.g = g;
            this.zoom = zoom;
            this.line = (float) Math.max(1, shortSide / 700);
            this.radius = Math.max(5, shortSide / 110);
            // Pixel centres lie at whole numbers from 1; the canvas counts pixel corners from 0.
            this.toCanvas = new AffineTransform(zoom, 0, 0, zoom, -0.5 * zoom, -0.5 * zoom);
            this.canvas = new Rectangle2D.Double(0, 0, width * zoom, height * zoom);
        }

        void draw(StarList stars, Solution solution) {
            Graticule graticule = new Graticule(solution.wcs());
            for (Graticule.Line l : graticule.lines()) {
                stroke(toCanvas.createTransformedShape(l.path()), GRID, line);
            }
            for (int i = 0; i < Math.min(MAX_STARS, stars.size()); i++) {
                stroke(circle(new PixelPosition(stars.x(i), stars.y(i)), radius), STAR, line);
            }
            for (MatchedStar m : solution.matchedStars()) {
                stroke(circle(m.index(), radius * 1.45), MATCHED, 1.4f * line);
            }
            for (Graticule.Line l : graticule.lines()) {
                PixelPosition anchor = l.anchor();
                if (anchor != null) {
                    label(l.label(), anchor);
                }
            }
        }

        private Shape circle(PixelPosition p, double r) {
            double x = (p.x() - 0.5) * zoom;
            double y = (p.y() - 0.5) * zoom;
            return new Ellipse2D.Double(x - r, y - r, 2 * r, 2 * r);
        }

        private void stroke(Shape shape, Color colour, float width) {
            g.setColor(RIM);
            g.setStroke(new BasicStroke(width * 2.4f));
            g.draw(shape);
            g.setColor(colour);
            g.setStroke(new BasicStroke(width));
            g.draw(shape);
        }

        private void label(String text, PixelPosition at) {
            Font font = new Font(Font.SANS_SERIF, Font.PLAIN, 1).deriveFont((float) Math.max(11, radius * 2));
            GlyphVector glyphs = font.createGlyphVector(g.getFontRenderContext(), text);
            Rectangle2D box = glyphs.getVisualBounds();
            double x = (at.x() - 0.5) * zoom + radius / 2;
            double y = (at.y() - 0.5) * zoom - radius / 2;
            x = Math.max(radius / 2, Math.min(x, canvas.getWidth() - box.getWidth() - radius / 2));
            y = Math.max(box.getHeight() + radius / 2, Math.min(y, canvas.getHeight() - radius / 2));
            Shape outline = glyphs.getOutline((float) x, (float) y);
            g.setColor(RIM);
            g.setStroke(new BasicStroke(3 * line, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
            g.draw(outline);
            g.setColor(LABEL);
            g.fill(outline);
        }
    }
}
