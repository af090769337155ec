package io.novasolve.sky.stars;

import java.util.Arrays;

/**
 * Stars found on a picture, the most trusted (brightest) first, and the size of that picture. Immutable; every position
 * is finite.
 *
 * <p>Positions follow the FITS convention: the centre of the first pixel is (1, 1).
 */
public final class StarList {

    private final double width;
    private final double height;
    private final double[] x;
    private final double[] y;
    private final float[] flux;
    private final float[] background;

    private StarList(double width, double height, double[] x, double[] y, float[] flux, float[] background) {
        this.width = width;
        this.height = height;
        this.x = x;
        this.y = y;
        this.flux = flux;
        this.background = background;
    }

    /**
     * A list from columns of equal length, which are copied. Rows whose position is not finite are dropped: one of them
     * near the top keeps the native engine from ever solving.
     *
     * @param width of the picture in pixels, positive
     * @param height of the picture in pixels, positive
     * @param flux brightness above the background, in the picture's units; 0 where unknown
     * @param background brightness of the surroundings, in the picture's units; 0 where unknown
     * @throws IllegalArgumentException if the size is not positive and finite, or the lengths differ
     */
    public static StarList of(double width, double height, double[] x, double[] y, float[] flux, float[] background) {
        if (!(width > 0 && height > 0 && width < Double.POSITIVE_INFINITY && height < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(
                    "a star list needs the size of its picture, both sides positive, but got " + width + " × "
                            + height);
        }
        int n = x.length;
        if (y.length != n || flux.length != n || background.length != n) {
            throw new IllegalArgumentException("columns of different lengths: x " + n + ", y " + y.length + ", flux "
                    + flux.length + ", background " + background.length);
        }
        double[] xs = new double[n];
        double[] ys = new double[n];
        float[] fluxes = new float[n];
        float[] backgrounds = new float[n];
        int kept = 0;
        for (int i = 0; i < n; i++) {
            if (Double.isFinite(x[i]) && Double.isFinite(y[i])) {
                xs[kept] = x[i];
                ys[kept] = y[i];
                fluxes[kept] = flux[i];
                backgrounds[kept] = background[i];
                kept++;
            }
        }
        return new StarList(width, height, xs, ys, fluxes, backgrounds).first(kept);
    }

    /** A list of bare positions. */
    public static StarList of(double width, double height, double[] x, double[] y) {
        return of(width, height, x, y, new float[x.length], new float[x.length]);
    }

    public int size() {
        return x.length;
    }

    public boolean isEmpty() {
        return x.length == 0;
    }

    /** Width of the picture in pixels. */
    public double width() {
        return width;
    }

    /** Height of the picture in pixels. */
    public double height() {
        return height;
    }

    /** Column of star {@code i}, in pixels; the first pixel's centre is 1. */
    public double x(int i) {
        return x[i];
    }

    /** Row of star {@code i}, in pixels; the first pixel's centre is 1. */
    public double y(int i) {
        return y[i];
    }

    /** Brightness above the background of star {@code i}, in the picture's units. */
    public float flux(int i) {
        return flux[i];
    }

    /** Brightness of the surroundings of star {@code i}, in the picture's units. */
    public float background(int i) {
        return background[i];
    }

    /** The first {@code n} stars, or all if there are fewer. */
    public StarList first(int n) {
        if (n >= size()) {
            return this;
        }
        return new StarList(
                width,
                height,
                Arrays.copyOf(x, n),
                Arrays.copyOf(y, n),
                Arrays.copyOf(flux, n),
                Arrays.copyOf(background, n));
    }

    @Override
    public String toString() {
        return "StarList[" + size() + " stars on " + width + " × " + height + "]";
    }
}
