package io.novasolve.products;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.novasolve.sky.SkyPosition;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
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
        assertThat(deepSky.stream().filter(o -> o.isIn("M"))).hasSize(109);
        assertThat(deepSky.stream().filter(o -> o.isIn("NGC"))).hasSizeGreaterThan(6900);
        assertThat(deepSky.stream().filter(o -> o.isIn("IC"))).hasSizeGreaterThan(3400);
        assertThat(CATALOGUE.constellations()).hasSize(88);
        assertThat(CATALOGUE.constellations())
                .allSatisfy(c -> assertThat(c.stars()).isNotEmpty());
    }

    /** Positions from SIMBAD, ICRS J2000. */
    @Test
    void wellKnownThingsAreWhereTheyAre() {
        assertThat(near(83.8221, -5.3911, "M 42").names()).containsExactly("M 42", "NGC 1976", "Orion Nebula");
        assertThat(near(10.6847, 41.2688, "M 31").kind()).isEqualTo(ObjectKind.GALAXY);
        assertThat(near(279.1, -23.905, "M 22", 0.02).kind()).isEqualTo(ObjectKind.GLOBULAR_CLUSTER);
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
        for (List<SkyPosition> border : CATALOGUE.borders()) {
            assertThat(border).hasSizeGreaterThanOrEqualTo(2);
        }
        // The arc of Dec 88 of 1875 around the pole, between Cepheus and Ursa Minor, stays 2° from the pole of 1875.
        SkyPosition pole1875 = new SkyPosition(180.8, 89.3);
        double nearest = CATALOGUE.borders().stream()
                .flatMap(List::stream)
                .mapToDouble(pole1875::separationDeg)
                .min()
                .orElseThrow();
        assertThat(nearest).isBetween(1.95, 2.05);
    }

    @Test
    void theLicenceLiesBesideTheData() throws IOException {
        assertThat(resource("LICENSE-d3-celestial")).contains("Copyright (c) 2015, Olaf Frohn");
        assertThat(resource("NOTICE"))
                .contains("BSD-3-Clause")
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
