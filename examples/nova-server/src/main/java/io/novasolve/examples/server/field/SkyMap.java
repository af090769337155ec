package io.novasolve.examples.server.field;

import io.novasolve.examples.server.FieldCatalogue;
import io.novasolve.products.Constellation;
import io.novasolve.products.FieldObject;
import io.novasolve.sky.PixelPosition;
import io.novasolve.sky.SkyPosition;
import io.novasolve.sky.wcs.Wcs;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Path2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Optional;
import javax.imageio.ImageIO;

/** Where a picture is on the sky: stars, constellations and the outline of the field, north up and east to the left. */
public final class SkyMap {

    private static final double[] WIDTH_DEG = {110, 40, 14, 5};
    private static final int SIDE = 480;
    private static final int EDGE_POINTS = 16;

    private final FieldCatalogue catalogue;

    public SkyMap(FieldCatalogue catalogue) {
        this.catalogue = catalogue;
    }

    /** 0, the widest, to 3, from words such as {@code zoom0}. */
    public static Optional<Integer> zoom(String word) {
        return word.matches("zoom[0-3]") ? Optional.of(word.charAt(4) - '0') : Optional.empty();
    }

    /** Writes it as PNG. */
    public void write(Wcs field, int zoom, OutputStream out) throws IOException {
        double pixel = 2 * Math.toDegrees(Math.tan(Math.toRadians(WIDTH_DEG[zoom] / 2))) / SIDE;
        PixelPosition middle = new PixelPosition((SIDE + 1) / 2.0, (SIDE + 1) / 2.0);
        Wcs map = new Wcs(field.centre(), middle, -pixel, 0, 0, -pixel, null, SIDE, SIDE);
        BufferedImage image = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_INT_RGB);
        Graphics2D g = image.createGraphics();
        try {
            g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
            g.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
            g.setColor(new Color(0x0b, 0x10, 0x20));
            g.fillRect(0, 0, SIDE, SIDE);
            draw(g, map, field);
        } finally {
            g.dispose();
        }
        ImageIO.write(image, "png", out);
    }

    private void draw(Graphics2D g, Wcs map, Wcs field) {
        g.setStroke(new BasicStroke(0.8f));
        g.setColor(new Color(0x3a, 0x4a, 0x70));
        new SkyGrid(map).lines().forEach(line -> g.draw(path(line.points())));
        g.setColor(new Color(0x6f, 0x86, 0xc0));
        g.setStroke(new BasicStroke(1.2f));
        for (Constellation constellation : catalogue.sky().constellations()) {
            for (List<SkyPosition> line : constellation.figure()) {
                g.draw(path(map, line));
            }
        }
        List<FieldObject> stars = catalogue.objects(map).stars();
        g.setColor(Color.WHITE);
        double faintest = 2.5 + 2.2 * Math.log10(360 / map.fieldWidthDeg()) + 2;
        for (FieldObject star : stars) {
            double r = Math.min(4, 0.5 * (faintest - star.object().magnitude()));
            if (r > 0.3) {
                g.fill(new Ellipse2D.Double(
                        star.pixel().x() - 0.5 - r, star.pixel().y() - 0.5 - r, 2 * r, 2 * r));
            }
        }
        g.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, 12));
        g.setColor(new Color(0xc9, 0xd4, 0xf0));
        for (Constellation constellation : catalogue.sky().constellations()) {
            label(g, map, constellation);
        }
        outline(g, map, field);
    }

    private static void label(Graphics2D g, Wcs map, Constellation constellation) {
        double x = 0;
        double y = 0;
        int n = 0;
        for (List<SkyPosition> line : constellation.figure()) {
            for (SkyPosition star : line) {
                PixelPosition p = map.skyToPixel(star).orElse(null);
                if (p != null && p.x() > 0 && p.y() > 0 && p.x() < SIDE && p.y() < SIDE) {
                    x += p.x();
                    y += p.y();
                    n++;
                }
            }
        }
        if (n > 1) {
            int width = g.getFontMetrics().stringWidth(constellation.name());
            float left = (float) Math.max(4, Math.min(SIDE - width - 4, x / n - width / 2.0));
            g.drawString(constellation.name(), left, (float) (y / n));
        }
    }

    private static void outline(Graphics2D g, Wcs map, Wcs field) {
        Path2D path = new Path2D.Double();
        double w = field.width() / EDGE_POINTS;
        double h = field.height() / EDGE_POINTS;
        for (int side = 0; side < 4; side++) {
            for (int i = 0; i < EDGE_POINTS; i++) {
                double x = side == 0 ? i * w : side == 1 ? field.width() : side == 2 ? field.width() - i * w : 0;
                double y = side == 1 ? i * h : side == 2 ? field.height() : side == 3 ? field.height() - i * h : 0;
                map.skyToPixel(field.pixelToSky(x + 0.5, y + 0.5)).ifPresent(p -> extend(path, p));
            }
        }
        if (path.getCurrentPoint() == null) {
            return;
        }
        path.closePath();
        g.setColor(new Color(0x4f, 0xd0, 0xff, 50));
        g.fill(path);
        g.setColor(new Color(0x4f, 0xd0, 0xff));
        g.setStroke(new BasicStroke(1.8f));
        g.draw(path);
        // A field that is only a dot on this map still has to be found.
        if (Math.max(path.getBounds2D().getWidth(), path.getBounds2D().getHeight()) < 16) {
            g.draw(new Ellipse2D.Double(SIDE / 2.0 - 14, SIDE / 2.0 - 14, 28, 28));
        }
    }

    private static void extend(Path2D path, PixelPosition p) {
        if (path.getCurrentPoint() == null) {
            path.moveTo(p.x() - 0.5, p.y() - 0.5);
        } else {
            path.lineTo(p.x() - 0.5, p.y() - 0.5);
        }
    }

    private static Path2D path(List<PixelPosition> points) {
        Path2D path = new Path2D.Double();
        points.forEach(p -> extend(path, p));
        return path;
    }

    private static Path2D path(Wcs map, List<SkyPosition> line) {
        Path2D path = new Path2D.Double();
        boolean drawing = false;
        for (SkyPosition sky : line) {
            PixelPosition p = map.skyToPixel(sky)
                    .filter(q -> Math.abs(q.x()) < 4 * SIDE && Math.abs(q.y()) < 4 * SIDE)
                    .orElse(null);
            if (p != null && drawing) {
                path.lineTo(p.x() - 0.5, p.y() - 0.5);
            } else if (p != null) {
                path.moveTo(p.x() - 0.5, p.y() - 0.5);
            }
            drawing = p != null;
        }
        return path;
    }
}
