package io.novasolve.products;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.novasolve.sky.UnreadableInputException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CatalogueFileTest {

    private static final long SEED = Long.getLong("nova.test.seed", 20261128);

    @Test
    void aTableSeparatedByCommas() throws IOException {
        List<SkyObject> objects = read(
                """
                \uFEFFName, note, RA ,Dec,kind,mag,size
                # tonight
                "NGC 6888; Crescent Nebula","first, at dusk",20:12:06.5,+38:21:18,nebula,7.4,18x12

                My comet,,1.2e-05,-5,,,
                HD 34085,,78.6345,-8d12'05.9",,0.13
                Dark thing,,5h,-90,Dark Nebula,,3
                """);

        assertThat(objects).hasSize(4);
        SkyObject crescent = objects.get(0);
        assertThat(crescent.designations()).containsExactly("NGC 6888");
        assertThat(crescent.commonNames()).containsExactly("Crescent Nebula");
        assertThat(crescent.position().raDeg()).isCloseTo(303.0270833, within(1e-6));
        assertThat(crescent.position().decDeg()).isCloseTo(38.355, within(1e-6));
        assertThat(crescent.kind()).isEqualTo(ObjectKind.NEBULA);
        assertThat(crescent.magnitude()).isEqualTo(7.4);
        assertThat(crescent.majorArcmin()).isEqualTo(18);
        assertThat(crescent.minorArcmin()).isEqualTo(12);
        SkyObject comet = objects.get(1);
        assertThat(comet.names()).containsExactly("My comet");
        assertThat(comet.kind()).isEqualTo(ObjectKind.OTHER);
        assertThat(comet.position().raDeg()).isEqualTo(1.2e-5);
        assertThat(comet.magnitude()).isNaN();
        assertThat(comet.majorArcmin()).isZero();
        SkyObject star = objects.get(2);
        assertThat(star.kind()).isEqualTo(ObjectKind.STAR);
        assertThat(star.position().decDeg()).isCloseTo(-8.2016389, within(1e-6));
        assertThat(objects.get(3).kind()).isEqualTo(ObjectKind.DARK_NEBULA);
        assertThat(objects.get(3).position().raDeg()).isEqualTo(75);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\n", "\r", "\r\n"})
    void aTableSeparatedByTabs(String end) throws IOException {
        List<SkyObject> objects = read(String.join(end, "ra\tdec\tnames", "10\t20\tA; b, c", "", "30\t-40\tB", ""));

        assertThat(objects).extracting(SkyObject::name).containsExactly("A", "B");
        assertThat(objects.get(0).commonNames()).containsExactly("b, c");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''|is empty",
                "HD 1,2,3;A,1,2|line 1: the heading must have",
                "name,ra;A,1|line 1: the heading must have the columns name, ra and dec",
                "name,ra,dec;;A,1,95|line 3: '95' is no declination",
                "name,ra,dec;A,400,5|line 2: '400' is no right ascension",
                "name,ra,dec;A,-1,5|line 2: '-1' is no right ascension",
                "name,ra,dec;A,NaN,5|line 2: 'NaN' is no right ascension",
                "name,ra,dec;A,1|line 2: '' is no declination",
                "name,ra,dec;#;,1,2|line 3: it has no name",
                "name,ra,dec,kind;A,1,2,planet|line 2: 'planet' is no kind; there are star, galaxy",
                "name,ra,dec,mag;A,1,2,bright|line 2: 'bright' is no magnitude",
                "name,ra,dec,mag;A,1,2,1e999|line 2: '1e999' is no magnitude",
                "name,ra,dec,size;A,1,2,-3|line 2: '-3' is no size",
                "name,ra,dec,size;A,1,2,1x2x3|line 2: '1x2x3' is no size"
            })
    void whatMakesNoSenseIsSaidWithItsLine(String text, String message) {
        assertThatThrownBy(() -> read(text.replace(';', '\n')))
                .isInstanceOf(UnreadableInputException.class)
                .hasMessageStartingWith("list.csv")
                .hasMessageContaining(message);
    }

    @Test
    void aLineWithoutAnEndIsNotReadForEver() {
        byte[] endless = new byte[1 << 20];
        Arrays.fill(endless, (byte) 'x');

        assertThatThrownBy(() -> CatalogueFile.read(new ByteArrayInputStream(endless), "list.csv"))
                .isInstanceOf(UnreadableInputException.class)
                .hasMessageContaining("line 1");
    }

    @Test
    void aMissingFileIsNamed(@TempDir Path folder) {
        assertThatThrownBy(() -> CatalogueFile.read(folder.resolve("no list.csv")))
                .isInstanceOf(UnreadableInputException.class)
                .hasMessageContaining("no list.csv");
    }

    @Test
    void anythingIsReadOrRefused() throws IOException {
        System.out.println("seed " + SEED);
        SplittableRandom random = new SplittableRandom(SEED);
        byte[] valid =
                """
                name,ra,dec,kind,mag,size
                "NGC 6888; Crescent",20:12:06.5,+38:21:18,nebula,7.4,18x12
                HD 34085,78.6345,-8.2,star,0.13,
                """
                        .getBytes(StandardCharsets.UTF_8);
        int read = 0;
        for (int i = 0; i < 4000; i++) {
            byte[] changed = Arrays.copyOf(valid, i % 5 == 0 ? random.nextInt(valid.length) : valid.length);
            for (int n = random.nextInt(6); n > 0 && changed.length > 0; n--) {
                changed[random.nextInt(changed.length)] =
                        (byte) (i % 2 == 0 ? random.nextInt(256) : "\",;\t\n\r#x-0:".charAt(random.nextInt(11)));
            }
            try {
                read += CatalogueFile.read(new ByteArrayInputStream(changed), "list.csv")
                        .size();
            } catch (UnreadableInputException e) {
                assertThat(e).hasMessageStartingWith("list.csv");
            }
        }
        assertThat(read).isGreaterThan(500);
    }

    private static List<SkyObject> read(String text) throws IOException {
        return CatalogueFile.read(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), "list.csv");
    }
}
