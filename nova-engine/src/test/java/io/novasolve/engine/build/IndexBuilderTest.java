package io.novasolve.engine.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.novasolve.engine.index.Index;
import io.novasolve.sky.SkyPosition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IndexBuilderTest {

    @TempDir
    Path temp;

    /** Stars strewn evenly over a cap of the sky; magnitudes as numerous as they are faint. */
    static StarTable cap(long seed, int size, SkyPosition centre, double radiusDeg) {
        System.out.println("seed " + seed);
        SplittableRandom random = new SplittableRandom(seed);
        double[] ra = new double[size];
        double[] dec = new double[size];
        double[] mag = new double[size];
        double[] c = centre.unitVector();
        double[] e = perpendicular(c);
        double[] n = {c[1] * e[2] - c[2] * e[1], c[2] * e[0] - c[0] * e[2], c[0] * e[1] - c[1] * e[0]};
        for (int i = 0; i < size; i++) {
            double cos = 1 - random.nextDouble() * (1 - Math.cos(Math.toRadians(radiusDeg)));
            double sin = Math.sqrt(1 - cos * cos);
            double phi = random.nextDouble(2 * Math.PI);
            double u = sin * Math.cos(phi);
            double w = sin * Math.sin(phi);
            SkyPosition p = SkyPosition.ofVector(
                    cos * c[0] + u * e[0] + w * n[0],
                    cos * c[1] + u * e[1] + w * n[1],
                    cos * c[2] + u * e[2] + w * n[2]);
            ra[i] = p.raDeg();
            dec[i] = p.decDeg();
            mag[i] = 12 + Math.log10(1 - random.nextDouble()) / 0.5;
        }
        return StarTable.of(ra, dec, mag);
    }

    private static double[] perpendicular(double[] c) {
        double norm = Math.hypot(c[0], c[1]);
        return norm < 1e-9 ? new double[] {0, 1, 0} : new double[] {-c[1] / norm, c[0] / norm, 0};
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 4, 5})
    void everyQuadObeysTheRulesOfTheFormat(int starsPerQuad) throws Exception {
        StarTable sky = cap(starsPerQuad, 20_000, new SkyPosition(0, 90), 180);
        IndexRecipe recipe = IndexRecipe.preset(15).withId(4242).withStarsPerQuad(starsPerQuad);
        Path file = temp.resolve("an index.fits");

        IndexBuilder.Summary made = new IndexBuilder(recipe).build(sky, file);

        Index index = Index.open(file);
        index.verify();
        assertThat(index.id()).isEqualTo(4242);
        assertThat(index.quadSize()).isEqualTo(starsPerQuad);
        assertThat(index.starCount()).isEqualTo(made.stars()).isBetween(11_000, 12_000);
        assertThat(index.quadCount()).isEqualTo(made.quads()).isBetween(15_000, 19_200);
        assertThat(index.minAbRad()).isCloseTo(Math.toRadians(340 / 60.0), within(1e-12));
        assertThat(index.maxAbRad()).isCloseTo(Math.toRadians(480 / 60.0), within(1e-12));
        assertThat(index.cellRad()).isCloseTo(Math.sqrt(Math.PI / 3) / 10, within(1e-12));
        assertThat(index.healpix()).isEmpty();
        assertThat(index.innerStarsSorted() && index.innerStarsOnLowerSide()).isTrue();
        assertThat(Files.size(file)).isEqualTo(made.bytes()).matches(size -> size % 2880 == 0);
        checkQuads(index, recipe.maxReuse());
        checkStars(index);
    }

    private static void checkQuads(Index index, int maxReuse) {
        int[] used = new int[index.starCount()];
        Set<String> seen = new HashSet<>();
        for (int quad = 0; quad < index.quadCount(); quad++) {
            int[] stars = new int[index.quadSize()];
            for (int k = 0; k < stars.length; k++) {
                stars[k] = index.quadStar(quad, k);
                used[stars[k]]++;
            }
            Arrays.sort(stars);
            assertThat(seen.add(Arrays.toString(stars)))
                    .as("quads are different")
                    .isTrue();
            double sum = 0;
            for (int d = 0; d < 2 * (stars.length - 2); d += 2) {
                double x = index.codes().coordinate(quad, d);
                double y = index.codes().coordinate(quad, d + 1);
                assertThat(x * x - x + y * y - y).isLessThanOrEqualTo(1e-4);
                if (d > 0) {
                    assertThat(x).isGreaterThanOrEqualTo(index.codes().coordinate(quad, d - 2));
                }
                sum += x;
            }
            assertThat(sum / (stars.length - 2)).isLessThanOrEqualTo(0.5 + 1e-4);
        }
        assertThat(Arrays.stream(used).max().orElseThrow()).isLessThanOrEqualTo(maxReuse);
    }

    /** Bright stars come first: the first sweeps are brighter in the mean than the last. */
    private static void checkStars(Index index) {
        double[] sum = new double[256];
        int[] count = new int[256];
        for (int star = 0; star < index.starCount(); star++) {
            sum[index.sweep(star)] += index.magnitude(star);
            count[index.sweep(star)]++;
        }
        assertThat(count[0]).isPositive();
        assertThat(sum[0] / count[0]).isLessThan(sum[255] / count[255] - 2);
        assertThat(Arrays.stream(count).max().orElseThrow()).isLessThanOrEqualTo(index.starCount() / 256 + 1);
    }

    @Test
    void theSameStarsMakeTheSameFile() throws Exception {
        StarTable sky = cap(8, 3000, new SkyPosition(83, -5), 30);
        Path one = temp.resolve("one.fits");
        Path two = temp.resolve("two.fits");
        new IndexBuilder(IndexRecipe.of(240, 340)).build(sky, one);
        new IndexBuilder(IndexRecipe.of(240, 340)).build(sky, two);
        assertThat(two).hasSameBinaryContentAs(one);
    }

    @Test
    void ofTwoCloseStarsTheFainterIsLeftOut() throws Exception {
        double[] ra = new double[120];
        double[] dec = new double[120];
        double[] mag = new double[120];
        SplittableRandom random = new SplittableRandom(5);
        for (int i = 0; i < 60; i++) {
            ra[i] = random.nextDouble(359, 361);
            dec[i] = random.nextDouble(-1, 1);
            mag[i] = 5;
            ra[i + 60] = ra[i];
            dec[i + 60] = dec[i] + 0.8 / 3600;
            mag[i + 60] = 4;
        }
        IndexRecipe recipe =
                IndexRecipe.of(30, 60).withStarsPerQuad(3).withCellsPerSide(1).withDensity(1000, 50, 8);
        Path file = temp.resolve("doubles.fits");

        new IndexBuilder(recipe).build(StarTable.of(ra, dec, mag), file);

        Index index = Index.open(file);
        assertThat(index.starCount()).isEqualTo(60);
        for (int star = 0; star < 60; star++) {
            assertThat(index.magnitude(star)).isEqualTo(4);
        }
        new IndexBuilder(recipe.withPrecision(0.5, 1)).build(StarTable.of(ra, dec, mag), file);
        assertThat(Index.open(file).starCount()).isEqualTo(120);
    }

    @Test
    void tooFewStarsAreRefusedAndLeaveNothing() throws IOException {
        StarTable two = StarTable.of(new double[] {1, 2}, new double[] {1, 2}, new double[] {1, 2});
        Path file = temp.resolve("none.fits");
        assertThatThrownBy(() -> new IndexBuilder(IndexRecipe.preset(10)).build(two, file))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("60.0 to 85.0 arcminutes");
        try (var files = Files.list(temp)) {
            assertThat(files).isEmpty();
        }
    }

    @Test
    void anInterruptStopsIt() {
        StarTable sky = cap(3, 5000, new SkyPosition(0, 0), 180);
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> new IndexBuilder(IndexRecipe.preset(15)).build(sky, temp.resolve("interrupted.fits")))
                .isInstanceOf(InterruptedException.class);
        assertThat(temp.resolve("interrupted.fits")).doesNotExist();
    }

    @Test
    void recipesCheckThemselves() {
        assertThatThrownBy(() -> IndexRecipe.of(60, 30)).hasMessageContaining("lower bound first");
        assertThatThrownBy(() -> IndexRecipe.of(0, 30)).hasMessageContaining("lower bound first");
        assertThatThrownBy(() -> IndexRecipe.preset(20)).hasMessageContaining("0 to 19");
        assertThatThrownBy(() -> IndexRecipe.preset(3).withStarsPerQuad(6)).hasMessageContaining("3, 4 or 5");
        assertThat(IndexRecipe.preset(13).cellsPerSide()).isEqualTo(20);
        assertThat(IndexRecipe.preset(7).cellsPerSide()).isEqualTo(156);
        assertThat(IndexRecipe.preset(19).cellsPerSide()).isEqualTo(3);
        assertThat(IndexRecipe.preset(19).starsPerQuad()).isEqualTo(3);
        assertThat(IndexRecipe.preset(7).starsPerQuad()).isEqualTo(4);
    }
}
