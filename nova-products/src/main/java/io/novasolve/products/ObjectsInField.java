package io.novasolve.products;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.novasolve.sky.PixelPosition;
import io.novasolve.sky.SkyPosition;
import io.novasolve.sky.region.Footprint;
import io.novasolve.sky.wcs.Wcs;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The objects of a catalogue whose middle is on a picture, and what the picture has of constellations and their borders.
 *
 * <p>All stars with a name or a designation are there, and all deep-sky objects, with two limits that keep a wide field
 * legible: stars that have a number alone only in fields of less than 1° of radius, and deep-sky objects without a Messier
 * number or a name in fields of 10° and more only if they are at least 2 % of the shorter side in size. Immutable.
 */
public final class ObjectsInField {

    private static final double STARS_WITH_NUMBERS_DEG = 1;
    private static final double SMALL_OBJECTS_DEG = 10;
    private static final double SMALL_PART = 0.02;

    /** Of the brightest stars so many become tags. */
    private static final int TAGGED_STARS = 10;

    private final Wcs wcs;
    private final double radiusDeg;
    private final List<FieldObject> stars;
    private final List<FieldObject> deepSky;
    private final List<ConstellationInField> constellations;
    private final List<BorderInField> borders;

    /**
     * A constellation, some of whose figure is on the picture.
     *
     * @param whole whether all of the figure's stars are
     * @param stars how many are; 0 if only lines between others cross it
     * @param lines what the picture has of the figure: pixels, two or more a line, none outside
     * @param middle of the stars, else of the lines, on the picture
     * @param diameterPx of the circle around the middle that holds stars and lines, pixels
     */
    public record ConstellationInField(
            Constellation constellation,
            boolean whole,
            int stars,
            List<List<PixelPosition>> lines,
            PixelPosition middle,
            double diameterPx) {}

    /**
     * A border of constellations that crosses the picture.
     *
     * @param between the two constellations
     * @param lines what the picture has of the border: pixels, two or more a line, none outside
     */
    public record BorderInField(List<Constellation> between, List<List<PixelPosition>> lines) {}

    private ObjectsInField(
            Wcs wcs,
            double radiusDeg,
            List<FieldObject> stars,
            List<FieldObject> deepSky,
            List<ConstellationInField> constellations,
            List<BorderInField> borders) {
        this.wcs = wcs;
        this.radiusDeg = radiusDeg;
        this.stars = List.copyOf(stars);
        this.deepSky = List.copyOf(deepSky);
        this.constellations = List.copyOf(constellations);
        this.borders = List.copyOf(borders);
    }

    /** Finds the objects of a catalogue on a picture. */
    public static ObjectsInField of(SkyCatalogue catalogue, Wcs wcs) {
        Footprint footprint = Footprint.of(wcs);
        SkyPosition centre = footprint.centre();
        double radius = footprint.radiusDeg();
        double faintest = radius < STARS_WITH_NUMBERS_DEG ? Double.POSITIVE_INFINITY : Double.NEGATIVE_INFINITY;
        List<FieldObject> stars = onPicture(wcs, catalogue.stars(centre, radius, faintest));
        stars.sort(Comparator.comparingDouble((FieldObject o) -> o.object().magnitude())
                .thenComparing(o -> o.object().name()));
        List<FieldObject> deepSky = onPicture(wcs, catalogue.deepSky(centre, radius));
        if (radius >= SMALL_OBJECTS_DEG) {
            deepSky.removeIf(o -> !isLarge(wcs, o) && !o.object().isFamous());
        }
        deepSky.sort(Comparator.comparingDouble((FieldObject o) -> -o.diameterPx())
                .thenComparing(o -> o.object().name()));
        SkyLines sky = new SkyLines(wcs, footprint);
        List<ConstellationInField> constellations = new ArrayList<>();
        for (Constellation constellation : catalogue.constellations()) {
            on(wcs, sky, constellation).ifPresent(constellations::add);
        }
        List<BorderInField> borders = new ArrayList<>();
        for (ConstellationBorder border : catalogue.borders()) {
            List<List<PixelPosition>> lines = sky.through(border.line());
            if (!lines.isEmpty()) {
                borders.add(new BorderInField(border.between(), lines));
            }
        }
        return new ObjectsInField(wcs, radius, stars, deepSky, constellations, borders);
    }

    private static Optional<ConstellationInField> on(Wcs wcs, SkyLines sky, Constellation constellation) {
        List<List<PixelPosition>> lines = constellation.figure().stream()
                .flatMap(path -> sky.through(path).stream())
                .toList();
        List<SkyPosition> figure = constellation.stars();
        List<PixelPosition> stars =
                figure.stream().flatMap(star -> pixelOn(wcs, star).stream()).toList();
        List<PixelPosition> ends = lines.stream().flatMap(List::stream).toList();
        List<PixelPosition> points = stars.isEmpty() ? ends : stars;
        if (points.isEmpty()) {
            return Optional.empty();
        }
        PixelPosition middle = new PixelPosition(
                points.stream().mapToDouble(PixelPosition::x).average().orElseThrow(),
                points.stream().mapToDouble(PixelPosition::y).average().orElseThrow());
        double radius = Stream.concat(stars.stream(), ends.stream())
                .mapToDouble(p -> Math.hypot(p.x() - middle.x(), p.y() - middle.y()))
                .max()
                .orElseThrow();
        return Optional.of(new ConstellationInField(
                constellation, stars.size() == figure.size(), stars.size(), lines, middle, 2 * radius));
    }

    private static List<FieldObject> onPicture(Wcs wcs, List<SkyObject> objects) {
        List<FieldObject> found = new ArrayList<>();
        for (SkyObject object : objects) {
            Optional<PixelPosition> pixel = pixelOn(wcs, object.position());
            if (pixel.isPresent()) {
                double diameter =
                        object.majorArcmin() == 0 ? 0 : object.majorArcmin() * 60 / scaleArcsec(wcs, pixel.get());
                found.add(new FieldObject(object, pixel.get(), diameter));
            }
        }
        return found;
    }

    /** Where a place is on the picture; empty if it is not on it. */
    private static Optional<PixelPosition> pixelOn(Wcs wcs, SkyPosition sky) {
        return wcs.skyToPixel(sky)
                .filter(p -> p.x() >= 0.5 && p.x() <= wcs.width() + 0.5 && p.y() >= 0.5 && p.y() <= wcs.height() + 0.5);
    }

    /** The scale at a place, which in a wide field differs from that in the middle: the mean of both directions. */
    private static double scaleArcsec(Wcs wcs, PixelPosition p) {
        double alongX = wcs.pixelToSky(p.x() - 0.5, p.y()).separationDeg(wcs.pixelToSky(p.x() + 0.5, p.y()));
        double alongY = wcs.pixelToSky(p.x(), p.y() - 0.5).separationDeg(wcs.pixelToSky(p.x(), p.y() + 0.5));
        return 3600 * Math.sqrt(alongX * alongY);
    }

    private static boolean isLarge(Wcs wcs, FieldObject object) {
        return object.diameterPx() >= SMALL_PART * Math.min(wcs.width(), wcs.height());
    }

    /** Stars, the brightest first. */
    public List<FieldObject> stars() {
        return stars;
    }

    /** Everything that is no star, the largest first. */
    public List<FieldObject> deepSky() {
        return deepSky;
    }

    /** Constellations with a star or a line of their figure on the picture, by abbreviation. */
    public List<ConstellationInField> constellations() {
        return constellations;
    }

    /** Borders of constellations that cross the picture. */
    public List<BorderInField> borders() {
        return borders;
    }

    /**
     * What the web service at the origin tags a picture with: constellations with at least two stars of their figure in the
     * field, the ten brightest stars with a name or a Bayer or Flamsteed designation, and every name of deep-sky objects of
     * at least 2 % of the shorter side. Each tag once.
     */
    public List<String> tags() {
        Set<String> tags = new LinkedHashSet<>();
        for (ConstellationInField c : constellations) {
            String name = "constellation " + c.constellation().name() + " ("
                    + c.constellation().abbreviation() + ")";
            if (c.whole()) {
                tags.add("The " + name);
            } else if (c.stars() >= 2) {
                tags.add("Part of the " + name);
            }
        }
        stars.stream()
                .filter(star -> star.object().isNamedStar())
                .limit(TAGGED_STARS)
                .forEach(star -> tags.add(tagOf(star.object())));
        deepSky.stream()
                .filter(o -> isLarge(wcs, o))
                .forEach(o -> tags.addAll(o.object().names()));
        return List.copyOf(tags);
    }

    private static String tagOf(SkyObject star) {
        String first = star.designations().get(0);
        boolean bare = star.commonNames().isEmpty() || SkyObject.isNumber(first);
        return "The star " + star.name() + (bare ? "" : " (" + first + ")");
    }

    /**
     * The objects as a JSON array of objects, points before things with a size, with the keys of the web service's
     * annotations ({@code type, names, pixelx, pixely, radius}, {@code vmag} where known) and {@code kind, ra, dec} besides;
     * {@code radius} is in pixels, 0 where the catalogue has no size. Behind them constellations ({@code type} and {@code kind}
     * {@code constellation}; the pixel is the middle of what is on the picture) and their borders ({@code border}; the names
     * are those of the two constellations, the pixel is one of the border), both with {@code lines}: arrays of
     * {@code [x, y]}.
     */
    public String toJson() {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
            json.useDefaultPrettyPrinter();
            json.writeStartArray();
            for (boolean sized : new boolean[] {false, true}) {
                for (List<FieldObject> objects : List.of(stars, deepSky)) {
                    for (FieldObject object : objects) {
                        if (object.diameterPx() > 0 == sized) {
                            write(object, json);
                        }
                    }
                }
            }
            for (ConstellationInField constellation : constellations) {
                write(constellation, json);
            }
            for (BorderInField border : borders) {
                write(border, json);
            }
            json.writeEndArray();
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory failed", e);
        }
        return text.append('\n').toString();
    }

    private static void write(FieldObject o, JsonGenerator json) throws IOException {
        SkyObject object = o.object();
        begin(type(object), object.names(), o.pixel(), o.diameterPx() / 2, json);
        if (Double.isFinite(object.magnitude())) {
            json.writeNumberField("vmag", object.magnitude());
        }
        place(object.kind().name().toLowerCase(Locale.ROOT), object.position(), json);
        json.writeEndObject();
    }

    private void write(ConstellationInField c, JsonGenerator json) throws IOException {
        Constellation constellation = c.constellation();
        List<String> names = List.of(constellation.name(), constellation.abbreviation());
        begin("constellation", names, c.middle(), c.diameterPx() / 2, json);
        place("constellation", wcs.pixelToSky(c.middle()), json);
        json.writeBooleanField("whole", c.whole());
        json.writeNumberField("stars", c.stars());
        lines(c.lines(), json);
        json.writeEndObject();
    }

    private void write(BorderInField border, JsonGenerator json) throws IOException {
        List<String> names = border.between().stream().map(Constellation::name).toList();
        List<PixelPosition> line = border.lines().get(0);
        PixelPosition pixel = line.get(line.size() / 2);
        begin("border", names, pixel, 0, json);
        place("border", wcs.pixelToSky(pixel), json);
        lines(border.lines(), json);
        json.writeEndObject();
    }

    private static void begin(String type, List<String> names, PixelPosition pixel, double radius, JsonGenerator json)
            throws IOException {
        json.writeStartObject();
        json.writeStringField("type", type);
        json.writeArrayFieldStart("names");
        for (String name : names) {
            json.writeString(name);
        }
        json.writeEndArray();
        json.writeNumberField("pixelx", pixel.x());
        json.writeNumberField("pixely", pixel.y());
        json.writeNumberField("radius", radius);
    }

    private static void place(String kind, SkyPosition position, JsonGenerator json) throws IOException {
        json.writeStringField("kind", kind);
        json.writeNumberField("ra", position.raDeg());
        json.writeNumberField("dec", position.decDeg());
    }

    private static void lines(List<List<PixelPosition>> lines, JsonGenerator json) throws IOException {
        json.writeArrayFieldStart("lines");
        for (List<PixelPosition> line : lines) {
            json.writeStartArray();
            for (PixelPosition p : line) {
                json.writeStartArray();
                json.writeNumber(hundredths(p.x()));
                json.writeNumber(hundredths(p.y()));
                json.writeEndArray();
            }
            json.writeEndArray();
        }
        json.writeEndArray();
    }

    private static double hundredths(double pixel) {
        return Math.round(pixel * 100) / 100.0;
    }

    /** The word of the web service for the catalogue that an object is listed for. */
    static String type(SkyObject object) {
        if (object.kind() == ObjectKind.STAR) {
            return object.isNamedStar() ? "bright" : object.isIn("HD") ? "hd" : "HIP";
        }
        if (object.isIn("NGC")) {
            return "ngc";
        }
        if (object.isIn("IC")) {
            return "ic";
        }
        if (object.isIn("Abell")) {
            return "abell";
        }
        return object.isIn("M") ? "messier" : "other";
    }

    /** Radius of the cone that holds the picture, in degrees. */
    double radiusDeg() {
        return radiusDeg;
    }

    Wcs wcs() {
        return wcs;
    }
}
