package io.novasolve.sky.region;

import io.novasolve.sky.SkyPosition;
import io.novasolve.sky.wcs.Wcs;
import java.util.ArrayList;
import java.util.List;

/**
 * Places and pictures as numbers that an ordinary index of a store can look up. A picture is the few HEALPix cells that
 * cover it, in the size that fits it, as UNIQ numbers like those of a {@link Moc}; a position is on it only if one of the
 * cells around the position is among them. A place is a cell of the finest order, so that whatever is near lies in few
 * ranges of numbers.
 */
public final class SkyCells {

    /** The finest order that pictures are covered with: cells 0.8 arcseconds wide. */
    static final int FINEST = 18;

    /** A cell of the fitting order is about this part of the radius wide: a picture has about ten. */
    private static final double FITTING = 0.9;

    private SkyCells() {}

    /** A range of places, both ends included: one HEALPix cell, or several of the same size side by side. */
    public record Range(long first, long last) {

        /** Its cells, if it is more than one, or the quarters of its cell; none of a single place. */
        public List<Range> parts() {
            int order = order();
            if (sizeOf(order) == last - first + 1) {
                order++;
            }
            List<Range> parts = new ArrayList<>();
            for (long at = first; order <= Healpix.MAX_ORDER && at <= last; at += sizeOf(order)) {
                parts.add(new Range(at, at + sizeOf(order) - 1));
            }
            return parts;
        }

        /** How far from a position its places are at least, in degrees. */
        public double distanceDeg(SkyPosition position) {
            int order = order();
            double least = 180;
            for (long at = first; at <= last; at += sizeOf(order)) {
                least = Math.min(least, SkyCells.distanceDeg(order, at / sizeOf(order), position));
            }
            return Math.max(0, least);
        }

        /** Of the largest cells it consists of. */
        private int order() {
            int order = 0;
            while (first % sizeOf(order) != 0 || (last + 1) % sizeOf(order) != 0) {
                order++;
            }
            return order;
        }

        /** Places of the cells of an order. */
        private static long sizeOf(int order) {
            return 1L << 2 * (Healpix.MAX_ORDER - order);
        }
    }

    /** The UNIQ numbers of the cells that cover a picture. */
    public static long[] of(Wcs wcs) {
        return Moc.of(wcs, fittingOrder(Footprint.of(wcs).radiusDeg() * FITTING, FINEST))
                .uniq();
    }

    /** The finest order whose cells are at least so wide. */
    private static int fittingOrder(double widthDeg, int finest) {
        int order = 0;
        while (order < finest && cellWidthDeg(order + 1) >= widthDeg) {
            order++;
        }
        return order;
    }

    private static double cellWidthDeg(int order) {
        return Math.toDegrees(Math.sqrt(Math.PI / 3)) / (1 << order);
    }

    /** The UNIQ numbers of the cells of every order around a position, as far as pictures may have them. */
    public static long[] around(SkyPosition position) {
        long place = place(position);
        long[] cells = new long[FINEST + 1];
        for (int order = 0; order <= FINEST; order++) {
            cells[order] = (4L << 2 * order) + (place >> 2 * (Healpix.MAX_ORDER - order));
        }
        return cells;
    }

    /** The number of a place: NESTED, of the finest order. */
    public static long place(SkyPosition position) {
        double[] v = position.unitVector();
        Healpix healpix = Healpix.ofOrder(Healpix.MAX_ORDER);
        return healpix.nested(healpix.cell(v[0], v[1], v[2]));
    }

    /** Where a place is, to half a milliarcsecond. */
    public static SkyPosition position(long place) {
        Healpix healpix = Healpix.ofOrder(Healpix.MAX_ORDER);
        double[] v = healpix.point(healpix.ofNested(place), 0.5, 0.5);
        return SkyPosition.ofVector(v[0], v[1], v[2]);
    }

    /**
     * Ranges that hold every place within a distance of a position, and some beyond; rising, about ten of them.
     *
     * @param radiusDeg the distance in degrees, 0 to 180
     */
    public static List<Range> near(SkyPosition position, double radiusDeg) {
        List<Range> ranges = new ArrayList<>();
        int order = fittingOrder(Math.max(radiusDeg, 1e-6), Healpix.MAX_ORDER);
        for (long base = 0; base < 12; base++) {
            add(ranges, 0, base, position, radiusDeg, order);
        }
        return ranges;
    }

    private static void add(
            List<Range> ranges, int order, long nested, SkyPosition position, double radiusDeg, int finest) {
        if (distanceDeg(order, nested, position) > radiusDeg) {
            return;
        }
        if (order < finest) {
            for (long child = 4 * nested; child < 4 * nested + 4; child++) {
                add(ranges, order + 1, child, position, radiusDeg, finest);
            }
            return;
        }
        int shift = 2 * (Healpix.MAX_ORDER - order);
        long first = nested << shift;
        long last = (nested + 1 << shift) - 1;
        int end = ranges.size() - 1;
        if (end >= 0 && ranges.get(end).last + 1 == first) {
            ranges.set(end, new Range(ranges.get(end).first, last));
        } else {
            ranges.add(new Range(first, last));
        }
    }

    /** How far from a position all of a cell is at least, in degrees; negative where it may be within. */
    private static double distanceDeg(int order, long nested, SkyPosition position) {
        Healpix healpix = Healpix.ofOrder(order);
        long cell = healpix.ofNested(nested);
        double[] c = healpix.point(cell, 0.5, 0.5);
        double reach = Math.toDegrees(2 * Math.asin(Math.min(1, healpix.radius(cell, c) / 2)));
        return SkyPosition.ofVector(c[0], c[1], c[2]).separationDeg(position) - reach;
    }
}
