package io.novasolve.engine;

import io.novasolve.engine.SolveResult.Reason;
import io.novasolve.engine.SolveResult.Solved;
import io.novasolve.engine.SolveResult.Unsolved;
import io.novasolve.engine.index.Index;
import io.novasolve.engine.index.IndexFormatException;
import io.novasolve.engine.index.IndexLibrary;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;

/**
 * Finds out where a picture of the sky points from the stars on it, by the method of Lang et al. 2010 (AJ 139, 1782):
 * quads of stars are looked up by their shape in indexes of the sky, and what agrees is put to a Bayesian test.
 *
 * <p>One instance serves any number of solves and threads, and gets a little faster with use since it keeps what it
 * derives from the indexes. The same request gives the same solution, whatever the number of threads.
 */
public final class PlateSolver {

    /** Field stars that must agree besides those of a quad. */
    private static final int MIN_STARS = 8;

    private final IndexLibrary library;
    private final Executor helpers;
    private final int threads;
    private final Map<Index, IndexAids> aids;

    private PlateSolver(IndexLibrary library, Executor helpers, int threads, Map<Index, IndexAids> aids) {
        this.library = library;
        this.helpers = helpers;
        this.threads = threads;
        this.aids = aids;
    }

    /** A solver that works on the calling thread only. */
    public static PlateSolver of(IndexLibrary library) {
        return new PlateSolver(library, task -> {}, 1, new ConcurrentHashMap<>());
    }

    /**
     * The same solver with help for long searches.
     *
     * @param executor runs the helpers; one that is busy or refuses only makes the search slower
     * @param count threads of one search, the calling one included
     */
    public PlateSolver withThreads(Executor executor, int count) {
        if (count < 1) {
            throw new IllegalArgumentException("a search needs a thread, but is to have " + count);
        }
        return new PlateSolver(library, executor, count, aids);
    }

    /** The indexes it looks in. */
    public IndexLibrary library() {
        return library;
    }

    /**
     * Solves a star list; returns when it is solved, the quads are exhausted, or the control says so.
     *
     * @throws IndexFormatException if an index turns out to be damaged where opening it did not look, or its file was cut
     *     short since
     */
    public SolveResult solve(SolveRequest request, SearchControl control) throws IndexFormatException {
        Field field = new Field(request.stars());
        Settings settings = Settings.of(request);
        List<IndexAids> candidates = candidates(request, field);
        Search search = new Search(field, settings, candidates, control);
        if (field.size < MIN_STARS) {
            return new Unsolved(Reason.TOO_FEW_STARS, search.progress());
        }
        if (candidates.isEmpty()) {
            return new Unsolved(Reason.NO_INDEX, search.progress());
        }
        try {
            search.run(helpers, threads);
        } catch (DamagedIndexException e) {
            throw e.toFormatException();
        }
        Judge.Verdict verdict = search.verdict();
        return verdict != null
                ? new Solved(verdict.solution(), verdict.centreError(), search.progress())
                : new Unsolved(search.reason(), search.progress());
    }

    /** The indexes that can match, the more selective four- and five-star ones first. */
    private List<IndexAids> candidates(SolveRequest request, Field field) {
        double smallest = 0.1 * Math.min(field.width, field.height) * request.minScaleArcsec() / 3600;
        double largest = 2 * field.halfDiagonal * request.maxScaleArcsec() / 3600;
        return library.select(smallest, largest, request.centre(), request.radiusDeg()).stream()
                .sorted(Comparator.comparingInt(Index::quadSize).reversed())
                .map(index -> aids.computeIfAbsent(index, IndexAids::new))
                .toList();
    }
}
