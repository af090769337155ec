package io.novasolve.sky.region;

import static org.assertj.core.api.Assertions.assertThat;

import io.novasolve.sky.PixelPosition;
import io.novasolve.sky.SkyPosition;
import io.novasolve.sky.wcs.Wcs;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class SkyCellsTest {

    private static final long SEED = Long.getLong("nova.test.seed", 20261124);

    private final Random random = new Random(SEED);

    SkyCellsTest() {
        System.out.println("SkyCellsTest: seed " + SEED);
    }

    private SkyPosition anywhere() {
        return new SkyPosition(random.nextDouble() * 360, Math.toDegrees(Math.asin(2 * random.nextDouble() - 1)));
    }

    private Wcs picture() {
        double scale = Math.pow(10, -5 + 3.7 * random.nextDouble());
        double turn = random.nextDouble() * 2 * Math.PI;
        double width = 200 + random.nextInt(2000);
        double height = 200 + random.nextInt(2000);
        return new Wcs(
                anywhere(),
                new PixelPosition((width + 1) / 2, (height + 1) / 2),
                -scale * Math.cos(turn),
                scale * Math.sin(turn),
                scale * Math.sin(turn),
                scale * Math.cos(turn),
                null,
                width,
                height);
    }

    @Test
    void everyPositionOnAPictureIsInOneOfItsCells() {
        for (int i = 0; i < 300; i++) {
            Wcs wcs = picture();
            long[] cells = SkyCells.of(wcs);
            assertThat(cells.length).as("%s", wcs).isBetween(1, 60);
            for (int k = 0; k < 50; k++) {
                SkyPosition on = wcs.pixelToSky(
                        0.5 + random.nextDouble() * wcs.width(), 0.5 + random.nextDouble() * wcs.height());
                assertThat(LongStream.of(SkyCells.around(on))
                                .filter(c -> Arrays.binarySearch(cells, c) >= 0)
                                .count())
                        .as("%s on %s", on, wcs)
                        .isEqualTo(1);
            }
        }
    }

    @Test
    void whatIsNearLiesInFewRanges() {
        for (int i = 0; i < 500; i++) {
            SkyPosition centre = anywhere();
            double radius = Math.pow(10, -4 + 6 * random.nextDouble());
            List<SkyCells.Range> ranges = SkyCells.near(centre, Math.min(180, radius));
            assertThat(ranges.size()).isBetween(1, 40);
            SkyPosition other = anywhere();
            double[] c = centre.unitVector();
            double[] o = other.unitVector();
            double t = Math.min(1, Math.toRadians(radius) / 2) * random.nextDouble();
            SkyPosition near = SkyPosition.ofVector(c[0] + t * o[0], c[1] + t * o[1], c[2] + t * o[2]);
            if (near.separationDeg(centre) <= radius) {
                long place = SkyCells.place(near);
                assertThat(ranges)
                        .as("%s near %s", near, centre)
                        .anyMatch(r -> r.first() <= place && place <= r.last());
            }
        }
    }

    @Test
    void aRangeIsTakenApartDownToOnePlace() {
        for (int i = 0; i < 100; i++) {
            SkyPosition here = anywhere();
            SkyPosition there = anywhere();
            long place = SkyCells.place(there);
            List<SkyCells.Range> ranges = SkyCells.near(here, 180);
            int depth = 0;
            while (!ranges.isEmpty()) {
                SkyCells.Range holding = ranges.stream()
                        .filter(r -> r.first() <= place && place <= r.last())
                        .findFirst()
                        .orElseThrow();
                assertThat(holding.distanceDeg(here)).isLessThanOrEqualTo(here.separationDeg(there) + 1e-6);
                List<SkyCells.Range> parts = holding.parts();
                assertThat(parts.stream()
                                .mapToLong(r -> r.last() - r.first() + 1)
                                .sum())
                        .isEqualTo(parts.isEmpty() ? 0 : holding.last() - holding.first() + 1);
                assertThat(depth++).isLessThan(40);
                ranges = parts;
            }
            assertThat(depth).isGreaterThan(20);
        }
    }

    @Test
    void aPlaceIsAlmostThePosition() {
        for (int i = 0; i < 1000; i++) {
            SkyPosition position = anywhere();
            assertThat(SkyCells.position(SkyCells.place(position)).separationDeg(position))
                    .isLessThan(1e-6);
        }
    }
}
