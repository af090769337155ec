package io.novasolve.sky.region;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HealpixTest {

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 5, 16, 55})
    void placesInACellAreInThatCell(int side) {
        Healpix cells = new Healpix(side);
        for (long cell = 0; cell < cells.cells(); cell++) {
            for (double[] at : new double[][] {{0.5, 0.5}, {0.01, 0.01}, {0.99, 0.99}, {0.01, 0.99}, {0.99, 0.01}}) {
                double[] p = cells.point(cell, at[0], at[1]);
                assertThat(cells.cell(p[0], p[1], p[2])).isEqualTo(cell);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4, 7})
    void cellsHaveTheSameAreaAndReachNoFartherThanTheirRadius(int side) {
        long seed = 4711;
        System.out.println("seed " + seed);
        SplittableRandom random = new SplittableRandom(seed);
        Healpix cells = new Healpix(side);
        int[] count = new int[(int) cells.cells()];
        int perCell = 2000;
        for (int i = 0; i < perCell * count.length; i++) {
            double z = random.nextDouble(-1, 1);
            double phi = random.nextDouble(-Math.PI, Math.PI);
            double rho = Math.sqrt(1 - z * z);
            double[] v = {rho * Math.cos(phi), rho * Math.sin(phi), z};
            int cell = (int) cells.cell(v[0], v[1], v[2]);
            count[cell]++;
            double[] c = cells.point(cell, 0.5, 0.5);
            double distance = Math.hypot(Math.hypot(v[0] - c[0], v[1] - c[1]), v[2] - c[2]);
            if (distance > cells.radius(cell, c)) {
                fail("cell %d reaches to %f", cell, distance);
            }
        }
        for (int n : count) {
            assertThat((double) n).isBetween(perCell - 6 * Math.sqrt(perCell), perCell + 6 * Math.sqrt(perCell));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 1000})
    void polesAndTheMeridianBelongSomewhere(int side) {
        Healpix cells = new Healpix(side);
        double tiny = -1e-17;
        for (double[] v : new double[][] {{0, 0, 1}, {0, 0, -1}, {1, 0, 0}, {1, tiny, 0}, {-1, tiny, 0}, {0, 0, 7}}) {
            assertThat(cells.cell(v[0], v[1], v[2])).isBetween(0L, cells.cells() - 1);
        }
    }
}
