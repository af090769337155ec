package io.novasolve.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.novasolve.core.model.PositionHint;
import io.novasolve.core.model.ScaleHint;
import io.novasolve.core.model.ScaleUnits;
import io.novasolve.core.model.SolveOptions;
import io.novasolve.core.model.UnsolvedReason;
import io.novasolve.core.spi.SolveCancelledException;
import io.novasolve.core.spi.SolveOutcome;
import io.novasolve.core.spi.SolveTask;
import io.novasolve.core.spi.SolverTransport;
import io.novasolve.core.spi.TransportException;
import io.novasolve.sky.Parity;
import io.novasolve.sky.SkyPosition;
import io.novasolve.sky.solution.MatchedStar;
import io.novasolve.sky.solution.Solution;
import io.novasolve.sky.stars.StarList;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What every {@link SolverTransport} keeps to. A test of a transport extends this class and says how to make one; the engine
 * behind it must have indexes for fields about 6° wide (such as Debian's Tycho-2 series, 11 to 14).
 */
public abstract class SolverTransportContract {

    /** More stars than an engine can search through in the time these tests run, blind. */
    private static final int HOPELESS = 400;

    private final long seed = Long.getLong("nova.test.seed", 20260101);
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private @Nullable SolverTransport transport;

    /** A new transport; this class closes it. */
    protected abstract SolverTransport newTransport() throws Exception;

    /** Fails if a closed or idle transport has left anything: a process, a folder, a connection. */
    protected void assertNothingLeft() throws Exception {}

    /** How soon a solve must end after its deadline, a cancellation, an interrupt or a close. */
    protected Duration patience() {
        return Duration.ofSeconds(5);
    }

    @BeforeEach
    void open() throws Exception {
        System.out.println(getClass().getSimpleName() + ": -Dnova.test.seed=" + seed);
        transport = newTransport();
    }

    @AfterEach
    void close() throws Exception {
        transport().close();
        threads.shutdownNow();
        assertThat(threads.awaitTermination(30, TimeUnit.SECONDS))
                .as("all solves have ended")
                .isTrue();
        assertNothingLeft();
    }

    @Test
    void solvesAField() throws Exception {
        StarField field = StarField.known(seed);
        TestContext context = TestContext.patient();

        Solution solution = solved(transport().solve(task(1, field.stars(), helpful(field)), context));

        assertIs(solution, field);
        assertThat(solution.match().index())
                .isNotBlank()
                .doesNotContain(".fits")
                .doesNotContain("endian");
        assertThat(solution.match().logOdds()).isGreaterThan(Math.log(1e9));
        assertThat(solution.matchedStars()).hasSizeGreaterThan(5).allSatisfy(SolverTransportContract::assertFinite);
        assertThat(solution.rmsPx()).isLessThan(3);
        assertThat(context.registrations()).isZero();
        assertNothingLeft();
    }

    @Test
    void solvesAFieldBlind() throws Exception {
        StarField field = StarField.known(seed);

        assertIs(
                solved(transport().solve(task(2, field.stars(), SolveOptions.defaults()), TestContext.patient())),
                field);
    }

    @Test
    void putsTheReferencePixelWhereItIsAskedFor() throws Exception {
        StarField field = StarField.known(seed);
        SolveOptions options =
                SolveOptions.builder().crpixCentre(true).tweakOrder(0).build().orElse(helpful(field));

        Solution solution = solved(transport().solve(task(3, field.stars(), options), TestContext.patient()));

        assertThat(solution.wcs().sip()).isNull();
        assertThat(solution.wcs().crpix().x()).isCloseTo(600.5, within(1e-6));
        assertThat(solution.wcs().crpix().y()).isCloseTo(450.5, within(1e-6));
    }

    @Test
    void ignoresStarsOffThePicture() throws Exception {
        StarField field = StarField.known(seed).withStarsOffThePicture();

        assertIs(solved(transport().solve(task(4, field.stars(), helpful(field)), TestContext.patient())), field);
    }

    @Test
    void findsNoMatchForStarsThatAreNowhere() throws Exception {
        SolveOptions narrow = SolveOptions.builder()
                .scale(ScaleHint.between(ScaleUnits.DEG_WIDTH, 5.9, 6.1))
                .depth(10)
                .build();

        assertUnsolved(
                transport().solve(task(5, StarField.unknown(seed, 12), narrow), TestContext.patient()),
                UnsolvedReason.NO_MATCH);
        assertNothingLeft();
    }

    @Test
    void findsNoMatchWhereAWrongHintForbidsTheRightPlace() throws Exception {
        StarField field = StarField.known(seed);
        SolveOptions elsewhere = SolveOptions.builder()
                .position(PositionHint.of(264, 40, 8))
                .depth(20)
                .build();
        SolveOptions tooSmall = SolveOptions.builder()
                .scale(ScaleHint.between(ScaleUnits.DEG_WIDTH, 11.5, 12))
                .depth(20)
                .build();

        for (SolveOptions wrong : List.of(elsewhere, tooSmall)) {
            assertUnsolved(
                    transport().solve(task(6, field.stars(), wrong.orElse(helpful(field))), TestContext.patient()),
                    UnsolvedReason.NO_MATCH);
        }
    }

    /** A flat triangle of the wrong parity can lead the native engine to the right place, and the fit turns it over. */
    @Test
    void isNotLedAstrayByAWrongParity() throws Exception {
        StarField field = StarField.known(seed);
        Parity other = field.truth().parity() == Parity.POS ? Parity.NEG : Parity.POS;
        SolveOptions mirrored = SolveOptions.builder().parity(other).depth(20).build();

        SolveOutcome outcome =
                transport().solve(task(16, field.stars(), mirrored.orElse(helpful(field))), TestContext.patient());

        if (outcome instanceof SolveOutcome.Solved found) {
            assertIs(found.solution(), field);
        } else {
            assertUnsolved(outcome, UnsolvedReason.NO_MATCH);
        }
    }

    @Test
    void knowsWithoutASearchThatThreeStarsAreTooFew() throws Exception {
        for (int count = 0; count <= 3; count++) {
            StarList stars = StarField.known(seed).stars().first(count);
            long start = System.nanoTime();
            assertUnsolved(
                    transport().solve(task(7, stars, SolveOptions.defaults()), TestContext.patient()),
                    UnsolvedReason.NO_STARS);
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(1));
        }
    }

    @Test
    void endsSoonAfterTheDeadline() throws Exception {
        Duration timeout = Duration.ofMillis(1500);
        long start = System.nanoTime();

        SolveOutcome outcome = transport().solve(hopeless(8), TestContext.until(timeout));

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(timeout.plus(patience()));
        assertUnsolved(outcome, UnsolvedReason.TIMEOUT);
        assertNothingLeft();
    }

    @Test
    void doesNotStartAfterTheDeadline() throws Exception {
        assertUnsolved(
                transport().solve(hopeless(9), TestContext.until(Duration.ofSeconds(-1))), UnsolvedReason.TIMEOUT);
    }

    @Test
    void endsAtTheCpuLimit() throws Exception {
        SolveOptions short1 =
                SolveOptions.builder().cpuLimit(Duration.ofSeconds(1)).build();

        assertUnsolved(
                transport().solve(task(10, StarField.unknown(seed, HOPELESS), short1), TestContext.patient()),
                UnsolvedReason.TIMEOUT);
    }

    @Test
    void endsSoonAfterACancellation() throws Exception {
        TestContext context = TestContext.patient();
        Future<SolveOutcome> solve = start(hopeless(11), context);
        waitUntilRunning(context, solve);

        context.cancel();

        assertThatThrownBy(() -> get(solve)).hasCauseInstanceOf(SolveCancelledException.class);
        assertThat(context.registrations()).isZero();
        assertNothingLeft();
    }

    @Test
    void doesNotStartWhatIsCancelledAlready() {
        TestContext context = TestContext.patient();
        context.cancel();

        assertThatThrownBy(() -> transport().solve(hopeless(12), context)).isInstanceOf(SolveCancelledException.class);
    }

    @Test
    void endsSoonAfterAnInterrupt() throws Exception {
        TestContext context = TestContext.patient();
        CompletableFuture<Throwable> end = new CompletableFuture<>();
        Thread thread = new Thread(() -> {
            try {
                transport().solve(hopeless(13), context);
                end.completeExceptionally(new AssertionError("it gave an answer"));
            } catch (Throwable e) {
                end.complete(e);
            }
        });
        thread.start();
        waitUntilRunning(context, end);

        thread.interrupt();

        assertThat(get(end)).isInstanceOf(InterruptedException.class);
        thread.join(5000);
        assertThat(context.registrations()).isZero();
        assertNothingLeft();
    }

    @Test
    void endsRunningSolvesWhenItCloses() throws Exception {
        List<TestContext> contexts = List.of(TestContext.patient(), TestContext.patient());
        List<Future<SolveOutcome>> solves = new ArrayList<>();
        for (TestContext context : contexts) {
            solves.add(start(hopeless(14), context));
            waitUntilRunning(context, solves.get(solves.size() - 1));
        }

        transport().close();

        for (Future<SolveOutcome> solve : solves) {
            assertThatThrownBy(() -> get(solve))
                    .cause()
                    .isInstanceOfSatisfying(TransportException.class, e -> assertThat(e.retryable())
                            .isTrue());
        }
        assertThatThrownBy(() -> transport().solve(hopeless(15), TestContext.patient()))
                .isInstanceOf(TransportException.class);
        transport().close();
        assertNothingLeft();
    }

    @Test
    void solvesForManyThreadsAtOnce() throws Exception {
        List<StarField> fields = new ArrayList<>();
        List<Future<SolveOutcome>> solves = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            StarField field = StarField.known(seed + i);
            fields.add(field);
            solves.add(start(task(100 + i, field.stars(), helpful(field)), TestContext.patient()));
        }

        for (int i = 0; i < fields.size(); i++) {
            assertIs(solved(solves.get(i).get(2, TimeUnit.MINUTES)), fields.get(i));
        }
        assertNothingLeft();
    }

    private SolverTransport transport() {
        if (transport == null) {
            throw new IllegalStateException("not open");
        }
        return transport;
    }

    private static SolveTask task(int id, StarList stars, SolveOptions options) {
        return new SolveTask(id, stars, options);
    }

    /** All that can be known: the scale, the place and the parity. */
    private static SolveOptions helpful(StarField field) {
        SkyPosition centre = field.truth().centre();
        return SolveOptions.builder()
                .scale(ScaleHint.estimate(
                        ScaleUnits.ARCSEC_PER_PIX, field.truth().pixelScaleArcsec(), 5))
                .position(new PositionHint(centre, 10))
                .parity(field.truth().parity())
                .build();
    }

    private SolveTask hopeless(int id) {
        return task(id, StarField.unknown(seed, HOPELESS), SolveOptions.defaults());
    }

    private Future<SolveOutcome> start(SolveTask task, TestContext context) {
        Callable<SolveOutcome> solve = () -> transport().solve(task, context);
        return threads.submit(solve);
    }

    private <T> T get(Future<T> future) throws InterruptedException, ExecutionException, TimeoutException {
        return future.get(patience().toMillis(), TimeUnit.MILLISECONDS);
    }

    private void waitUntilRunning(TestContext context, Future<?> solve) throws Exception {
        waitUntil(() -> isSearching(context) || solve.isDone());
        assertThat(solve.isDone()).as("the solve is over before its time").isFalse();
    }

    /**
     * Whether a solve is past its preparations: it listens for a cancellation, and a line in its log or news tell. A
     * transport that asks for cancellations instead of listening overrides this.
     */
    protected boolean isSearching(TestContext context) {
        return context.registrations() > 0
                && !(context.lines().isEmpty() && context.news().isEmpty());
    }

    private static void waitUntil(BooleanSupplier condition) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("waiting").isLessThan(deadline);
            Thread.sleep(5);
        }
    }

    private static Solution solved(SolveOutcome outcome) {
        // The whole outcome would be pages long.
        String what = outcome instanceof SolveOutcome.Unsolved unsolved ? unsolved.detail() : "solved";
        assertThat(outcome instanceof SolveOutcome.Solved).as(what).isTrue();
        return ((SolveOutcome.Solved) outcome).solution();
    }

    private static void assertUnsolved(SolveOutcome outcome, UnsolvedReason reason) {
        assertThat(outcome instanceof SolveOutcome.Unsolved).as("unsolved").isTrue();
        SolveOutcome.Unsolved unsolved = (SolveOutcome.Unsolved) outcome;
        assertThat(unsolved.reason()).as(unsolved.detail()).isEqualTo(reason);
        assertThat(unsolved.detail()).isNotBlank();
    }

    private static void assertIs(Solution solution, StarField field) {
        assertThat(solution.wcs().centre().separationDeg(field.truth().centre()))
                .as("distance of the centre from the true one, degrees")
                .isLessThan(0.01);
        assertThat(solution.wcs().parity()).isEqualTo(field.truth().parity());
        assertThat(solution.wcs().radiusDeg() / field.truth().radiusDeg()).isCloseTo(1, within(0.005));
        assertThat(solution.wcs().width()).isEqualTo(field.truth().width());
        assertThat(solution.wcs().height()).isEqualTo(field.truth().height());
        assertThat(Math.IEEEremainder(
                        solution.wcs().orientationAtCentreDeg() - field.truth().orientationAtCentreDeg(), 360))
                .isCloseTo(0, within(0.3));
    }

    private static void assertFinite(MatchedStar star) {
        assertThat(star.residualPx()).isFinite();
        assertThat(star.weight()).isBetween(0.0, 1.0);
    }
}
