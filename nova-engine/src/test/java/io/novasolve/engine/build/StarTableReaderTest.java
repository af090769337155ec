package io.novasolve.engine.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.novasolve.sky.Fuzz;
import io.novasolve.sky.UnreadableInputException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import nom.tam.fits.BinaryTable;
import nom.tam.fits.BinaryTableHDU;
import nom.tam.fits.Fits;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StarTableReaderTest {

    @TempDir
    Path temp;

    private StarTable text(String content) throws IOException {
        Path file = temp.resolve("stars with blank.csv");
        Files.writeString(file, content, StandardCharsets.UTF_8);
        return new StarTableReader().read(file);
    }

    private Path fits(String[] names, Object... columns) throws Exception {
        BinaryTable data = new BinaryTable();
        for (Object column : columns) {
            data.addColumn(column);
        }
        BinaryTableHDU table = BinaryTableHDU.wrap(data);
        for (int i = 0; i < names.length; i++) {
            table.setColumnName(i, names[i], null);
        }
        Path file = temp.resolve("stars with blank.fits");
        try (Fits fits = new Fits()) {
            fits.addHDU(table);
            fits.write(file.toFile());
        }
        return file;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "RA,DEC,MAG\n90,0,1.5\n0,90,2.5\n",
                "ra;dec;mag\r\n90;0;1.5\r\n0;90;2.5",
                "# ra dec mag\n90 0 1.5\n# a comment\n\n0 90 2.5\n",
                "id,\"RAJ2000\",\"DEJ2000\",Vmag\nx,90,0,1.5\ny,0,90,2.5\n",
                "RA\tDEC\tMAG\n90\t0\t1.5\n0\t90\t2.5\n\t\t\n5\t\t3\n",
            })
    void textInManyShapes(String content) throws IOException {
        StarTable stars = text(content);
        assertThat(stars.size()).isEqualTo(2);
        assertThat(stars.coordinate(0, 1)).isCloseTo(1, within(1e-15));
        assertThat(stars.coordinate(1, 2)).isCloseTo(1, within(1e-15));
        assertThat(stars.magnitude(0)).isEqualTo(1.5f);
        assertThat(stars.magnitude(1)).isEqualTo(2.5f);
        assertThat(stars.hasProperMotions()).isFalse();
    }

    @Test
    void starsWithoutPositionOrMagnitudeAreLeftOutAndCounted() throws IOException {
        StarTable stars = text("RA,DEC,MAG\n1,2,3\n1,,3\n1,2,nan\n1,91,3\n");
        assertThat(stars.size()).isEqualTo(1);
        assertThat(stars.skipped()).isEqualTo(3);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "\n\n",
                "x,y\n1,2\n",
                "RA,DEC\n1,2\n",
                "RA,DEC,MAG\n1,2,bright\n",
                "RA,DEC,MAG\n",
                "SIMPLE  = F",
                "SIMPLE",
            })
    void whatIsNoStarTableIsRefusedInWords(String content) {
        assertThatThrownBy(() -> text(content))
                .isInstanceOf(UnreadableInputException.class)
                .hasMessageContaining("stars with blank");
    }

    @Test
    void aLineWithoutEndIsRefused() {
        assertThatThrownBy(() -> text("RA,DEC,MAG\n" + "1".repeat(1 << 20)))
                .isInstanceOf(UnreadableInputException.class)
                .hasMessageContaining("line 2");
    }

    @Test
    void aFitsTableWithProperMotions() throws Exception {
        Path file = fits(
                new String[] {"Ra", "Dec", "MAG", "pmRA", "pmDE"},
                new double[] {10, 0},
                new double[] {60, 90},
                new float[] {3.25f, 4},
                new float[] {7_200_000, Float.NaN},
                new float[] {-3_600_000, 0});
        StarTable stars = new StarTableReader().read(file);

        assertThat(stars.size()).isEqualTo(2);
        assertThat(stars.magnitude(0)).isEqualTo(3.25f);
        assertThat(stars.hasProperMotions()).isTrue();
        // 0.01 years: 0.02° on the sphere to the east, that is 0.04° of RA at Dec 60°, and 0.01° south.
        StarTable moved = stars.atEpoch(2000, 2000.01);
        double ra = Math.toDegrees(Math.atan2(moved.coordinate(0, 1), moved.coordinate(0, 0)));
        double dec = Math.toDegrees(Math.asin(moved.coordinate(0, 2)));
        assertThat(ra).isCloseTo(10.04, within(2e-5));
        assertThat(dec).isCloseTo(59.99, within(1e-5));
        assertThat(moved.coordinate(1, 2)).isCloseTo(1, within(1e-12));
        StarTable back = moved.atEpoch(2000.01, 2000);
        for (int axis = 0; axis < 3; axis++) {
            assertThat(back.coordinate(0, axis)).isCloseTo(stars.coordinate(0, axis), within(1e-6));
        }
    }

    @Test
    void epochsNeedProperMotions() throws IOException {
        StarTable stars = text("RA,DEC,MAG\n1,2,3\n");
        assertThatThrownBy(() -> stars.atEpoch(2000, 2016))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("PMRA");
    }

    @Test
    void theMagnitudeColumnCanBeNamed() throws Exception {
        Path file = fits(
                new String[] {"RA", "DEC", "MAG", "Jmag"},
                new double[] {10},
                new double[] {60},
                new float[] {3},
                new short[] {7});
        assertThat(new StarTableReader("JMAG").read(file).magnitude(0)).isEqualTo(7);
        assertThatThrownBy(() -> new StarTableReader("Kmag").read(file))
                .isInstanceOf(UnreadableInputException.class)
                .hasMessageContaining("Kmag")
                .hasMessageContaining("Jmag");
    }

    @Test
    void positionsInHoursAreRefused() throws Exception {
        Path file = fits(new String[] {"RA", "DEC", "MAG"}, new double[] {10}, new double[] {60}, new float[] {3});
        String header = Files.readString(file, StandardCharsets.ISO_8859_1);
        int end = header.lastIndexOf("END     ");
        String card = String.format("%-80s", "TUNIT1  = 'hour    '");
        Files.writeString(
                file,
                header.substring(0, end) + card + "END" + " ".repeat(77) + header.substring(end + 160),
                StandardCharsets.ISO_8859_1);
        assertThatThrownBy(() -> new StarTableReader().read(file))
                .isInstanceOf(UnreadableInputException.class)
                .hasMessageContaining("degrees");
    }

    @Test
    void aHeaderOfTooManyAxesIsRefusedBeforeMemoryIsTaken() throws Exception {
        Path file = fits(new String[] {"RA", "DEC", "MAG"}, new double[5], new double[5], new float[5]);
        String text = Files.readString(file, StandardCharsets.ISO_8859_1);
        Files.writeString(
                file,
                text.replaceFirst("NAXIS   = {20}0", "NAXIS   =           2147483647"),
                StandardCharsets.ISO_8859_1);
        assertThatThrownBy(() -> new StarTableReader().read(file))
                .isInstanceOf(UnreadableInputException.class)
                .hasMessageContaining("NAXIS = 2147483647");
    }

    @Test
    void damagedTablesAreRefusedOrRead() throws Exception {
        Path file = fits(new String[] {"RA", "DEC", "MAG"}, new double[50], new double[50], new float[50]);
        List<byte[]> seeds = List.of(
                Files.readAllBytes(file),
                "id,\"RAJ2000\",\"DEJ2000\",Vmag\nx,90,0,1.5\ny,0,90,2.5\n".getBytes(StandardCharsets.UTF_8),
                "# ra dec mag\n90 0 1.5\n# a comment\n\n0 90 2.5\n".getBytes(StandardCharsets.UTF_8));
        Fuzz.Counts counts = Fuzz.of(StarTableReaderTest.class, 1000)
                .words("TUNIT1  = 'deg'", "TDIM1   = '(2,2)'", "\"", ",", ";", "\t", "nan", "END")
                .run("star tables", seeds, content -> {
                    Files.write(file, content);
                    assertThat(new StarTableReader().read(file).size()).isLessThanOrEqualTo(5000);
                });

        assertThat(counts.read()).isPositive();
        assertThat(counts.refused()).isPositive();
    }
}
