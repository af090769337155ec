package io.novasolve.products;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.novasolve.products.ObjectsInField.BorderInField;
import io.novasolve.products.ObjectsInField.ConstellationInField;
import io.novasolve.sky.PixelPosition;
import io.novasolve.sky.SkyPosition;
import io.novasolve.sky.wcs.Wcs;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ObjectsInFieldTest {

    private static final SkyCatalogue CATALOGUE = SkyCatalogue.bundled();

    @Test
    void orionHasItsTags() {
        List<String> tags = in(84, 0, 50).tags();

        assertThat(tags)
                .contains(
                        "The constellation Orion (Ori)",
                        "Part of the constellation Eridanus (Eri)",
                        "The star Rigel (βOri)",
                        "The star Betelgeuse (αOri)",
                        "M 42",
                        "NGC 1976",
                        "Orion Nebula")
                .doesNotHaveDuplicates();
        assertThat(tags.stream().filter(t -> t.startsWith("The star "))).hasSize(10);
    }

    @Test
    void ofOrionsSwordNoConstellationIsSeen() {
        assertThat(in(83.8, -5.4, 1).tags()).noneMatch(tag -> tag.contains("constellation"));
    }

    @Test
    void onePointOfAFigureMakesNoTag() {
        ObjectsInField around = in(78.6, -8.2, 2);

        assertThat(around.constellations())
                .filteredOn(c -> c.constellation().abbreviation().equals("Ori"))
                .singleElement()
                .satisfies(c -> assertThat(c.stars()).isEqualTo(1));
        assertThat(around.tags()).noneMatch(tag -> tag.contains("Orion"));
    }

    @Test
    void smallThingsOfAWideFieldAreLeftOutUnlessTheyAreFamous() {
        ObjectsInField wide = in(186, 12.7, 30);

        assertThat(wide.deepSky()).hasSizeBetween(30, 300);
        assertThat(wide.deepSky()).anyMatch(o -> o.object().designations().contains("M 87"));
        assertThat(in(186, 12.7, 5).deepSky()).hasSizeGreaterThan(wide.deepSky().size());
    }

    @Test
    void starsWithNumbersAreThereInNarrowFields() {
        assertThat(in(83.8, -5.4, 0.8).stars()).anyMatch(s -> !s.object().isNamedStar());
        assertThat(in(83.8, -5.4, 8).stars()).allMatch(s -> s.object().isNamedStar());
    }

    @ParameterizedTest
    @CsvSource({"84, 0, 50", "10, 41, 4", "0.1, 89.5, 10", "250.4, 36.46, 0.5", "359.9, -0.1, 90"})
    void everythingIsOnThePictureAndInOrder(double ra, double dec, double widthDeg) {
        ObjectsInField field = in(ra, dec, widthDeg);

        for (List<FieldObject> list : List.of(field.stars(), field.deepSky())) {
            for (FieldObject o : list) {
                PixelPosition p = o.pixel();
                assertThat(p.x()).isBetween(0.5, 900.5);
                assertThat(p.y()).isBetween(0.5, 700.5);
                assertThat(field.wcs().pixelToSky(p).separationDeg(o.object().position()))
                        .isLessThan(1e-7);
            }
        }
        assertThat(field.stars()).isSortedAccordingTo(java.util.Comparator.comparingDouble(o -> o.object()
                .magnitude()));
        assertThat(field.deepSky()).isSortedAccordingTo(java.util.Comparator.comparingDouble(o -> -o.diameterPx()));
    }

    @Test
    void sizesAreInPixels() {
        FieldObject andromeda = in(10.68, 41.27, 6).deepSky().stream()
                .filter(o -> o.object().designations().contains("M 31"))
                .findFirst()
                .orElseThrow();

        // 189.1′ at 900 pixels for 6°, of a gnomonic projection.
        assertThat(andromeda.diameterPx()).isBetween(189.1 / 60 * 150 * 0.99, 189.1 / 60 * 150 * 1.01);
    }

    @ParameterizedTest
    @CsvSource({"83.8, -5.4, 4", "186, 12.7, 5", "250.4, 36.46, 0.5", "84, 0, 50"})
    void theJsonIsAnArrayWithTheServicesKeysPointsFirst(double ra, double dec, double widthDeg) throws IOException {
        ObjectsInField field = in(ra, dec, widthDeg);
        int objects = 0;
        boolean sized = false;
        try (JsonParser json = new JsonFactory().createParser(field.toJson())) {
            assertThat(json.nextToken()).isEqualTo(JsonToken.START_ARRAY);
            while (json.nextToken() == JsonToken.START_OBJECT) {
                objects++;
                boolean line = false;
                for (String key : new String[] {"type", "names", "pixelx", "pixely", "radius"}) {
                    assertThat(json.nextFieldName()).isEqualTo(key);
                    json.nextToken();
                    line |= List.of("constellation", "border").contains(json.getText());
                    if (key.equals("radius") && !line) {
                        boolean point = json.getDoubleValue() == 0;
                        assertThat(point && sized)
                                .as("a point behind something with a size")
                                .isFalse();
                        sized |= !point;
                    }
                    json.skipChildren();
                }
                while (json.nextToken() != JsonToken.END_OBJECT) {
                    json.skipChildren();
                }
            }
        }
        assertThat(sized).isTrue();
        assertThat(objects)
                .isEqualTo(field.stars().size()
                        + field.deepSky().size()
                        + field.constellations().size()
                        + field.borders().size());
    }

    @Test
    void theJsonHasNamesAndLines() {
        assertThat(in(83.8, -5.4, 4).toJson())
                .contains("\"type\" : \"ngc\"")
                .contains("\"M 42\", \"NGC 1976\", \"Orion Nebula\"");
        assertThat(in(84, 0, 50).toJson())
                .contains("\"names\" : [ \"Orion\", \"Ori\" ]")
                .contains("\"names\" : [ \"Orion\", \"Taurus\" ]")
                .contains("\"lines\" : [ [ [ ");
    }

    @ParameterizedTest
    @CsvSource({"84, 0, 50", "84, 0, 5", "10, 41, 12", "0.1, 89.5, 40", "359.9, -0.1, 90", "78.6, -8.2, 2"})
    void linesOfConstellationsAreOnThePictureAndWhereTheyAreOnTheSky(double ra, double dec, double widthDeg) {
        ObjectsInField field = in(ra, dec, widthDeg);

        assertThat(field.constellations()).isNotEmpty();
        for (ConstellationInField c : field.constellations()) {
            isOnThePicture(c.middle());
            assertThat(c.diameterPx()).isBetween(0.0, 2 * Math.hypot(900, 700));
            lie(c.lines(), c.constellation().figure(), field.wcs());
        }
        for (BorderInField border : field.borders()) {
            assertThat(border.lines()).isNotEmpty();
            assertThat(border.between()).hasSize(2);
        }
    }

    /** Each point of a line is on a leg of the figure; what the picture shows of a leg is not cut short. */
    private static void lie(List<List<PixelPosition>> lines, List<List<SkyPosition>> figure, Wcs wcs) {
        double pixelDeg = wcs.pixelScaleAtCentreArcsec() / 3600;
        for (PixelPosition p : lines.stream().flatMap(List::stream).toList()) {
            isOnThePicture(p);
            SkyPosition sky = wcs.pixelToSky(p);
            assertThat(figure.stream()
                            .flatMapToDouble(path -> IntStream.range(1, path.size())
                                    .mapToDouble(i -> detourDeg(path.get(i - 1), sky, path.get(i))))
                            .min()
                            .orElseThrow())
                    .isLessThan(pixelDeg);
        }
        for (SkyPosition star : figure.stream().flatMap(List::stream).toList()) {
            Optional<PixelPosition> on =
                    wcs.skyToPixel(star).filter(p -> p.x() > 1 && p.x() < 900 && p.y() > 1 && p.y() < 700);
            on.ifPresent(pixel -> assertThat(lines.stream()
                            .flatMap(List::stream)
                            .mapToDouble(p -> Math.hypot(p.x() - pixel.x(), p.y() - pixel.y()))
                            .min()
                            .orElseThrow())
                    .isLessThan(1));
        }
    }

    /** How far off the great circle between a and b a place is, roughly: the height of a flat triangle. */
    private static double detourDeg(SkyPosition a, SkyPosition p, SkyPosition b) {
        double whole = a.separationDeg(b);
        double more = a.separationDeg(p) + p.separationDeg(b) - whole;
        return Math.sqrt(Math.max(0, more) * whole / 2);
    }

    private static void isOnThePicture(PixelPosition p) {
        assertThat(p.x()).isBetween(0.5 - 1e-6, 900.5 + 1e-6);
        assertThat(p.y()).isBetween(0.5 - 1e-6, 700.5 + 1e-6);
    }

    @Test
    void aLineAcrossThePictureIsThereWithoutItsStars() {
        // Between Betelgeuse and the belt.
        ObjectsInField field = in(86.9, 2.5, 1.5);

        assertThat(field.constellations())
                .filteredOn(c -> c.constellation().abbreviation().equals("Ori"))
                .singleElement()
                .satisfies(c -> {
                    assertThat(c.stars()).isZero();
                    assertThat(c.lines()).hasSize(1);
                });
        assertThat(field.tags()).noneMatch(tag -> tag.contains("Orion"));
    }

    @Test
    void bordersHaveTheNamesOfBothSides() {
        // Near the corner of Orion, Monoceros and Gemini.
        assertThat(in(95, 11, 8).borders())
                .extracting(b -> b.between().stream().map(Constellation::name).collect(Collectors.toSet()))
                .contains(Set.of("Gemini", "Orion"), Set.of("Monoceros", "Orion"));
    }

    @Test
    void objectsOfYoursAreInTheField() {
        SkyObject star =
                new SkyObject(ObjectKind.STAR, List.of("HD 999999"), List.of(), new SkyPosition(83.9, -5.5), 9, 0, 0);
        SkyObject target = new SkyObject(
                ObjectKind.OTHER, List.of("My comet"), List.of(), new SkyPosition(83.7, -5.3), Double.NaN, 0, 0);
        SkyCatalogue catalogue = CATALOGUE.with(List.of(star, target));

        ObjectsInField narrow = ObjectsInField.of(catalogue, Fields.wcs(83.8, -5.4, 0.8, 0, 900, 700));
        assertThat(narrow.stars()).extracting(FieldObject::object).contains(star);
        assertThat(narrow.deepSky()).extracting(FieldObject::object).contains(target);
        assertThat(narrow.toJson()).contains("[ \"HD 999999\" ]").contains("[ \"My comet\" ]");

        ObjectsInField wide = ObjectsInField.of(catalogue, Fields.wcs(83.8, -5.4, 50, 0, 900, 700));
        assertThat(wide.stars()).extracting(FieldObject::object).doesNotContain(star);
        assertThat(wide.deepSky()).extracting(FieldObject::object).contains(target);
    }

    private static ObjectsInField in(double ra, double dec, double widthDeg) {
        Wcs wcs = Fields.wcs(ra, dec, widthDeg, 0, 900, 700);
        return ObjectsInField.of(CATALOGUE, wcs);
    }
}
