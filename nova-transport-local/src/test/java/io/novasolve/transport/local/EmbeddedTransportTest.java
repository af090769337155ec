package io.novasolve.transport.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.novasolve.core.axy.JobFile;
import io.novasolve.core.model.ScaleHint;
import io.novasolve.core.model.ScaleUnits;
import io.novasolve.core.model.SolveOptions;
import io.novasolve.core.spi.SolveOutcome;
import io.novasolve.core.spi.SolveProgress;
import io.novasolve.core.spi.SolveTask;
import io.novasolve.core.spi.SolverTransport;
import io.novasolve.engine.index.Index;
import io.novasolve.sky.PixelPosition;
import io.novasolve.sky.SkyPosition;
import io.novasolve.sky.solution.Solution;
import io.novasolve.sky.stars.StarList;
import io.novasolve.sky.wcs.Wcs;
import io.novasolve.testkit.SolverTransportContract;
import io.novasolve.testkit.StarField;
import io.novasolve.testkit.TestContext;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class EmbeddedTransportTest extends SolverTransportContract {

    @Override
    protected SolverTransport newTransport() throws Exception {
        return EmbeddedTransport.with(EmbeddedTransport.bundledIndexes(), 2);
    }

    /** The engine stops within 50 ms; the rest is for a machine that is busy with other tests. */
    @Override
    protected Duration patience() {
        return Duration.ofSeconds(1);
    }

    @Override
    protected boolean isSearching(TestContext context) {
        return !context.news().isEmpty();
    }

    @Test
    void bringsTheSameFilesAsTheProgram() throws Exception {
        StarField field = StarField.known(5);
        TestContext context = TestContext.patient();
        try (SolverTransport transport = newTransport()) {
            SolveOutcome outcome = transport.solve(new SolveTask(1, field.stars(), SolveOptions.defaults()), context);

            assertThat(outcome.files().keySet())
                    .contains("wcs.fits", "corr.fits", "rdls.fits", "match.fits", "job.axy");
            assertThat(JobFile.read(outcome.files().get("job.axy"), "job.axy")
                            .stars()
                            .size())
                    .isEqualTo(field.stars().size());
            assertThat(context.lines()).anyMatch(line -> line.contains("quads tried"));
        }
    }

    @Test
    void theReferencePixelIsInTheMiddleAnyway() throws Exception {
        StarField field = StarField.known(6);
        Solution solution = solved(field, SolveOptions.defaults());

        assertThat(solution.wcs().crpix().x()).isCloseTo((solution.wcs().width() + 1) / 2, within(1e-9));
        assertThat(solution.wcs().crpix().y()).isCloseTo((solution.wcs().height() + 1) / 2, within(1e-9));
    }

    @Test
    void ordersAboveFiveAreCappedAndTheLogSaysSo() throws Exception {
        TestContext context = TestContext.patient();
        try (SolverTransport transport = newTransport()) {
            SolveOutcome outcome = transport.solve(
                    new SolveTask(
                            1,
                            StarField.known(6).stars(),
                            SolveOptions.builder().tweakOrder(7).build()),
                    context);

            assertThat(outcome).isInstanceOf(SolveOutcome.Solved.class);
            assertThat(context.lines()).anyMatch(line -> line.contains("order 7") && line.contains("order 5"));
        }
    }

    /** The worst of several, since a search is in another stage each time. */
    @Test
    void stopsWithinAFewHundredthsOfASecond() throws Exception {
        List<Long> late = new ArrayList<>();
        try (SolverTransport transport = EmbeddedTransport.with(EmbeddedTransport.bundledIndexes(), 1)) {
            for (int ms = 50; ms <= 1600; ms *= 2) {
                long start = System.nanoTime();
                transport.solve(
                        new SolveTask(1, StarField.unknown(ms, 400), SolveOptions.defaults()),
                        TestContext.until(Duration.ofMillis(ms)));
                late.add((System.nanoTime() - start) / 1_000_000 - ms);
            }
        }
        System.out.println("late by ms: " + late);
        // 50 ms on a machine of one's own.
        assertThat(late).allSatisfy(ms -> assertThat(ms).isLessThan(250));
    }

    @Test
    void tellsDuringALongSearchHowFarItIs() throws Exception {
        TestContext context = TestContext.until(Duration.ofSeconds(1));
        try (SolverTransport transport = newTransport()) {
            transport.solve(new SolveTask(1, StarField.unknown(1, 400), SolveOptions.defaults()), context);
        }

        assertThat(context.news()).hasSizeGreaterThan(2);
        assertThat(context.news()).isSortedAccordingTo(Comparator.comparingLong(SolveProgress::quadsTried));
    }

    @Test
    void leavesNoThreadBehind() throws Exception {
        SolverTransport transport = newTransport();
        transport.solve(
                new SolveTask(1, StarField.unknown(1, 400), SolveOptions.defaults()),
                TestContext.until(Duration.ofMillis(300)));

        transport.close();

        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            if (thread.getName().startsWith("nova-engine-")) {
                thread.join(5000);
                assertThat(thread.isAlive()).as(thread.getName()).isFalse();
            }
        }
    }

    @Test
    void saysWhichIndexesANarrowFieldNeeds() throws Exception {
        SolveOptions narrow = SolveOptions.builder()
                .scale(ScaleHint.between(ScaleUnits.DEG_WIDTH, 0.4, 0.6))
                .build();
        try (SolverTransport transport = newTransport()) {
            SolveOutcome outcome =
                    transport.solve(new SolveTask(1, StarField.unknown(1, 100), narrow), TestContext.patient());

            assertThat(outcome)
                    .isInstanceOfSatisfying(SolveOutcome.Unsolved.class, unsolved -> assertThat(unsolved.detail())
                            .contains("nova index install 5200_LITE --scales "));
        }
    }

    @Test
    void saysNothingOfIndexesWhenTheFieldIsWide() throws Exception {
        SolveOptions wide = SolveOptions.builder()
                .scale(ScaleHint.between(ScaleUnits.DEG_WIDTH, 10, 12))
                .depth(8)
                .build();
        try (SolverTransport transport = newTransport()) {
            SolveOutcome outcome =
                    transport.solve(new SolveTask(1, StarField.unknown(1, 100), wide), TestContext.patient());

            assertThat(outcome)
                    .isInstanceOfSatisfying(SolveOutcome.Unsolved.class, unsolved -> assertThat(unsolved.detail())
                            .doesNotContain("index"));
        }
    }

    /** The angle across, which the solution states too, is far from width times the scale in the middle. */
    @Test
    void theWidthOfAWideFieldIsATrueAngle() throws Exception {
        double scale = Math.toDegrees(2 * Math.tan(Math.toRadians(40))) / 1200;
        Wcs truth =
                new Wcs(new SkyPosition(80, 10), new PixelPosition(600.5, 450.5), -scale, 0, 0, scale, null, 1200, 900);
        SolveOptions hinted = SolveOptions.builder()
                .scale(ScaleHint.between(ScaleUnits.DEG_WIDTH, 78, 82))
                .build();
        Solution found = solved(new StarField(wideField(truth), truth), hinted);

        assertThat(found.wcs().centre().separationDeg(truth.centre())).isLessThan(0.1);
        assertThat(found.wcs().fieldWidthDeg()).isCloseTo(80, within(0.5));
    }

    private static StarList wideField(Wcs wcs) throws Exception {
        Index index = EmbeddedTransport.bundledIndexes().indexes().stream()
                .filter(i -> i.name().equals("index-tycho2-15"))
                .findFirst()
                .orElseThrow();
        List<PixelPosition> seen = IntStream.range(0, index.starCount())
                .boxed()
                .sorted(Comparator.comparingDouble(index::magnitude))
                .flatMap(star -> wcs.skyToPixel(index.starPosition(star)).stream())
                .filter(p -> p.x() > 0.5 && p.y() > 0.5 && p.x() < wcs.width() && p.y() < wcs.height())
                .limit(100)
                .toList();
        return StarList.of(
                wcs.width(),
                wcs.height(),
                seen.stream().mapToDouble(PixelPosition::x).toArray(),
                seen.stream().mapToDouble(PixelPosition::y).toArray());
    }

    @Test
    void valuesBeyondReasonDoNoHarm() throws Exception {
        SolveOptions wild = SolveOptions.builder()
                .scale(ScaleHint.between(ScaleUnits.ARCSEC_PER_PIX, 1, 1e12))
                .positionalErrorPx(1e9)
                .depth(4)
                .cpuLimit(Duration.ofSeconds(Long.MAX_VALUE))
                .build();
        try (SolverTransport transport = newTransport()) {
            assertThat(transport.solve(
                            new SolveTask(1, StarField.unknown(1, 20), wild),
                            TestContext.until(Duration.ofSeconds(Long.MAX_VALUE / 4))))
                    .isInstanceOf(SolveOutcome.Unsolved.class);
        }
    }

    private static Solution solved(StarField field, SolveOptions options) throws Exception {
        try (SolverTransport transport = EmbeddedTransport.bundled()) {
            SolveOutcome outcome = transport.solve(new SolveTask(1, field.stars(), options), TestContext.patient());
            assertThat(outcome).isInstanceOf(SolveOutcome.Solved.class);
            return ((SolveOutcome.Solved) outcome).solution();
        }
    }
}
