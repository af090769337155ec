package io.novasolve.testkit;

import io.novasolve.sky.Parity;
import io.novasolve.sky.SkyPosition;
import io.novasolve.testkit.TestPicture.Expectation;
import io.novasolve.testkit.TestPicture.Truth;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The pictures with known answers; see {@link RequiresPictures}. */
public final class TestPictures {

    private TestPictures() {}

    /** All pictures, in the order of {@code truth.tsv}. */
    public static List<TestPicture> all() throws IOException {
        List<String> lines =
                Files.readAllLines(Surroundings.pictureFolder().resolve("truth.tsv"), StandardCharsets.UTF_8);
        String[] names = lines.get(0).split("\t", -1);
        return lines.stream()
                .skip(1)
                .filter(line -> !line.isBlank())
                .map(line -> picture(row(names, line.split("\t", -1))))
                .toList();
    }

    /** The pictures that must solve. */
    public static List<TestPicture> solvable() throws IOException {
        return all().stream().filter(p -> p.expectation() == Expectation.SOLVE).toList();
    }

    private static Map<String, String> row(String[] names, String[] cells) {
        Map<String, String> row = new HashMap<>();
        for (int i = 0; i < names.length; i++) {
            row.put(names[i], i < cells.length ? cells[i].trim() : "");
        }
        return row;
    }

    private static TestPicture picture(Map<String, String> row) {
        Optional<Truth> truth = cell(row, "centre_ra_deg").isEmpty() ? Optional.empty() : Optional.of(truth(row));
        return new TestPicture(
                cell(row, "file"),
                Integer.parseInt(cell(row, "width_px")),
                Integer.parseInt(cell(row, "height_px")),
                Expectation.valueOf(cell(row, "expect").toUpperCase(Locale.ROOT).replace('-', '_')),
                truth,
                cell(row, "options_needed"));
    }

    private static Truth truth(Map<String, String> row) {
        return new Truth(
                new SkyPosition(number(row, "centre_ra_deg"), number(row, "centre_dec_deg")),
                number(row, "pixscale_arcsec"),
                number(row, "field_w_deg"),
                number(row, "field_h_deg"),
                number(row, "orientation_centre_deg"),
                Parity.valueOf(cell(row, "parity").toUpperCase(Locale.ROOT)));
    }

    private static double number(Map<String, String> row, String column) {
        return Double.parseDouble(cell(row, column));
    }

    private static String cell(Map<String, String> row, String column) {
        return row.getOrDefault(column, "");
    }
}
