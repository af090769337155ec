package io.novasolve.products;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.novasolve.sky.PixelPosition;
import io.novasolve.sky.wcs.Wcs;
import java.io.IOException;
import java.util.List;
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

    @Test
    void theJsonIsAnArrayWithTheServicesKeys() throws IOException {
        ObjectsInField field = in(83.8, -5.4, 4);
        int objects = 0;
        int sized = 0;
        try (JsonParser json = new JsonFactory().createParser(field.toJson())) {
            assertThat(json.nextToken()).isEqualTo(JsonToken.START_ARRAY);
            while (json.nextToken() == JsonToken.START_OBJECT) {
                objects++;
                for (String key : new String[] {"type", "names", "pixelx", "pixely", "radius"}) {
                    assertThat(json.nextFieldName()).isEqualTo(key);
                    json.nextToken();
                    json.skipChildren();
                    if (key.equals("radius")) {
                        boolean point = json.getDoubleValue() == 0;
                        assertThat(point
                                        && sized > 0
                                        && objects <= field.stars().size())
                                .isFalse();
                        sized += point ? 0 : 1;
                    }
                }
                while (json.nextToken() != JsonToken.END_OBJECT) {
                    json.skipChildren();
                }
            }
        }
        assertThat(objects).isEqualTo(field.stars().size() + field.deepSky().size());
        assertThat(field.toJson()).contains("\"type\" : \"ngc\"").contains("\"M 42\", \"NGC 1976\", \"Orion Nebula\"");
    }

    private static ObjectsInField in(double ra, double dec, double widthDeg) {
        Wcs wcs = Fields.wcs(ra, dec, widthDeg, 0, 900, 700);
        return ObjectsInField.of(CATALOGUE, wcs);
    }
}
