package io.novasolve.transport.local;

import io.novasolve.core.model.ScaleRange;
import io.novasolve.core.spi.SolveTask;
import io.novasolve.engine.index.Index;
import io.novasolve.engine.index.IndexLibrary;
import io.novasolve.index.tools.FieldOfView;
import io.novasolve.index.tools.IndexAdvice;
import io.novasolve.index.tools.IndexCatalog;
import io.novasolve.index.tools.IndexFolder;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** What the indexes at hand serve, and which would serve what they do not. */
final class IndexCoverage {

    /** Quads a little over half as wide as the field are still found on most pictures. */
    private static final double FIELD_PER_QUAD = 1.7;

    private static final double WIDEST_DEG = 150;

    private final IndexLibrary library;

    IndexCoverage(IndexLibrary library) {
        this.library = library;
    }

    /** To be put behind a sentence on an unsolved picture; empty if the indexes serve all fields it may show. */
    String advice(SolveTask task) {
        ScaleRange scale = task.options().scaleRange(task.stars().width());
        double servedDeg = FIELD_PER_QUAD * smallestQuadDeg();
        double narrowDeg = scale.low() * task.stars().width() / 3600;
        if (narrowDeg >= servedDeg) {
            return "";
        }
        double wideDeg = Math.max(narrowDeg, scale.high() * task.stars().width() / 3600);
        // Blind, any width below is possible: half of what is served stands for them.
        double example = Math.max(narrowDeg, Math.min(wideDeg, Math.min(WIDEST_DEG, servedDeg / 2)));
        FieldOfView field = new FieldOfView(
                example,
                Math.min(
                        WIDEST_DEG,
                        example * task.stars().height() / task.stars().width()));
        IndexAdvice advice = IndexAdvice.of(field, installed(), IndexCatalog.published());
        String served = library.indexes().isEmpty()
                ? "; there are no indexes"
                : String.format(Locale.ROOT, "; the indexes serve fields from about %.2g° of width", servedDeg);
        return served + "; if this one is narrower, add index files. " + advice.sentence();
    }

    private double smallestQuadDeg() {
        return library.indexes().stream()
                .mapToDouble(index -> Math.toDegrees(index.minAbRad()))
                .min()
                .orElse(WIDEST_DEG);
    }

    private Set<Integer> installed() {
        return library.indexes().stream()
                .map(IndexCoverage::entry)
                .collect(Collectors.collectingAndThen(Collectors.toList(), IndexFolder::scales));
    }

    private static IndexFolder.Entry entry(Index index) {
        return new IndexFolder.Entry(Path.of(index.name()), index, null);
    }
}
