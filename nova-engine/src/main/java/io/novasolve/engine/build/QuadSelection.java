package io.novasolve.engine.build;

import io.novasolve.engine.index.QuadCode;
import io.novasolve.sky.region.Healpix;
import java.util.Arrays;

/**
 * Chooses the quads of an index: in each of several passes one quad of the brightest stars for every cell of the sky, its
 * centre in the cell, its outer stars at a distance within the range, its inner stars in the circle they span, and no star
 * in too many quads (Lang et al. 2010, §2.2).
 */
final class QuadSelection {

    private static final double PACKING = 0xFFFFFFFFL / 2.0;

    private final IndexRecipe recipe;
    private final Healpix cells;
    private final PackedTree tree;
    private final int[] rank;
    private final double minChord;
    private final double maxChord;
    private final boolean[] exhausted;
    private final short[] newestTried;
    private final int[] lastQuadOfCell;
    private final int[] used;
    private final int[] hits;
    private final QuadList quads;

    // The stars around the cell at work, brightest first.
    private int count;
    private int[] near = new int[64];
    private double[][] at = new double[64][];
    private int[] pairs = new int[256];
    private int pairCount;
    private final int[] members;

    /** @param rank of the star at each position of the tree: 0 is the first that was chosen */
    QuadSelection(IndexRecipe recipe, Healpix cells, PackedTree tree, int[] rank) {
        this.recipe = recipe;
        this.cells = cells;
        this.tree = tree;
        this.rank = rank;
        minChord = chord(recipe.minAbArcmin());
        maxChord = chord(recipe.maxAbArcmin());
        exhausted = new boolean[Math.toIntExact(cells.cells())];
        newestTried = new short[Math.toIntExact(cells.cells())];
        lastQuadOfCell = new int[Math.toIntExact(cells.cells())];
        Arrays.fill(lastQuadOfCell, -1);
        used = new int[tree.size()];
        hits = new int[tree.size()];
        quads = new QuadList(recipe.starsPerQuad());
        members = new int[recipe.starsPerQuad()];
    }

    private static double chord(double arcmin) {
        return 2 * Math.sin(Math.toRadians(arcmin / 60) / 2);
    }

    QuadList choose() throws InterruptedException {
        for (int pass = 0; pass < recipe.quadsPerCell(); pass++) {
            for (int cell = 0; cell < exhausted.length; cell++) {
                if (!exhausted[cell] && !addQuad(cell)) {
                    exhausted[cell] = true;
                }
                if ((cell & 0xFF) == 0 && Thread.interrupted()) {
                    throw new InterruptedException("building the index was interrupted");
                }
            }
        }
        return quads;
    }

    private boolean addQuad(int cell) {
        gather(cell);
        pairCount = 0;
        int start = newestTried[cell];
        for (int newest = 1; newest < count; newest++) {
            boolean tried = newest < start;
            if (!tried && isFree(newest) && (asInner(cell, newest) || asOuter(cell, newest))) {
                newestTried[cell] = (short) newest;
                return true;
            }
            addPairs(cell, newest);
        }
        return false;
    }

    private void gather(int cell) {
        double[] centre = cells.point(cell, 0.5, 0.5);
        double reach = cells.radius(cell, centre) + maxChord / 2 * 1.01;
        double[] query = new double[3];
        Arrays.setAll(query, d -> (centre[d] + 1) * PACKING);
        int found = tree.search(query, reach * PACKING, hits);
        long[] order = new long[found];
        for (int i = 0; i < found; i++) {
            order[i] = (long) rank[hits[i]] << 32 | hits[i];
        }
        Arrays.sort(order);
        count = Math.min(found, Short.MAX_VALUE);
        if (near.length < count) {
            near = new int[2 * count];
            at = new double[2 * count][];
        }
        for (int i = 0; i < count; i++) {
            near[i] = (int) order[i];
            at[i] = vector(near[i]);
        }
    }

    private double[] vector(int position) {
        double[] v = new double[3];
        for (int d = 0; d < 3; d++) {
            v[d] = (tree.raw()[3 * position + d] & 0xFFFFFFFFL) / PACKING - 1;
        }
        return v;
    }

    private boolean isFree(int star) {
        return used[near[star]] < recipe.maxReuse();
    }

    private void addPairs(int cell, int newest) {
        for (int a = 0; a < newest; a++) {
            if (isPair(cell, a, newest)) {
                if (2 * pairCount + 2 > pairs.length) {
                    pairs = Arrays.copyOf(pairs, 2 * pairs.length);
                }
                pairs[2 * pairCount] = a;
                pairs[2 * pairCount++ + 1] = newest;
            }
        }
    }

    private boolean isPair(int cell, int a, int b) {
        double[] p = at[a];
        double[] q = at[b];
        double d2 = square(p[0] - q[0]) + square(p[1] - q[1]) + square(p[2] - q[2]);
        return d2 >= minChord * minChord
                && d2 <= maxChord * maxChord
                && cells.cell(p[0] + q[0], p[1] + q[1], p[2] + q[2]) == cell;
    }

    private static double square(double v) {
        return v * v;
    }

    /** Quads in which the newest star is an inner one. */
    private boolean asInner(int cell, int newest) {
        for (int i = 0; i < pairCount; i++) {
            int a = pairs[2 * i];
            int b = pairs[2 * i + 1];
            if (isFree(a) && isFree(b) && isInside(a, b, newest)) {
                members[0] = a;
                members[1] = b;
                members[2] = newest;
                if (fill(cell, 3, newest)) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Quads in which the newest star is an outer one. */
    private boolean asOuter(int cell, int newest) {
        for (int a = 0; a < newest; a++) {
            if (isFree(a) && isPair(cell, a, newest)) {
                members[0] = a;
                members[1] = newest;
                if (fill(cell, 2, newest)) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Adds inner stars from among the brighter ones until the quad is full and new. */
    private boolean fill(int cell, int slot, int limit) {
        if (slot == members.length) {
            return accept(cell);
        }
        for (int star = 0; star < limit; star++) {
            if (star != members[0] && star != members[1] && isFree(star) && isInside(members[0], members[1], star)) {
                members[slot] = star;
                if (fill(cell, slot + 1, star)) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Whether a star is in the circle of which A and B are a diameter: it sees them at a right angle or more (Thales). */
    private boolean isInside(int a, int b, int star) {
        double[] p = at[a];
        double[] q = at[b];
        double[] s = at[star];
        return (p[0] - s[0]) * (q[0] - s[0]) + (p[1] - s[1]) * (q[1] - s[1]) + (p[2] - s[2]) * (q[2] - s[2]) <= 0;
    }

    private boolean accept(int cell) {
        int[] stars = new int[members.length];
        double[][] vectors = new double[members.length][];
        for (int i = 0; i < stars.length; i++) {
            stars[i] = near[members[i]];
            vectors[i] = at[members[i]];
        }
        double[] code = QuadCode.of(vectors);
        toNormalOrder(stars, code);
        if (quads.contains(stars, lastQuadOfCell[cell])) {
            return false;
        }
        lastQuadOfCell[cell] = quads.add(stars, code, lastQuadOfCell[cell]);
        for (int star : stars) {
            used[star]++;
        }
        return true;
    }

    /** Of the equivalent orders the one in which the inner stars lean to A and their x ascend. */
    private static void toNormalOrder(int[] stars, double[] code) {
        double sum = 0;
        for (int i = 0; i < code.length; i += 2) {
            sum += code[i];
        }
        if (sum > code.length / 2 * 0.5) {
            int a = stars[0];
            stars[0] = stars[1];
            stars[1] = a;
            Arrays.setAll(code, i -> 1 - code[i]);
        }
        for (int i = 2; i < code.length; i += 2) {
            for (int j = i; j > 0 && code[j] < code[j - 2]; j -= 2) {
                swap(code, j, j - 2);
                swap(code, j + 1, j - 1);
                int star = stars[2 + j / 2];
                stars[2 + j / 2] = stars[1 + j / 2];
                stars[1 + j / 2] = star;
            }
        }
    }

    private static void swap(double[] values, int i, int j) {
        double t = values[i];
        values[i] = values[j];
        values[j] = t;
    }
}
