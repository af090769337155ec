package io.novasolve.products;

import io.novasolve.products.ObjectsInField.BorderInField;
import io.novasolve.products.ObjectsInField.ConstellationInField;
import io.novasolve.sky.PixelPosition;
import io.novasolve.sky.wcs.Wcs;
import java.awt.Color;
import java.awt.Font;
import java.awt.geom.Path2D;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** The annotated picture: constellations, grid, deep-sky objects and stars with their names. */
final class Annotation {

    private static final Color FIGURE = new Color(0x8f, 0xb4, 0xff, 165);
    private static final Color FIGURE_NAME = new Color(0xa9, 0xc4, 0xff);
    private static final Color BORDER = new Color(0xc7, 0xa6, 0xff, 120);
    private static final Color STAR = new Color(0xff, 0xd9, 0x8a);
    private static final Color GALAXY = new Color(0xff, 0xa8, 0x8c);
    private static final Color CLUSTER = new Color(0xf4, 0xf0, 0x7a);
    private static final Color NEBULA = new Color(0x7d, 0xf0, 0xd0);
    private static final Color DARK = new Color(0xc9, 0xb8, 0xa6);
    private static final Color OTHER = new Color(0xf0, 0xb4, 0xff);

    /** The grid stays behind what is drawn over it. */
    private static final double GRID_STRENGTH = 0.55;

    /** More would hide the picture, whatever its size. */
    private static final int MAX_STARS = 60;

    private static final int MAX_DEEP_SKY = 90;

    /** Catalogues whose objects are drawn however many there are. */
    private static final List<String> WELL_KNOWN = List.of("NGC", "IC");

    private static final List<String> LESSER = List.of("Sh2", "B", "Cr", "RCW", "Abell");

    /** With so many objects drawn, those of lesser catalogues are left out. */
    private static final int ENOUGH = 10;

    /** Objects larger than this part of the shorter side get no circle: it would lie mostly outside. */
    private static final double TOO_LARGE = 1.4;

    private final ObjectsInField objects;
    private final Wcs wcs;

    Annotation(ObjectsInField objects) {
        this.objects = objects;
        this.wcs = objects.wcs();
    }

    BufferedImage draw(BufferedImage picture) {
        try (Canvas canvas = Canvas.over(picture, wcs.width())) {
            draw(canvas);
            return canvas.image();
        }
    }

    void draw(Canvas canvas) {
        borders(canvas);
        GridLayer.lines(canvas, wcs, GRID_STRENGTH);
        figures(canvas);
        List<FieldObject> deepSky = chosenDeepSky();
        List<FieldObject> stars = chosenStars();
        deepSky.forEach(o -> mark(canvas, o));
        for (FieldObject star : stars) {
            canvas.cross(star.pixel(), 0.75 * canvas.radius(), 1.5 * canvas.radius(), STAR, canvas.line());
            canvas.reserve(star.pixel(), canvas.radius());
        }
        labels(canvas, stars, deepSky);
        names(canvas);
        GridLayer.labels(canvas, wcs);
    }

    private void borders(Canvas canvas) {
        for (BorderInField border : objects.borders()) {
            canvas.dashes(path(border.lines()), BORDER, canvas.line());
        }
    }

    private void figures(Canvas canvas) {
        for (ConstellationInField constellation : objects.constellations()) {
            canvas.path(path(constellation.lines()), FIGURE, 1.15f * canvas.line());
        }
    }

    private static Path2D path(List<List<PixelPosition>> lines) {
        Path2D path = new Path2D.Double();
        for (List<PixelPosition> line : lines) {
            path.moveTo(line.get(0).x(), line.get(0).y());
            line.stream().skip(1).forEach(p -> path.lineTo(p.x(), p.y()));
        }
        return path;
    }

    private double shorter() {
        return Math.min(wcs.width(), wcs.height());
    }

    /** What people look for first: Messier objects and names, then NGC and IC; lesser catalogues only where room is. */
    private List<FieldObject> chosenDeepSky() {
        double smallest = 0.012 * shorter();
        List<FieldObject> chosen = new ArrayList<>();
        objects.deepSky().stream()
                .filter(o -> o.diameterPx() >= smallest || o.object().isFamous() || objects.radiusDeg() < 1)
                .sorted(Comparator.comparingDouble(this::importance).reversed())
                .limit(MAX_DEEP_SKY)
                .filter(o -> o.object().isFamous() || isWellKnown(o) || chosen.size() < ENOUGH)
                .forEach(chosen::add);
        return chosen;
    }

    private static boolean isWellKnown(FieldObject o) {
        return WELL_KNOWN.stream().anyMatch(o.object()::isIn);
    }

    private double importance(FieldObject o) {
        double size = Math.min(1, o.diameterPx() / shorter());
        double fame = o.object().isIn("M") ? 2 : o.object().isFamous() ? 1 : 0;
        double catalogue = isWellKnown(o) ? 0.8 : LESSER.stream().anyMatch(o.object()::isIn) ? 0.4 : 0;
        double tooLarge = o.diameterPx() > TOO_LARGE * shorter() ? -1.5 : 0;
        return fame + catalogue + size + tooLarge;
    }

    private List<FieldObject> chosenStars() {
        List<FieldObject> named =
                objects.stars().stream().filter(s -> s.object().isNamedStar()).toList();
        // In a narrow field no star may have a name, and the brightest numbers serve.
        List<FieldObject> chosen = named.size() >= 3 || objects.stars().size() < 3 ? named : objects.stars();
        int limit = chosen == named ? MAX_STARS : Math.min(12, chosen.size());
        return chosen.stream().limit(limit).toList();
    }

    private void mark(Canvas canvas, FieldObject o) {
        double radius = Math.max(0.9 * canvas.radius(), canvas.length(o.diameterPx() / 2));
        if (o.diameterPx() > TOO_LARGE * shorter()) {
            return;
        }
        canvas.circle(o.pixel(), radius, colour(o.object()), canvas.line());
        // A label within a large circle is fine; small ones are kept readable.
        canvas.reserve(o.pixel(), Math.min(radius, 3 * canvas.radius()));
    }

    private static Color colour(SkyObject object) {
        return switch (object.kind()) {
            case GALAXY, GALAXY_CLUSTER -> GALAXY;
            case OPEN_CLUSTER, GLOBULAR_CLUSTER -> CLUSTER;
            case NEBULA, PLANETARY_NEBULA, SUPERNOVA_REMNANT -> NEBULA;
            case DARK_NEBULA -> DARK;
            case STAR -> STAR;
            case OTHER -> OTHER;
        };
    }

    /** By turns, so that neither kind takes all the room. */
    private void labels(Canvas canvas, List<FieldObject> stars, List<FieldObject> deepSky) {
        Font starFont = canvas.font(canvas.letters(), Font.PLAIN);
        Set<String> written = new HashSet<>();
        Font objectFont = canvas.font(0.95f * canvas.letters(), Font.PLAIN);
        for (int i = 0; i < Math.max(stars.size(), deepSky.size()); i++) {
            if (i < stars.size()) {
                FieldObject star = stars.get(i);
                String name = nameOf(star.object(), written);
                // The components of a double star may share their name.
                if (written.add(name)) {
                    canvas.label(name, star.pixel(), 1.5 * canvas.radius(), starFont, STAR);
                }
            }
            if (i < deepSky.size()) {
                FieldObject o = deepSky.get(i);
                label(canvas, o, objectFont, written);
            }
        }
    }

    /** Beside its circle, or where that leaves the picture, in it. */
    private void label(Canvas canvas, FieldObject o, Font font, Set<String> written) {
        double radius = Math.max(0.9 * canvas.radius(), canvas.length(o.diameterPx() / 2));
        Color colour = colour(o.object());
        boolean large = o.diameterPx() > 0.45 * shorter();
        String name = nameOf(o.object(), written);
        if (!large && canvas.label(name, o.pixel(), radius, font, colour)) {
            return;
        }
        if (large && canvas.labelOn(name, o.pixel(), font, colour)) {
            return;
        }
        // The number alone may fit where number and name do not.
        canvas.label(o.object().name(), o.pixel(), large ? canvas.radius() : radius, font, colour);
    }

    /** A name that many share, such as Stephan's Quintet, is written once. */
    private static String nameOf(SkyObject object, Set<String> written) {
        if (object.kind() == ObjectKind.STAR) {
            return object.commonNames().isEmpty() ? printed(object.name()) : object.name();
        }
        String common =
                object.commonNames().isEmpty() ? "" : object.commonNames().get(0);
        return common.isEmpty() || !written.add(common) ? object.name() : object.name() + " · " + common;
    }

    /** {@code ξ1CMa} as it is printed: ξ¹ CMa. */
    private static String printed(String designation) {
        int end = designation.length() - 3;
        if (designation.indexOf(' ') >= 0 || end < 1) {
            return designation;
        }
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < end; i++) {
            char c = designation.charAt(i);
            text.append(c >= '0' && c <= '9' ? "⁰¹²³⁴⁵⁶⁷⁸⁹".charAt(c - '0') : c);
        }
        return text.append(' ').append(designation, end, designation.length()).toString();
    }

    /** In the middle of those stars that are on the picture. */
    private void names(Canvas canvas) {
        Font font = canvas.wide(1.15f * canvas.letters());
        objects.constellations().stream()
                .filter(c -> c.stars() > 0)
                .sorted(Comparator.comparingInt(c -> -c.stars()))
                .forEach(c -> {
                    String name = c.constellation().name().toUpperCase(Locale.ROOT);
                    if (!canvas.labelOn(name, c.middle(), font, FIGURE_NAME)) {
                        canvas.label(name, c.middle(), canvas.radius(), font, FIGURE_NAME);
                    }
                });
    }
}
