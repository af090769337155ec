package io.novasolve.engine.build;

/**
 * What index to make.
 *
 * @param id number of the index family, written to the file; for people
 * @param minAbArcmin smallest distance of a quad's outer stars, in arcminutes
 * @param maxAbArcmin largest distance
 * @param starsPerQuad 3, 4 or 5: more stars make rarer false matches, and need more stars found in a picture
 * @param cellsPerSide HEALPix side of the cells in which stars and quads are chosen; the cells are 3518/side arcminutes
 *     wide, best about {@code minAbArcmin}
 * @param starsPerCell how many of the brightest stars of a cell are kept
 * @param quadsPerCell how many quads with their centre in a cell are sought
 * @param maxReuse in how many quads a star may be
 * @param dedupArcsec of two stars closer than this the fainter one is left out; 0 keeps all
 * @param jitterArcsec positional error of the catalogue
 */
public record IndexRecipe(
        int id,
        double minAbArcmin,
        double maxAbArcmin,
        int starsPerQuad,
        int cellsPerSide,
        int starsPerCell,
        int quadsPerCell,
        int maxReuse,
        double dedupArcsec,
        double jitterArcsec) {

    /** Lower bounds of the customary scales 00 to 19, in arcminutes; the last one is the upper bound of 19. */
    private static final double[] LADDER = {
        2, 2.8, 4, 5.6, 8, 11, 16, 22, 30, 42, 60, 85, 120, 170, 240, 340, 480, 680, 1000, 1400, 2000
    };

    /** Side of a HEALPix cell of side 1, in arcminutes. */
    private static final double BASE_CELL_ARCMIN = Math.toDegrees(Math.sqrt(Math.PI / 3)) * 60;

    private static final int FIRST_SCALE_OF_TRIANGLES = 11;

    /** @throws IllegalArgumentException if a value is out of range */
    public IndexRecipe {
        check(
                minAbArcmin >= 0.1 && maxAbArcmin > minAbArcmin && maxAbArcmin <= 90 * 60,
                "the scale must be 0.1 to 5400 arcminutes, the lower bound first");
        check(starsPerQuad >= 3 && starsPerQuad <= 5, "a quad has 3, 4 or 5 stars");
        check(cellsPerSide >= 1 && cellsPerSide <= 8192, "the HEALPix side must be 1 to 8192");
        check(starsPerCell >= 1 && starsPerCell <= 1000, "there must be 1 to 1000 stars per cell");
        check(quadsPerCell >= 1 && quadsPerCell <= 1000, "there must be 1 to 1000 quads per cell");
        check(maxReuse >= 1, "a star must be used at least once");
        check(dedupArcsec >= 0 && dedupArcsec <= 600, "stars can be told from doubles within 0 to 600 arcseconds");
        check(
                jitterArcsec > 0 && jitterArcsec < 3600,
                "the positional error must be above 0 and below 3600 arcseconds");
    }

    private static void check(boolean good, String rule) {
        if (!good) {
            throw new IllegalArgumentException(rule);
        }
    }

    /**
     * A recipe for quads within a range of sizes, the rest as usual: four stars below 85′ and three above, cells as wide
     * as the smallest quad, ten stars and sixteen quads a cell.
     *
     * @throws IllegalArgumentException if the bounds are out of range
     */
    public static IndexRecipe of(double minAbArcmin, double maxAbArcmin) {
        check(minAbArcmin >= 0.1, "the scale must be 0.1 to 5400 arcminutes, the lower bound first");
        int stars = minAbArcmin < LADDER[FIRST_SCALE_OF_TRIANGLES] ? 4 : 3;
        return new IndexRecipe(0, minAbArcmin, maxAbArcmin, stars, side(minAbArcmin), 10, 16, 8, 1, 1);
    }

    /**
     * One of the customary scales.
     *
     * @param scale 0 (2′–2.8′) to 19 (1400′–2000′)
     * @throws IllegalArgumentException if there is no such scale
     */
    public static IndexRecipe preset(int scale) {
        check(scale >= 0 && scale < LADDER.length - 1, "scales are 0 to 19");
        // The bounds are rounded steps of √2 from 2′; the cells follow the steps themselves.
        return of(LADDER[scale], LADDER[scale + 1]).withCellsPerSide(side(2 * Math.pow(2, scale / 2.0)));
    }

    private static int side(double cellArcmin) {
        return (int) Math.max(1, Math.ceil(BASE_CELL_ARCMIN / cellArcmin));
    }

    /** The same with another number. */
    public IndexRecipe withId(int number) {
        return new IndexRecipe(
                number,
                minAbArcmin,
                maxAbArcmin,
                starsPerQuad,
                cellsPerSide,
                starsPerCell,
                quadsPerCell,
                maxReuse,
                dedupArcsec,
                jitterArcsec);
    }

    /** The same with quads of 3, 4 or 5 stars. */
    public IndexRecipe withStarsPerQuad(int stars) {
        return new IndexRecipe(
                id,
                minAbArcmin,
                maxAbArcmin,
                stars,
                cellsPerSide,
                starsPerCell,
                quadsPerCell,
                maxReuse,
                dedupArcsec,
                jitterArcsec);
    }

    /** The same with another HEALPix side. */
    public IndexRecipe withCellsPerSide(int side) {
        return new IndexRecipe(
                id,
                minAbArcmin,
                maxAbArcmin,
                starsPerQuad,
                side,
                starsPerCell,
                quadsPerCell,
                maxReuse,
                dedupArcsec,
                jitterArcsec);
    }

    /** The same with other numbers of stars and quads in a cell, and of quads a star may be in. */
    public IndexRecipe withDensity(int stars, int quads, int reuse) {
        return new IndexRecipe(
                id,
                minAbArcmin,
                maxAbArcmin,
                starsPerQuad,
                cellsPerSide,
                stars,
                quads,
                reuse,
                dedupArcsec,
                jitterArcsec);
    }

    /** The same with another limit for doubles and another positional error, in arcseconds. */
    public IndexRecipe withPrecision(double dedup, double jitter) {
        return new IndexRecipe(
                id,
                minAbArcmin,
                maxAbArcmin,
                starsPerQuad,
                cellsPerSide,
                starsPerCell,
                quadsPerCell,
                maxReuse,
                dedup,
                jitter);
    }
}
