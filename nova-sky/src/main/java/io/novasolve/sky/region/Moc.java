package io.novasolve.sky.region;

import io.novasolve.sky.PixelPosition;
import io.novasolve.sky.SkyPosition;
import io.novasolve.sky.internal.FitsWriting;
import io.novasolve.sky.wcs.Wcs;
import java.awt.geom.Path2D;
import java.util.Arrays;
import java.util.Optional;

/**
 * A multi-order coverage map: a region of the sky as HEALPix cells of many sizes, ICRS (IVOA Recommendation MOC 2.0, 2022).
 * Immutable.
 *
 * <p>Cells are packed as the standard's UNIQ numbers, 4 · 4<sup>order</sup> + nested number.
 */
public final class Moc {

    /** Cells along the shorter side of a picture, at least, unless the finest order or the other limit comes first. */
    private static final int RESOLUTION = 64;

    /** About as many cells along the longer side: a strip would have hundreds of thousands otherwise. */
    private static final int MAX_LENGTH = 256;

    /** Below this order a cell's edges are no quadrilateral in the picture's plane, so it is always divided. */
    private static final int SMALLEST_PLANE_ORDER = 3;

    private static final int POINTS_PER_EDGE = 4;

    private final int order;
    private final long[] cells;

    private Moc(int order, long[] cells) {
        this.order = order;
        this.cells = cells;
    }

    /** The region of a picture: every cell of it touches the picture, and the picture lies within them. */
    public static Moc of(Wcs wcs) {
        double shorter = Math.min(wcs.fieldWidthDeg(), wcs.fieldHeightDeg());
        double longer = Math.max(wcs.fieldWidthDeg(), wcs.fieldHeightDeg());
        double wanted = Math.max(shorter / RESOLUTION, longer / MAX_LENGTH);
        int order = 0;
        while (order < Healpix.MAX_ORDER && cellWidthDeg(order) > wanted) {
            order++;
        }
        return of(wcs, order);
    }

    /** The same to a given finest order, 0…29. */
    public static Moc of(Wcs wcs, int order) {
        Cover cover = new Cover(wcs, order);
        for (long base = 0; base < 12; base++) {
            cover.add(0, base);
        }
        long[] cells = Arrays.copyOf(cover.found, cover.count);
        Arrays.sort(cells);
        return new Moc(order, cells);
    }

    private static double cellWidthDeg(int order) {
        return Math.toDegrees(Math.sqrt(Math.PI / 3)) / (1 << order);
    }

    /** The order of the smallest cells. */
    public int order() {
        return order;
    }

    /** The UNIQ numbers of the cells, rising. */
    public long[] uniq() {
        return cells.clone();
    }

    /** Whether a position is in one of the cells. */
    public boolean contains(SkyPosition position) {
        double[] v = position.unitVector();
        Healpix finest = Healpix.ofOrder(order);
        long nested = finest.nested(finest.cell(v[0], v[1], v[2]));
        for (int o = order; o >= 0; o--) {
            if (Arrays.binarySearch(cells, (4L << 2 * o) + (nested >> 2 * (order - o))) >= 0) {
                return true;
            }
        }
        return false;
    }

    /** The part of the sphere that the cells cover, in square degrees. */
    public double areaSquareDegrees() {
        double area = 0;
        for (long uniq : cells) {
            int o = (61 - Long.numberOfLeadingZeros(uniq)) / 2;
            area += 4 * Math.PI / (12.0 * (1L << 2 * o));
        }
        return area * Math.toDegrees(1) * Math.toDegrees(1);
    }

    /** A FITS file in NUNIQ ordering, as Aladin, mocpy and the virtual observatory read it. */
    public byte[] toFits() {
        FitsWriting.Columns columns = new FitsWriting.Columns().add("UNIQ", "", cells);
        return FitsWriting.table(columns, header -> {
            header.addValue("PIXTYPE", "HEALPIX", "HEALPix magic code");
            header.addValue("ORDERING", "NUNIQ", "coding of the cells");
            header.addValue("COORDSYS", "C", "ICRS");
            header.addValue("MOCVERS", "2.0", "MOC version");
            header.addValue("MOCDIM", "SPACE", "a region of the sky");
            header.addValue("MOCORDER", order, "order of the smallest cells");
            header.addValue("MOCORD_S", order, "the same");
            header.addValue("MOCTOOL", "nova", "who made it");
        });
    }

    @Override
    public boolean equals(Object o) {
        return o instanceof Moc other && order == other.order && Arrays.equals(cells, other.cells);
    }

    @Override
    public int hashCode() {
        return 31 * order + Arrays.hashCode(cells);
    }

    @Override
    public String toString() {
        return "Moc[" + cells.length + " cells to order " + order + "]";
    }

    /** The descent from the base pixels: a cell is left out, taken whole, or divided. */
    private static final class Cover {
        private final Wcs wcs;
        private final int finest;
        private final SkyPosition centre;
        private final double radiusDeg;
        private long[] found = new long[64];
        private int count;

        Cover(Wcs wcs, int finest) {
            this.wcs = wcs;
            this.finest = finest;
            Footprint footprint = Footprint.of(wcs);
            this.centre = footprint.centre();
            this.radiusDeg = footprint.radiusDeg();
        }

        void add(int order, long nested) {
            Healpix healpix = Healpix.ofOrder(order);
            long cell = healpix.ofNested(nested);
            double[] c = healpix.point(cell, 0.5, 0.5);
            double chord = healpix.radius(cell, c);
            double reach = Math.toDegrees(2 * Math.asin(Math.min(1, chord / 2)));
            if (SkyPosition.ofVector(c[0], c[1], c[2]).separationDeg(centre) > radiusDeg + reach) {
                return;
            }
            Optional<Path2D> outline = order < SMALLEST_PLANE_ORDER ? Optional.empty() : outline(healpix, cell);
            if (outline.isPresent()) {
                Path2D o = outline.get();
                // Edges bulge a little between the points: grown by that, a touched cell is never missed.
                double margin = 1e-3
                        * Math.max(o.getBounds2D().getWidth(), o.getBounds2D().getHeight());
                double w = wcs.width();
                double h = wcs.height();
                if (!o.intersects(0.5 - margin, 0.5 - margin, w + 2 * margin, h + 2 * margin)) {
                    return;
                }
                if (order == finest || isInside(o)) {
                    take(order, nested);
                    return;
                }
            } else if (order == finest) {
                take(order, nested);
                return;
            }
            for (long child = 4 * nested; child < 4 * nested + 4; child++) {
                add(order + 1, child);
            }
        }

        private boolean isInside(Path2D outline) {
            var b = outline.getBounds2D();
            return b.getMinX() >= 0.5
                    && b.getMinY() >= 0.5
                    && b.getMaxX() <= wcs.width() + 0.5
                    && b.getMaxY() <= wcs.height() + 0.5;
        }

        private void take(int order, long nested) {
            if (count == found.length) {
                found = Arrays.copyOf(found, 2 * count);
            }
            found[count++] = (4L << 2 * order) + nested;
        }

        /** A cell's edge in pixels; empty if a part of it has no image. */
        private Optional<Path2D> outline(Healpix healpix, long cell) {
            Path2D path = new Path2D.Double();
            for (int i = 0; i < 4 * POINTS_PER_EDGE; i++) {
                double t = (double) (i % POINTS_PER_EDGE) / POINTS_PER_EDGE;
                double[] p =
                        switch (i / POINTS_PER_EDGE) {
                            case 0 -> healpix.point(cell, t, 0);
                            case 1 -> healpix.point(cell, 1, t);
                            case 2 -> healpix.point(cell, 1 - t, 1);
                            default -> healpix.point(cell, 0, 1 - t);
                        };
                Optional<PixelPosition> pixel = wcs.skyToPixel(SkyPosition.ofVector(p[0], p[1], p[2]));
                if (pixel.isEmpty()) {
                    return Optional.empty();
                }
                if (i == 0) {
                    path.moveTo(pixel.get().x(), pixel.get().y());
                } else {
                    path.lineTo(pixel.get().x(), pixel.get().y());
                }
            }
            path.closePath();
            return Optional.of(path);
        }
    }
}
