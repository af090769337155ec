package io.novasolve.engine.build;

import io.novasolve.sky.region.Healpix;
import java.util.Arrays;

/**
 * Chooses the stars of an index so that no part of the sky is short of them: the brightest of every cell, then the second
 * brightest of every cell, and so on (Lang et al. 2010, §2.2).
 */
final class StarSelection {

    /** Stars are sorted by height above the equator in steps of 0.0002″. */
    private static final double HEIGHT_STEP = 0x1p-30;

    private final StarTable table;
    private final IndexRecipe recipe;
    private final Healpix cells;

    StarSelection(StarTable table, IndexRecipe recipe, Healpix cells) {
        this.table = table;
        this.recipe = recipe;
        this.cells = cells;
    }

    /** The rows of the table that are kept, in the order in which they were chosen. */
    int[] choose() {
        int[] bright = brightestFirst();
        boolean[] doubles = new boolean[table.size()];
        if (recipe.dedupArcsec() > 0) {
            markDoubles(bright, doubles);
        }
        int[] inCell = new int[Math.toIntExact(cells.cells())];
        int[] rank = new int[table.size()];
        int[] perRank = new int[recipe.starsPerCell() + 1];
        for (int star : bright) {
            int cell =
                    (int) cells.cell(table.coordinate(star, 0), table.coordinate(star, 1), table.coordinate(star, 2));
            boolean kept = !doubles[star] && inCell[cell] < recipe.starsPerCell();
            rank[star] = kept ? inCell[cell]++ : -1;
            if (kept) {
                perRank[rank[star] + 1]++;
            }
        }
        for (int r = 0; r < recipe.starsPerCell(); r++) {
            perRank[r + 1] += perRank[r];
        }
        int[] chosen = new int[perRank[recipe.starsPerCell()]];
        for (int star : bright) {
            if (rank[star] >= 0) {
                chosen[perRank[rank[star]]++] = star;
            }
        }
        return chosen;
    }

    private int[] brightestFirst() {
        long[] keys = new long[table.size()];
        for (int star = 0; star < keys.length; star++) {
            keys[star] = (long) ascending(table.magnitude(star)) << 32 | star;
        }
        Arrays.sort(keys);
        int[] order = new int[keys.length];
        Arrays.setAll(order, i -> (int) keys[i]);
        return order;
    }

    /** An integer that grows with the number. */
    private static int ascending(float value) {
        int bits = Float.floatToIntBits(value);
        return bits < 0 ? bits ^ Integer.MAX_VALUE : bits;
    }

    private int[] lowestFirst() {
        long[] keys = new long[table.size()];
        for (int star = 0; star < keys.length; star++) {
            keys[star] = (long) ((table.coordinate(star, 2) + 1) / HEIGHT_STEP) << 32 | star;
        }
        Arrays.sort(keys);
        int[] order = new int[keys.length];
        Arrays.setAll(order, i -> (int) keys[i]);
        return order;
    }

    /** Marks stars that have a brighter one, itself not marked, too close to them. */
    private void markDoubles(int[] bright, boolean[] doubles) {
        double limit = 2 * Math.sin(Math.toRadians(recipe.dedupArcsec() / 3600) / 2);
        int[] byHeight = lowestFirst();
        int[] place = new int[byHeight.length];
        for (int i = 0; i < place.length; i++) {
            place[byHeight[i]] = i;
        }
        boolean[] seen = new boolean[table.size()];
        for (int star : bright) {
            seen[star] = true;
            if (!doubles[star]) {
                markAround(star, place[star], 1, byHeight, limit, seen, doubles);
                markAround(star, place[star], -1, byHeight, limit, seen, doubles);
            }
        }
    }

    private void markAround(
            int star, int from, int step, int[] byHeight, double limit, boolean[] seen, boolean[] doubles) {
        for (int i = from + step; i >= 0 && i < byHeight.length; i += step) {
            int other = byHeight[i];
            double dz = table.coordinate(other, 2) - table.coordinate(star, 2);
            if (Math.abs(dz) > limit + 4 * HEIGHT_STEP) {
                return;
            }
            double dx = table.coordinate(other, 0) - table.coordinate(star, 0);
            double dy = table.coordinate(other, 1) - table.coordinate(star, 1);
            if (!seen[other] && dx * dx + dy * dy + dz * dz <= limit * limit) {
                doubles[other] = true;
            }
        }
    }
}
