package io.novasolve.examples.server.page;

import io.novasolve.examples.server.FieldCatalogue;
import io.novasolve.examples.server.field.Field;
import io.novasolve.products.FieldObject;
import io.novasolve.products.ObjectsInField;
import io.novasolve.sky.PixelPosition;
import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What lies over a picture, as SVG with a group for each layer; its units are the picture's pixels. */
public final class LayersSvg {

    private static final int MAX_STARS = 500;
    private static final int MAX_OBJECTS = 80;
    /** Larger objects, in parts of the shorter side, have most of their circle outside. */
    private static final double MAX_PART = 0.6;
    /** With so few objects the lesser catalogues are worth a circle. */
    private static final int FEW = 15;

    private static final int MAX_NAMED_STARS = 40;

    /** Letters on phones, as the style sheet has them. */
    private static final double LARGER = 2.1;

    private final StringBuilder svg = new StringBuilder();
    private final double unit;
    private final Rectangle2D picture;
    private final List<Rectangle2D> taken = new ArrayList<>();
    private final List<Rectangle2D> takenByLarge = new ArrayList<>();

    private LayersSvg(double width, double height) {
        this.unit = Math.max(width, height) / 1000;
        this.picture = new Rectangle2D.Double(0.5, 0.5, width, height);
    }

    /** @param objects null if the picture is not solved */
    public static String of(Field field, double width, double height, @Nullable ObjectsInField objects) {
        LayersSvg layers = new LayersSvg(width, height);
        // Pixel centres lie at whole numbers from 1.
        layers.add(
                "<svg viewBox=\"0.5 0.5 %s %s\" preserveAspectRatio=\"none\" aria-hidden=\"true\" focusable=\"false\" font-size=\"%s\">",
                width, height, 17 * layers.unit);
        layers.grid(field, width, height);
        layers.circles("stars", "#ffb02e", first(field.detected(), MAX_STARS), 7);
        layers.circles("index", "#6ea8ff", first(field.reference(), MAX_STARS), 5);
        layers.circles("matched", "#4ff08a", first(field.matched(), MAX_STARS), 10);
        layers.objects(objects, Math.min(width, height));
        layers.svg.append("</svg>");
        return layers.svg.toString();
    }

    private static List<PixelPosition> first(List<PixelPosition> all, int n) {
        return all.subList(0, Math.min(n, all.size()));
    }

    private void add(String format, Object... numbers) {
        svg.append(String.format(Locale.ROOT, format, numbers));
    }

    private void circles(String layer, String colour, List<PixelPosition> at, double radius) {
        add("<g class=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"1.6\">", layer, colour);
        for (PixelPosition p : at) {
            add("<circle cx=\"%.1f\" cy=\"%.1f\" r=\"%.1f\"/>", p.x(), p.y(), radius * unit);
        }
        svg.append("</g>");
    }

    private void grid(Field field, double width, double height) {
        add("<g class=\"grid\" fill=\"none\" stroke=\"#6fb7ff\" stroke-opacity=\".8\" stroke-width=\"1\">");
        for (Field.Line line : field.grid()) {
            svg.append("<polyline points=\"");
            line.points().forEach(p -> add("%.1f,%.1f ", p.x(), p.y()));
            svg.append("\"/>");
        }
        for (Field.Line line : field.grid()) {
            PixelPosition inside = line.points().stream()
                    .filter(p -> p.x() > 12 * unit
                            && p.x() < width - 90 * unit
                            && p.y() > 24 * unit
                            && p.y() < height - 12 * unit)
                    .findFirst()
                    .orElse(null);
            if (inside != null && !line.label().isEmpty()) {
                label(inside.x() + 5 * unit, inside.y() - 5 * unit, line.label(), "#b7dbff");
            }
        }
        svg.append("</g>");
    }

    private void objects(@Nullable ObjectsInField objects, double shorter) {
        add("<g class=\"objects\" fill=\"none\" stroke=\"#f09bff\" stroke-width=\"1.6\">");
        if (objects != null) {
            // Famous ones first: they get the room for their names.
            List<FieldObject> deepSky = objects.deepSky().stream()
                    .filter(o -> o.diameterPx() < MAX_PART * shorter)
                    .filter(o -> rank(o) < 3 || objects.deepSky().size() < FEW)
                    .sorted(Comparator.comparingInt(LayersSvg::rank))
                    .limit(MAX_OBJECTS)
                    .toList();
            List<FieldObject> stars =
                    objects.stars().stream().limit(MAX_NAMED_STARS).toList();
            stars.forEach(o -> circle(o, 8 * unit));
            deepSky.forEach(o -> circle(o, Math.max(9 * unit, o.diameterPx() / 2)));
            stars.stream().limit(8).forEach(o -> name(o, 8 * unit));
            deepSky.forEach(o -> name(o, Math.max(9 * unit, o.diameterPx() / 2)));
            stars.stream().skip(8).forEach(o -> name(o, 8 * unit));
        }
        svg.append("</g>");
    }

    private static int rank(FieldObject o) {
        if (o.object().isIn("M")) {
            return 0;
        } else if (o.object().isIn("NGC") || o.object().isIn("IC")) {
            return o.object().commonNames().isEmpty() ? 2 : 1;
        }
        return o.object().isFamous() ? 2 : 3;
    }

    private void circle(FieldObject o, double radius) {
        add(
                "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"%.1f\"/>",
                o.pixel().x(), o.pixel().y(), radius);
    }

    private void name(FieldObject o, double radius) {
        double off = Math.min(radius, 40 * unit) * 0.75;
        label(o.pixel().x() + off + 3 * unit, o.pixel().y() - off, FieldCatalogue.label(o), "#f9d3ff");
    }

    /** About what a text takes, whose letters are so large that 17 units are their size. */
    private static Rectangle2D box(double x, double y, String text, double unit) {
        return new Rectangle2D.Double(x, y - 15 * unit, 9.2 * unit * text.length(), 19 * unit);
    }

    private boolean takes(List<Rectangle2D> taken, Rectangle2D box) {
        boolean free = picture.contains(box) && taken.stream().noneMatch(box::intersects);
        if (free) {
            taken.add(box);
        }
        return free;
    }

    /**
     * Nothing, if another label stands there already or the text would leave the picture. What has no room for larger letters is
     * left out where the style sheet makes them larger, on phones.
     */
    private void label(double x, double y, String text, String colour) {
        if (!takes(taken, box(x, y, text, unit))) {
            return;
        }
        boolean large = takes(takenByLarge, box(x, y, text, LARGER * unit));
        add(
                "<text class=\"halo%s\" x=\"%.1f\" y=\"%.1f\" stroke-width=\"3\" fill=\"%s\">",
                large ? "" : " small", x, y, colour);
        svg.append(text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"))
                .append("</text>");
    }
}
