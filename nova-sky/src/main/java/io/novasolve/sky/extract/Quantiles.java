package io.novasolve.sky.extract;

import java.util.Arrays;

/** Order statistics of small samples. */
final class Quantiles {

    private Quantiles() {}

    /** Median of the first {@code n} values, which are sorted by the way; NaN if there are none. */
    static float median(float[] values, int n) {
        if (n == 0) {
            return Float.NaN;
        }
        Arrays.sort(values, 0, n);
        return (values[(n - 1) / 2] + values[n / 2]) * 0.5f;
    }

    /**
     * The value that has {@code k} values before it in ascending order, found by Hoare's selection. Afterwards the
     * values before index {@code k} are not greater and those after it not smaller.
     *
     * @param n number of values that take part, more than {@code k}
     */
    static float select(float[] values, int n, int k) {
        int low = 0;
        int high = n - 1;
        while (low < high) {
            float pivot = values[(low + high) >>> 1];
            int i = low - 1;
            int j = high + 1;
            while (true) {
                do {
                    i++;
                } while (values[i] < pivot);
                do {
                    j--;
                } while (values[j] > pivot);
                if (i >= j) {
                    break;
                }
                float swap = values[i];
                values[i] = values[j];
                values[j] = swap;
            }
            if (k <= j) {
                high = j;
            } else {
                low = j + 1;
            }
        }
        return values[k];
    }
}
