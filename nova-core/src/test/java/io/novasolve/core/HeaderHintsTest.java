package io.novasolve.core;

import static io.novasolve.core.ScriptedTransport.FINDS_NOTHING;
import static io.novasolve.core.ScriptedTransport.SOLVES;
import static org.assertj.core.api.Assertions.assertThat;

import io.novasolve.core.model.JobState;
import io.novasolve.core.model.PositionHint;
import io.novasolve.core.model.ScaleHint;
import io.novasolve.core.model.ScaleUnits;
import io.novasolve.core.model.SolveOptions;
import io.novasolve.core.spi.SolveTask;
import java.io.ByteArrayInputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Hints of a header narrow a first short search, and nothing else. */
@Timeout(60)
class HeaderHintsTest {

    /** The picture of the other tests as a FITS file with some cards. */
    private static byte[] fits(String... cards) throws Exception {
        var image =
                ImageIO.read(new ByteArrayInputStream(Pictures.stars(30, 1))).getRaster();
        StringBuilder header = new StringBuilder();
        for (String card : List.of(
                "SIMPLE  =                    T",
                "BITPIX  =                    8",
                "NAXIS   =                    2",
                "NAXIS1  =                  240",
                "NAXIS2  =                  160")) {
            header.append(String.format(Locale.ROOT, "%-80s", card));
        }
        for (String card : cards) {
            header.append(String.format(Locale.ROOT, "%-80s", card));
        }
        header.append(String.format(Locale.ROOT, "%-80s", "END"));
        ByteBuffer file = ByteBuffer.allocate(2880 + 14 * 2880);
        file.put(String.format(Locale.ROOT, "%-2880s", header).getBytes(StandardCharsets.US_ASCII));
        for (int pixel : image.getSamples(0, 0, 240, 160, 0, (int[]) null)) {
            file.put((byte) pixel);
        }
        return file.array();
    }

    private static List<SolveTask> tasks(byte[] file, SolveOptions options, ScriptedTransport.Step... script)
            throws Exception {
        ScriptedTransport transport = new ScriptedTransport(script);
        try (Nova nova = Nova.builder(transport).jobWorkers(1).start()) {
            var result = nova.submit(SubmissionRequest.of(file, "a.fits").withOptions(options))
                    .result()
                    .get(60, TimeUnit.SECONDS);
            assertThat(result.jobs().get(0).state()).isEqualTo(JobState.SOLVED);
        }
        return List.copyOf(transport.tasks);
    }

    @Test
    void theFirstSearchIsWhereTheHeaderSays() throws Exception {
        byte[] file = fits("RA      = 83.6", "DEC     = -5.4", "FOCALLEN= 200.0", "XPIXSZ  = 4.0");

        List<SolveTask> tasks = tasks(file, SolveOptions.defaults(), SOLVES);

        SolveOptions hinted = tasks.get(0).options();
        assertThat(tasks).hasSize(1);
        assertThat(hinted.position().centre().raDeg()).isEqualTo(83.6);
        assertThat(hinted.position().radiusDeg()).isBetween(3.0, 4.0);
        assertThat(hinted.scale().low()).isLessThan(4.125);
        assertThat(hinted.scale().high()).isGreaterThan(4.125);
        assertThat(hinted.depth()).isEqualTo(10);
    }

    @Test
    void aWrongHintLeavesTheOtherSearchesAsTheyWere() throws Exception {
        byte[] wrong = fits("RA      = 5.57", "DEC     = -5.4", "FOCALLEN= 20000.0", "XPIXSZ  = 4.0");

        List<SolveTask> without =
                tasks(fits(), SolveOptions.defaults(), FINDS_NOTHING, FINDS_NOTHING, FINDS_NOTHING, SOLVES);
        List<SolveTask> with = tasks(
                wrong,
                SolveOptions.defaults(),
                FINDS_NOTHING,
                FINDS_NOTHING,
                FINDS_NOTHING,
                FINDS_NOTHING,
                FINDS_NOTHING,
                FINDS_NOTHING,
                SOLVES);

        List<SolveTask> blind =
                with.stream().filter(t -> t.options().position() == null).toList();
        assertThat(blind.stream().map(SolveTask::options))
                .containsExactlyElementsOf(
                        without.stream().map(SolveTask::options).toList());
        assertThat(blind.stream().map(t -> t.stars().size()))
                .containsExactlyElementsOf(
                        without.stream().map(t -> t.stars().size()).toList());
    }

    @Test
    void hintsAreSearchedDeeperAfterEachBlindSearchAndNothingTwice() throws Exception {
        byte[] file = fits("RA      = 83.6", "DEC     = -5.4", "FOCALLEN= 200.0", "XPIXSZ  = 4.0");

        List<SolveTask> tasks = tasks(
                file,
                SolveOptions.builder().depth(50).build(),
                FINDS_NOTHING,
                FINDS_NOTHING,
                FINDS_NOTHING,
                FINDS_NOTHING,
                FINDS_NOTHING,
                FINDS_NOTHING,
                FINDS_NOTHING,
                FINDS_NOTHING,
                SOLVES);

        assertThat(tasks.stream().map(HeaderHintsTest::told))
                .containsExactly(
                        "hinted null-10",
                        "null-30",
                        "hinted 11-30",
                        "null-30",
                        "null-30",
                        "hinted 31-50",
                        "31-50",
                        "31-50",
                        "31-50");
    }

    private static String told(SolveTask task) {
        SolveOptions options = task.options();
        return (options.position() == null ? "" : "hinted ") + options.depthFrom() + "-" + options.depth();
    }

    /** Searches of six seconds each, none of which finds anything before the second blind one. */
    @Test
    void aWrongHintTakesNoTimeFromTheBlindSearchesAndNoMoreThanTheyHave() throws Exception {
        AtomicLong nanos = new AtomicLong();
        Map<SolveTask, Duration> remaining = new LinkedHashMap<>();
        ScriptedTransport.Step takesSixSeconds = (task, context) -> {
            remaining.put(task, context.remaining());
            nanos.addAndGet(Duration.ofSeconds(6).toNanos());
            boolean hinted = task.options().position() != null;
            boolean second = remaining.keySet().stream()
                            .filter(t -> t.options().position() == null)
                            .count()
                    == 2;
            return !hinted && second ? ScriptedTransport.solved(task) : FINDS_NOTHING.solve(task, context);
        };
        byte[] wrong = fits("RA      = 5.57", "DEC     = -5.4", "FOCALLEN= 20000.0", "XPIXSZ  = 4.0");
        SolveOptions options =
                SolveOptions.builder().timeout(Duration.ofSeconds(10)).build();
        ScriptedTransport transport = new ScriptedTransport(
                takesSixSeconds, takesSixSeconds, takesSixSeconds, takesSixSeconds, takesSixSeconds);
        try (Nova nova = Nova.builder(transport)
                .jobWorkers(1)
                .ticker(nanos::get)
                .clock(() -> Instant.EPOCH)
                .start()) {
            var result = nova.submit(SubmissionRequest.of(wrong, "a.fits").withOptions(options))
                    .result()
                    .get(60, TimeUnit.SECONDS);
            assertThat(result.jobs().get(0).state()).isEqualTo(JobState.SOLVED);
        }
        assertThat(remaining.values())
                .as("hinted, blind, hinted, blind")
                .containsExactly(
                        Duration.ofSeconds(10), Duration.ofSeconds(10), Duration.ofSeconds(4), Duration.ofSeconds(4));
    }

    @Test
    void theDeadlineHoldsForHintedSearchesToo() throws Exception {
        AtomicLong nanos = new AtomicLong();
        List<Duration> remaining = new ArrayList<>();
        ScriptedTransport.Step takesSixSeconds = (task, context) -> {
            remaining.add(context.remaining());
            nanos.addAndGet(Duration.ofSeconds(6).toNanos());
            return FINDS_NOTHING.solve(task, context);
        };
        byte[] wrong = fits("RA      = 5.57", "DEC     = -5.4", "FOCALLEN= 20000.0", "XPIXSZ  = 4.0");
        SolveOptions options = SolveOptions.builder()
                .timeout(Duration.ofSeconds(10))
                .deadline(Instant.EPOCH.plusSeconds(8))
                .build();
        try (Nova nova = Nova.builder(new ScriptedTransport(takesSixSeconds, takesSixSeconds))
                .jobWorkers(1)
                .ticker(nanos::get)
                .clock(() -> Instant.EPOCH)
                .start()) {
            var result = nova.submit(SubmissionRequest.of(wrong, "a.fits").withOptions(options))
                    .result()
                    .get(60, TimeUnit.SECONDS);
            assertThat(result.jobs().get(0).state()).isEqualTo(JobState.UNSOLVED);
        }
        assertThat(remaining).containsExactly(Duration.ofSeconds(8), Duration.ofSeconds(2));
    }

    @Test
    void whatTheSubmitterSaysWins() throws Exception {
        byte[] file = fits("RA      = 83.6", "DEC     = -5.4", "FOCALLEN= 200.0", "XPIXSZ  = 4.0");
        SolveOptions known = SolveOptions.builder()
                .position(PositionHint.of(10, 20, 5))
                .scale(ScaleHint.between(ScaleUnits.ARCSEC_PER_PIX, 1, 2))
                .build();

        assertThat(tasks(file, known, SOLVES)).singleElement().satisfies(task -> {
            assertThat(task.options().position()).isEqualTo(known.position());
            assertThat(task.options().scale()).isEqualTo(known.scale());
        });
        SolveOptions onlyScale = SolveOptions.builder().scale(known.scale()).build();
        assertThat(tasks(file, onlyScale, SOLVES)).singleElement().satisfies(task -> {
            assertThat(task.options().position().centre().raDeg()).isEqualTo(83.6);
            assertThat(task.options().scale()).isEqualTo(known.scale());
        });
    }
}
