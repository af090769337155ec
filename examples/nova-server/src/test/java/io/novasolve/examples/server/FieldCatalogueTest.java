package io.novasolve.examples.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.novasolve.sky.PixelPosition;
import io.novasolve.sky.SkyPosition;
import io.novasolve.sky.UnreadableInputException;
import io.novasolve.sky.wcs.Wcs;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Annotations as the API has them. */
class FieldCatalogueTest {

    private static final FieldCatalogue CATALOGUE = catalogue();

    private static FieldCatalogue catalogue() {
        try {
            return FieldCatalogue.of(List.of());
        } catch (UnreadableInputException e) {
            throw new AssertionError(e);
        }
    }

    /** In the sword of Orion, and in a cluster of galaxies with an Abell number; the radius is half the diagonal. */
    @ParameterizedTest
    @CsvSource({
        "83.8, -5.4, 60, 'bright'",
        "83.8, -5.4, 12, 'bright ic ngc'",
        "83.8, -5.4, 1.2, 'bright hd ngc'",
        "83.8, -5.4, 0.3, 'HIP bright hd ngc'",
        "194.95, 27.98, 12, 'bright ic ngc'",
        "194.95, 27.98, 1, 'abell ic ngc'"
    })
    void theSizeOfTheFieldSaysWhichCataloguesAreTold(double ra, double dec, double widthDeg, String types) {
        assertThat(types(annotations(CATALOGUE, ra, dec, widthDeg))).isEqualTo(Set.of(types.split(" ")));
    }

    @ParameterizedTest
    @CsvSource({"83.8, -5.4, 4", "186, 12.7, 5", "194.95, 27.98, 1", "250.4, 36.46, 0.4"})
    void pointsComeBeforeWhatHasASize(double ra, double dec, double widthDeg) {
        List<Double> radii = annotations(CATALOGUE, ra, dec, widthDeg).stream()
                .map(a -> (Double) a.get("radius"))
                .toList();

        int firstSized = (int) radii.stream().takeWhile(r -> r == 0).count();
        assertThat(firstSized).isLessThan(radii.size());
        assertThat(radii.subList(firstSized, radii.size())).allMatch(r -> r > 0);
    }

    @Test
    void eachHasTheNamesOfItsCatalogue() {
        List<Map<String, Object>> annotations = annotations(CATALOGUE, 83.8, -5.4, 0.3);

        assertThat(names(annotations, "HIP")).isNotEmpty().allMatch(names -> names.equals(List.of("")));
        assertThat(names(annotations, "hd"))
                .isNotEmpty()
                .allMatch(names -> names.size() == 1 && names.get(0).matches("HD \\d+"));
        assertThat(names(annotations, "bright")).isNotEmpty().allMatch(names -> names.stream()
                .noneMatch(name -> name.startsWith("HD ") || name.startsWith("HIP ")));
        assertThat(names(annotations, "ngc")).contains(List.of("M 42", "NGC 1976", "Orion Nebula"));
        assertThat(names(annotations(CATALOGUE, 78.6, -8.2, 2), "bright")).contains(List.of("Rigel", "βOri"));
        assertThat(names(annotations(CATALOGUE, 194.95, 27.98, 1), "abell")).contains(List.of("Abell 1656"));
        for (Map<String, Object> annotation : annotations) {
            assertThat(String.join(" ", annotation.keySet()))
                    .isEqualTo("type names pixelx pixely radius"
                            + ("bright".equals(annotation.get("type")) ? " vmag" : ""));
        }
    }

    @Test
    void theBrightestAreTheOnesThatAreLeft() {
        assertThat(annotations(CATALOGUE, 84, 0, 30, 2).stream().map(a -> a.get("names")))
                .containsExactly(List.of("Rigel", "βOri"), List.of("Betelgeuse", "αOri"));
        assertThat(annotations(CATALOGUE, 84, 0, 30, 0)).isEmpty();
    }

    @Test
    void objectsOfYoursAreTold(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("hd.csv");
        Files.writeString(file, "name,ra,dec\nHD 999999,83.82,-5.41\nHD 37022,83.8186,-5.3897\n");

        List<List<String>> numbers = names(annotations(FieldCatalogue.of(List.of(file)), 83.8, -5.4, 0.3), "hd");

        assertThat(numbers).contains(List.of("HD 999999"), List.of("HD 37022")).doesNotHaveDuplicates();
        Files.writeString(file, "name,ra,dec\nHD 1,83.82,99\n");
        assertThatThrownBy(() -> FieldCatalogue.of(List.of(file)))
                .isInstanceOf(UnreadableInputException.class)
                .hasMessageContaining("hd.csv, line 2");
    }

    private static Set<Object> types(List<Map<String, Object>> annotations) {
        return annotations.stream().map(a -> a.get("type")).collect(Collectors.toSet());
    }

    private static List<List<String>> names(List<Map<String, Object>> annotations, String type) {
        return annotations.stream()
                .filter(a -> type.equals(a.get("type")))
                .map(a ->
                        ((List<?>) a.get("names")).stream().map(String::valueOf).toList())
                .toList();
    }

    private static List<Map<String, Object>> annotations(
            FieldCatalogue catalogue, double ra, double dec, double widthDeg) {
        return catalogue.annotations(wcs(ra, dec, widthDeg), null);
    }

    private static List<Map<String, Object>> annotations(
            FieldCatalogue catalogue, double ra, double dec, double widthDeg, int bright) {
        return catalogue.annotations(wcs(ra, dec, widthDeg), bright);
    }

    private static Wcs wcs(double ra, double dec, double widthDeg) {
        double scale = widthDeg / 1000;
        return new Wcs(
                new SkyPosition(ra, dec), new PixelPosition(500.5, 400.5), -scale, 0, 0, -scale, null, 1000, 800);
    }
}
