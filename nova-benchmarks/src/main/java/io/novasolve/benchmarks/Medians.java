package io.novasolve.benchmarks;

import java.util.Arrays;
import java.util.List;

/** The middle of measured values. */
final class Medians {

    private Medians() {}

    static double median(List<Double> values) {
        return median(values.stream().mapToDouble(Double::doubleValue).toArray());
    }

    /** The upper one of the two in the middle where their number is even; NaN where there are none. */
    static double median(double... values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted.length == 0 ? Double.NaN : sorted[sorted.length / 2];
    }
}
