package io.novasolve.core;

import static io.novasolve.core.ScriptedTransport.FINDS_NOTHING;
import static io.novasolve.core.ScriptedTransport.SOLVES;
import static io.novasolve.core.ScriptedTransport.STUMBLES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.novasolve.core.model.Calibration;
import io.novasolve.core.model.FailureReason;
import io.novasolve.core.model.ImageOutcome;
import io.novasolve.core.model.Job;
import io.novasolve.core.model.JobState;
import io.novasolve.core.model.SolveOptions;
import io.novasolve.core.model.SubmissionState;
import io.novasolve.core.model.UnsolvedReason;
import io.novasolve.core.spi.SolveCancelledException;
import io.novasolve.core.spi.SolveOutcome;
import io.novasolve.core.spi.SolveProgress;
import io.novasolve.core.spi.TransportException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What comes out of the pipeline, for every way in which a job can end. */
@Timeout(60)
class NovaTest {

    private static final byte[] STARS = Pictures.stars(30, 1);

    @TempDir
    private Path folder;

    private Nova nova;

    @AfterEach
    void close() {
        if (nova != null) {
            nova.close();
        }
    }

    private ScriptedTransport start(ScriptedTransport.Step... script) {
        ScriptedTransport transport = new ScriptedTransport(script);
        nova = Nova.builder(transport)
                .jobWorkers(1)
                .retries(3, Duration.ofMillis(1))
                .start();
        return transport;
    }

    private SubmissionHandle submit(byte[] bytes) {
        return nova.submit(SubmissionRequest.of(bytes, "m42.png"));
    }

    private static SubmissionResult result(SubmissionHandle handle) throws Exception {
        return handle.result().get(30, TimeUnit.SECONDS);
    }

    private static Job job(SubmissionHandle handle) throws Exception {
        assertThat(result(handle).jobs()).hasSize(1);
        return result(handle).jobs().get(0);
    }

    private static void failsFor(Job job, FailureReason reason, String... words) {
        assertThat(job.state()).isEqualTo(JobState.FAILED);
        assertThat(job.outcome()).isInstanceOfSatisfying(ImageOutcome.Failed.class, failed -> {
            assertThat(failed.reason()).isEqualTo(reason);
            assertThat(failed.message()).contains(words);
        });
    }

    private void theNextOneIsSolved() throws Exception {
        assertThat(job(submit(STARS)).state()).isEqualTo(JobState.SOLVED);
    }

    @Test
    void solvesAPictureInThreeLines() throws Exception {
        Path file = Files.write(folder.resolve("orion of 7 März.png"), STARS);
        try (Nova nova = Nova.with(new ScriptedTransport())) {
            Calibration sky = nova.submit(file).calibration().join();
            assertThat(sky.centre().raDeg()).isEqualTo(83.6);
            assertThat(sky.pixelScaleArcsec()).isEqualTo(36);
        }
    }

    @Test
    void tellsEverythingOfASolvedJob() throws Exception {
        ScriptedTransport transport = start();
        SubmissionHandle handle = submit(STARS);

        Job job = job(handle);

        assertThat(handle.submission().state()).isEqualTo(SubmissionState.UNPACKED);
        assertThat(handle.progress().isFinal()).isTrue();
        assertThat(job.state()).isEqualTo(JobState.SOLVED);
        assertThat(job.attempts()).isEqualTo(1);
        assertThat(job.timings().decode()).isPositive();
        assertThat(job.timings().extract()).isPositive();
        assertThat(job.timings().total())
                .isGreaterThanOrEqualTo(
                        job.timings().decode().plus(job.timings().extract()));
        assertThat(transport.tasks).singleElement().satisfies(task -> {
            assertThat(task.jobId()).isEqualTo(job.id());
            assertThat(task.stars().size()).isBetween(20, 40);
            assertThat(task.stars().width()).isEqualTo(240);
        });
        assertThat(nova.file(job, "wcs.fits")).contains("WCS".getBytes(StandardCharsets.US_ASCII));
        assertThat(nova.file(job, "corr.fits")).isEmpty();
        assertThat(new String(nova.file(job, "log").orElseThrow(), StandardCharsets.UTF_8))
                .contains("stars, standard extraction");
    }

    @Test
    void everythingIsFoundByItsId() throws Exception {
        start();
        SubmissionHandle handle = submit(STARS);
        Job job = job(handle);

        SubmissionHandle again = nova.submission(handle.id()).orElseThrow();
        assertThat(again.jobs()).containsExactly(job);
        assertThat(job(again)).isEqualTo(job);
        assertThat(nova.job(job.id())).contains(job);
        assertThat(nova.submission(4711)).isEmpty();
        assertThat(nova.job(4711)).isEmpty();
        assertThat(nova.cancelSubmission(4711)).isFalse();
        assertThat(nova.cancelJob(4711)).isFalse();
    }

    @Test
    void otherExtractionsAreTriedWhenTheFirstIsUnsolved() throws Exception {
        ScriptedTransport transport = start(FINDS_NOTHING, FINDS_NOTHING, SOLVES);

        Job job = job(submit(STARS));

        assertThat(job.state()).isEqualTo(JobState.SOLVED);
        assertThat(transport.tasks).hasSize(3);
        assertThat(new String(nova.file(job, "log").orElseThrow(), StandardCharsets.UTF_8))
                .containsSubsequence("standard extraction", "coarse extraction", "second extraction");
    }

    @Test
    void anUnsolvedPictureIsAnAnswerAndNotRetried() throws Exception {
        ScriptedTransport transport =
                start(Stream.generate(() -> FINDS_NOTHING).limit(20).toArray(ScriptedTransport.Step[]::new));
        SubmissionHandle handle = submit(STARS);

        assertThat(job(handle).outcome())
                .isEqualTo(new ImageOutcome.Unsolved(UnsolvedReason.NO_MATCH, "all indexes were searched in vain"));
        assertThat(job(handle).attempts()).isEqualTo(1);
        assertThat(transport.tasks).as("one for each extraction").hasSizeBetween(2, 10);
        transport.script.clear();
        assertThatThrownBy(() -> handle.calibration().join())
                .hasCauseInstanceOf(UnsolvedException.class)
                .hasMessageContaining("m42.png: all indexes were searched in vain");
        theNextOneIsSolved();
    }

    @Test
    void aPictureWithoutStarsIsAnAnswerThatNeedsNoSolver() throws Exception {
        ScriptedTransport transport = start();

        Job job = job(submit(Pictures.plain(200, 100, 0)));

        assertThat(job.outcome()).isInstanceOfSatisfying(ImageOutcome.Unsolved.class, u -> {
            assertThat(u.reason()).isEqualTo(UnsolvedReason.NO_STARS);
            assertThat(u.detail()).contains("0 stars");
        });
        assertThat(transport.tasks).isEmpty();
    }

    static Stream<Arguments> unreadable() {
        byte[] truncated = Arrays.copyOf(STARS, 40);
        byte[] noise = new byte[2000];
        new java.util.Random(7).nextBytes(noise);
        String huge = card("SIMPLE", "T")
                + card("BITPIX", "16")
                + card("NAXIS", "2")
                + card("NAXIS1", "100000")
                + card("NAXIS2", "100000")
                + String.format(Locale.ROOT, "%-80s", "END");
        return Stream.of(
                Arguments.of("empty", new byte[0]),
                Arguments.of("truncated", truncated),
                Arguments.of("noise", noise),
                Arguments.of("prose", "Dear sir or madam, no stars here.".getBytes(StandardCharsets.US_ASCII)),
                Arguments.of(
                        "a lying header",
                        String.format(Locale.ROOT, "%-2880s", huge).getBytes(StandardCharsets.US_ASCII)));
    }

    private static String card(String key, String value) {
        return String.format(Locale.ROOT, "%-8s= %20s%50s", key, value, "");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("unreadable")
    void whatCannotBeReadFailsWithASentenceAndTheNextOneRuns(String what, byte[] bytes) throws Exception {
        ScriptedTransport transport = start();
        SubmissionHandle handle = submit(bytes);

        Job job = job(handle);

        failsFor(job, FailureReason.UNREADABLE, "m42.png");
        assertThat(((ImageOutcome.Failed) job.outcome()).message()).hasSizeGreaterThan(25);
        assertThat(job.attempts()).isEqualTo(1);
        assertThat(transport.tasks).isEmpty();
        assertThatThrownBy(() -> handle.calibration().join()).hasCauseInstanceOf(JobFailedException.class);
        theNextOneIsSolved();
    }

    static Stream<Arguments> starless() {
        return Stream.of(
                Arguments.of("one pixel", Pictures.plain(1, 1, 9)),
                Arguments.of("all black", Pictures.plain(300, 200, 0)),
                Arguments.of("all white", Pictures.plain(300, 200, 255)),
                Arguments.of("nothing but NaN", floats(300, 200, Float.NaN)));
    }

    /** A FITS file of 32-bit floats that are all the same. */
    private static byte[] floats(int width, int height, float value) {
        String cards = card("SIMPLE", "T")
                + card("BITPIX", "-32")
                + card("NAXIS", "2")
                + card("NAXIS1", Integer.toString(width))
                + card("NAXIS2", Integer.toString(height))
                + String.format(Locale.ROOT, "%-80s", "END");
        int size = (width * height * Float.BYTES + 2879) / 2880 * 2880;
        ByteBuffer file = ByteBuffer.allocate(2880 + size);
        file.put(String.format(Locale.ROOT, "%-2880s", cards).getBytes(StandardCharsets.US_ASCII));
        for (int i = 0; i < width * height; i++) {
            file.putFloat(value);
        }
        return file.array();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("starless")
    void whatHasNoStarsIsUnsolved(String what, byte[] bytes) throws Exception {
        start();

        assertThat(job(submit(bytes)).outcome())
                .isInstanceOfSatisfying(
                        ImageOutcome.Unsolved.class, u -> assertThat(u.reason()).isEqualTo(UnsolvedReason.NO_STARS));
        theNextOneIsSolved();
    }

    @Test
    void theContentDecidesNotTheExtension() throws Exception {
        start();
        Path file = Files.write(folder.resolve("picture.fits"), STARS);

        assertThat(job(nova.submit(file)).state()).isEqualTo(JobState.SOLVED);
    }

    @Test
    void aFileThatMayNotBeReadIsRefusedAtOnce() throws Exception {
        Path file = Files.write(folder.resolve("locked.png"), STARS);
        Files.setPosixFilePermissions(file, Set.of());
        // the superuser may read every file, so that one takes a file whose reading fails
        Path locked = Files.isReadable(file) ? Path.of("/proc/self/mem") : file;
        start();

        assertThatThrownBy(() -> nova.submit(locked))
                .isInstanceOf(UnreadableSubmissionException.class)
                .hasMessageStartingWith(locked.getFileName() + " cannot be submitted: ");
        theNextOneIsSolved();
    }

    @Test
    void whatIsNotThereIsRefusedAtOnce() {
        start();

        assertThatThrownBy(() -> nova.submit(folder.resolve("no such file.jpg")))
                .isInstanceOf(UnreadableSubmissionException.class)
                .hasMessageContaining("no such file.jpg cannot be submitted: there is no file");
        assertThatThrownBy(() -> nova.submit(folder)).isInstanceOf(UnreadableSubmissionException.class);
        SubmissionRequest.Source source = () -> new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("connection reset");
            }
        };
        assertThatThrownBy(() -> nova.submit(SubmissionRequest.of(source, "far.fits")))
                .isInstanceOf(UnreadableSubmissionException.class)
                .hasMessage("far.fits cannot be submitted: connection reset");
    }

    @Test
    void anAccidentIsRetried() throws Exception {
        ScriptedTransport transport = start(STUMBLES, STUMBLES, SOLVES);

        Job job = job(submit(STARS));

        assertThat(job.state()).isEqualTo(JobState.SOLVED);
        assertThat(job.attempts()).isEqualTo(3);
        assertThat(transport.tasks).hasSize(3);
    }

    @Test
    void afterTooManyAccidentsItFails() throws Exception {
        ScriptedTransport transport = start(STUMBLES, STUMBLES, STUMBLES);

        Job job = job(submit(STARS));

        failsFor(job, FailureReason.TRANSPORT, "m42.png: the engine crashed");
        assertThat(job.attempts()).isEqualTo(3);
        assertThat(transport.tasks).hasSize(3);
        theNextOneIsSolved();
    }

    @Test
    void anAccidentThatNoRetryHelpsFailsAtOnceAndKeepsItsLog() throws Exception {
        ScriptedTransport transport = start((task, context) -> {
            context.log("engine: no index files");
            throw new TransportException("no index files in /nowhere", false);
        });

        Job job = job(submit(STARS));

        failsFor(job, FailureReason.TRANSPORT, "no index files in /nowhere");
        assertThat(transport.tasks).hasSize(1);
        assertThat(new String(nova.file(job, "log").orElseThrow(), StandardCharsets.UTF_8))
                .contains("engine: no index files");
    }

    static Stream<Arguments> defects() {
        return Stream.of(
                Arguments.of(new OutOfMemoryError("made up"), FailureReason.RESOURCES, "more memory"),
                Arguments.of(new IllegalStateException("made up"), FailureReason.INTERNAL, "defect"),
                Arguments.of(new StackOverflowError(), FailureReason.INTERNAL, "defect"),
                Arguments.of(new NoClassDefFoundError("gone/Missing"), FailureReason.INTERNAL, "gone/Missing"),
                Arguments.of(new AssertionError("made up"), FailureReason.INTERNAL, "made up"),
                Arguments.of(new SolveCancelledException(1), FailureReason.INTERNAL, "cancelled"));
    }

    @ParameterizedTest
    @MethodSource("defects")
    void aDefectEndsItsJobOnly(Throwable defect, FailureReason reason, String word) throws Exception {
        ScriptedTransport transport = start((task, context) -> {
            if (defect instanceof Error e) {
                throw e;
            }
            throw (RuntimeException) defect;
        });

        failsFor(job(submit(STARS)), reason, "m42.png", word);
        assertThat(transport.tasks).hasSize(1);
        theNextOneIsSolved();
    }

    @Test
    void optionsOfTheSubmissionGoBeforeDefaults() throws Exception {
        ScriptedTransport transport = new ScriptedTransport();
        nova = Nova.builder(transport)
                .defaults(SolveOptions.builder().depth(7).tweakOrder(5).build())
                .start();
        SolveOptions own = SolveOptions.builder().tweakOrder(0).maxStars(9).build();

        result(nova.submit(SubmissionRequest.of(STARS, "a.png").withOptions(own)));

        assertThat(transport.tasks).singleElement().satisfies(task -> {
            assertThat(task.options().depth()).isEqualTo(7);
            assertThat(task.options().tweakOrder()).isZero();
            assertThat(task.stars().size()).isEqualTo(9);
        });
    }

    @Test
    void theDeadlineCountsFromTheClaim() throws Exception {
        AtomicReference<Duration> remaining = new AtomicReference<>();
        start((task, context) -> {
            remaining.set(context.remaining());
            return ScriptedTransport.solved(task);
        });
        SolveOptions options =
                SolveOptions.builder().timeout(Duration.ofMinutes(10)).build();

        Job job = job(nova.submit(SubmissionRequest.of(STARS, "a.png").withOptions(options)));

        Duration before = job.timings().decode().plus(job.timings().extract());
        assertThat(remaining.get())
                .isPositive()
                .isLessThanOrEqualTo(Duration.ofMinutes(10).minus(before));
    }

    @Test
    void withoutATimeoutThereIsNoEnd() throws Exception {
        AtomicReference<Duration> remaining = new AtomicReference<>();
        start((task, context) -> {
            remaining.set(context.remaining());
            return ScriptedTransport.solved(task);
        });

        result(submit(STARS));

        assertThat(remaining.get()).isGreaterThan(Duration.ofDays(300));
    }

    @Test
    void aTimeoutThatIsOverBeforeTheSearchIsAnAnswer() throws Exception {
        ScriptedTransport transport = start();
        SolveOptions options =
                SolveOptions.builder().timeout(Duration.ofNanos(1)).build();

        Job job = job(nova.submit(SubmissionRequest.of(STARS, "a.png").withOptions(options)));

        assertThat(job.outcome()).isInstanceOfSatisfying(ImageOutcome.Unsolved.class, u -> {
            assertThat(u.reason()).isEqualTo(UnsolvedReason.TIMEOUT);
            assertThat(u.detail()).contains("PT0.000000001S");
        });
        assertThat(transport.tasks).isEmpty();
    }

    @Test
    void whatComesAfterItsDeadlineIsNotSearched() throws Exception {
        ScriptedTransport transport = start();
        SolveOptions options = SolveOptions.builder()
                .deadline(Instant.now().minusSeconds(1))
                .timeout(Duration.ofHours(1))
                .build();

        Job job = job(nova.submit(SubmissionRequest.of(STARS, "a.png").withOptions(options)));

        assertThat(job.outcome()).isInstanceOfSatisfying(ImageOutcome.Unsolved.class, u -> {
            assertThat(u.reason()).isEqualTo(UnsolvedReason.TIMEOUT);
            assertThat(u.detail()).contains("its deadline, " + options.deadline());
        });
        assertThat(transport.tasks).isEmpty();
    }

    @Test
    void aSearchHasTimeUntilItsDeadlineOrItsTimeout() throws Exception {
        List<Duration> remaining = new CopyOnWriteArrayList<>();
        ScriptedTransport.Step step = (task, context) -> {
            remaining.add(context.remaining());
            return ScriptedTransport.solved(task);
        };
        start(step, step, step);
        Instant later = Instant.now().plus(Duration.ofMinutes(30));
        for (Duration timeout : Arrays.asList(null, Duration.ofHours(2), Duration.ofMinutes(5))) {
            SubmissionRequest request = SubmissionRequest.of(STARS, "a.png")
                    .withOptions(SolveOptions.builder()
                            .reuse(false)
                            .deadline(later)
                            .timeout(timeout)
                            .build());
            assertThat(job(nova.submit(request)).outcome()).isInstanceOf(ImageOutcome.Solved.class);
        }

        assertThat(remaining).hasSize(3);
        assertThat(remaining.subList(0, 2))
                .allSatisfy(r -> assertThat(r).isBetween(Duration.ofMinutes(20), Duration.ofMinutes(30)));
        assertThat(remaining.get(2)).isLessThan(Duration.ofMinutes(5));
    }

    @Test
    void noSecondSearchBeginsAfterTheDeadline() throws Exception {
        ScriptedTransport transport = start((task, context) -> {
            while (!context.remaining().isNegative()) {
                Thread.onSpinWait();
            }
            return new SolveOutcome.Unsolved(UnsolvedReason.TIMEOUT, "time is up", Map.of());
        });
        SolveOptions options =
                SolveOptions.builder().timeout(Duration.ofSeconds(4)).build();

        Job job = job(nova.submit(SubmissionRequest.of(STARS, "a.png").withOptions(options)));

        assertThat(job.outcome()).isEqualTo(new ImageOutcome.Unsolved(UnsolvedReason.TIMEOUT, "time is up"));
        assertThat(transport.tasks).hasSize(1);
    }

    @Test
    void theLogOfTheTransportFollowsOurs() throws Exception {
        start((task, context) -> new SolveOutcome.Unsolved(
                UnsolvedReason.NO_MATCH, "no", Map.of("log", "engine log\n".getBytes(StandardCharsets.US_ASCII))));
        nova.submit(SubmissionRequest.of(Pictures.list(1), "list.txt"));

        Job job = job(nova.submission(1).orElseThrow());

        assertThat(new String(nova.file(job, "log").orElseThrow(), StandardCharsets.UTF_8))
                .startsWith("nova: ")
                .endsWith("engine log\n");
    }

    @Test
    void tellsHowTheSearchGoes() throws Exception {
        SolveProgress news = new SolveProgress(20, 3, 12345, 7.5);
        AtomicReference<SubmissionHandle> handle = new AtomicReference<>();
        AtomicReference<SolveProgress> seen = new AtomicReference<>();
        start((task, context) -> {
            context.progress(news);
            seen.set(nova.submission(1)
                    .orElseThrow()
                    .searchProgress(task.jobId())
                    .orElse(null));
            return ScriptedTransport.solved(task);
        });
        handle.set(submit(STARS));

        Job job = job(handle.get());

        assertThat(seen).hasValue(news);
        assertThat(handle.get().searchProgress(job.id())).isEmpty();
    }

    @Test
    void theSameKeyIsTheSameSubmission() throws Exception {
        start();
        SubmissionRequest request =
                SubmissionRequest.of(STARS, "a.png").withSubmitter("anna").withIdempotencyKey("k");

        assertThat(nova.submit(request).id()).isEqualTo(nova.submit(request).id());
    }

    @Test
    void refusesSettingsThatMakeNoSense() {
        NovaBuilder builder = Nova.builder(new ScriptedTransport());

        for (Runnable nonsense : List.<Runnable>of(
                () -> builder.jobWorkers(-1),
                () -> builder.submissionWorkers(-1),
                () -> builder.lease(Duration.ZERO),
                () -> builder.pollInterval(Duration.ofMillis(-1)),
                () -> builder.stopTimeout(Duration.ZERO),
                () -> builder.keepEnded(-1),
                () -> builder.retries(0, Duration.ZERO),
                () -> builder.retries(1, Duration.ofMillis(-1)))) {
            assertThatIllegalArgumentException().isThrownBy(nonsense::run).withMessageMatching(".*(-|0).*");
        }
    }

    @Test
    void aCancelledCalibrationSaysSo() {
        start((task, context) -> {
            nova.cancelJob(task.jobId());
            Thread.sleep(50_000);
            return ScriptedTransport.solved(task);
        });

        Throwable thrown = catchThrowable(() -> submit(STARS).calibration().join());

        assertThat(thrown).isInstanceOf(CompletionException.class).hasCauseInstanceOf(JobCancelledException.class);
        assertThat(thrown.getCause()).hasMessageContaining("m42.png").hasMessageContaining("cancelled");
    }
}
