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

/**
 * The objects of a catalogue whose middle is on a picture.
 *
 * <p>All stars with a name or a designation are there, and all deep-sky objects, with two limits that keep a wide field
 * legible: stars that have a number alone only in fields of less than 1° of radius, and deep-sky objects without a Messier
 * number or common name in fields of 10° and more only if they are at least 2 % of the shorter side in size. Immutable.
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

    /**
     * A constellation, some of whose figure is on the picture.
     *
     * @param whole whether all of the figure's stars are
     * @param stars how many are
     */
    public record ConstellationInField(Constellation constellation, boolean whole, int stars) {}

    private ObjectsInField(
            Wcs wcs,
            double radiusDeg,
            List<FieldObject> stars,
            List<FieldObject> deepSky,
            List<ConstellationInField> constellations) {
        this.wcs = wcs;
        this.radiusDeg = radiusDeg;
        this.stars = List.copyOf(stars);
        this.deepSky = List.copyOf(deepSky);
        this.constellations = List.copyOf(constellations);
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
            deepSky.removeIf(o -> !isLarge(wcs, o)
                    && !o.object().isIn("M")
                    && o.object().commonNames().isEmpty());
        }
        deepSky.sort(Comparator.comparingDouble((FieldObject o) -> -o.diameterPx())
                .thenComparing(o -> o.object().name()));
        List<ConstellationInField> constellations = new ArrayList<>();
        for (Constellation constellation : catalogue.constellations()) {
            List<SkyPosition> figure = constellation.stars();
            int there = (int) figure.stream().filter(footprint::contains).count();
            if (there > 0) {
                constellations.add(new ConstellationInField(constellation, there == figure.size(), there));
            }
        }
        return new ObjectsInField(wcs, radius, stars, deepSky, constellations);
    }

    private static List<FieldObject> onPicture(Wcs wcs, List<SkyObject> objects) {
        List<FieldObject> found = new ArrayList<>();
        for (SkyObject object : objects) {
            Optional<PixelPosition> pixel = wcs.skyToPixel(object.position());
            if (pixel.isPresent() && isInside(wcs, pixel.get())) {
                double diameter =
                        object.majorArcmin() == 0 ? 0 : object.majorArcmin() * 60 / scaleArcsec(wcs, pixel.get());
                found.add(new FieldObject(object, pixel.get(), diameter));
            }
        }
        return found;
    }

    private static boolean isInside(Wcs wcs, PixelPosition p) {
        return p.x() >= 0.5 && p.x() <= wcs.width() + 0.5 && p.y() >= 0.5 && p.y() <= wcs.height() + 0.5;
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

    /** Constellations with at least one star of their figure on the picture, by abbreviation. */
    public List<ConstellationInField> constellations() {
        return constellations;
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
        boolean number = first.startsWith("HD ") || first.startsWith("HIP ");
        return "The star " + star.name() + (star.commonNames().isEmpty() || number ? "" : " (" + first + ")");
    }

    /**
     * The objects as a JSON array of objects, points before things with a size, with the keys of the web service's
     * annotations ({@code type, names, pixelx, pixely, radius}, {@code vmag} where known) and {@code kind, ra, dec} besides;
     * {@code radius} is in pixels, 0 where the catalogue has no size.
     */
    public String toJson() {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
            json.useDefaultPrettyPrinter();
            json.writeStartArray();
            for (FieldObject star : stars) {
                write(star, json);
            }
            for (FieldObject object : deepSky) {
                write(object, json);
            }
            json.writeEndArray();
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory failed", e);
        }
        return text.append('\n').toString();
    }

    private static void write(FieldObject o, JsonGenerator json) throws IOException {
        SkyObject object = o.object();
        json.writeStartObject();
        json.writeStringField("type", type(object));
        json.writeArrayFieldStart("names");
        for (String name : object.names()) {
            json.writeString(name);
        }
        json.writeEndArray();
        json.writeNumberField("pixelx", o.pixel().x());
        json.writeNumberField("pixely", o.pixel().y());
        json.writeNumberField("radius", o.diameterPx() / 2);
        if (Double.isFinite(object.magnitude())) {
            json.writeNumberField("vmag", object.magnitude());
        }
        json.writeStringField("kind", object.kind().name().toLowerCase(Locale.ROOT));
        json.writeNumberField("ra", object.position().raDeg());
        json.writeNumberField("dec", object.position().decDeg());
        json.writeEndObject();
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
