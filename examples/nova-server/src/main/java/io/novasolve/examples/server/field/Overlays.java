package io.novasolve.examples.server.field;

import io.novasolve.products.Products;
import io.novasolve.sky.PixelPosition;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.font.GlyphVector;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.util.List;

/** What the original draws on pictures: detected stars, index stars, the grid, and objects with their names. */
public final class Overlays {

    private static final Color GRID = new Color(0x6f, 0xb7, 0xff);
    private static final Color RIM = new Color(0, 0, 0, 150);

    private Overlays() {}

    /** The 50 first stars of the list, the next 200 and the next 250 in three colours. */
    public static Pictures.Drawing extraction(Field field) {
        return (g, scale) -> {
            double radius = Math.max(3, 6 * scale);
            circles(g, scale, slice(field.detected(), 0, 50), radius, Color.RED);
            circles(g, scale, slice(field.detected(), 50, 250), radius, new Color(0xff, 0x90, 0x00));
            circles(g, scale, slice(field.detected(), 250, 500), radius, Color.YELLOW);
        };
    }

    /** 200 detected stars in red, those of the index in green. */
    public static Pictures.Drawing redGreen(Field field) {
        return (g, scale) -> {
            double radius = Math.max(3, 6 * scale);
            circles(g, scale, slice(field.detected(), 0, 200), radius, Color.RED);
            circles(g, scale, field.reference(), radius * 0.66, Color.GREEN);
        };
    }

    public static Pictures.Drawing grid(Field field) {
        return (g, scale) -> {
            for (Field.Line line : field.grid()) {
                Path2D path = new Path2D.Double();
                for (PixelPosition p : line.points()) {
                    if (path.getCurrentPoint() == null) {
                        path.moveTo(at(p.x(), scale), at(p.y(), scale));
                    } else {
                        path.lineTo(at(p.x(), scale), at(p.y(), scale));
                    }
                }
                stroke(g, path, GRID);
                PixelPosition anchor = line.points().get(line.points().size() / 2);
                label(g, line.label(), at(anchor.x(), scale), at(anchor.y(), scale), GRID);
            }
        };
    }

    /** Objects with their names and constellations, as the library draws them. */
    public static Pictures.Drawing annotated(Products products, int longest) {
        return (g, scale) -> {
            BufferedImage drawn = longest == Pictures.FULL ? products.annotated() : products.annotated(longest);
            Rectangle2D canvas = g.getDeviceConfiguration().getBounds();
            g.drawImage(drawn, 0, 0, (int) canvas.getWidth(), (int) canvas.getHeight(), null);
        };
    }

    private static double at(double pixel, double scale) {
        return (pixel - 0.5) * scale;
    }

    private static List<PixelPosition> slice(List<PixelPosition> all, int from, int to) {
        return all.subList(Math.min(from, all.size()), Math.min(to, all.size()));
    }

    private static void circles(Graphics2D g, double scale, List<PixelPosition> at, double radius, Color colour) {
        for (PixelPosition p : at) {
            stroke(
                    g,
                    new Ellipse2D.Double(at(p.x(), scale) - radius, at(p.y(), scale) - radius, 2 * radius, 2 * radius),
                    colour);
        }
    }

    private static void stroke(Graphics2D g, java.awt.Shape shape, Color colour) {
        g.setColor(RIM);
        g.setStroke(new BasicStroke(3));
        g.draw(shape);
        g.setColor(colour);
        g.setStroke(new BasicStroke(1.4f));
        g.draw(shape);
    }

    private static void label(Graphics2D g, String text, double x, double y, Color colour) {
        Rectangle2D canvas = g.getDeviceConfiguration().getBounds();
        GlyphVector glyphs =
                new Font(Font.SANS_SERIF, Font.PLAIN, 13).createGlyphVector(g.getFontRenderContext(), text);
        Rectangle2D box = glyphs.getVisualBounds();
        double left = Math.max(4, Math.min(x + 4, canvas.getWidth() - box.getWidth() - 4));
        double base = Math.max(box.getHeight() + 4, Math.min(y - 4, canvas.getHeight() - 4));
        java.awt.Shape outline = glyphs.getOutline((float) left, (float) base);
        g.setColor(RIM);
        g.setStroke(new BasicStroke(3, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
        g.draw(outline);
        g.setColor(colour);
        g.fill(outline);
    }
}
