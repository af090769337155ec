package io.novasolve.engine;

import java.util.Arrays;

/** Quads that look like a group of stars. Reused. */
final class CodeHits {

    int[] quad = new int[1024];
    double[] distance2 = new double[1024];
    int count;

    void add(int found, double d2) {
        if (count == quad.length) {
            quad = Arrays.copyOf(quad, 2 * count);
            distance2 = Arrays.copyOf(distance2, 2 * count);
        }
        quad[count] = found;
        distance2[count++] = d2;
    }
}
