package io.novasolve.engine.build;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Catalogue stars: positions, magnitudes and, where known, proper motions. Immutable. Stars without a position or a
 * magnitude are left out.
 */
public final class StarTable {

    private static final double MAS_TO_RAD = Math.toRadians(1 / 3_600_000.0);

    private final double[] vectors;
    private final float[] magnitudes;
    private final double @Nullable [] motions;
    private final int skipped;

    private StarTable(double[] vectors, float[] magnitudes, double @Nullable [] motions, int skipped) {
        this.vectors = vectors;
        this.magnitudes = magnitudes;
        this.motions = motions;
        this.skipped = skipped;
    }

    /**
     * A table without proper motions.
     *
     * @param raDeg right ascensions in degrees, ICRS; any turn
     * @param decDeg declinations in degrees, −90 to 90
     * @param magnitudes brightness, small is bright; the order matters, the band does not
     * @throws IllegalArgumentException if the arrays differ in length
     */
    public static StarTable of(double[] raDeg, double[] decDeg, double[] magnitudes) {
        return of(raDeg, decDeg, magnitudes, null, null);
    }

    /**
     * A table with proper motions.
     *
     * @param pmRaMasPerYear motion in right ascension times cos(Dec), in milliarcseconds a year; NaN if unknown
     * @param pmDecMasPerYear motion in declination, likewise
     * @throws IllegalArgumentException if the arrays differ in length
     */
    public static StarTable of(
            double[] raDeg,
            double[] decDeg,
            double[] magnitudes,
            double @Nullable [] pmRaMasPerYear,
            double @Nullable [] pmDecMasPerYear) {
        int rows = raDeg.length;
        boolean moving = pmRaMasPerYear != null && pmDecMasPerYear != null;
        if (decDeg.length != rows
                || magnitudes.length != rows
                || pmRaMasPerYear != null && pmRaMasPerYear.length != rows
                || pmDecMasPerYear != null && pmDecMasPerYear.length != rows) {
            throw new IllegalArgumentException("the columns of a star table must have the same length");
        }
        double[] v = new double[3 * rows];
        float[] mag = new float[rows];
        double[] motion = moving ? new double[2 * rows] : null;
        int n = 0;
        for (int i = 0; i < rows; i++) {
            boolean usable = Double.isFinite(raDeg[i]) && Math.abs(decDeg[i]) <= 90 && Double.isFinite(magnitudes[i]);
            if (!usable) {
                continue;
            }
            double ra = Math.toRadians(raDeg[i]);
            double dec = Math.toRadians(decDeg[i]);
            v[3 * n] = Math.cos(dec) * Math.cos(ra);
            v[3 * n + 1] = Math.cos(dec) * Math.sin(ra);
            v[3 * n + 2] = Math.sin(dec);
            mag[n] = (float) magnitudes[i];
            if (motion != null && pmRaMasPerYear != null && pmDecMasPerYear != null) {
                motion[2 * n] = finiteOrZero(pmRaMasPerYear[i]);
                motion[2 * n + 1] = finiteOrZero(pmDecMasPerYear[i]);
            }
            n++;
        }
        return new StarTable(
                Arrays.copyOf(v, 3 * n),
                Arrays.copyOf(mag, n),
                motion == null ? null : Arrays.copyOf(motion, 2 * n),
                rows - n);
    }

    private static double finiteOrZero(double value) {
        return Double.isFinite(value) ? value : 0;
    }

    /**
     * The stars where their proper motions bring them: linear motion in the tangent plane, without radial velocity, which
     * is good to a milliarcsecond over a century for all but the nearest stars.
     *
     * @param fromYear epoch of the positions, as a Julian year such as 2016.0
     * @param toYear epoch wanted
     * @throws IllegalArgumentException if the table has no proper motions, or a year is not within 1000…3000
     */
    public StarTable atEpoch(double fromYear, double toYear) {
        if (motions == null) {
            throw new IllegalArgumentException("the star table has no proper motions (PMRA, PMDEC)");
        }
        if (!(fromYear >= 1000 && fromYear <= 3000 && toYear >= 1000 && toYear <= 3000)) {
            throw new IllegalArgumentException("epochs are years such as 2016.0, not " + fromYear + " and " + toYear);
        }
        double years = toYear - fromYear;
        double[] moved = new double[vectors.length];
        for (int i = 0; i < size(); i++) {
            double x = vectors[3 * i];
            double y = vectors[3 * i + 1];
            double z = vectors[3 * i + 2];
            double rho = Math.hypot(x, y);
            double cosRa = rho > 0 ? x / rho : 1;
            double sinRa = rho > 0 ? y / rho : 0;
            double east = motions[2 * i] * MAS_TO_RAD * years;
            double north = motions[2 * i + 1] * MAS_TO_RAD * years;
            double mx = x - sinRa * east - z * cosRa * north;
            double my = y + cosRa * east - z * sinRa * north;
            double mz = z + rho * north;
            double norm = Math.sqrt(mx * mx + my * my + mz * mz);
            moved[3 * i] = mx / norm;
            moved[3 * i + 1] = my / norm;
            moved[3 * i + 2] = mz / norm;
        }
        return new StarTable(moved, magnitudes, motions, skipped);
    }

    /** Number of stars. */
    public int size() {
        return magnitudes.length;
    }

    /** Rows that were left out because they have no usable position or magnitude. */
    public int skipped() {
        return skipped;
    }

    /** Whether proper motions are known. */
    public boolean hasProperMotions() {
        return motions != null;
    }

    /** Magnitude of a star. */
    public float magnitude(int star) {
        return magnitudes[star];
    }

    /** Coordinate 0 (x, to RA 0), 1 (y, to RA 90°) or 2 (z, to the north pole) of a star's unit vector. */
    public double coordinate(int star, int axis) {
        return vectors[3 * star + axis];
    }
}
