package io.novasolve.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DiagnoseCommandTest {

    private static final Path SAMPLE = Path.of("../../docs/sample.jpg");

    @TempDir
    Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int diagnose(Object... args) {
        String[] words = new String[args.length + 1];
        words[0] = "diagnose";
        for (int i = 0; i < args.length; i++) {
            words[i + 1] = args[i].toString();
        }
        return NovaCommand.commandLine(words)
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(words);
    }

    private JsonNode json() throws Exception {
        return new ObjectMapper().readTree(out.toString());
    }

    @Test
    void whatSolvesIsSaidToBeWell() throws Exception {
        assertThat(diagnose("--json", SAMPLE)).as(err.toString()).isZero();

        assertThat(json().get("advice").asText()).contains("nothing is wrong");
        assertThat(json().get("stars").asInt()).isGreaterThan(50);
        assertThat(json().get("parts_with_stars").asInt()).isGreaterThan(12);
        assertThat(json().get("tried")).hasSize(1);
    }

    @Test
    void aWrongHintIsFound() throws Exception {
        int status = diagnose("--json", "--ra", "200", "--dec", "60", "--radius", "5", "--depth", "25", SAMPLE);

        assertThat(status).as(err.toString()).isEqualTo(1);
        assertThat(json().get("advice").asText()).contains("one of them is wrong");
        assertThat(json().get("tried").get(0).get("status").asText()).isEqualTo("unsolved");
        assertThat(json().get("tried").get(1).get("status").asText()).isEqualTo("solved");
    }

    @Test
    void aListOfAFewStarsIsTooShort() throws Exception {
        Path list = Files.writeString(folder.resolve("few stars.txt"), "10 10\n500 40\n70 300\n400 200\n333 444\n");

        assertThat(diagnose(list)).isEqualTo(1);

        assertThat(out.toString()).contains("5 stars", "Too few stars");
    }

    @Test
    void starsInACornerAreNoticed() throws Exception {
        Random random = new Random(5);
        StringBuilder stars = new StringBuilder();
        for (int i = 0; i < 40; i++) {
            stars.append(
                    String.format(Locale.ROOT, "%.2f %.2f%n", 300 * random.nextDouble(), 200 * random.nextDouble()));
        }
        Path list = Files.writeString(folder.resolve("corner.txt"), stars);

        assertThat(diagnose("--width", "1200", "--height", "900", "--timeout", "2", list))
                .isEqualTo(1);

        assertThat(out.toString()).contains("keep to a part of the picture");
    }

    @Test
    void whatCannotBeReadIsSaidToBeSo() throws Exception {
        Path none = folder.resolve("none.jpg");
        Path text = Files.writeString(folder.resolve("letter.jpg"), "Dear astronomer, this is no picture.\n");
        for (Path file : Arrays.asList(none, text)) {
            assertThat(diagnose(file)).isEqualTo(2);
        }
        assertThat(err.toString()).contains("none.jpg", "letter.jpg");
        assertThat(diagnose("--ra", "3", SAMPLE)).isEqualTo(2);
    }
}
