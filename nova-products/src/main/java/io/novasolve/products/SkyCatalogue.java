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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/**
 * What there is on the sky: 118 000 stars of the Hipparcos catalogue with names, 20 000 deep-sky objects (Messier, NGC, IC,
 * Abell, Sharpless, Barnard, …), the figures of the constellations and their borders, all J2000.
 *
 * <p>The data lie in this module; where each file comes from and its licence is told in {@code catalogue/NOTICE} beside
 * them. Reading them takes a fraction of a second and about 10 MiB, so make one and keep it. Immutable; may be used by many
 * threads.
 */
public final class SkyCatalogue {

    private static final double UNITS_PER_DEGREE = 10_000;

    private final int[] starDec;
    private final int[] starRa;
    private final int[] starHip;
    private final short[] starMagnitude;

    /** Unit vectors, three numbers a star; float is exact to 0.02″. */
    private final float[] starVector;

    private final Map<Integer, StarName> starNames;
    private final List<SkyObject> deepSky;
    private final float[] deepSkyVector;
    private final List<Constellation> constellations;
    private final List<List<SkyPosition>> borders;

    private record StarName(String name, String designation, String hd) {}

    private SkyCatalogue(
            int[] starDec,
            int[] starRa,
            int[] starHip,
            short[] starMagnitude,
            Map<Integer, StarName> starNames,
            List<SkyObject> deepSky,
            List<Constellation> constellations,
            List<List<SkyPosition>> borders) {
        this.starDec = starDec;
        this.starRa = starRa;
        this.starHip = starHip;
        this.starMagnitude = starMagnitude;
        this.starNames = starNames;
        this.deepSky = List.copyOf(deepSky);
        this.constellations = List.copyOf(constellations);
        this.borders = borders.stream().map(List::copyOf).toList();
        this.starVector = new float[3 * starDec.length];
        for (int i = 0; i < starDec.length; i++) {
            put(starVector, i, starPosition(i));
        }
        this.deepSkyVector = new float[3 * deepSky.size()];
        for (int i = 0; i < deepSky.size(); i++) {
            put(deepSkyVector, i, deepSky.get(i).position());
        }
    }

    private static void put(float[] vectors, int i, SkyPosition position) {
        double[] v = position.unitVector();
        for (int axis = 0; axis < 3; axis++) {
            vectors[3 * i + axis] = (float) v[axis];
        }
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
            lines("star-names.tsv", f -> names.put(Integer.valueOf(f[0]), new StarName(f[1], f[2], f[3])));
            List<SkyObject> deepSky = new ArrayList<>();
            lines("deep-sky.tsv", f -> deepSky.add(deepSkyObject(f)));
            List<Constellation> constellations = new ArrayList<>();
            lines("constellations.tsv", f -> constellations.add(new Constellation(f[0], f[1], paths(f[2]))));
            List<List<SkyPosition>> borders = new ArrayList<>();
            lines("constellation-borders.tsv", f -> borders.addAll(paths(f[1])));
            return new SkyCatalogue(dec, ra, hip, magnitude, names, deepSky, constellations, borders);
        } catch (IOException e) {
            throw new UncheckedIOException("the bundled catalogue cannot be read: nova-products is damaged", e);
        }
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

    private static void lines(String name, Consumer<String[]> row) throws IOException {
        try (BufferedReader reader =
                new BufferedReader(new InputStreamReader(resource(name), StandardCharsets.UTF_8), 1 << 16)) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                row.accept(line.split("\t", -1));
            }
        }
    }

    private static SkyObject deepSkyObject(String[] f) {
        return new SkyObject(
                ObjectKind.valueOf(f[2]),
                List.of(f[0].split(";")),
                f[1].isEmpty() ? List.of() : List.of(f[1].split(";")),
                new SkyPosition(Double.parseDouble(f[3]), Double.parseDouble(f[4])),
                f[5].isEmpty() ? Double.NaN : Double.parseDouble(f[5]),
                Double.parseDouble(f[6]),
                Double.parseDouble(f[7]));
    }

    private static List<List<SkyPosition>> paths(String text) {
        List<List<SkyPosition>> paths = new ArrayList<>();
        for (String path : text.split(";")) {
            List<SkyPosition> positions = new ArrayList<>();
            for (String position : path.split(",")) {
                int blank = position.indexOf(' ');
                positions.add(new SkyPosition(
                        Double.parseDouble(position.substring(0, blank)),
                        Double.parseDouble(position.substring(blank + 1))));
            }
            paths.add(positions);
        }
        return paths;
    }

    private SkyPosition starPosition(int i) {
        return new SkyPosition(starRa[i] / UNITS_PER_DEGREE, starDec[i] / UNITS_PER_DEGREE);
    }

    /** All constellations, by abbreviation. */
    public List<Constellation> constellations() {
        return constellations;
    }

    /** The borders between constellations, each one once, with a point every degree along lines of Dec of 1875. */
    public List<List<SkyPosition>> borders() {
        return borders;
    }

    /**
     * The stars within a cone, in no particular order.
     *
     * @param radiusDeg of the cone
     * @param faintest magnitude of unnamed stars to include; stars with a common name or a designation are always there
     */
    List<SkyObject> stars(SkyPosition centre, double radiusDeg, double faintest) {
        List<SkyObject> found = new ArrayList<>();
        double limit = faintest * 100;
        within(centre, radiusDeg, starVector, starDec.length, i -> {
            StarName name = starNames.get(starHip[i]);
            if (starMagnitude[i] <= limit || name != null && !(name.name.isEmpty() && name.designation.isEmpty())) {
                found.add(star(i, name));
            }
        });
        return found;
    }

    private SkyObject star(int i, @Nullable StarName name) {
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
        return new SkyObject(ObjectKind.STAR, designations, common, starPosition(i), starMagnitude[i] / 100.0, 0, 0);
    }

    /** The deep-sky objects whose middle is within a cone, in no particular order. */
    List<SkyObject> deepSky(SkyPosition centre, double radiusDeg) {
        List<SkyObject> found = new ArrayList<>();
        within(centre, radiusDeg, deepSkyVector, deepSky.size(), i -> found.add(deepSky.get(i)));
        return found;
    }

    private interface Index {
        void at(int i);
    }

    /** Both lists are sorted by Dec: a band is cut out by bisection, and the cone out of the band by dot products. */
    private static void within(SkyPosition centre, double radiusDeg, float[] vectors, int n, Index found) {
        double[] c = centre.unitVector();
        double margin = 1e-4;
        double cosine = Math.cos(Math.toRadians(Math.min(180, radiusDeg + margin)));
        double south = centre.decDeg() - radiusDeg - margin;
        double north = centre.decDeg() + radiusDeg + margin;
        int from = south <= -90 ? 0 : firstAbove(vectors, n, Math.sin(Math.toRadians(south)));
        int to = north >= 90 ? n : firstAbove(vectors, n, Math.sin(Math.toRadians(north)));
        for (int i = from; i < to; i++) {
            if (c[0] * vectors[3 * i] + c[1] * vectors[3 * i + 1] + c[2] * vectors[3 * i + 2] >= cosine) {
                found.at(i);
            }
        }
    }

    private static int firstAbove(float[] vectors, int n, double z) {
        int low = 0;
        int high = n;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (vectors[3 * middle + 2] < z) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }
}
