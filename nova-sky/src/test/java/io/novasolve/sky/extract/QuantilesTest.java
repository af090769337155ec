package io.novasolve.sky.extract;

import static org.assertj.core.api.Assertions.assertThat;

import io.novasolve.sky.TestSeed;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class QuantilesTest {

    @Test
    void selectsWhatSortingWouldGive() {
        Random random = new Random(TestSeed.of(QuantilesTest.class));
        for (int round = 0; round < 2000; round++) {
            int n = 1 + random.nextInt(60);
            float[] values = new float[n];
            for (int i = 0; i < n; i++) {
                // Few distinct values, as in an 8-bit picture.
                values[i] = round % 2 == 0 ? random.nextInt(5) : random.nextFloat();
            }
            float[] sorted = values.clone();
            Arrays.sort(sorted);
            int k = random.nextInt(n);
            assertThat(Quantiles.select(values, n, k)).isEqualTo(sorted[k]);
            for (int i = 0; i < n; i++) {
                assertThat(i < k ? values[i] <= sorted[k] : values[i] >= sorted[k])
                        .isTrue();
            }
        }
    }

    @Test
    void medianOfOddEvenAndNothing() {
        assertThat(Quantiles.median(new float[] {3, 1, 2, 99}, 3)).isEqualTo(2);
        assertThat(Quantiles.median(new float[] {4, 1, 2, 3}, 4)).isEqualTo(2.5f);
        assertThat(Quantiles.median(new float[1], 0)).isNaN();
    }
}
