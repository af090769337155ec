package io.novasolve.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import io.novasolve.engine.NativeLists.NativeList;
import io.novasolve.engine.SolveResult.Solved;
import io.novasolve.sky.solution.Solution;
import io.novasolve.sky.stars.StarList;
import io.novasolve.sky.wcs.Wcs;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Real star lists with Debian's indexes; skipped where either is absent. */
@Tag("once")
class NativeListsTest {

    /** Opened by the first test. */
    private static PlateSolver solver;

    private static List<NativeList> lists;

    @BeforeEach
    void open() throws IOException {
        var indexes = NativeLists.indexes();
        if (indexes.isEmpty()) {
            skip("there are no index files of astrometry.net in " + NativeLists.INDEX_FOLDER
                    + "; install the Debian packages astrometry-data-tycho2-07 … -19");
        }
        if (NativeLists.folder().isEmpty()) {
            skip("there is no folder shared/images/native beside the repository");
        }
        if (solver == null) {
            solver = PlateSolver.of(indexes.orElseThrow());
            lists = NativeLists.all();
        }
    }

    private static void skip(String why) {
        System.out.println("SKIPPED NativeListsTest: " + why);
        abort(why);
    }

    private static Optional<Solution> solve(PlateSolver with, SolveRequest request) throws IOException {
        return with.solve(request, SearchControl.within(System::nanoTime, 60_000_000_000L)) instanceof Solved s
                ? Optional.of(s.solution())
                : Optional.empty();
    }

    @Test
    void allAreSolvedWhereTheNativeEngineFoundThem() throws IOException {
        int near = 0;
        for (NativeList list : lists) {
            Optional<Solution> solution = solve(solver, list.request());
            assertThat(solution).as(list.name()).isPresent();
            Wcs ours = solution.get().wcs();
            Wcs truth = list.wcs();
            double looser = truth.fieldWidthDeg() > 12 ? 2 : 1;
            double off = ours.centre().separationDeg(truth.centre());
            double pixel = truth.pixelScaleArcsec() / 3600;
            assertThat(off).as("%s: centre", list.name()).isLessThan(looser * Math.max(pixel, 0.01));
            assertThat(ours.fieldWidthDeg() / truth.fieldWidthDeg())
                    .as("%s: scale", list.name())
                    .isBetween(1 - 0.005 * looser, 1 + 0.005 * looser);
            double turned = ours.orientationAtCentreDeg() - truth.orientationAtCentreDeg();
            assertThat(Math.abs(Math.IEEEremainder(turned, 360)))
                    .as("%s: rotation", list.name())
                    .isLessThan(0.3 * looser);
            assertThat(ours.parity()).as(list.name()).isEqualTo(truth.parity());
            near += off <= pixel * Math.max(0.5, solution.get().rmsPx()) ? 1 : 0;
        }
        assertThat(near).as("centres within 0.5 pixels or the RMS").isGreaterThanOrEqualTo(lists.size() * 8 / 10);
    }

    @Test
    void theAnswerDoesNotDependOnTheNumberOfThreads() throws IOException {
        ExecutorService helpers = Executors.newFixedThreadPool(2);
        try {
            PlateSolver three = solver.withThreads(helpers, 3);
            for (NativeList list : lists) {
                assertThat(solve(three, list.request())).as(list.name()).isEqualTo(solve(solver, list.request()));
            }
        } finally {
            helpers.shutdownNow();
        }
    }

    @Test
    void shuffledListsAreNotSolved() throws IOException {
        long seed = 17;
        Random random = new Random(seed);
        for (NativeList list : lists) {
            StarList stars = list.request().stars();
            List<Double> y = new ArrayList<>();
            double[] x = new double[stars.size()];
            for (int i = 0; i < x.length; i++) {
                x[i] = stars.x(i);
                y.add(stars.y(i));
            }
            Collections.shuffle(y, random);
            StarList shuffled = StarList.of(
                    stars.width(),
                    stars.height(),
                    x,
                    y.stream().mapToDouble(d -> d).toArray());
            assertThat(solve(solver, SolveRequest.blind(shuffled).withDepth(10)))
                    .as("%s, seed %d", list.name(), seed)
                    .isEmpty();
        }
    }

    @Test
    void randomListsAreNotSolved() throws IOException {
        long seed = 18;
        Random random = new Random(seed);
        for (int i = 0; i < 60; i++) {
            int n = 20 + random.nextInt(180);
            StarList stars = StarList.of(
                    1600,
                    1200,
                    random.doubles(n, 1, 1600).toArray(),
                    random.doubles(n, 1, 1200).toArray());
            assertThat(solve(solver, SolveRequest.blind(stars).withDepth(12)))
                    .as("field %d, seed %d", i, seed)
                    .isEmpty();
        }
    }

    @Test
    void syntheticFieldsOfAnyWidthAreSolved() throws IOException {
        long seed = 19;
        Random random = new Random(seed);
        for (double width : new double[] {1, 3, 10, 30, 60, 90, 120}) {
            var recipe = new SyntheticFields.Recipe(width, 0.7, 0.1, 0.3, 0.003, 150);
            var field = SyntheticFields.make(solver.library(), recipe, SyntheticFields.anywhere(random), random);
            Optional<Solution> solution =
                    solve(solver, SolveRequest.blind(field.stars()).withDepth(40));
            assertThat(solution).as("%s° wide, seed %d", width, seed).isPresent();
            assertThat(solution.get().wcs().centre().separationDeg(field.centre()))
                    .as("%s° wide, seed %d", width, seed)
                    .isLessThan(width / 1600 * 3);
        }
    }
}
