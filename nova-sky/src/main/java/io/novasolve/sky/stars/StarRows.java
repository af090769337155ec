package io.novasolve.sky.stars;

import io.novasolve.sky.UnreadableInputException;
import java.util.Arrays;

/** Rows of a star list in the making, in columns of primitives. */
final class StarRows {

    private double[] x = new double[1024];
    private double[] y = new double[1024];
    private float[] flux = new float[1024];
    private int count;

    StarRows() {}

    private StarRows(StarRows other) {
        x = other.x.clone();
        y = other.y.clone();
        flux = other.flux.clone();
        count = other.count;
    }

    StarRows copy() {
        return new StarRows(this);
    }

    int count() {
        return count;
    }

    void add(double atX, double atY, float brightness) {
        if (count == x.length) {
            resize(Math.addExact(count + (count >> 1), 1));
        }
        x[count] = atX;
        y[count] = atY;
        flux[count++] = brightness;
    }

    /** Brightest first; equal ones, and those without a number last, in the order they have. */
    void sortByFlux() {
        long[] keys = new long[count];
        for (int i = 0; i < count; i++) {
            keys[i] = (long) descending(flux[i]) << 32 | i;
        }
        Arrays.sort(keys);
        double[] sortedX = new double[count];
        double[] sortedY = new double[count];
        float[] sortedFlux = new float[count];
        for (int i = 0; i < count; i++) {
            int from = (int) keys[i];
            sortedX[i] = x[from];
            sortedY[i] = y[from];
            sortedFlux[i] = flux[from];
        }
        x = sortedX;
        y = sortedY;
        flux = sortedFlux;
    }

    /** Drops all rows but the first ones. */
    void cut(int length) {
        count = Math.min(count, length);
    }

    /**
     * The list.
     *
     * @param withFlux false for a list of stars whose flux is unknown
     */
    StarList toList(String name, double width, double height, boolean withFlux) throws UnreadableInputException {
        resize(count);
        for (int i = 0; i < count; i++) {
            flux[i] = withFlux && !Float.isNaN(flux[i]) ? flux[i] : 0;
        }
        return StarListReader.list(name, width, height, x, y, flux, new float[count]);
    }

    private void resize(int length) {
        x = Arrays.copyOf(x, length);
        y = Arrays.copyOf(y, length);
        flux = Arrays.copyOf(flux, length);
    }

    /** Integers in the opposite order of the floats: the bits of a float are ordered once negative ones are flipped. */
    private static int descending(float value) {
        if (Float.isNaN(value)) {
            return Integer.MAX_VALUE;
        }
        int bits = Float.floatToIntBits(value + 0f);
        return ~(bits >= 0 ? bits : bits ^ 0x7FFFFFFF);
    }
}
