package io.novasolve.engine;

import io.novasolve.engine.index.Index;
import io.novasolve.engine.index.KdTree;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What the search derives from an index while it runs and keeps for later solves: a grid of its stars, the patches of the
 * sky its quads lie in, and for each quad that was touched the brightest catalogue stars around it, in the quad's own frame. Safe for threads: a quad's neighbours
 * are one long that is the same whoever computes it.
 */
final class IndexAids {

    /** Half-width of the map in units of AB, and its cells per AB. */
    static final int MAP_SIDE = 128;

    static final int CELLS_PER_AB = 64;

    private static final int NEIGHBOURS = 4;
    private static final long FILLED = 1L << 63;
    private static final long NOWHERE = (1 << 14) - 1;
    private static final double REACH = 0.75;
    private static final int LARGEST_GRID = 500_000;

    final Index index;
    private final AtomicLongArray neighbours;
    private volatile @Nullable StarGrid grid;
    private volatile @Nullable CodeGrid codeGrid;
    private volatile @Nullable QuadPatches patches;

    IndexAids(Index index) {
        this.index = index;
        neighbours = new AtomicLongArray(index.quadSize() == 3 ? index.quadCount() : 0);
    }

    boolean hasNeighbours() {
        return neighbours.length() > 0;
    }

    /** The squared chord from a direction to the nearest star of the index, at least {@code limit2} if none is near. */
    double nearestStar(double x, double y, double z, double limit2, Scratch scratch) {
        if (index.starCount() <= LARGEST_GRID) {
            return grid().nearest(x, y, z, limit2);
        }
        scratch.direction[0] = x;
        scratch.direction[1] = y;
        scratch.direction[2] = z;
        KdTree.Hits hits = scratch.starHits;
        index.stars().search(scratch.direction, Math.sqrt(limit2), hits);
        double best = limit2;
        for (int i = 0; i < hits.count(); i++) {
            double d = hits.distance(i);
            best = Math.min(best, d * d);
        }
        return best;
    }

    /** Finds the quads whose code is within a distance of the one in {@code scratch.code}. */
    void searchCodes(double radius, Scratch scratch) {
        if (index.quadSize() == 3) {
            codeGrid().search(scratch.code, radius, scratch.codeHits);
            return;
        }
        KdTree.Hits found = scratch.treeHits;
        index.codes().search(scratch.code, radius, found);
        scratch.codeHits.count = 0;
        for (int i = 0; i < found.count(); i++) {
            double d = found.distance(i);
            scratch.codeHits.add(index.quadAt(found.position(i)), d * d);
        }
    }

    /** The patches of the quads. Several searches may make them at once rather than wait for one that may be in no hurry. */
    QuadPatches patches(BooleanSupplier stopped) {
        QuadPatches p = patches;
        if (p == null) {
            p = new QuadPatches(index, stopped);
            if (p.isComplete()) {
                patches = p;
            }
        }
        return p;
    }

    private CodeGrid codeGrid() {
        CodeGrid g = codeGrid;
        if (g == null) {
            synchronized (this) {
                g = codeGrid;
                if (g == null) {
                    g = new CodeGrid(index);
                    codeGrid = g;
                }
            }
        }
        return g;
    }

    private StarGrid grid() {
        StarGrid g = grid;
        if (g == null) {
            synchronized (this) {
                g = grid;
                if (g == null) {
                    g = new StarGrid(index);
                    grid = g;
                }
            }
        }
        return g;
    }

    /** How many of a quad's neighbours fall on marked cells of a map drawn in the frame of the picture's A and B. */
    int countNeighbours(int quad, boolean swapped, boolean mirrored, long[] map, Scratch scratch) {
        long packed = neighbours.getOpaque(quad);
        if (packed == 0) {
            packed = findNeighbours(quad, scratch);
            neighbours.setOpaque(quad, packed);
        }
        int found = 0;
        for (int k = 0; k < NEIGHBOURS; k++) {
            long cell = packed >>> (14 * k) & NOWHERE;
            if (cell != NOWHERE) {
                int u = (int) (cell >>> 7);
                int v = (int) (cell & 127);
                u = swapped ? MAP_SIDE - 1 - u : u;
                v = swapped != mirrored ? MAP_SIDE - 1 - v : v;
                found += (int) (map[2 * u + (v >>> 6)] >>> (v & 63) & 1);
            }
        }
        return found;
    }

    private long findNeighbours(int quad, Scratch scratch) {
        double[] a = new double[3];
        double[] b = new double[3];
        int starA = index.quadStar(quad, 0);
        int starB = index.quadStar(quad, 1);
        int starC = index.quadStar(quad, 2);
        index.star(starA, a);
        index.star(starB, b);
        QuadFrame frame = QuadFrame.onSky(a, b);
        KdTree.Hits hits = scratch.starHits;
        index.stars().search(frame.middle(), REACH * frame.chord(), hits);
        long[] best = new long[NEIGHBOURS];
        Arrays.fill(best, Long.MAX_VALUE);
        double[] s = new double[3];
        double[] uv = new double[2];
        for (int i = 0; i < hits.count(); i++) {
            int star = index.starAt(hits.position(i));
            if (star == starA || star == starB || star == starC) {
                continue;
            }
            // Ordered by brightness, then number; the cell rides along.
            long key = (long) index.sweep(star) << 32 | star;
            if (key < best[NEIGHBOURS - 1]) {
                best[NEIGHBOURS - 1] = key;
                Arrays.sort(best);
            }
        }
        long packed = FILLED;
        for (int k = 0; k < NEIGHBOURS; k++) {
            long cell = NOWHERE;
            if (best[k] != Long.MAX_VALUE) {
                index.star((int) best[k], s);
                frame.project(s[0], s[1], s[2], uv);
                int u = (int) Math.floor((uv[0] + 0.5) * CELLS_PER_AB);
                int v = (int) Math.floor((uv[1] + 1) * CELLS_PER_AB);
                if (u >= 0 && v >= 0 && u < MAP_SIDE && v < MAP_SIDE && !(u == 127 && v == 127)) {
                    cell = (long) u << 7 | v;
                }
            }
            packed |= cell << (14 * k);
        }
        return packed;
    }
}
