package io.novasolve.products;

import io.novasolve.sky.SkyPosition;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import java.util.zip.GZIPInputStream;

/**
 * What there is on the sky: 118 000 stars of the Hipparcos catalogue with names, 21 000 deep-sky objects (Messier, NGC, IC,
 * Abell, Sharpless, Barnard, …), the figures of the constellations and their borders, all J2000.
 *
 * <p>The data lie in this module; where each file comes from and its licence is told in {@code catalogue/NOTICE} beside
 * them. Reading them takes a fraction of a second and about 10 MiB, so make one and keep it. {@link #with} adds what you have
 * besides. Immutable; may be used by many threads.
 */
public final class SkyCatalogue {

    private static final double STAR_UNITS = 1e4;
    private static final double DEEP_SKY_UNITS = 1e6;

    private final Positions starPositions;
    private final int[] starHip;
    private final short[] starMagnitude;
    private final Map<Integer, StarName> starNames;
    private final Positions deepSkyPositions;

    /** Lines of the file, which become objects when they are asked for. */
    private final String[] deepSky;

    private final List<Constellation> constellations;
    private final List<ConstellationBorder> borders;

    /** Stars and deep-sky objects of the files of which somebody has told more, by their number there. */
    private final Map<Integer, SkyObject> completedStars;

    private final Map<Integer, SkyObject> completedDeepSky;

    /** What somebody has added, by rising Dec. */
    private final SkyObject[] added;

    private final Positions addedPositions;

    private record StarName(String name, String designation, String hd) {}

    private SkyCatalogue(
            Positions starPositions,
            int[] starHip,
            short[] starMagnitude,
            Map<Integer, StarName> starNames,
            Positions deepSkyPositions,
            String[] deepSky,
            List<Constellation> constellations,
            List<ConstellationBorder> borders) {
        this.starPositions = starPositions;
        this.starHip = starHip;
        this.starMagnitude = starMagnitude;
        this.starNames = starNames;
        this.deepSkyPositions = deepSkyPositions;
        this.deepSky = deepSky;
        this.constellations = List.copyOf(constellations);
        this.borders = List.copyOf(borders);
        this.completedStars = Map.of();
        this.completedDeepSky = Map.of();
        this.added = new SkyObject[0];
        this.addedPositions = Positions.of(added);
    }

    private SkyCatalogue(
            SkyCatalogue base,
            Map<Integer, SkyObject> completedStars,
            Map<Integer, SkyObject> completedDeepSky,
            SkyObject[] added) {
        this.starPositions = base.starPositions;
        this.starHip = base.starHip;
        this.starMagnitude = base.starMagnitude;
        this.starNames = base.starNames;
        this.deepSkyPositions = base.deepSkyPositions;
        this.deepSky = base.deepSky;
        this.constellations = base.constellations;
        this.borders = base.borders;
        this.completedStars = completedStars;
        this.completedDeepSky = completedDeepSky;
        this.added = added;
        this.addedPositions = Positions.of(added);
    }

    /**
     * This catalogue with objects of yours, say those of {@link CatalogueFile}; they count as the others do. An object that
     * is there already, by any of its names and less than 1° away, gets the names, the magnitude and the size that it lacks,
     * and is not there twice; so it is with two of yours.
     */
    public SkyCatalogue with(List<SkyObject> objects) {
        AddedObjects more = new AddedObjects(List.of(added), objects);
        Map<Integer, SkyObject> stars = new HashMap<>(completedStars);
        for (int i = 0; i < starHip.length; i++) {
            SkyObject completed = more.completed(star(i));
            if (completed != null) {
                stars.put(i, completed);
            }
        }
        Map<Integer, SkyObject> others = new HashMap<>(completedDeepSky);
        for (int i = 0; i < deepSky.length; i++) {
            SkyObject completed = more.completed(deepSkyObject(i));
            if (completed != null) {
                others.put(i, completed);
            }
        }
        return new SkyCatalogue(this, stars, others, more.unknown());
    }

    /** Reads the catalogue of this module. */
    public static SkyCatalogue bundled() {
        try {
            ByteBuffer stars = ByteBuffer.wrap(starBytes());
            int n = stars.getInt();
            int[] dec = ints(stars, n);
            int[] ra = ints(stars, n);
            int[] hip = ints(stars, n);
            short[] magnitude = new short[n];
            stars.asShortBuffer().get(magnitude);
            Map<Integer, StarName> names = new HashMap<>();
            lines("star-names.tsv", line -> {
                String[] f = line.split("\t", -1);
                names.put(Integer.valueOf(f[0]), new StarName(f[1], f[2], f[3]));
            });
            List<String> deepSky = new ArrayList<>();
            lines("deep-sky.tsv", deepSky::add);
            List<Constellation> constellations = new ArrayList<>();
            lines("constellations.tsv", line -> {
                String[] f = line.split("\t", -1);
                constellations.add(new Constellation(f[0], f[1], paths(f[2])));
            });
            Map<String, Constellation> byAbbreviation = new HashMap<>();
            constellations.forEach(c -> byAbbreviation.put(c.abbreviation(), c));
            List<ConstellationBorder> borders = new ArrayList<>();
            lines("constellation-borders.tsv", line -> {
                String[] f = line.split("\t", -1);
                List<Constellation> between = Arrays.stream(f[0].split(",", -1))
                        .map(byAbbreviation::get)
                        .toList();
                paths(f[1]).forEach(path -> borders.add(new ConstellationBorder(between, path)));
            });
            return new SkyCatalogue(
                    new Positions(ra, dec, STAR_UNITS),
                    hip,
                    magnitude,
                    names,
                    deepSkyPositions(deepSky),
                    deepSky.toArray(new String[0]),
                    constellations,
                    borders);
        } catch (IOException e) {
            throw new UncheckedIOException("the bundled catalogue cannot be read: nova-products is damaged", e);
        }
    }

    private static Positions deepSkyPositions(List<String> lines) {
        int[] ra = new int[lines.size()];
        int[] dec = new int[lines.size()];
        for (int i = 0; i < ra.length; i++) {
            String line = lines.get(i);
            int first = line.indexOf('\t');
            ra[i] = Integer.parseInt(line, 0, first, 10);
            dec[i] = Integer.parseInt(line, first + 1, line.indexOf('\t', first + 1), 10);
        }
        return new Positions(ra, dec, DEEP_SKY_UNITS);
    }

    private static byte[] starBytes() throws IOException {
        try (InputStream in = new GZIPInputStream(resource("stars.bin.gz"), 1 << 16)) {
            return in.readAllBytes();
        }
    }

    private static int[] ints(ByteBuffer from, int n) {
        int[] values = new int[n];
        from.asIntBuffer().get(values);
        from.position(from.position() + 4 * n);
        return values;
    }

    private static InputStream resource(String name) throws IOException {
        InputStream in = SkyCatalogue.class.getResourceAsStream("catalogue/" + name);
        if (in == null) {
            throw new IOException("there is no resource catalogue/" + name);
        }
        return in;
    }

    private static void lines(String name, Consumer<String> row) throws IOException {
        try (BufferedReader reader =
                new BufferedReader(new InputStreamReader(resource(name), StandardCharsets.UTF_8), 1 << 16)) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                row.accept(line);
            }
        }
    }

    private SkyObject deepSkyObject(int i) {
        SkyObject completed = completedDeepSky.get(i);
        if (completed != null) {
            return completed;
        }
        String[] f = deepSky[i].split("\t", -1);
        return new SkyObject(
                ObjectKind.valueOf(f[4]),
                List.of(f[2].split(";", -1)),
                f[3].isEmpty() ? List.of() : List.of(f[3].split(";", -1)),
                deepSkyPositions.get(i),
                f[5].isEmpty() ? Double.NaN : Double.parseDouble(f[5]),
                Double.parseDouble(f[6]),
                Double.parseDouble(f[7]));
    }

    private static List<List<SkyPosition>> paths(String text) {
        List<List<SkyPosition>> paths = new ArrayList<>();
        for (String path : text.split(";", -1)) {
            List<SkyPosition> positions = new ArrayList<>();
            for (String position : path.split(",", -1)) {
                int blank = position.indexOf(' ');
                positions.add(new SkyPosition(
                        Double.parseDouble(position.substring(0, blank)),
                        Double.parseDouble(position.substring(blank + 1))));
            }
            paths.add(positions);
        }
        return paths;
    }

    /**
     * The object with a name, such as {@code M 42}, {@code Orion Nebula} or {@code HIP 24436}; blanks, upper and lower case do
     * not matter. Of several with the same name, the deep-sky object.
     */
    public Optional<SkyObject> named(String name) {
        String wanted = SkyObject.squeezed(name);
        if (wanted.isEmpty()) {
            return Optional.empty();
        }
        for (int i = 0; i < deepSky.length; i++) {
            // Most lines end here: to make objects of all of them would take long.
            if (completedDeepSky.containsKey(i)
                    || SkyObject.squeezed(deepSky[i]).contains(wanted)) {
                SkyObject object = deepSkyObject(i);
                if (isCalled(object, wanted)) {
                    return Optional.of(object);
                }
            }
        }
        boolean byNumber = wanted.startsWith("hip");
        for (int i = 0; i < starHip.length; i++) {
            if (byNumber || starNames.containsKey(starHip[i]) || completedStars.containsKey(i)) {
                SkyObject star = star(i);
                if (isCalled(star, wanted)) {
                    return Optional.of(star);
                }
            }
        }
        return Arrays.stream(added).filter(object -> isCalled(object, wanted)).findFirst();
    }

    private static boolean isCalled(SkyObject object, String wanted) {
        return object.names().stream().anyMatch(name -> SkyObject.squeezed(name).equals(wanted));
    }

    /** All constellations, by abbreviation. */
    public List<Constellation> constellations() {
        return constellations;
    }

    /** The borders between constellations, each one once. */
    public List<ConstellationBorder> borders() {
        return borders;
    }

    /**
     * The stars of a cone, and some around it, in no particular order.
     *
     * @param radiusDeg of the cone
     * @param faintest magnitude of unnamed stars to include; stars with a common name or a designation are always there
     */
    List<SkyObject> stars(SkyPosition centre, double radiusDeg, double faintest) {
        List<SkyObject> found = new ArrayList<>();
        starPositions.around(centre, radiusDeg, i -> {
            // Most stars end here.
            if (starMagnitude[i] / 100.0 <= faintest
                    || starNames.containsKey(starHip[i])
                    || completedStars.containsKey(i)) {
                addIfWanted(star(i), faintest, found);
            }
        });
        addedPositions.around(centre, radiusDeg, i -> {
            if (added[i].kind() == ObjectKind.STAR) {
                addIfWanted(added[i], faintest, found);
            }
        });
        return found;
    }

    private static void addIfWanted(SkyObject star, double faintest, List<SkyObject> found) {
        if (star.isNamedStar() || star.magnitude() <= faintest || faintest == Double.POSITIVE_INFINITY) {
            found.add(star);
        }
    }

    private SkyObject star(int i) {
        SkyObject completed = completedStars.get(i);
        if (completed != null) {
            return completed;
        }
        StarName name = starNames.get(starHip[i]);
        List<String> designations = new ArrayList<>(3);
        List<String> common = List.of();
        if (name != null) {
            common = name.name.isEmpty() ? List.of() : List.of(name.name);
            if (!name.designation.isEmpty()) {
                designations.add(name.designation);
            }
            if (!name.hd.isEmpty()) {
                designations.add("HD " + name.hd);
            }
        }
        designations.add("HIP " + starHip[i]);
        return new SkyObject(
                ObjectKind.STAR, designations, common, starPositions.get(i), starMagnitude[i] / 100.0, 0, 0);
    }

    /** The deep-sky objects of a cone, and some around it, in no particular order. */
    List<SkyObject> deepSky(SkyPosition centre, double radiusDeg) {
        List<SkyObject> found = new ArrayList<>();
        deepSkyPositions.around(centre, radiusDeg, i -> found.add(deepSkyObject(i)));
        addedPositions.around(centre, radiusDeg, i -> {
            if (added[i].kind() != ObjectKind.STAR) {
                found.add(added[i]);
            }
        });
        return found;
    }

    /** Positions by rising Dec. */
    private record Positions(int[] ra, int[] dec, double units) {

        static Positions of(SkyObject[] objects) {
            return new Positions(
                    Arrays.stream(objects)
                            .mapToInt(o -> (int) Math.round(o.position().raDeg() * DEEP_SKY_UNITS))
                            .toArray(),
                    Arrays.stream(objects)
                            .mapToInt(o -> (int) Math.round(o.position().decDeg() * DEEP_SKY_UNITS))
                            .toArray(),
                    DEEP_SKY_UNITS);
        }

        SkyPosition get(int i) {
            return new SkyPosition(ra[i] / units, dec[i] / units);
        }

        /**
         * Visits the box of RA and Dec around a cone: a band is cut out by bisection, and the box out of the band by
         * comparing integers. The widest meridians that touch a cone of radius r around Dec δ are asin(sin r / cos δ) away.
         */
        void around(SkyPosition centre, double radiusDeg, IntConsumer found) {
            double margin = 1 / units;
            double south = (centre.decDeg() - radiusDeg - margin) * units;
            double north = (centre.decDeg() + radiusDeg + margin) * units;
            boolean allRa = radiusDeg + margin >= 90 - Math.abs(centre.decDeg());
            double reach = allRa
                    ? 180
                    : Math.toDegrees(Math.asin(Math.min(
                                    1,
                                    Math.sin(Math.toRadians(radiusDeg)) / Math.cos(Math.toRadians(centre.decDeg())))))
                            + margin;
            double middle = centre.raDeg() * units;
            double circle = 360 * units;
            for (int i = firstFrom(south); i < dec.length && dec[i] <= north; i++) {
                double away = Math.abs(ra[i] - middle);
                if (Math.min(away, circle - away) <= reach * units) {
                    found.accept(i);
                }
            }
        }

        private int firstFrom(double lowest) {
            int low = 0;
            int high = dec.length;
            while (low < high) {
                int middle = (low + high) >>> 1;
                if (dec[middle] < lowest) {
                    low = middle + 1;
                } else {
                    high = middle;
                }
            }
            return low;
        }
    }
}
