package io.novasolve.engine.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.novasolve.engine.index.IndexFixture.Encoding;
import io.novasolve.sky.Fuzz;
import io.novasolve.sky.SkyPosition;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class IndexTest {

    @TempDir
    Path folder;

    private static IndexFixture fixture(int quadSize) {
        return new IndexFixture(quadSize, 1000, 300, 8, 11);
    }

    @ParameterizedTest
    @EnumSource(Encoding.class)
    void readsEveryEncodingInBothByteOrders(Encoding encoding) throws IndexFormatException {
        for (int quadSize = 3; quadSize <= 5; quadSize++) {
            for (ByteOrder order : List.of(ByteOrder.LITTLE_ENDIAN, ByteOrder.BIG_ENDIAN)) {
                IndexFixture fixture = fixture(quadSize).encoding(encoding).order(order);
                Index index = Index.read("fixture", ByteBuffer.wrap(fixture.bytes()));
                index.verify();
                assertThat(index.quadSize()).isEqualTo(quadSize);
                assertThat(index.id()).isEqualTo(77);
                assertThat(index.jitterArcsec()).isEqualTo(1.5);
                double[] v = new double[3];
                for (int s = 0; s < 1000; s += 17) {
                    int star = fixture.fileStar(s);
                    index.star(star, v);
                    assertThat(v).containsExactly(fixture.stars.get(s), within(1e-6));
                    assertThat(index.magnitude(star)).isEqualTo(s / 100f);
                    assertThat(index.sweep(star)).isEqualTo(256 * s / 1000);
                }
                for (int q = 0; q < 300; q += 13) {
                    for (int k = 0; k < quadSize; k++) {
                        assertThat(index.quadStar(fixture.fileQuad(q), k))
                                .isEqualTo(fixture.fileStar(fixture.quads.get(q)[k]));
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Encoding.class)
    void treesFindWhatBruteForceFinds(Encoding encoding) throws IndexFormatException {
        Random random = new Random(5);
        for (int quadSize = 3; quadSize <= 5; quadSize++) {
            IndexFixture fixture = fixture(quadSize).encoding(encoding);
            Index index = Index.read("fixture", ByteBuffer.wrap(fixture.bytes()));
            for (KdTree tree : List.of(index.codes(), index.stars())) {
                for (int i = 0; i < 200; i++) {
                    double[] query = new double[tree.dimensions()];
                    int near = random.nextInt(tree.size());
                    for (int d = 0; d < query.length; d++) {
                        query[d] = tree.coordinate(near, d) + 0.02 * random.nextGaussian();
                    }
                    compareWithBruteForce(tree, query, 0.2 * random.nextDouble());
                }
            }
        }
    }

    private static void compareWithBruteForce(KdTree tree, double[] query, double radius) {
        List<Integer> expected = new ArrayList<>();
        for (int i = 0; i < tree.size(); i++) {
            double d2 = 0;
            for (int d = 0; d < query.length; d++) {
                double delta = tree.coordinate(i, d) - query[d];
                d2 += delta * delta;
            }
            // Within rounding of the radius either answer is right.
            if (Math.abs(Math.sqrt(d2) - radius) < 1e-9) {
                return;
            }
            if (d2 < radius * radius) {
                expected.add(i);
            }
        }
        KdTree.Hits hits = new KdTree.Hits();
        tree.search(query, radius, hits);
        List<Integer> found = new ArrayList<>();
        for (int i = 0; i < hits.count(); i++) {
            found.add(hits.position(i));
            assertThat(hits.distance(i)).isLessThanOrEqualTo(radius * (1 + 1e-9));
        }
        assertThat(found).containsExactlyInAnyOrderElementsOf(expected);
    }

    @Test
    void refusesAFileCutShortAnywhere() throws IOException {
        byte[] whole = fixture(4).bytes();
        int tagAlong = lastHeader(whole);
        Random random = new Random(3);
        for (int i = 0; i < 400; i++) {
            int length = i < 200 ? random.nextInt(tagAlong) : Math.min(tagAlong, i * 2880 - 200 * 2880);
            Path file = folder.resolve("cut short.fits");
            Files.write(file, java.util.Arrays.copyOf(whole, length));
            if (length == tagAlong) {
                continue;
            }
            assertThatThrownBy(() -> Index.open(file))
                    .as("%d bytes", length)
                    .isInstanceOf(IndexFormatException.class)
                    .hasMessageContaining("cut short.fits");
        }
    }

    private static int lastHeader(byte[] file) {
        String text = new String(file, StandardCharsets.ISO_8859_1);
        return text.lastIndexOf("XTENSION");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "DIMQUADS= 4>DIMQUADS= 3",
                "DIMQUADS= 4>DIMQUADS= x",
                "NQUADS  = 300>NQUADS  = 301",
                "NQUADS  = 300>NQUADS  = -1 ",
                "NSTARS  = 1000>NSTARS  = 999",
                "NSTARS  = 1000>NOSTARS = 1000",
                "SCALE_U = 0.20>SCALE_U = 0.14",
                "SCALE_L = 0.13>SCALE_L = 0.19",
                "HEALPIX = -1>HEALPIX = 12",
                "KDT_NDIM= 4>KDT_NDIM= 3",
                "KDT_NNOD= 63>KDT_NNOD= 62",
                "KDT_NNOD= 63>KDT_NNOD= 127",
                "KDT_DATA= 'u16'>KDT_DATA= 'u32'",
                "KDT_INT = 'u16'>KDT_INT = 'u64'",
                "CIRCLE  = T>CIRCLE  = F",
                "04:03:02:01>01:02:03:04",
                "04:03:02:01>04:03:02:02",
                "kdtree_lr_codes>kdtree_xx_codes",
                "NAXIS2  = 300>NAXIS2  = 299",
                "NAXIS1  = 16>NAXIS1  = -6",
                "NAXIS1  = 16>NAXIS1  = 99",
                "SIMPLE  >SIMPLY  "
            })
    void refusesAHeaderThatLies(String change) {
        String[] parts = change.split(">");
        String text = new String(fixture(4).bytes(), StandardCharsets.ISO_8859_1);
        assertThat(text).contains(parts[0]);
        byte[] changed = text.replace(parts[0], parts[1]).getBytes(StandardCharsets.ISO_8859_1);
        assertThatThrownBy(() -> Index.read("liar", ByteBuffer.wrap(changed)))
                .isInstanceOf(IndexFormatException.class)
                .hasMessageContaining("liar");
    }

    /** The form must be no number that overflows, and what FITS does not allow must not be waited for. */
    @ParameterizedTest
    @ValueSource(strings = {"TFORM1  = 'I'>TFORM1  = '99999999999I'", "TFIELDS = 2>TFIELDS = 2000000000"})
    void refusesATableOfMagnitudesThatLies(String change) {
        String[] parts = change.split(">");
        String text = new String(fixture(4).bytes(), StandardCharsets.ISO_8859_1);
        int at = text.indexOf(parts[0], text.lastIndexOf("XTENSION"));
        assertThat(at).isPositive();
        byte[] changed = text.getBytes(StandardCharsets.ISO_8859_1);
        byte[] lie = parts[1].getBytes(StandardCharsets.ISO_8859_1);
        System.arraycopy(lie, 0, changed, at, lie.length);
        assertThatThrownBy(() -> Index.read("liar", ByteBuffer.wrap(changed)))
                .isInstanceOf(IndexFormatException.class)
                .hasMessageContaining("liar")
                .hasMessageContaining("magnitudes");
    }

    @Test
    void aFileThatIsCutShortWhileItIsCheckedIsRefused() throws IOException {
        Path file = folder.resolve("cut later.fits");
        Files.write(file, fixture(4).bytes());
        Index index = Index.open(file);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(4000);
        }
        assertThatThrownBy(index::verify)
                .isInstanceOf(IndexFormatException.class)
                .hasMessageContaining("cut later")
                .hasMessageContaining("cut short");
    }

    @Test
    void whatCannotBeOpenedSaysWhy() throws IOException {
        Files.createSymbolicLink(folder.resolve("link.fits"), folder.resolve("nowhere"));
        Files.createDirectory(folder.resolve("folder.fits"));
        Files.write(folder.resolve("empty.fits"), new byte[0]);
        Files.write(folder.resolve("WHOLE.FITS"), fixture(3).bytes());
        IndexLibrary library = IndexLibrary.open(List.of(folder));
        assertThat(library.indexes()).extracting(Index::name).containsExactly("WHOLE");
        assertThat(library.unreadable())
                .extracting(IndexLibrary.Unreadable::reason)
                .satisfiesExactly(
                        empty -> assertThat(empty).contains("empty.fits", "it is empty"),
                        link -> assertThat(link).contains("link.fits", "a link to nowhere"));
        assertThatThrownBy(() -> Index.open(folder.resolve("folder.fits"))).hasMessageContaining("it is a folder");
    }

    @Test
    void damagedBytesAreRefusedOrHarmless() throws Exception {
        List<byte[]> seeds = new ArrayList<>();
        for (Encoding encoding : Encoding.values()) {
            seeds.add(new IndexFixture(3, 100, 30, 8, 11).encoding(encoding).bytes());
        }
        Fuzz.Counts counts = Fuzz.of(IndexTest.class, 1000)
                .refusedWith(IndexFormatException.class)
                .words("KDT_NDIM= 2", "NAXIS2  = 0", "END", "04:03:02:01")
                .run("indexes", seeds, IndexTest::use);

        assertThat(counts.read()).isPositive();
        assertThat(counts.refused()).isPositive();
    }

    private static void use(byte[] content) throws IndexFormatException {
        double[] v = new double[3];
        KdTree.Hits hits = new KdTree.Hits();
        Index index = Index.read("damaged", ByteBuffer.wrap(content));
        index.codes().search(new double[] {0.4, 0.5, 0.5, 0.5}, 0.3, hits);
        index.stars().search(new double[] {0.6, 0.8, 0}, 0.3, hits);
        for (int s = 0; s < index.starCount(); s += 10) {
            index.star(s, v);
            index.magnitude(s);
        }
        index.verify();
    }

    @Test
    void aFolderIsALibraryAndABadFileDoesNotStopTheOthers() throws IOException {
        Files.write(folder.resolve("index wide.fits"), new IndexFixture(3, 800, 100, 10, 1).bytes());
        Files.write(
                folder.resolve("index narrow.littleendian.fits"),
                fixture(4).tile(0).bytes());
        Files.writeString(folder.resolve("broken.fits"), "no index");
        Files.writeString(folder.resolve("notes.txt"), "no index either");
        IndexLibrary library = IndexLibrary.open(List.of(folder));
        assertThat(library.indexes()).extracting(Index::name).containsExactly("index wide", "index narrow");
        assertThat(library.unreadable()).hasSize(1);
        assertThat(library.unreadable().get(0).file()).hasFileName("broken.fits");
        assertThat(library.unreadable().get(0).reason()).contains("broken.fits");

        assertThat(library.select(12.5, 20, null, 0)).extracting(Index::name).containsExactly("index wide");
        assertThat(library.select(0.1, 9, null, 0)).extracting(Index::name).containsExactly("index narrow");
        // Base pixel 0 is the northern one at RA 0 to 90°.
        assertThat(library.select(1, 9, new SkyPosition(45, 40), 1)).hasSize(1);
        assertThat(library.select(1, 9, new SkyPosition(225, -40), 1)).isEmpty();
    }

    @Test
    void tilesCoverTheSkyOnce() {
        double[] corner = new double[3];
        double[] sum = new double[3];
        for (int side : new int[] {1, 2, 5}) {
            java.util.Arrays.fill(sum, 0);
            for (int t = 0; t < 12 * side * side; t++) {
                SkyTile tile = new SkyTile(t, side);
                tile.point(0.5, 0.5, corner);
                for (int k = 0; k < 3; k++) {
                    sum[k] += corner[k];
                }
                double[] centre = corner.clone();
                assertThat(tile.isWithin(centre, 1e-3)).isTrue();
                double[] opposite = {-centre[0], -centre[1], -centre[2]};
                assertThat(tile.isWithin(opposite, 0.5)).isFalse();
            }
            assertThat(sum).containsExactly(new double[3], within(1e-9));
        }
        new SkyTile(0, 1).point(1, 1, corner);
        assertThat(corner[2])
                .as("the northern corner of a polar tile is the pole")
                .isCloseTo(1, within(1e-12));
    }
}
