package io.novasolve.core;

import static io.novasolve.core.ScriptedTransport.FINDS_NOTHING;
import static io.novasolve.core.ScriptedTransport.SOLVES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.novasolve.core.model.Calibration;
import io.novasolve.core.model.ImageOutcome;
import io.novasolve.core.model.Job;
import io.novasolve.core.model.JobState;
import io.novasolve.core.model.SolveOptions;
import io.novasolve.core.model.SubmissionState;
import io.novasolve.core.model.UnsolvedReason;
import io.novasolve.core.spi.SolveOutcome;
import io.novasolve.core.spi.SolveProgress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What comes out of the pipeline. */
@Timeout(60)
class NovaTest extends OneNova {

    @TempDir
    private Path folder;

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
