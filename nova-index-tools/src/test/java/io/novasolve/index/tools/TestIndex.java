package io.novasolve.index.tools;

import io.novasolve.engine.build.IndexBuilder;
import io.novasolve.engine.build.IndexRecipe;
import io.novasolve.engine.build.StarTable;
import java.nio.file.Path;
import java.util.SplittableRandom;

/** A small sound index. */
final class TestIndex {

    private TestIndex() {}

    static Path write(Path file, int scale) throws Exception {
        SplittableRandom random = new SplittableRandom(1);
        int size = 2000;
        double[] ra = random.doubles(size, 0, 360).toArray();
        double[] dec = random.doubles(size, -1, 1)
                .map(z -> Math.toDegrees(Math.asin(z)))
                .toArray();
        double[] mag = random.doubles(size, 1, 9).toArray();
        new IndexBuilder(IndexRecipe.preset(scale)).build(StarTable.of(ra, dec, mag), file);
        return file;
    }
}
