package io.novasolve.sky.extract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

import io.novasolve.sky.TestSeed;
import io.novasolve.sky.extract.SyntheticSky.Star;
import io.novasolve.sky.picture.Picture;
import io.novasolve.sky.stars.StarList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class SourceExtractorTest {

    private static final double PSF = 1.3;
    private static final ExtractionSettings ALL = ExtractionSettings.standard().withMaxStars(5000);

    private final long seed = TestSeed.of(SourceExtractorTest.class);

    static List<ExtractionSettings> presets() {
        return List.of(ALL, ExtractionSettings.second().withMaxStars(5000));
    }

    @ParameterizedTest
    @MethodSource("presets")
    void findsStarsToATenthOfAPixelAndLittleElse(ExtractionSettings settings) throws Exception {
        SyntheticSky sky = new SyntheticSky(700, 500, seed)
                .stars(150, SyntheticSky.fluxFor(20, 8, PSF), 60_000, PSF, 14)
                .sky(900, 300, -200)
                .noise(8);
        StarList found = extract(sky.picture(), settings);

        assertThat(recovered(sky.stars, found, 0.5)).isGreaterThanOrEqualTo(0.99);
        assertThat(rmsError(sky.stars, found)).isLessThan(0.1);
        // Of noise alone a few peaks pass in a million pixels, most of them at the border.
        assertThat(found.size()).isBetween(148, 165);
        assertNoTwoNearer(found, 3);
    }

    @Test
    void starsManyPixelsWideAreFoundInLargerBlocks() throws Exception {
        double psf = 14;
        SyntheticSky sky = new SyntheticSky(1500, 1500, seed)
                .stars(40, SyntheticSky.fluxFor(60, 5, psf), 400_000, psf, 110)
                .sky(400, 0, 0)
                .noise(5);

        StarList found = extract(sky.picture(), ExtractionSettings.coarse());

        assertThat(recovered(sky.stars, found, 2)).isGreaterThanOrEqualTo(0.95);
        assertThat(recovered(sky.stars, extract(sky.picture(), ExtractionSettings.standard()), 2))
                .isLessThan(recovered(sky.stars, found, 2));
    }

    @Test
    void brightStarsComeFirst() throws Exception {
        SyntheticSky sky = new SyntheticSky(600, 600, seed)
                .stars(120, SyntheticSky.fluxFor(20, 5, PSF), 50_000, PSF, 14)
                .sky(400, 0, 0)
                .noise(5);
        StarList found = extract(sky.picture(), ALL);

        Star brightest =
                sky.stars.stream().max(Comparator.comparingDouble(Star::flux)).orElseThrow();
        // Another one may be as bright within the noise.
        assertThat(nearest(brightest, found.first(5))).isLessThan(0.5);
        int third = found.size() / 3;
        assertThat(IntStream.range(0, third).mapToDouble(found::flux).sum())
                .isGreaterThan(IntStream.range(2 * third, found.size())
                        .mapToDouble(found::flux)
                        .sum());
        assertThat(found.background(0)).isBetween(380f, 420f);
    }

    @ParameterizedTest
    @CsvSource({"255, 1.5, 30", "65535, 40, 8000", "1e9, 40, 8000"})
    void anyDepthOfSamples(double white, double noise, double level) throws Exception {
        SyntheticSky sky = new SyntheticSky(500, 400, seed)
                .stars(80, SyntheticSky.fluxFor(20, noise, PSF), SyntheticSky.fluxFor(400, noise, PSF), PSF, 14)
                .sky(level, level / 3, level / 4)
                .noise(noise)
                .quantise((int) white);
        StarList found = extract(sky.picture(), ALL);

        assertThat(recovered(sky.stars, found, 0.5)).isGreaterThanOrEqualTo(0.97);
        assertThat(rmsError(sky.stars, found)).isLessThan(0.12);
        assertThat(found.size()).isLessThan(90);
    }

    @Test
    void defectsTrailsAndNebulaeDoNotCrowdOutStars() throws Exception {
        SyntheticSky sky = new SyntheticSky(800, 600, seed)
                .stars(60, SyntheticSky.fluxFor(40, 6, PSF), 40_000, PSF, 25)
                .sky(300, 500, 0)
                .glow(250, 300, 800, 60)
                .glow(600, 200, 400, 35)
                .hotPixels(300, 500)
                .hotColumn(400, 150)
                .trail(100, 480, 250, 2.5)
                .noise(6);
        StarList found = extract(sky.picture(), ExtractionSettings.standard());

        // A few of the faintest lie on the trail, on the column or in the middle of a nebula.
        assertThat(recovered(sky.stars, found, 1.0)).isGreaterThanOrEqualTo(0.8);
        assertThat(found.size()).isLessThan(90);
        assertThat(countWhere(found, i -> Math.abs(found.x(i) - 400) < 2)).isLessThan(12);
        assertThat(countWhere(found, i -> Math.abs(found.y(i) - 100 - 380 * found.x(i) / 800) < 4))
                .isLessThan(15);
    }

    @Test
    void foliageComesAfterTheStars() throws Exception {
        SyntheticSky sky = new SyntheticSky(500, 500, seed)
                .stars(40, SyntheticSky.fluxFor(40, 2, PSF), 4000, PSF, 20)
                .sky(100, 0, 0);
        Random random = new Random(seed);
        for (int leaf = 0; leaf < 2500; leaf++) {
            double x = 360 + random.nextDouble() * 130;
            double y = 10 + random.nextDouble() * 480;
            sky.glow(x, y, (random.nextBoolean() ? 30 : -30) * random.nextDouble(), 2 + 2 * random.nextDouble());
        }
        StarList found = extract(sky.noise(2).picture(), ExtractionSettings.standard());

        List<Star> stars = sky.stars.stream().filter(s -> s.x() < 350).toList();
        long genuine = IntStream.range(0, 20)
                .filter(i -> stars.stream().anyMatch(s -> distance(s, found, i) < 2))
                .count();
        assertThat(genuine).isGreaterThanOrEqualTo(12);
    }

    @Test
    void saturatedStarsAreOneSourceEachAtTheirCentre() throws Exception {
        SyntheticSky sky = new SyntheticSky(500, 500, seed).sky(20, 0, 0);
        sky.star(100.3, 120.7, 60_000, 2.5).star(300.6, 150.2, 500_000, 3).star(200.1, 400.4, 3_000_000, 3);
        StarList found = extract(sky.noise(2).quantise(255).picture(), ALL);

        for (Star star : sky.stars) {
            assertThat(countWhere(found, i -> distance(star, found, i) < 25)).isEqualTo(1);
        }
        assertThat(recovered(sky.stars, found, 0.5)).isEqualTo(1);
    }

    @Test
    void oneStarOfTwoPixelsApartTwoOfTwelve() throws Exception {
        SyntheticSky sky = new SyntheticSky(200, 200, seed).sky(100, 0, 0);
        sky.star(50.2, 50.1, 20_000, PSF).star(52.2, 50.1, 15_000, PSF);
        sky.star(120.4, 120.3, 20_000, PSF).star(132.4, 120.3, 10_000, PSF);
        StarList found = extract(sky.noise(3).picture(), ALL);

        Star pair = new Star(51.2, 50.1, 0);
        assertThat(countWhere(found, i -> distance(pair, found, i) < 8)).isEqualTo(1);
        assertThat(recovered(sky.stars.subList(2, 4), found, 0.3)).isEqualTo(1);
        assertThat(found.size()).isLessThan(6);
    }

    @Test
    void darkStarsOnANegative() throws Exception {
        SyntheticSky sky = new SyntheticSky(400, 400, seed)
                .stars(50, SyntheticSky.fluxFor(30, 3, PSF), 20_000, PSF, 14)
                .sky(200, 0, 0)
                .noise(3)
                .negative(10_000);

        assertThat(recovered(sky.stars, extract(sky.picture(), ALL), 0.5)).isLessThan(0.1);
        StarList found = extract(sky.picture(), ALL.withInvert(true));
        assertThat(recovered(sky.stars, found, 0.5)).isGreaterThanOrEqualTo(0.98);
        assertThat(found.flux(0)).isPositive();
        assertThat(found.background(0)).isBetween(9_700f, 9_900f);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 5})
    void positionsReferToTheFullPictureAtAnyDownsampling(int factor) throws Exception {
        // 601 × 403 leaves partial blocks at the edges for every factor but 1.
        double psf = 1.3 * factor;
        SyntheticSky sky = new SyntheticSky(601, 403, seed)
                .stars(15, SyntheticSky.fluxFor(60, 4, psf), SyntheticSky.fluxFor(600, 4, psf), psf, 14 * factor)
                .sky(500, 0, 0)
                .noise(4);
        StarList found = extract(sky.picture(), ALL.withDownsample(factor));

        assertThat(found.width()).isEqualTo(601);
        assertThat(found.height()).isEqualTo(403);
        assertThat(recovered(inside(sky, 12 * factor), found, 0.3 * factor)).isEqualTo(1);
        assertThat(rmsError(sky.stars, found)).isLessThan(0.1 * factor);
    }

    @Test
    void everyPixelOfADownsampledBlockCounts() throws Exception {
        SyntheticSky sky = new SyntheticSky(300, 200, seed)
                .stars(20, SyntheticSky.fluxFor(40, 4, PSF), 20_000, PSF, 14)
                .sky(500, 0, 0)
                .noise(4);
        StarList small = extract(sky.picture(), ALL);
        StarList large = extract(sky.enlarged(3), ALL.withDownsample(3));

        assertThat(large.size()).isEqualTo(small.size());
        for (int i = 0; i < small.size(); i++) {
            assertThat(large.x(i)).isCloseTo((small.x(i) - 0.5) * 3 + 0.5, offset(0.02));
            assertThat(large.y(i)).isCloseTo((small.y(i) - 0.5) * 3 + 0.5, offset(0.02));
        }
    }

    @Test
    void pixelsWithoutValueAreLeftOut() throws Exception {
        // Downsampled by 2 they are still 14 pixels apart; nearer ones drown in the smoothed flank of one 40 times
        // brighter.
        SyntheticSky sky = new SyntheticSky(500, 500, seed)
                .stars(60, SyntheticSky.fluxFor(30, 5, PSF), 30_000, PSF, 28)
                .sky(1000, 200, 0)
                .noise(5)
                .fill(201, 201, 120, 100, Float.NaN)
                .fill(1, 350, 500, 2, Float.NEGATIVE_INFINITY)
                .fill(30, 30, 1, 1, Float.POSITIVE_INFINITY)
                .fill(33, 31, 1, 1, Float.MAX_VALUE);
        List<Star> outside = sky.stars.stream()
                .filter(s -> (s.x() < 195 || s.x() > 326 || s.y() < 195 || s.y() > 306) && Math.abs(s.y() - 351) > 6)
                .filter(s -> Math.hypot(s.x() - 31, s.y() - 30) > 8)
                .toList();
        for (int factor = 1; factor <= 2; factor++) {
            StarList found = extract(sky.picture(), ALL.withDownsample(factor));
            assertThat(recovered(outside, found, 0.5 * factor)).isEqualTo(1);
            // Noise alone makes a few peaks, and so do the edges of what is missing.
            assertThat(found.size()).isLessThan(sky.stars.size() + 20);
        }
    }

    private StarList extract(Picture picture, ExtractionSettings settings) throws InterruptedException {
        return new SourceExtractor(Runnable::run, 1).extract(picture, settings);
    }

    private static List<Star> inside(SyntheticSky sky, double margin) {
        return sky.stars.stream()
                .filter(s -> s.x() > margin && s.x() < sky.width - margin)
                .filter(s -> s.y() > margin && s.y() < sky.height - margin)
                .toList();
    }

    private static double distance(Star star, StarList found, int i) {
        return Math.hypot(star.x() - found.x(i), star.y() - found.y(i));
    }

    private static double nearest(Star star, StarList found) {
        double nearest = Double.POSITIVE_INFINITY;
        for (int i = 0; i < found.size(); i++) {
            nearest = Math.min(nearest, distance(star, found, i));
        }
        return nearest;
    }

    private static double recovered(List<Star> stars, StarList found, double within) {
        return stars.stream().filter(star -> nearest(star, found) < within).count() / (double) stars.size();
    }

    /** In pixels, per axis, over the stars that were found. */
    private static double rmsError(List<Star> stars, StarList found) {
        return Math.sqrt(stars.stream()
                .mapToDouble(star -> nearest(star, found))
                .filter(d -> d < 1.5)
                .map(d -> d * d / 2)
                .average()
                .orElse(Double.NaN));
    }

    private static long countWhere(StarList found, IntPredicate condition) {
        return IntStream.range(0, found.size()).filter(condition).count();
    }

    private static void assertNoTwoNearer(StarList found, double distance) {
        for (int i = 0; i < found.size(); i++) {
            for (int j = 0; j < i; j++) {
                assertThat(Math.hypot(found.x(i) - found.x(j), found.y(i) - found.y(j)))
                        .isGreaterThanOrEqualTo(distance - 1);
            }
        }
    }
}
