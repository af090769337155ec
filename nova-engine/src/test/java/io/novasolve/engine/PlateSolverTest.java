package io.novasolve.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.novasolve.engine.SolveResult.Reason;
import io.novasolve.engine.SolveResult.Solved;
import io.novasolve.engine.SolveResult.Unsolved;
import io.novasolve.engine.index.Index;
import io.novasolve.engine.index.IndexFixture;
import io.novasolve.engine.index.IndexFormatException;
import io.novasolve.engine.index.IndexLibrary;
import io.novasolve.sky.Parity;
import io.novasolve.sky.PixelPosition;
import io.novasolve.sky.SkyPosition;
import io.novasolve.sky.stars.StarList;
import io.novasolve.sky.wcs.Wcs;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PlateSolverTest {

    @TempDir
    Path folder;

    private static final IndexFixture SKY = new IndexFixture(4, 4000, 6000, 6, 21);
    private static final IndexLibrary LIBRARY = library(SKY);

    private static IndexLibrary library(IndexFixture fixture) {
        try {
            return IndexLibrary.of(List.of(Index.read("fixture", ByteBuffer.wrap(fixture.bytes()))));
        } catch (IndexFormatException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The fixture's sky through a WCS, brightest first, with noise. */
    private static StarList picture(Wcs wcs, Random random) {
        return picture(wcs, random, 0.3, 0.3);
    }

    private static StarList picture(Wcs wcs, Random random, double noiseX, double noiseY) {
        List<double[]> seen = new ArrayList<>();
        for (double[] star : SKY.stars) {
            var pixel = wcs.skyToPixel(SkyPosition.ofVector(star[0], star[1], star[2]));
            if (pixel.isPresent()) {
                double x = pixel.get().x() + noiseX * random.nextGaussian();
                double y = pixel.get().y() + noiseY * random.nextGaussian();
                if (x > 0.5 && y > 0.5 && x < wcs.width() + 0.5 && y < wcs.height() + 0.5) {
                    seen.add(new double[] {x, y});
                }
            }
        }
        return StarList.of(
                wcs.width(),
                wcs.height(),
                seen.stream().mapToDouble(p -> p[0]).toArray(),
                seen.stream().mapToDouble(p -> p[1]).toArray());
    }

    private static Wcs wcs(double ra, double dec, double scaleDeg, double turnDeg, Parity parity) {
        double c = scaleDeg * Math.cos(Math.toRadians(turnDeg));
        double s = scaleDeg * Math.sin(Math.toRadians(turnDeg));
        double sign = parity == Parity.POS ? -1 : 1;
        return new Wcs(
                new SkyPosition(ra, dec), new PixelPosition(500.5, 400.5), sign * c, sign * s, -s, c, null, 1000, 800);
    }

    private static StarList hopeless(int stars, long seed) {
        Random random = new Random(seed);
        return StarList.of(
                1000,
                800,
                random.doubles(stars, 1, 1000).toArray(),
                random.doubles(stars, 1, 800).toArray());
    }

    private static final double SCALE = 0.03;

    @ParameterizedTest
    @CsvSource({"10, 5, 0, POS", "200, -40, 130, NEG", "359.9, 89.5, 77, POS", "0.1, -89.9, 200, NEG", "0, 20, 300, POS"
    })
    void findsWhereAPicturePoints(double ra, double dec, double turn, Parity parity) throws IndexFormatException {
        Wcs truth = wcs(ra, dec, SCALE, turn, parity);
        SolveResult result = PlateSolver.of(LIBRARY)
                .solve(SolveRequest.blind(picture(truth, new Random(4))), SearchControl.unlimited());
        assertThat(result).isInstanceOf(Solved.class);
        Wcs found = ((Solved) result).solution().wcs();
        assertThat(found.centre().separationDeg(truth.centre())).isLessThan(0.5 * SCALE);
        assertThat(found.parity()).isEqualTo(parity);
        assertThat(found.pixelScaleArcsec()).isBetween(3600 * SCALE * 0.998, 3600 * SCALE * 1.002);
        for (int corner = 0; corner < 4; corner++) {
            assertThat(found.corners().get(corner).separationDeg(truth.corners().get(corner)))
                    .isLessThan(1.5 * SCALE);
        }
        var solution = ((Solved) result).solution();
        assertThat(solution.rmsPx()).isBetween(0.2, 0.8);
        assertThat(solution.matchedStars()).hasSizeGreaterThan(solution.match().matches());
        assertThat(solution.matchedStars()).allSatisfy(m -> assertThat(
                        solution.referenceStars().get(m.indexRow()).position())
                .isEqualTo(m.indexSky()));
        // 0.3 px over the root of some tens of stars.
        assertThat(((Solved) result).centreError().worstArcsec() / (3600 * SCALE))
                .isBetween(0.01, 0.3);
    }

    /** Positions that scatter along one side only, on a turned picture, make an error with a direction on the sky. */
    @Test
    void theCovarianceOfTheCentreIsThatOfItsErrors() throws IndexFormatException {
        long seed = 12;
        Random random = new Random(seed);
        PlateSolver solver = PlateSolver.of(LIBRARY);
        int pictures = 12;
        double sum = 0;
        for (int i = 0; i < pictures; i++) {
            Wcs truth = wcs(360 * random.nextDouble(), 60 * random.nextDouble() - 30, SCALE, 30, Parity.NEG);
            SolveRequest request = SolveRequest.blind(picture(truth, random, 0.8, 0.1))
                    .withSipOrder(1)
                    .withCone(truth.centre(), 22);
            Solved solved = (Solved) solver.solve(request, SearchControl.unlimited());
            SkyPosition found = solved.solution().wcs().centre();
            double dec = Math.toRadians(truth.centre().decDeg());
            double east = 3600
                    * Math.cos(dec)
                    * Math.IEEEremainder(found.raDeg() - truth.centre().raDeg(), 360);
            double north = 3600 * (found.decDeg() - truth.centre().decDeg());
            SolveResult.CentreError c = solved.centreError();
            double det = c.eastEast() * c.northNorth() - c.eastNorth() * c.eastNorth();
            assertThat(c.eastNorth() / Math.sqrt(c.eastEast() * c.northNorth()))
                    .as("correlation, picture %d, seed %d", i, seed)
                    .isBetween(-1.0, -0.8);
            sum += (c.northNorth() * east * east - 2 * c.eastNorth() * east * north + c.eastEast() * north * north)
                    / det;
        }
        // Two degrees of freedom: 2 in the mean, 0.6 its standard error.
        assertThat(sum / pictures).as("mean chi squared, seed %d", seed).isBetween(1.0, 3.5);
    }

    @ParameterizedTest
    @CsvSource({
        "123, 90, 300, 88, 23",
        "0, -90, 0, -90, 20",
        "359.9, 10, 1.5, 11, 23",
        "0.1, -89, 180, -89, 23",
        "200, -40, 20, 40, 180"
    })
    void hintsHoldAtThePolesAndAcrossTheFirstMeridian(
            double ra, double dec, double hintRa, double hintDec, double radius) throws IndexFormatException {
        Wcs truth = wcs(ra, dec, SCALE, 20, Parity.POS);
        SolveRequest request = SolveRequest.blind(picture(truth, new Random(6)));
        PlateSolver solver = PlateSolver.of(LIBRARY);
        SkyPosition hint = new SkyPosition(hintRa, hintDec);
        SolveResult result = solver.solve(request.withCone(hint, radius), SearchControl.unlimited());
        assertThat(result).isInstanceOf(Solved.class);
        assertThat(((Solved) result).solution().wcs().centre().separationDeg(truth.centre()))
                .isLessThan(0.5 * SCALE);
    }

    @Test
    void aDamagedIndexNeverGivesAWrongAnswer() {
        long seed = 31;
        Random random = new Random(seed);
        byte[] whole = SKY.bytes();
        Wcs truth = wcs(80, 30, SCALE, 10, Parity.POS);
        SolveRequest request = SolveRequest.blind(picture(truth, new Random(5))).withDepth(20);
        int right = 0;
        int refused = 0;
        int rounds = 40;
        for (int i = 0; i < rounds; i++) {
            byte[] damaged = whole.clone();
            for (int bit = 1 << random.nextInt(14); bit > 0; bit--) {
                damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
            }
            try {
                Index index = Index.read("damaged", ByteBuffer.wrap(damaged));
                SolveResult result =
                        PlateSolver.of(IndexLibrary.of(List.of(index))).solve(request, SearchControl.unlimited());
                if (result instanceof Solved solved) {
                    assertThat(solved.solution().wcs().centre().separationDeg(truth.centre()))
                            .as("round %d, seed %d", i, seed)
                            .isLessThan(2 * SCALE);
                    right++;
                }
            } catch (IndexFormatException e) {
                assertThat(e.reason()).isNotEmpty();
                refused++;
            }
        }
        System.out.printf("seed %d: of %d damaged indexes %d refused, %d solved%n", seed, rounds, refused, right);
        assertThat(right).isPositive();
        assertThat(refused).isPositive();
    }

    @Test
    void hintsRuleOut() throws IndexFormatException {
        Wcs truth = wcs(80, 30, SCALE, 10, Parity.POS);
        PlateSolver solver = PlateSolver.of(LIBRARY);
        SolveRequest request = SolveRequest.blind(picture(truth, new Random(5))).withDepth(20);
        SearchControl control = SearchControl.unlimited();
        assertThat(solver.solve(request.withCone(new SkyPosition(80, 30), 22), control))
                .isInstanceOf(Solved.class);
        assertThat(solver.solve(request.withCone(new SkyPosition(260, 30), 22), control))
                .isInstanceOf(Unsolved.class);
        assertThat(solver.solve(request.withScale(100, 120), control)).isInstanceOf(Solved.class);
        assertThat(solver.solve(request.withScale(60, 90), control)).isInstanceOf(Unsolved.class);
        assertThat(solver.solve(request.withParity(Parity.POS), control)).isInstanceOf(Solved.class);
        assertThat(solver.solve(request.withParity(Parity.NEG), control)).isInstanceOf(Unsolved.class);
    }

    @Test
    void saysWhyThereIsNoSolution() throws IndexFormatException {
        PlateSolver solver = PlateSolver.of(LIBRARY);
        SearchControl control = SearchControl.unlimited();
        assertThat(reason(solver.solve(SolveRequest.blind(hopeless(7, 1)), control)))
                .isEqualTo(Reason.TOO_FEW_STARS);
        assertThat(reason(solver.solve(SolveRequest.blind(hopeless(0, 1)), control)))
                .isEqualTo(Reason.TOO_FEW_STARS);
        assertThat(reason(solver.solve(SolveRequest.blind(hopeless(30, 1)).withScale(0.1, 0.2), control)))
                .isEqualTo(Reason.NO_INDEX);
        assertThat(reason(solver.solve(SolveRequest.blind(hopeless(30, 1)).withDepth(10), control)))
                .isEqualTo(Reason.EXHAUSTED);
        AtomicLong ticker = new AtomicLong();
        SearchControl late = SearchControl.within(() -> ticker.addAndGet(1000), 50_000_000);
        assertThat(reason(solver.solve(SolveRequest.blind(hopeless(300, 1)), late)))
                .isEqualTo(Reason.DEADLINE);
    }

    private static Reason reason(SolveResult result) {
        return ((Unsolved) result).reason();
    }

    @Test
    void starsOnTopOfEachOtherDoNoHarm() throws IndexFormatException {
        double[] same =
                Collections.nCopies(60, 100.0).stream().mapToDouble(d -> d).toArray();
        SolveResult result = PlateSolver.of(LIBRARY)
                .solve(SolveRequest.blind(StarList.of(1000, 800, same, same)), SearchControl.unlimited());
        assertThat(reason(result)).isEqualTo(Reason.EXHAUSTED);
    }

    @Test
    void aCancelledSearchEndsAtOnceWithOneThreadOrTwo() throws Exception {
        SolveRequest request = SolveRequest.blind(hopeless(400, 2));
        ExecutorService helpers = Executors.newFixedThreadPool(1);
        try {
            for (PlateSolver solver :
                    List.of(PlateSolver.of(LIBRARY), PlateSolver.of(LIBRARY).withThreads(helpers, 2))) {
                AtomicBoolean cancelled = new AtomicBoolean();
                CountDownLatch running = new CountDownLatch(1);
                SearchControl control = SearchControl.unlimited()
                        .withCancellation(cancelled::get)
                        .withProgress(p -> running.countDown());
                AtomicLong cancelledAt = new AtomicLong();
                Thread canceller = new Thread(() -> {
                    try {
                        running.await();
                    } catch (InterruptedException e) {
                        return;
                    }
                    cancelledAt.set(System.nanoTime());
                    cancelled.set(true);
                });
                canceller.start();
                SolveResult result = solver.solve(request, control);
                long after = System.nanoTime() - cancelledAt.get();
                canceller.join();
                assertThat(reason(result)).isEqualTo(Reason.CANCELLED);
                assertThat(TimeUnit.NANOSECONDS.toMillis(after)).isLessThan(50);
                assertThat(result.statistics().quadsTried()).isPositive();
            }
        } finally {
            helpers.shutdownNow();
        }
    }

    /** In the midst of the many quads of one pair, too. */
    @Test
    void noQuadIsTriedAfterTheStop() {
        StarList stars = hopeless(400, 4);
        Settings settings = Settings.of(SolveRequest.blind(stars));
        List<IndexAids> aids = LIBRARY.indexes().stream().map(IndexAids::new).toList();
        for (int patience = 5; patience < 300; patience += 13) {
            Worker worker = new Worker(new Field(stars), settings, aids, null);
            int last = patience;
            int[] asked = {0};
            long[] quads = {-1};
            worker.run(new Round(100, 105, false), 104, () -> {
                boolean stop = ++asked[0] > last;
                quads[0] = stop && quads[0] < 0 ? worker.quadsTried : quads[0];
                return stop;
            });
            assertThat(worker.quadsTried).as("after " + last).isEqualTo(quads[0]);
        }
    }

    /** By a clock that moves on when it is looked at, so that nothing depends on how fast the machine is. */
    @Test
    void progressIsToldInTheMidstOfLongWork() throws IndexFormatException {
        AtomicLong ticker = new AtomicLong();
        List<Long> told = new ArrayList<>(List.of(0L));
        SearchControl control = SearchControl.within(() -> ticker.addAndGet(1_000_000), 10_000_000_000L)
                .withProgress(p -> told.add(p.elapsedNanos() / 1_000_000));
        PlateSolver.of(LIBRARY).solve(SolveRequest.blind(hopeless(400, 8)), control);
        assertThat(told).hasSizeGreaterThan(100);
        for (int i = 1; i < told.size(); i++) {
            assertThat(told.get(i) - told.get(i - 1)).isLessThan(70);
        }
    }

    @Test
    void anInterruptEndsASearchAndIsKept() throws Exception {
        AtomicBoolean kept = new AtomicBoolean();
        Thread searching = new Thread(() -> {
            try {
                PlateSolver.of(LIBRARY).solve(SolveRequest.blind(hopeless(400, 3)), SearchControl.unlimited());
            } catch (IndexFormatException e) {
                return;
            }
            kept.set(Thread.currentThread().isInterrupted());
        });
        searching.start();
        searching.interrupt();
        searching.join(20_000);
        assertThat(kept).isTrue();
    }

    /** Whose watcher fails gets the failure, and no helper goes on searching behind its back. */
    @Test
    void aWatcherThatThrowsEndsTheHelpersToo() throws Exception {
        AtomicBoolean helping = new AtomicBoolean();
        ExecutorService helpers = Executors.newFixedThreadPool(1);
        try {
            PlateSolver solver = PlateSolver.of(LIBRARY)
                    .withThreads(
                            task -> helpers.execute(() -> {
                                helping.set(true);
                                task.run();
                                helping.set(false);
                            }),
                            2);
            SearchControl control = SearchControl.within(System::nanoTime, 20_000_000_000L)
                    .withProgress(p -> {
                        if (helping.get()) {
                            throw new IllegalStateException("the watcher fails");
                        }
                    });
            assertThatThrownBy(() -> solver.solve(SolveRequest.blind(hopeless(400, 5)), control))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("the watcher fails");
            helpers.submit(() -> {}).get(5, TimeUnit.SECONDS);
        } finally {
            helpers.shutdownNow();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void anIndexWhoseFileIsCutShortMeanwhileIsNamed(int threads) throws Exception {
        Path file = folder.resolve("shrinking.fits");
        Files.write(file, SKY.bytes());
        Index index = Index.open(file);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(4000);
        }
        ExecutorService helpers = Executors.newFixedThreadPool(2);
        try {
            PlateSolver solver = PlateSolver.of(IndexLibrary.of(List.of(index))).withThreads(helpers, threads);
            assertThatThrownBy(() -> solver.solve(SolveRequest.blind(hopeless(60, 6)), SearchControl.unlimited()))
                    .isInstanceOf(IndexFormatException.class)
                    .hasMessageContaining("shrinking")
                    .hasMessageContaining("cut short");
        } finally {
            helpers.shutdownNow();
        }
    }

    @Test
    void aSearchGoesOnWhereAnotherEnded() throws IndexFormatException {
        PlateSolver solver = PlateSolver.of(LIBRARY);
        SolveRequest request = SolveRequest.blind(hopeless(40, 11));

        long whole = quads(solver, request.withDepth(20));
        long first = quads(solver, request.withDepth(10));
        long rest = quads(solver, request.withDepthFrom(11).withDepth(20));

        assertThat(first).isPositive();
        assertThat(rest).isPositive();
        assertThat(first + rest).isEqualTo(whole);
        assertThat(quads(solver, request.withDepthFrom(41))).isZero();
    }

    private static long quads(PlateSolver solver, SolveRequest request) throws IndexFormatException {
        return solver.solve(request, SearchControl.unlimited()).statistics().quadsTried();
    }

    @Test
    void anExecutorThatRefusesOnlyMakesItSlower() throws IndexFormatException {
        PlateSolver solver = PlateSolver.of(LIBRARY)
                .withThreads(
                        task -> {
                            throw new RejectedExecutionException("full");
                        },
                        4);
        assertThat(reason(solver.solve(SolveRequest.blind(hopeless(40, 1)).withDepth(20), SearchControl.unlimited())))
                .isEqualTo(Reason.EXHAUSTED);
    }

    @Test
    void refusesRequestsThatMeanNothing() {
        SolveRequest request = SolveRequest.blind(hopeless(30, 1));
        assertThatThrownBy(() -> request.withScale(2, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> request.withScale(Double.NaN, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> request.withDepth(2)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> request.withSipOrder(6)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> request.withCone(new SkyPosition(1, 1), 0))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> request.withOdds(Double.NaN)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> PlateSolver.of(LIBRARY).withThreads(Runnable::run, 0))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
