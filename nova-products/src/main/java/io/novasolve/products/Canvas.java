package io.novasolve.products;

import io.novasolve.sky.PixelPosition;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.Shape;
import java.awt.font.GlyphVector;
import java.awt.font.TextAttribute;
import java.awt.geom.AffineTransform;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.awt.geom.RoundRectangle2D;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A copy of a picture to draw on. Line widths, marks and letters follow the size of the picture, small pictures are
 * enlarged, and every line and letter has a dark rim, so that it reads on dark and on bright sky.
 *
 * <p>Labels look for a free place around what they name; one that finds none is left out. Draw the most important ones
 * first. Sizes are in pixels of the canvas, positions in those of the picture.
 */
final class Canvas implements AutoCloseable {

    /** A rim darkens the picture around a line just enough. */
    private static final Color RIM = new Color(0, 0, 0, 150);

    /** Brightness from which on labels get a plate. */
    private static final double BRIGHT = 95;

    private static final double SHORTEST_SIDE = 600;
    private static final double MAX_ZOOM = 4;

    private final BufferedImage image;
    private final Graphics2D g;
    private final double zoom;
    private final AffineTransform toCanvas;
    private final List<Rectangle2D> labels = new ArrayList<>();
    private final List<Rectangle2D> marks = new ArrayList<>();

    private Canvas(BufferedImage image, Graphics2D g, double zoom) {
        this.image = image;
        this.g = g;
        this.zoom = zoom;
        // Pixel centres lie at whole numbers from 1; the canvas counts pixel corners from 0.
        this.toCanvas = new AffineTransform(zoom, 0, 0, zoom, -0.5 * zoom, -0.5 * zoom);
    }

    /** A copy, enlarged if the picture is small. */
    static Canvas over(BufferedImage picture) {
        return over(picture, picture.getWidth());
    }

    /**
     * The same for a picture that was made smaller.
     *
     * @param width of the original, whose pixels positions are counted in
     */
    static Canvas over(BufferedImage picture, double width) {
        double enlarged = Math.ceil(SHORTEST_SIDE / Math.min(picture.getWidth(), picture.getHeight()));
        double zoom = Math.max(1, Math.min(MAX_ZOOM, enlarged));
        // Three bytes a pixel: large pictures are drawn on, too.
        BufferedImage image = new BufferedImage(
                Math.max(1, (int) Math.round(picture.getWidth() * zoom)),
                Math.max(1, (int) Math.round(picture.getHeight() * zoom)),
                BufferedImage.TYPE_3BYTE_BGR);
        Graphics2D g = image.createGraphics();
        g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        g.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
        g.setRenderingHint(RenderingHints.KEY_FRACTIONALMETRICS, RenderingHints.VALUE_FRACTIONALMETRICS_ON);
        g.setRenderingHint(
                RenderingHints.KEY_INTERPOLATION,
                zoom == 1
                        ? RenderingHints.VALUE_INTERPOLATION_NEAREST_NEIGHBOR
                        : RenderingHints.VALUE_INTERPOLATION_BICUBIC);
        g.drawImage(picture, 0, 0, image.getWidth(), image.getHeight(), null);
        return new Canvas(image, g, image.getWidth() / width);
    }

    BufferedImage image() {
        return image;
    }

    /** Where labels stand, in pixels of the canvas. */
    List<Rectangle2D> labels() {
        return List.copyOf(labels);
    }

    @Override
    public void close() {
        g.dispose();
    }

    private double shortSide() {
        // Letters of a very long and flat picture follow its length a little.
        double a = Math.min(image.getWidth(), image.getHeight());
        double b = Math.max(image.getWidth(), image.getHeight());
        return Math.min(b, Math.max(a, b / 3));
    }

    /** Width of an ordinary line. */
    float line() {
        return (float) Math.max(1.1, shortSide() / 640);
    }

    /** Radius of the mark around a star. */
    double radius() {
        return Math.max(5, shortSide() / 110);
    }

    /** Height of ordinary letters. */
    float letters() {
        return (float) Math.max(12, shortSide() / 50);
    }

    double x(PixelPosition p) {
        return (p.x() - 0.5) * zoom;
    }

    double y(PixelPosition p) {
        return (p.y() - 0.5) * zoom;
    }

    /** Length on the canvas of a length on the picture. */
    double length(double pixels) {
        return pixels * zoom;
    }

    boolean isOn(double x, double y) {
        return x >= 0 && y >= 0 && x <= image.getWidth() && y <= image.getHeight();
    }

    /** Darkens the whole picture, so that marks stand out. */
    void dim(int alpha) {
        g.setColor(new Color(0, 0, 0, alpha));
        g.fillRect(0, 0, image.getWidth(), image.getHeight());
    }

    /** A path in pixels of the picture. */
    void path(Shape path, Color colour, float width) {
        stroke(toCanvas.createTransformedShape(path), colour, width);
    }

    /** The same, broken into dashes. */
    void dashes(Shape path, Color colour, float width) {
        Shape shape = toCanvas.createTransformedShape(path);
        float dash = Math.max(4, 5 * line());
        g.setColor(withAlpha(RIM, colour.getAlpha() / 2));
        g.setStroke(dashed(width * 2, dash));
        g.draw(shape);
        g.setColor(colour);
        g.setStroke(dashed(width, dash));
        g.draw(shape);
    }

    private static BasicStroke dashed(float width, float dash) {
        return new BasicStroke(
                width, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 10, new float[] {dash, 0.8f * dash}, 0);
    }

    private static Color withAlpha(Color c, int alpha) {
        return new Color(c.getRed(), c.getGreen(), c.getBlue(), Math.min(c.getAlpha(), alpha));
    }

    private void stroke(Shape shape, Color colour, float width) {
        g.setColor(withAlpha(RIM, colour.getAlpha()));
        g.setStroke(new BasicStroke(width * 2.4f, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND));
        g.draw(shape);
        g.setColor(colour);
        g.setStroke(new BasicStroke(width, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND));
        g.draw(shape);
    }

    void circle(PixelPosition p, double radius, Color colour, float width) {
        stroke(new Ellipse2D.Double(x(p) - radius, y(p) - radius, 2 * radius, 2 * radius), colour, width);
    }

    /** A square that stands on its corner. */
    void diamond(PixelPosition p, double radius, Color colour, float width) {
        Path2D path = new Path2D.Double();
        path.moveTo(x(p) - radius, y(p));
        path.lineTo(x(p), y(p) - radius);
        path.lineTo(x(p) + radius, y(p));
        path.lineTo(x(p), y(p) + radius);
        path.closePath();
        stroke(path, colour, width);
    }

    /** Four strokes around a place, which leave it free. */
    void cross(PixelPosition p, double inner, double outer, Color colour, float width) {
        Path2D path = new Path2D.Double();
        for (int[] d : new int[][] {{1, 0}, {-1, 0}, {0, 1}, {0, -1}}) {
            path.moveTo(x(p) + d[0] * inner, y(p) + d[1] * inner);
            path.lineTo(x(p) + d[0] * outer, y(p) + d[1] * outer);
        }
        stroke(path, colour, width);
    }

    /** Keeps labels off a mark. */
    void reserve(PixelPosition p, double radius) {
        marks.add(new Rectangle2D.Double(x(p) - radius, y(p) - radius, 2 * radius, 2 * radius));
    }

    Font font(float size, int style) {
        return new Font(Font.SANS_SERIF, style, 1).deriveFont(size);
    }

    /** Letters with room between them, as for the names of constellations on a map. */
    Font wide(float size) {
        return font(size, Font.PLAIN).deriveFont(Map.of(TextAttribute.TRACKING, 0.25));
    }

    /**
     * Writes a label beside a place, where no other label and no mark is; off marks only if it can be.
     *
     * @param distance from the place, for what is drawn there
     * @return whether there was room
     */
    boolean label(String text, PixelPosition at, double distance, Font font, Color colour) {
        GlyphVector glyphs = font.createGlyphVector(g.getFontRenderContext(), text);
        Rectangle2D box = glyphs.getVisualBounds();
        double w = box.getWidth();
        double h = box.getHeight();
        double d = distance + 0.35 * font.getSize2D();
        double diagonal = 0.75 * d;
        double x = x(at);
        double y = y(at);
        double[][] places = {
            {x + d, y - h / 2},
            {x - d - w, y - h / 2},
            {x - w / 2, y - d - h},
            {x - w / 2, y + d},
            {x + diagonal, y - diagonal - h},
            {x - diagonal - w, y - diagonal - h},
            {x + diagonal, y + diagonal},
            {x - diagonal - w, y + diagonal}
        };
        for (boolean strict : new boolean[] {true, false}) {
            for (double[] place : places) {
                if (write(glyphs, box, place[0], place[1], colour, strict)) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Writes a label with its middle at a place, if no other label is there. */
    boolean labelOn(String text, PixelPosition at, Font font, Color colour) {
        GlyphVector glyphs = font.createGlyphVector(g.getFontRenderContext(), text);
        Rectangle2D box = glyphs.getVisualBounds();
        return write(glyphs, box, x(at) - box.getWidth() / 2, y(at) - box.getHeight() / 2, colour, false);
    }

    /** @param left and {@code top} of the letters; pushed into the canvas by no more than their own height */
    private boolean write(
            GlyphVector glyphs, Rectangle2D box, double left, double top, Color colour, boolean offMarks) {
        double margin = 0.3 * box.getHeight();
        double push = 1.2 * box.getHeight();
        double x = Math.max(margin, Math.min(left, image.getWidth() - margin - box.getWidth()));
        double y = Math.max(margin, Math.min(top, image.getHeight() - margin - box.getHeight()));
        if (Math.abs(x - left) > push || Math.abs(y - top) > push) {
            return false;
        }
        Rectangle2D place = new Rectangle2D.Double(
                x - margin, y - margin, box.getWidth() + 2 * margin, box.getHeight() + 2 * margin);
        if (labels.stream().anyMatch(place::intersects)
                || offMarks && marks.stream().anyMatch(place::intersects)) {
            return false;
        }
        labels.add(place);
        plate(place);
        outlined(glyphs.getOutline((float) (x - box.getX()), (float) (y - box.getY())), box.getHeight(), colour);
        return true;
    }

    /** A rim is not enough for letters on a bright sky: that is darkened behind them. */
    private void plate(Rectangle2D place) {
        double light = brightness(place);
        if (light > BRIGHT) {
            double alpha = Math.min(1, (light - BRIGHT) / 80) * 130;
            double round = 0.5 * place.getHeight();
            g.setColor(new Color(0, 0, 0, (int) alpha));
            g.fill(new RoundRectangle2D.Double(
                    place.getX(), place.getY(), place.getWidth(), place.getHeight(), round, round));
        }
    }

    /** Mean of some pixels, 0…255. */
    private double brightness(Rectangle2D place) {
        double sum = 0;
        int samples = 12;
        for (int i = 0; i < samples * samples; i++) {
            int x = (int) (place.getX() + place.getWidth() * (i % samples + 0.5) / samples);
            int y = (int) (place.getY() + place.getHeight() * (i / samples + 0.5) / samples);
            int rgb = image.getRGB(
                    Math.max(0, Math.min(image.getWidth() - 1, x)), Math.max(0, Math.min(image.getHeight() - 1, y)));
            sum += 0.299 * (rgb >> 16 & 0xff) + 0.587 * (rgb >> 8 & 0xff) + 0.114 * (rgb & 0xff);
        }
        return sum / (samples * samples);
    }

    private void outlined(Shape outline, double height, Color colour) {
        float rim = (float) Math.max(2.4, 0.26 * height);
        g.setColor(new Color(0, 0, 0, 175));
        g.setStroke(new BasicStroke(rim, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
        g.draw(outline);
        g.setColor(colour);
        g.fill(outline);
    }

    /** One line of a legend. */
    record Entry(String text, Color colour, boolean diamond) {}

    /** A legend in the lower left corner, on a dark plate. */
    void legend(List<Entry> entries) {
        Font font = font(0.9f * letters(), Font.PLAIN);
        double lineHeight = 1.55 * font.getSize2D();
        double r = 0.36 * font.getSize2D();
        double pad = 0.7 * font.getSize2D();
        double width = 0;
        for (Entry e : entries) {
            width = Math.max(
                    width,
                    font.getStringBounds(e.text(), g.getFontRenderContext()).getWidth());
        }
        double w = width + 3 * r + 2.6 * pad;
        double h = lineHeight * entries.size() + pad;
        double left = pad;
        double top = image.getHeight() - pad - h;
        g.setColor(new Color(0, 0, 0, 165));
        g.fill(new RoundRectangle2D.Double(left, top, w, h, pad, pad));
        labels.add(new Rectangle2D.Double(left, top, w, h));
        for (int i = 0; i < entries.size(); i++) {
            Entry e = entries.get(i);
            double cy = top + pad / 2 + (i + 0.5) * lineHeight;
            double cx = left + pad + r;
            PixelPosition at = new PixelPosition(cx / zoom + 0.5, cy / zoom + 0.5);
            if (e.diamond()) {
                diamond(at, 1.2 * r, e.colour(), line());
            } else {
                circle(at, r, e.colour(), line());
            }
            GlyphVector glyphs = font.createGlyphVector(g.getFontRenderContext(), e.text());
            g.setColor(Color.WHITE);
            g.fill(glyphs.getOutline((float) (cx + 2 * r + pad / 2), (float) (cy + 0.36 * font.getSize2D())));
        }
    }
}
