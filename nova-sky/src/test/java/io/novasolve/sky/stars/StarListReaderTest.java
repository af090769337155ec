package io.novasolve.sky.stars;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.novasolve.sky.UnreadableInputException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import nom.tam.fits.BinaryTable;
import nom.tam.fits.BinaryTableHDU;
import nom.tam.fits.Fits;
import nom.tam.fits.Header;
import nom.tam.fits.NullDataHDU;
import nom.tam.util.FitsOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StarListReaderTest {

    private final StarListReader reader = new StarListReader();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1.5 2.25\n3 4\n",
                "1.5,2.25\n3,4",
                "1.5, 2.25\r\n3 , 4\r\n",
                "1.5\t2.25\r3\t4\r",
                "1.5;2.25\n3;4\n",
                "\uFEFF1.5 2.25\n3 4",
                "# x y\n\n1.5 2.25 # the first\n   3   4  \n#end",
                "x y\n1.5 2.25\n3 4\n",
                "X,Y\n1.5,2.25\n3,4\n",
                "\"y\";\"x\"\n2.25;1.5\n4;3\n",
                "id x y\n7 1.5 2.25\n8 3 4\n",
                "+1.5e0 22.5E-1\n0.3D+1 4.\n",
                "1.5 2.25\nnan 7\n7 inf\n3 4\n",
                "position of stars\n1.5 2.25\n3 4\n",
            })
    void textInManyShapes(String text) throws IOException {
        byte[] content = text.getBytes(StandardCharsets.UTF_8);
        StarList stars = reader.read(content, "stars.txt");
        assertThat(stars.size()).isEqualTo(2);
        assertThat(new double[] {stars.x(0), stars.y(0), stars.x(1), stars.y(1)})
                .containsExactly(1.5, 2.25, 3, 4);
        assertThat(stars.width()).isEqualTo(3);
        assertThat(stars.height()).isEqualTo(4);
        assertThat(InputKind.of(content)).isEqualTo(InputKind.STAR_LIST);
    }

    @Test
    void textWithFluxIsSortedBrightestFirst() throws IOException {
        StarList stars = text("1 1 5\n2 2 -3\n3 3 nan\n4 4 5e3\n5 5 5\n6 6 -0.0\n7 7 0\n8 8 inf\n");
        assertThat(columnX(stars)).containsExactly(8, 4, 1, 5, 6, 7, 2, 3);
        assertThat(stars.flux(1)).isEqualTo(5000);
    }

    @Test
    void ofALongListTheBrightestAreKept() throws IOException {
        String text = "1 1 5\n2 2 1\n3 3 nan\n4 4 5e3\nnan 7 9e9\n5 5 5\n6 6 -0.0\n7 7 0\n8 8 inf\n9 1 4\n";
        for (int kept = 1; kept <= 12; kept++) {
            StarListReader keeping = reader.keeping(kept);
            StarList stars = keeping.read(bytes(text), "stars.txt");
            assertThat(columnX(stars)).containsExactly(columnX(text(text).first(kept)));
            assertThat(stars.width()).isEqualTo(9);
            assertThat(stars.height()).isEqualTo(8);
            String withGap = text + "2 3\n";
            assertThat(columnX(keeping.read(bytes(withGap), "stars.txt")))
                    .containsExactly(columnX(text(withGap).first(kept)));
        }
    }

    @Test
    void fluxOnSomeLinesOnlyKeepsTheOrder() throws IOException {
        StarList stars = text("1 1 5\n2 2\n3 3 9\n");
        assertThat(columnX(stars)).containsExactly(1, 2, 3);
        assertThat(stars.flux(2)).isZero();
    }

    @Test
    void givenSizeWins() throws IOException {
        StarList stars = reader.read("1 1\n5 6".getBytes(StandardCharsets.US_ASCII), "stars", 640, 480);
        assertThat(stars.width()).isEqualTo(640);
        assertThat(stars.height()).isEqualTo(480);
    }

    @Test
    void numbersAreReadExactly() throws IOException {
        String[] numbers = {"0.1", "123456.789012345", "1234567890.12345678", "9007199254740993", "1e-7", ".5", "-0.25"
        };
        for (String number : numbers) {
            StarList stars = reader.read((number + " 1").getBytes(StandardCharsets.US_ASCII), "n", 1e17, 10);
            assertThat(stars.x(0)).as(number).isEqualTo(Double.parseDouble(number));
        }
    }

    @Test
    void badLineIsNamed() {
        assertThatThrownBy(() -> text("1 2\r\n3 4\r\n\r\n5\r\n"))
                .isInstanceOf(UnreadableInputException.class)
                .hasMessageContaining("stars.txt, line 4: x and y are expected");
        assertThatThrownBy(() -> text("1 2\n3 four\n"))
                .isInstanceOf(UnreadableInputException.class)
                .hasMessageContaining("line 2: \"four\" is not a number");
        assertThatThrownBy(() -> text("1 2\n3\u00004\n"))
                .hasMessageContaining("line 2")
                .hasMessageContaining("zero byte");
        assertThatThrownBy(() -> text("1 2 " + "9".repeat(70_000))).hasMessageContaining("line 1: it is longer");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n\n", "# only words\n", "x y\n", "hello world, how are you\nfine\n"})
    void textWithoutStarsIsAnError(String text) {
        assertThatThrownBy(() -> text(text)).isInstanceOf(UnreadableInputException.class);
        assertThat(InputKind.of(text.getBytes(StandardCharsets.UTF_8))).isEqualTo(InputKind.OTHER);
    }

    @Test
    void positionsOffThePictureDoNotShowItsSize() {
        assertThatThrownBy(() -> text("-1 -2\n0 0\n"))
                .isInstanceOf(UnreadableInputException.class)
                .hasMessageContaining("give a width and a height");
    }

    @Test
    void limitIsConfigurable() {
        assertThatThrownBy(
                        () -> new StarListReader(2).read("1 1\n2 2\n3 3".getBytes(StandardCharsets.US_ASCII), "long"))
                .isInstanceOf(UnreadableInputException.class)
                .hasMessageContaining("more than 2 stars");
    }

    @Test
    void fileIsReadAsAStream(@TempDir Path folder) throws IOException {
        int rows = 1_000_000;
        Path file = folder.resolve("many stars.csv");
        try (OutputStream out = new java.io.BufferedOutputStream(Files.newOutputStream(file))) {
            for (int i = 0; i < rows; i++) {
                out.write((i % 5000 + ".25," + i / 5000 + ".5," + i + "\n").getBytes(StandardCharsets.US_ASCII));
            }
        }
        StarList stars = reader.read(file);
        assertThat(stars.size()).isEqualTo(rows);
        assertThat(stars.flux(0)).isEqualTo(rows - 1);
        assertThat(stars.x(rows - 1)).isEqualTo(0.25);
        assertThat(InputKind.of(file)).isEqualTo(InputKind.STAR_LIST);
    }

    @Test
    void missingFileAndFolderAreErrors(@TempDir Path folder) {
        assertThatThrownBy(() -> reader.read(folder)).isInstanceOf(UnreadableInputException.class);
        assertThatThrownBy(() -> reader.read(folder.resolve("none.txt")))
                .isInstanceOf(UnreadableInputException.class)
                .hasMessageContaining("there is no file");
    }

    @Test
    void fitsTableKeepsItsOrder() throws IOException {
        byte[] axy = fits(
                new String[] {"x", "Y", "FLUX", "background"},
                new Object[] {
                    new float[] {3, 1, 2}, new double[] {30, 10.5, 20}, new float[] {1, 9, 5}, new short[] {4, 5, 6}
                },
                "IMAGEW",
                640,
                "IMAGEH",
                480);
        StarList stars = reader.read(axy, "job.axy");
        assertThat(columnX(stars)).containsExactly(3, 1, 2);
        assertThat(stars.y(1)).isEqualTo(10.5);
        assertThat(stars.flux(1)).isEqualTo(9);
        assertThat(stars.background(2)).isEqualTo(6);
        assertThat(stars.width()).isEqualTo(640);
        assertThat(stars.height()).isEqualTo(480);
        assertThat(InputKind.of(axy)).isEqualTo(InputKind.STAR_LIST);
    }

    @Test
    void fitsColumnsMayHaveOtherNames() throws IOException {
        byte[] axy = fits(
                new String[] {"X", "XC", "YC"},
                new Object[] {new float[] {7}, new float[] {1.5f}, new float[] {2.5f}},
                "ANXCOL",
                "XC",
                "ANYCOL",
                "YC");
        StarList stars = reader.read(axy, "job.axy");
        assertThat(stars.x(0)).isEqualTo(1.5);
        assertThat(stars.y(0)).isEqualTo(2.5);
        assertThat(stars.width()).isEqualTo(2);
    }

    @Test
    void fitsWithoutTheColumnsIsNoStarList() throws IOException {
        byte[] table = fits(new String[] {"RA", "DEC"}, new Object[] {new float[] {7}, new float[] {1}});
        assertThat(InputKind.of(table)).isEqualTo(InputKind.OTHER);
        assertThatThrownBy(() -> reader.read(table, "radec.fits"))
                .isInstanceOf(UnreadableInputException.class)
                .hasMessageContaining("columns X and Y");
    }

    @Test
    void truncatedFitsTableIsAnError() throws IOException {
        byte[] whole = fits(
                new String[] {"X", "Y"}, new Object[] {new double[500], new double[500]}, "IMAGEW", 9, "IMAGEH", 9);
        for (int length : new int[] {100, 2000, 2880, 4000, 5760, 8000}) {
            assertThatThrownBy(() -> reader.read(java.util.Arrays.copyOf(whole, length), "part"))
                    .as("%d bytes", length)
                    .isInstanceOf(UnreadableInputException.class);
        }
    }

    @Test
    void emptyFitsTableWithASizeIsAnEmptyList() throws IOException {
        byte[] axy = fits(
                new String[] {"X", "Y"},
                new Object[] {new float[] {Float.NaN}, new float[] {1}},
                "IMAGEW",
                9,
                "IMAGEH",
                9);
        assertThat(reader.read(axy, "job.axy").isEmpty()).isTrue();
    }

    /** Two bytes a row, which would be forty and more in memory. */
    @Test
    void ofALongFitsTableOnlyTheKeptRowsAreRead() throws IOException {
        byte[] x = new byte[1_000_000];
        Arrays.fill(x, (byte) 5);
        x[2] = 7;
        byte[] table = fits(new String[] {"X", "Y"}, new Object[] {x, x}, "IMAGEW", 9, "IMAGEH", 9);
        StarListReader keeping = reader.keeping(3);
        var thread = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = thread.getCurrentThreadAllocatedBytes();

        StarList stars = keeping.read(table, "long.fits");

        assertThat(thread.getCurrentThreadAllocatedBytes() - before).isLessThan(1 << 20);
        assertThat(columnX(stars)).containsExactly(5, 5, 7);
        assertThatThrownBy(() -> new StarListReader(999_999).read(table, "long.fits"))
                .isInstanceOf(UnreadableInputException.class)
                .hasMessageContaining("more than 999999 stars");
    }

    private StarList text(String text) throws UnreadableInputException {
        return reader.read(bytes(text), "stars.txt");
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static double[] columnX(StarList stars) {
        double[] x = new double[stars.size()];
        for (int i = 0; i < x.length; i++) {
            x[i] = stars.x(i);
        }
        return x;
    }

    static byte[] fits(String[] names, Object[] columns, Object... cards) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (Fits fits = new Fits()) {
            NullDataHDU primary = new NullDataHDU();
            Header header = primary.getHeader();
            for (int i = 0; i < cards.length; i += 2) {
                if (cards[i + 1] instanceof Number number) {
                    header.addValue((String) cards[i], number, "");
                } else {
                    header.addValue((String) cards[i], (String) cards[i + 1], "");
                }
            }
            BinaryTable table = new BinaryTable();
            for (Object column : columns) {
                table.addColumn(column);
            }
            BinaryTableHDU hdu = (BinaryTableHDU) Fits.makeHDU(table);
            for (int i = 0; i < names.length; i++) {
                hdu.setColumnName(i, names[i], "");
            }
            fits.addHDU(primary);
            fits.addHDU(hdu);
            fits.write(new FitsOutputStream(bytes));
        }
        return bytes.toByteArray();
    }
}
