package io.novasolve.products;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.assertj.core.api.Assertions.within;

import io.novasolve.sky.SkyPosition;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SkyCatalogueTest {

    private static final long SEED = Long.getLong("nova.test.seed", 20261124);
    private static final SkyPosition POLE = new SkyPosition(0, 90);
    private static final SkyCatalogue CATALOGUE = SkyCatalogue.bundled();

    @Test
    void holdsTheSkyThatItSays() {
        List<SkyObject> stars = CATALOGUE.stars(POLE, 180, 99);
        List<SkyObject> deepSky = CATALOGUE.deepSky(POLE, 180);

        assertThat(stars).hasSize(118_216);
        assertThat(stars.stream().filter(s -> s.isIn("HD"))).hasSize(4786);
        // Each number once: no object is there twice.
        assertThat(numbers(deepSky, "M"))
                .containsExactlyElementsOf(IntStream.rangeClosed(1, 110).boxed().toList());
        assertThat(numbers(deepSky, "NGC")).hasSize(7347).doesNotHaveDuplicates();
        assertThat(numbers(deepSky, "IC")).hasSize(4300).doesNotHaveDuplicates();
        assertThat(CATALOGUE.constellations()).hasSize(88);
        assertThat(CATALOGUE.constellations())
                .allSatisfy(c -> assertThat(c.stars()).isNotEmpty());
    }

    private static List<Integer> numbers(List<SkyObject> objects, String catalogue) {
        Pattern number = Pattern.compile(catalogue + " (\\d+)");
        return objects.stream()
                .flatMap(o -> o.designations().stream())
                .map(number::matcher)
                .filter(Matcher::matches)
                .map(m -> Integer.valueOf(m.group(1)))
                .sorted()
                .toList();
    }

    /** Positions from SIMBAD, ICRS J2000. */
    @Test
    void wellKnownThingsAreWhereTheyAre() {
        assertThat(near(83.8221, -5.3911, "M 42").names()).containsExactly("M 42", "NGC 1976", "Orion Nebula");
        assertThat(near(10.6847, 41.2688, "M 31").kind()).isEqualTo(ObjectKind.GALAXY);
        assertThat(near(226.6232, 55.7632, "NGC 5866").names()).containsExactly("NGC 5866", "M 102", "Spindle Galaxy");
        assertThat(near(187.7059, 12.3911, "M 87").magnitude()).isBetween(8.0, 9.0);
        assertThat(near(183.4512, 14.9004, "M 98").majorArcmin()).isBetween(9.0, 12.0);
        assertThat(near(185.552, 58.083, "M 40", 0.03).names()).contains("Winnecke 4");
        assertThat(near(279.1, -23.905, "M 22", 0.02).kind()).isEqualTo(ObjectKind.GLOBULAR_CLUSTER);
        // These have faint neighbours, which are not they.
        assertThat(near(180.0984, -1.1, "NGC 4030", 0.005).majorArcmin()).isBetween(3.0, 5.0);
        assertThat(near(156.8266, 28.5074, "NGC 3245", 0.005).majorArcmin()).isBetween(2.5, 4.5);
        assertThat(near(218.1083, 8.0789, "NGC 5665", 0.005).majorArcmin()).isBetween(1.5, 2.5);
        SkyObject rigel = CATALOGUE.stars(new SkyPosition(78.6345, -8.2016), 0.01, 3).stream()
                .filter(s -> s.magnitude() < 1)
                .findFirst()
                .orElseThrow();
        assertThat(rigel.names()).containsExactly("Rigel", "βOri", "HD 34085", "HIP 24436");
        assertThat(rigel.magnitude()).isEqualTo(0.18);
    }

    @Test
    void thingsAreFoundByAnyOfTheirNames() {
        for (String name : List.of("M 42", "m42", "NGC1976", "orion nebula")) {
            assertThat(CATALOGUE.named(name).orElseThrow().designations()).contains("M 42");
        }
        for (String name : List.of("Rigel", "βori", "HD34085", "hip 24436")) {
            assertThat(CATALOGUE.named(name).orElseThrow().names()).contains("Rigel");
        }
        assertThat(CATALOGUE.named("HIP 1").orElseThrow().names()).containsExactly("HIP 1");
        for (String name : List.of("", " ", "M", "42", "M 42;NGC 1976", "no such thing", "\t")) {
            assertThat(CATALOGUE.named(name)).isEmpty();
        }
    }

    private static SkyObject near(double ra, double dec, String name) {
        return near(ra, dec, name, 0.02);
    }

    private static SkyObject near(double ra, double dec, String name, double radiusDeg) {
        return CATALOGUE.deepSky(new SkyPosition(ra, dec), radiusDeg).stream()
                .filter(o -> o.designations().contains(name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void aConeIsNeverCutShort() {
        System.out.println("seed " + SEED);
        SplittableRandom random = new SplittableRandom(SEED);
        List<SkyObject> all = CATALOGUE.deepSky(POLE, 180);
        for (int i = 0; i < 24; i++) {
            double ra = i % 3 == 0 ? random.nextDouble(-1, 1) : random.nextDouble(360);
            double dec = i % 4 == 0 ? 90 - random.nextDouble(3) : random.nextDouble(-90, 90);
            SkyPosition centre = new SkyPosition((ra + 360) % 360, dec);
            double radius = Math.pow(10, random.nextDouble(-1, 1.9));
            Set<SkyPosition> found = new HashSet<>();
            CATALOGUE.deepSky(centre, radius).forEach(o -> found.add(o.position()));
            for (SkyObject object : all) {
                if (object.position().separationDeg(centre) <= radius && !found.contains(object.position())) {
                    fail("%s is in the cone of %f around %s, but was not found", object, radius, centre);
                }
            }
        }
    }

    /** On parallels of 1875 the points are a degree apart at most, so a great circle between two bulges little. */
    @Test
    void bordersAreDense() {
        for (ConstellationBorder border : CATALOGUE.borders()) {
            assertThat(border.line()).hasSizeGreaterThanOrEqualTo(2);
            assertThat(border.between()).hasSize(2);
        }
        // The arc of Dec 88 of 1875 around the pole, between Cepheus and Ursa Minor, stays 2° from the pole of 1875.
        SkyPosition pole1875 = new SkyPosition(180.8, 89.3);
        double nearest = CATALOGUE.borders().stream()
                .flatMap(border -> border.line().stream())
                .mapToDouble(pole1875::separationDeg)
                .min()
                .orElseThrow();
        assertThat(nearest).isBetween(1.95, 2.05);
    }

    @Test
    void whatIsAddedIsThereAndNothingTwice() {
        SkyObject rigel = own(ObjectKind.STAR, 78.63, -8.2, "HD 34085", "HR 1713");
        SkyObject unknown = own(ObjectKind.STAR, 78.7, -8.3, "HD 999999");
        SkyObject target = own(ObjectKind.OTHER, 78.8, -8.1, "My comet");
        SkyObject nebula = own(ObjectKind.OTHER, 83.8, -5.4, "m42", "Trapezium");

        SkyCatalogue catalogue =
                CATALOGUE.with(List.of(rigel, unknown)).with(List.of(target, nebula, unknown, rigel, target));

        SkyPosition near = new SkyPosition(78.7, -8.2);
        List<SkyObject> stars = catalogue.stars(near, 1, Double.POSITIVE_INFINITY);
        assertThat(stars)
                .hasSize(CATALOGUE.stars(near, 1, Double.POSITIVE_INFINITY).size() + 1);
        assertThat(stars.stream().filter(s -> s.isIn("HD") && s.names().contains("HD 34085")))
                .singleElement()
                .satisfies(s -> {
                    assertThat(s.names()).containsExactly("Rigel", "βOri", "HD 34085", "HIP 24436", "HR 1713");
                    assertThat(s.position().raDeg()).isCloseTo(78.6345, within(1e-4));
                    assertThat(s.magnitude()).isEqualTo(0.18);
                });
        assertThat(stars).contains(unknown);
        assertThat(catalogue.stars(near, 1, Double.NEGATIVE_INFINITY)).doesNotContain(unknown);
        assertThat(catalogue.deepSky(near, 1)).contains(target);
        SkyPosition sword = new SkyPosition(83.8, -5.4);
        assertThat(catalogue.deepSky(sword, 1)).hasSameSizeAs(CATALOGUE.deepSky(sword, 1));
        assertThat(catalogue.named("Trapezium").orElseThrow().names())
                .containsExactly("M 42", "NGC 1976", "Trapezium", "Orion Nebula");
        assertThat(catalogue.named("my comet")).contains(target);
        assertThat(catalogue.named("hd 999999")).contains(unknown);
        assertThat(CATALOGUE.named("my comet")).isEmpty();
    }

    /** Somebody numbers his own way: that is another thing, and must not vanish. */
    @Test
    void theSameNameFarAwayIsAnotherObject() {
        SkyObject mine = own(ObjectKind.OTHER, 200, 50, "M 42");

        assertThat(CATALOGUE.with(List.of(mine)).deepSky(new SkyPosition(200, 50), 1))
                .contains(mine);
    }

    private static SkyObject own(ObjectKind kind, double ra, double dec, String... names) {
        return new SkyObject(kind, List.of(names), List.of(), new SkyPosition(ra, dec), Double.NaN, 0, 0);
    }

    @Test
    void theLicenceLiesBesideTheData() throws IOException {
        assertThat(resource("LICENSE-d3-celestial")).contains("Copyright (c) 2015, Olaf Frohn");
        assertThat(resource("LICENSE-OpenNGC")).contains("Mattia Verga", "CC-BY-SA-4.0");
        assertThat(resource("NOTICE"))
                .contains("BSD-3-Clause", "CC-BY-SA-4.0")
                .contains(
                        "stars.bin.gz",
                        "star-names.tsv",
                        "deep-sky.tsv",
                        "constellations.tsv",
                        "constellation-borders.tsv");
    }

    private static String resource(String name) throws IOException {
        try (InputStream in = SkyCatalogue.class.getResourceAsStream("catalogue/" + name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
