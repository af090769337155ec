package io.novasolve.engine.build;

import io.novasolve.sky.region.Healpix;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Makes an index file out of a star table, in the format of astrometry.net, so that this engine and the original one solve
 * with it. The method is that of Lang et al. 2010, AJ 139, 1782, §2.2.
 */
public final class IndexBuilder {

    private static final double PACKING = 0xFFFFFFFFL / 2.0;

    private final IndexRecipe recipe;

    public IndexBuilder(IndexRecipe recipe) {
        this.recipe = recipe;
    }

    /**
     * What was made.
     *
     * @param file where it is
     * @param stars number of stars
     * @param quads number of quads
     * @param bytes size of the file
     */
    public record Summary(Path file, int stars, int quads, long bytes) {}

    /**
     * Builds and writes an index; the file appears under its name when it is complete. Takes about a minute for every
     * million quads, and some 200 bytes of memory for every star and quad.
     *
     * @throws IllegalArgumentException if the stars do not suffice for a single quad
     * @throws IOException if the file cannot be written
     * @throws InterruptedException if the thread was interrupted; nothing is left behind
     */
    public Summary build(StarTable table, Path file) throws IOException, InterruptedException {
        Healpix cells = new Healpix(recipe.cellsPerSide());
        int[] chosen = new StarSelection(table, recipe, cells).choose();
        PackedTree stars = starTree(table, chosen);
        int[] rank = new int[chosen.length];
        Arrays.setAll(rank, stars::item);
        QuadList quads = new QuadSelection(recipe, cells, stars, rank).choose();
        if (quads.count() == 0) {
            throw new IllegalArgumentException("the " + chosen.length + " stars chosen of " + table.size()
                    + " make no quad of " + recipe.minAbArcmin() + " to " + recipe.maxAbArcmin()
                    + " arcminutes: they are too few or too far apart for this scale");
        }
        PackedTree codes = new PackedTree(quads.packedCodes(), 2 * (recipe.starsPerQuad() - 2));
        float[] magnitudes = new float[chosen.length];
        for (int star = 0; star < magnitudes.length; star++) {
            magnitudes[star] = table.magnitude(chosen[rank[star]]);
        }
        long bytes = new IndexFileWriter(recipe, stars, rank, magnitudes, quads, codes).write(file);
        return new Summary(file, chosen.length, quads.count(), bytes);
    }

    private static PackedTree starTree(StarTable table, int[] chosen) {
        int[] raw = new int[3 * chosen.length];
        for (int i = 0; i < chosen.length; i++) {
            for (int d = 0; d < 3; d++) {
                raw[3 * i + d] = (int) Math.round((table.coordinate(chosen[i], d) + 1) * PACKING);
            }
        }
        return new PackedTree(raw, 3);
    }
}
