package io.novasolve.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.novasolve.core.Nova;
import io.novasolve.core.SubmissionRequest;
import io.novasolve.core.memory.InMemoryContentStore;
import io.novasolve.core.model.Content;
import io.novasolve.core.model.FailureReason;
import io.novasolve.core.model.ImageOutcome;
import io.novasolve.core.model.Job;
import io.novasolve.core.model.JobAttempt;
import io.novasolve.core.model.JobState;
import io.novasolve.core.model.JobTimings;
import io.novasolve.core.model.Labels;
import io.novasolve.core.model.PositionHint;
import io.novasolve.core.model.ScaleHint;
import io.novasolve.core.model.ScaleUnits;
import io.novasolve.core.model.SolveOptions;
import io.novasolve.core.model.Submission;
import io.novasolve.core.model.SubmissionState;
import io.novasolve.core.model.UnsolvedReason;
import io.novasolve.core.model.UserImage;
import io.novasolve.core.spi.Claim;
import io.novasolve.core.spi.JobReport;
import io.novasolve.core.spi.NewImage;
import io.novasolve.core.spi.NewSubmission;
import io.novasolve.core.spi.QueueCounts;
import io.novasolve.core.spi.SolveContext;
import io.novasolve.core.spi.SolveOutcome;
import io.novasolve.core.spi.SolveTask;
import io.novasolve.core.spi.SolverTransport;
import io.novasolve.core.spi.Store;
import io.novasolve.core.spi.SubmissionProgress;
import io.novasolve.core.spi.TransportException;
import io.novasolve.core.spi.Waiting;
import io.novasolve.core.spi.WorkerReport;
import io.novasolve.sky.Parity;
import io.novasolve.sky.PixelPosition;
import io.novasolve.sky.SkyPosition;
import io.novasolve.sky.region.Footprint;
import io.novasolve.sky.wcs.Wcs;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What every {@link Store} remembers, cancels and forgets; {@link WorkQueueContract} is the other half. */
public abstract class StoreContract extends StoreFixture {

    private static final SolveOptions EVERYTHING = SolveOptions.builder()
            .scale(ScaleHint.between(ScaleUnits.ARCSEC_PER_PIX, 0.1, 1e3))
            .position(PositionHint.of(0, -0.0, 1e-3))
            .parity(Parity.NEG)
            .downsample(0)
            .invert(false)
            .depth(60)
            .maxStars(1000)
            .positionalErrorPx(0.7)
            .oddsToSolve(1e9)
            .tweakOrder(0)
            .crpixCentre(true)
            .width(1024.5)
            .height(768.0)
            .cpuLimit(Duration.ofMillis(1500))
            .timeout(Duration.ofMinutes(3))
            .deadline(Instant.parse("2026-11-24T23:59:59.123456789Z"))
            .reuse(false)
            .build();

    @Test
    void keepsASubmissionAsItCame() {
        Submission created = store().create(new NewSubmission("anna", "m31.jpg", content(7), EVERYTHING, "key 1"));

        assertThat(created.submitter()).isEqualTo("anna");
        assertThat(created.fileName()).isEqualTo("m31.jpg");
        assertThat(created.content()).isEqualTo(content(7));
        assertThat(created.options()).isEqualTo(EVERYTHING);
        assertThat(created.state()).isEqualTo(SubmissionState.QUEUED);
        assertThat(created.endedAt()).isNull();
        assertThat(created.error()).isNull();
        assertThat(store().submission(created.id())).contains(created);
    }

    @Test
    void keepsOptionsThatWereNotGivenApartFromZero() {
        Submission nothing = store().create(newSubmission("anna"));
        SolveOptions zeros = SolveOptions.builder()
                .position(PositionHint.of(0, 0, 1))
                .scale(new ScaleHint(ScaleUnits.DEG_WIDTH, 0.0, null))
                .downsample(0)
                .tweakOrder(0)
                .build();
        Submission zero = store().create(new NewSubmission("anna", "a", content(1), zeros, null));

        assertThat(store().submission(nothing.id()).orElseThrow().options()).isEqualTo(SolveOptions.defaults());
        assertThat(store().submission(zero.id()).orElseThrow().options()).isEqualTo(zeros);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " two  blanks ",
                "it's \"quoted\" \\ and `ticked`",
                "'; DROP TABLE jobs; --",
                "Плеяды 昴 🌌👩‍🚀",
                "tab\tand\nnewline",
                "100 % _ ? :name $1 {0}"
            })
    void keepsTextAsItIs(String text) {
        Submission created = store().create(new NewSubmission(text, text, content(1), SolveOptions.defaults(), text));
        submissions().complete(claimSubmission(text), List.of(new NewImage(text, content(2))));
        Job job = store().jobs(created.id()).get(0);
        JobReport.Failed failed = new JobReport.Failed(FailureReason.TRANSPORT, text);
        jobs().complete(claimJob(text), new JobReport(failed, JobTimings.NONE, Map.of(text, content(3))));

        Submission found = store().submission(created.id()).orElseThrow();
        assertThat(found.submitter()).isEqualTo(text);
        assertThat(found.fileName()).isEqualTo(text);
        assertThat(job(job.id()).image().fileName()).isEqualTo(text);
        assertThat(job(job.id()).outcome()).isEqualTo(new ImageOutcome.Failed(failed.reason(), text));
        assertThat(job(job.id()).files()).isEqualTo(Map.of(text, content(3)));
        assertThat(store().create(new NewSubmission(text, "again", content(1), SolveOptions.defaults(), text))
                        .id())
                .isEqualTo(created.id());
        keepsTextOfLabelsWorkersAndAnswers(text);
    }

    private void keepsTextOfLabelsWorkersAndAnswers(String text) {
        // Album and tags are words of a page: without control characters, and no tag is blank.
        Labels labels = text.isBlank() || text.contains("\n") ? Labels.NONE : new Labels(text, Set.of(text), true);
        int id = store().create(new NewSubmission(
                        "anna", "f", content(1), SolveOptions.defaults(), null, null, labels, Map.of()))
                .id();
        assertThat(submissions().fail(claimSubmission(text), text)).isTrue();
        assertThat(store().submission(id).orElseThrow().labels()).isEqualTo(labels);
        assertThat(store().submission(id).orElseThrow().error()).isEqualTo(text);

        WorkerReport worker = new WorkerReport(text, text, text, 1, 0);
        assertThat(store().reportWorker(worker)).isTrue();
        assertThat(store().workers()).extracting(w -> w.report()).containsExactly(worker);

        Job queued = queueJob("anna");
        jobs().complete(claimJob(text), solvedBy(text));
        assertThat(indexOf(queued)).isEqualTo(text);
    }

    private JobReport solvedBy(String index) {
        JobReport.Solved s = (JobReport.Solved) solved(Map.of()).result();
        return new JobReport(
                new JobReport.Solved(s.wcs(), s.logOdds(), s.matchedStars(), s.rmsPx(), index),
                JobTimings.NONE,
                Map.of());
    }

    private String indexOf(Job job) {
        assertThat(job(job.id()).outcome()).isInstanceOf(ImageOutcome.Solved.class);
        return job(job.id()).outcome() instanceof ImageOutcome.Solved solved
                ? solved.calibration().index()
                : "";
    }

    @Test
    void givesPositiveIdsInSequence() {
        assertThat(List.of(submit("a").id(), submit("b").id(), submit("a").id()))
                .allMatch(id -> id > 0)
                .doesNotHaveDuplicates()
                .isSorted();
        for (int i = 0; i < 3; i++) {
            submissions()
                    .complete(
                            claimSubmission("w"),
                            List.of(new NewImage("1", content(1)), new NewImage("2", content(2))));
        }
        List<Job> all = store().submissions(10).stream()
                .flatMap(s -> store().jobs(s.id()).stream())
                .toList();
        assertThat(all).hasSize(6).extracting(Job::id).allMatch(id -> id > 0).doesNotHaveDuplicates();
        assertThat(all).extracting(j -> j.image().id()).allMatch(id -> id > 0).doesNotHaveDuplicates();
    }

    @Test
    void theSameKeyOfTheSameSubmitterIsTheSameSubmission() {
        NewSubmission first = new NewSubmission("anna", "a.jpg", content(1), SolveOptions.defaults(), "key");
        NewSubmission again = new NewSubmission("anna", "b.jpg", content(2), SolveOptions.defaults(), "key");
        NewSubmission other = new NewSubmission("bert", "a.jpg", content(1), SolveOptions.defaults(), "key");

        Submission created = store().create(first);

        assertThat(store().create(again)).isEqualTo(created);
        assertThat(store().create(other).id()).isNotEqualTo(created.id());
        assertThat(submit("anna").id()).isNotEqualTo(submit("anna").id());
        assertThat(submissions().claim(10, "w", lease())).hasSize(4);
        assertThat(store().create(again).id()).isEqualTo(created.id());
    }

    @Test
    void theSameKeyAtTheSameMomentIsTheSameSubmission() throws Exception {
        int threads = 4;
        CyclicBarrier together = new CyclicBarrier(threads);
        ExecutorService clients = Executors.newFixedThreadPool(threads);
        try (Store other = openAgain().orElse(null)) {
            for (int round = 0; round < 10; round++) {
                NewSubmission same =
                        new NewSubmission("anna", "a.jpg", content(1), SolveOptions.defaults(), "key " + round);
                List<Future<Submission>> created = new ArrayList<>();
                for (int i = 0; i < threads; i++) {
                    Store store = other == null || i % 2 == 0 ? store() : other;
                    created.add(clients.submit(() -> {
                        together.await();
                        return store.create(same);
                    }));
                }
                int id = created.get(0).get().id();
                for (Future<Submission> submission : created) {
                    assertThat(submission.get().id()).as("round " + round).isEqualTo(id);
                }
            }
        } finally {
            clients.shutdownNow();
        }
        assertThat(store().submissions(100)).hasSize(10);
        assertThat(submissions().claim(100, "w", lease())).hasSize(10);
    }

    @Test
    void listsTheNewestFirst() {
        int first = submit("a").id();
        int second = submit("b").id();
        int third = submit("a").id();

        assertThat(store().submissions(2)).extracting(Submission::id).containsExactly(third, second);
        assertThat(store().submissions(10)).extracting(Submission::id).containsExactly(third, second, first);
    }

    /** Three accidents as a worker has them, and what is left to read of them. */
    @Test
    void aJobThatFailedTellsAllItsAttempts() throws Exception {
        try (Nova nova = Nova.builder(new Stumbling())
                .name("limping")
                .store(store())
                .content(new InMemoryContentStore())
                .retries(3, Duration.ZERO)
                .start()) {
            byte[] stars = "100 100\n200 150\n300 120\n400 420\n500 90\n".getBytes(StandardCharsets.US_ASCII);
            Job job = nova.submit(SubmissionRequest.of(stars, "stars.txt"))
                    .result()
                    .get(60, TimeUnit.SECONDS)
                    .jobs()
                    .get(0);

            assertThat(job.outcome())
                    .isEqualTo(new ImageOutcome.Failed(FailureReason.TRANSPORT, "stars.txt: the engine crashed"));
            assertThat(job.attempts()).isEqualTo(3);
            List<JobAttempt> attempts = nova.attempts(job.id());
            assertThat(attempts).extracting(JobAttempt::number).containsExactly(1, 2, 3);
            assertThat(attempts).extracting(JobAttempt::worker).allMatch(worker -> worker.startsWith("limping-jobs"));
            assertThat(attempts).extracting(JobAttempt::accident).containsOnly("stars.txt: the engine crashed");
            assertThat(attempts).isSortedAccordingTo(Comparator.comparing(JobAttempt::startedAt));
            assertThat(nova.attempts(4711)).isEmpty();
        }
    }

    private static final class Stumbling implements SolverTransport {
        @Override
        public String name() {
            return "stumbling";
        }

        @Override
        public SolveOutcome solve(SolveTask task, SolveContext context) throws TransportException {
            throw new TransportException("the engine crashed", true);
        }
    }

    @Test
    void knowsNothingOfWhatDoesNotExist() {
        assertThat(store().submission(4711)).isEmpty();
        assertThat(store().job(4711)).isEmpty();
        assertThat(store().jobs(4711)).isEmpty();
        assertThat(store().progress(4711)).isEmpty();
        assertThat(store().cancelSubmission(4711)).isEqualTo(new Store.Stopped(false, false, List.of()));
        assertThat(store().cancelJob(4711)).isEqualTo(new Store.Stopped(false, false, List.of()));
        assertThat(store().submissions(10)).isEmpty();
        assertThat(store().progress(List.of())).isEmpty();
        assertThat(store().unreferenced(List.of())).isEmpty();
    }

    @Test
    void makesImagesAndJobsInTheirOrder() {
        Submission submission = submit("anna");
        Claim<Submission> claim = claimSubmission("w");
        assertThat(claim.work().state()).isEqualTo(SubmissionState.UNPACKING);
        assertThat(store().submission(submission.id()).orElseThrow().state()).isEqualTo(SubmissionState.UNPACKING);

        List<NewImage> images = List.of(new NewImage("z/1.fits", content(5)), new NewImage("a/2.png", content(6)));
        assertThat(submissions().complete(claim, images)).isTrue();

        assertThat(store().submission(submission.id()).orElseThrow().state()).isEqualTo(SubmissionState.UNPACKED);
        assertThat(store().submission(submission.id()).orElseThrow().endedAt()).isNotNull();
        List<Job> jobs = store().jobs(submission.id());
        assertThat(jobs).extracting(j -> j.image().fileName()).containsExactly("z/1.fits", "a/2.png");
        assertThat(jobs).extracting(j -> j.image().content()).containsExactly(content(5), content(6));
        assertThat(jobs).allSatisfy(job -> {
            assertThat(job.state()).isEqualTo(JobState.QUEUED);
            assertThat(job.submissionId()).isEqualTo(submission.id());
            assertThat(job.image().submissionId()).isEqualTo(submission.id());
            assertThat(job.attempts()).isZero();
            assertThat(job.startedAt()).isNull();
            assertThat(job.outcome()).isNull();
            assertThat(store().job(job.id())).contains(job);
        });
        assertThat(submissions().complete(claim, images)).as("a second time").isFalse();
        assertThat(store().jobs(submission.id())).hasSize(2);
    }

    @Test
    void keepsASolutionToTheLastBit() {
        Job queued = queueJob("anna");
        JobReport report = solved(Map.of("wcs.fits", content(8), "log", content(9)));

        assertThat(jobs().complete(claimJob("w"), report)).isTrue();

        Job job = job(queued.id());
        JobReport.Solved expected = (JobReport.Solved) report.result();
        assertThat(job.state()).isEqualTo(JobState.SOLVED);
        assertThat(job.outcome()).isInstanceOfSatisfying(ImageOutcome.Solved.class, solved -> {
            assertThat(solved.calibration().id()).isPositive();
            assertThat(solved.calibration().wcs()).isEqualTo(expected.wcs());
            assertThat(solved.calibration().logOdds()).isEqualTo(expected.logOdds());
            assertThat(solved.calibration().matchedStars()).isEqualTo(expected.matchedStars());
            assertThat(solved.calibration().rmsPx()).isEqualTo(expected.rmsPx());
            assertThat(solved.calibration().index()).isEqualTo(expected.index());
        });
        assertThat(job.timings()).isEqualTo(report.timings());
        assertThat(job.files()).isEqualTo(report.files());
        assertThat(job.endedAt()).isNotNull();
        assertThat(job.attempts()).isEqualTo(1);
    }

    @Test
    void keepsASolutionWithoutItsMatches() {
        Job queued = queueJob("anna");
        JobReport.Solved solved = (JobReport.Solved) solved(Map.of()).result();
        JobReport.Solved bare = new JobReport.Solved(solved.wcs(), 20, 0, Double.NaN, "");

        jobs().complete(claimJob("w"), new JobReport(bare, unsolved().timings(), Map.of()));

        assertThat(job(queued.id()).outcome()).isInstanceOfSatisfying(ImageOutcome.Solved.class, s -> assertThat(
                        s.calibration().rmsPx())
                .isNaN());
    }

    @Test
    void countsJobsAndProgress() {
        List<Job> waiting = queueJobs("anna", 4);
        int submission = waiting.get(0).submissionId();
        assertThat(store().progress(submission)).contains(new SubmissionProgress(SubmissionState.UNPACKED, 4, 0));
        jobs().complete(claimJob("w"), solved(Map.of()));
        jobs().complete(claimJob("w"), unsolved());
        claimJob("w");
        store().cancelJob(waiting.get(3).id());

        assertThat(store().counts()).isEqualTo(new QueueCounts(0, 1, 1, 1, 0, 1));
        SubmissionProgress progress = store().progress(submission).orElseThrow();
        assertThat(progress).isEqualTo(new SubmissionProgress(SubmissionState.UNPACKED, 4, 3));
        assertThat(progress.isFinal()).isFalse();
    }

    @Test
    void tellsTheProgressOfManyAtOnce() {
        int first = queueJob("a").submissionId();
        int second = submit("b").id();

        assertThat(store().progress(List.of(second, first, 4711)))
                .isEqualTo(Map.of(
                        first, new SubmissionProgress(SubmissionState.UNPACKED, 1, 0),
                        second, new SubmissionProgress(SubmissionState.QUEUED, 0, 0)));
    }

    @Test
    void listsTheJobsOfManyAtOnce() {
        List<Job> first = queueJobs("a", 2);
        int empty = submit("b").id();
        submissions().complete(claimSubmission("w"), List.of());
        List<Job> second = queueJobs("a", 3);

        List<Job> all = store().jobs(List.of(
                second.get(0).submissionId(), empty, first.get(0).submissionId(), 4711));

        assertThat(all)
                .filteredOn(j -> j.submissionId() == first.get(0).submissionId())
                .isEqualTo(first);
        assertThat(all)
                .filteredOn(j -> j.submissionId() == second.get(0).submissionId())
                .isEqualTo(second);
        assertThat(all).hasSize(5);
    }

    @Test
    void cancelsASubmissionThatWaits() {
        Submission submission = submit("anna");

        assertThat(store().cancelSubmission(submission.id())).isEqualTo(new Store.Stopped(true, true, List.of()));

        assertThat(store().submission(submission.id()).orElseThrow().state()).isEqualTo(SubmissionState.CANCELLED);
        assertThat(store().progress(submission.id()).orElseThrow().isFinal()).isTrue();
        assertThat(submissions().claim(1, "w", lease())).isEmpty();
        assertThat(store().cancelSubmission(submission.id()))
                .as("a second time")
                .isEqualTo(new Store.Stopped(true, false, List.of()));
    }

    @Test
    void aSubmissionCancelledWhileItIsUnpackedMakesNoJobs() {
        Submission submission = submit("anna");
        Claim<Submission> claim = claimSubmission("w");

        assertThat(store().cancelSubmission(submission.id())).isEqualTo(new Store.Stopped(true, false, List.of()));
        assertThat(submissions().complete(claim, List.of(new NewImage("a", content(2)))))
                .isFalse();
        assertThat(submissions().retry(claim, Duration.ZERO)).isFalse();
        assertThat(submissions().release(claim)).isFalse();
        assertThat(submissions().cancelled(claim)).isTrue();

        assertThat(store().submission(submission.id()).orElseThrow().state()).isEqualTo(SubmissionState.CANCELLED);
        assertThat(store().jobs(submission.id())).isEmpty();
        assertThat(jobs().claim(1, "w", lease())).isEmpty();
    }

    @Test
    void aCancelledSubmissionWhoseWorkerDiedEnds() throws Exception {
        Submission submission = submit("anna");
        claimSubmission("w");
        store().cancelSubmission(submission.id());

        letPass(lease().plusMillis(1));
        assertThat(submissions().claim(1, "other", lease())).isEmpty();

        assertThat(store().submission(submission.id()).orElseThrow().state()).isEqualTo(SubmissionState.CANCELLED);
    }

    @Test
    void cancelsTheJobsOfASubmission() {
        List<Job> waiting = queueJobs("anna", 3);
        Claim<Job> done = claimJob("w");
        jobs().complete(done, unsolved());
        Claim<Job> running = claimJob("w");

        assertThat(store().cancelSubmission(waiting.get(0).submissionId()))
                .isEqualTo(new Store.Stopped(true, false, List.of(waiting.get(2).id())));

        assertThat(state(done.id())).isEqualTo(JobState.UNSOLVED);
        assertThat(state(running.id())).as("asked to stop").isEqualTo(JobState.RUNNING);
        assertThat(state(waiting.get(2).id())).isEqualTo(JobState.CANCELLED);
        assertThat(job(waiting.get(2).id()).outcome()).isEqualTo(new ImageOutcome.Cancelled());
    }

    @Test
    void endsASubmissionThatCannotBeUnpacked() {
        Submission submission = submit("anna");

        assertThat(submissions().fail(claimSubmission("w"), "m31.jpg: truncated"))
                .isTrue();

        Submission failed = store().submission(submission.id()).orElseThrow();
        assertThat(failed.state()).isEqualTo(SubmissionState.FAILED);
        assertThat(failed.error()).isEqualTo("m31.jpg: truncated");
        assertThat(store().progress(submission.id()).orElseThrow().isFinal()).isTrue();
    }

    /** A submission that ended with one unsolved job whose picture and log are as given. */
    private int ended(int content, int log) {
        Submission s =
                store().create(new NewSubmission("a", "f", content(content), SolveOptions.defaults(), "k" + content));
        submissions().complete(claimSubmission("w"), List.of(new NewImage("f", content(content))));
        jobs().complete(
                        claimJob("w"),
                        new JobReport(unsolved().result(), unsolved().timings(), Map.of("log", content(log))));
        return s.id();
    }

    @Test
    void forgetsWhatEndedFirstWithItsContent() {
        int open = submit("z").id();
        Claim<Submission> unpacking = claimSubmission("w");
        int first = ended(11, 50);
        int second = ended(12, 51);
        int third = ended(13, 51);
        submissions().complete(unpacking, List.of());

        Store.Forgotten forgotten = store().forgetEnded(2, 100);

        assertThat(forgotten.submissions()).isEqualTo(2);
        assertThat(forgotten.orphans())
                .isEqualTo(Set.of(
                        content(11).hash(), content(50).hash(), content(12).hash()));
        assertThat(store().submission(first)).isEmpty();
        assertThat(store().jobs(second)).isEmpty();
        assertThat(store().submission(third)).isPresent();
        assertThat(store().submission(open)).as("ended last").isPresent();
        assertThat(store().counts()).isEqualTo(new QueueCounts(0, 0, 0, 1, 0, 0));
        Submission again = store().create(new NewSubmission("a", "f", content(11), SolveOptions.defaults(), "k11"));
        assertThat(again.id()).as("ids and keys are not taken up again").isGreaterThan(third);
    }

    @Test
    void forgetsInBatchesAndNeverWhatIsOpen() {
        for (int i = 1; i <= 5; i++) {
            ended(20 + i, 60);
        }
        queueJobs("b", 2);
        claimJob("w");
        submit("c");

        assertThat(store().forgetEnded(1, 3).submissions()).isEqualTo(3);
        assertThat(store().forgetEnded(1, 3).submissions()).isEqualTo(1);
        assertThat(store().forgetEnded(1, 3)).isEqualTo(new Store.Forgotten(0, Set.of()));
        assertThat(store().forgetEnded(0, 3).orphans())
                .contains(content(25).hash(), content(60).hash());
        assertThat(store().submissions(10)).hasSize(2);
    }

    @Test
    void forgetsWhatItIsToldToAndNeverWhatIsOpen() {
        int first = ended(21, 60);
        int second = ended(22, 61);
        int running = queueJobs("b", 1).get(0).submissionId();
        claimJob("w");
        int waiting = submit("c").id();

        Store.Forgotten forgotten = store().forget(List.of(running, second, waiting, 4711));

        assertThat(forgotten)
                .isEqualTo(new Store.Forgotten(
                        1, Set.of(content(22).hash(), content(61).hash())));
        assertThat(store().submission(second)).isEmpty();
        assertThat(store().submissions(10)).extracting(Submission::id).containsExactly(waiting, running, first);
        assertThat(store().forget(List.of(second))).isEqualTo(new Store.Forgotten(0, Set.of()));
        assertThat(store().forget(List.of())).isEqualTo(new Store.Forgotten(0, Set.of()));
    }

    @Test
    void tellsContentThatNothingRefersTo() {
        ended(31, 70);
        Content waiting = submit("b").content();

        assertThat(store().unreferenced(List.of(
                        content(31).hash(),
                        content(70).hash(),
                        waiting.hash(),
                        content(99).hash())))
                .containsExactly(content(99).hash());
    }

    @Test
    void refusesWhatNoDatabaseKeepsAsItIs() {
        String endless = "x".repeat(10_000_000);
        for (String name : List.of(endless, "nul \0 inside", "half a pair \ud83c")) {
            assertThatThrownBy(() -> new NewSubmission("a", name, content(1), SolveOptions.defaults(), null))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("file name");
            assertThatThrownBy(() -> new NewSubmission(name, "f", content(1), SolveOptions.defaults(), null))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> new NewSubmission("a", "f", content(1), SolveOptions.defaults(), name))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> new NewImage(name, content(1))).isInstanceOf(IllegalArgumentException.class);
        }
        String longest = "长".repeat(NewImage.MAX_NAME_LENGTH);
        int id = store().create(new NewSubmission("a", longest, content(1), SolveOptions.defaults(), longest))
                .id();
        assertThat(store().submission(id).orElseThrow().fileName()).isEqualTo(longest);
    }

    @Test
    void anAccidentIsRecordedWhateverItsSentenceHolds() {
        Job queued = queueJob("anna");
        jobs().retry(claimJob("w"), "nul \0 and half a pair \ud83c", Duration.ZERO);
        jobs().complete(
                        claimJob("w"),
                        new JobReport(
                                new JobReport.Failed(FailureReason.TRANSPORT, "again \0"), JobTimings.NONE, Map.of()));

        assertThat(job(queued.id()).outcome())
                .isEqualTo(new ImageOutcome.Failed(FailureReason.TRANSPORT, "again \uFFFD"));
        assertThat(store().attempts(queued.id()).get(0).accident()).isEqualTo("nul \uFFFD and half a pair \uFFFD");
    }

    /** Its name comes from another machine. */
    @Test
    void aSolutionIsRecordedWhateverItsIndexIsCalled() {
        Job strange = queueJob("anna");
        assertThat(jobs().complete(claimJob("w"), solvedBy("nul \0 inside"))).isTrue();
        assertThat(indexOf(strange)).isEqualTo("nul \uFFFD inside");
        Job endless = queueJob("anna");
        assertThat(jobs().complete(claimJob("w"), solvedBy("昴".repeat(10_000)))).isTrue();
        assertThat(indexOf(endless)).startsWith("昴昴昴").hasSizeLessThan(256);
    }

    private static SolveOptions until(Instant deadline) {
        return SolveOptions.builder().deadline(deadline).build();
    }

    private Submission submitUntil(Instant deadline, Map<String, SolveOptions> ofImages) {
        return store().create(new NewSubmission(
                "anna", "m31.jpg", content(1), until(deadline), null, null, Labels.NONE, ofImages));
    }

    @Test
    void namesWhatIsOverdueTheEarliestFirst() {
        Instant now = Instant.parse("2026-11-24T12:00:00.123456Z");
        submit("without a deadline");
        Submission late = submitUntil(now, Map.of());
        Submission ofImage = submitUntil(now.plusSeconds(60), Map.of("a.png", until(now.minusSeconds(60))));
        Submission never = submitUntil(Instant.MAX, Map.of());

        assertThat(store().overdue(now.minusSeconds(61), 10)).isEmpty();
        assertThat(store().overdue(now.minusSeconds(1), 10)).containsExactly(ofImage.id());
        assertThat(store().overdue(now, 10)).containsExactly(ofImage.id(), late.id());
        assertThat(store().overdue(now, 1)).containsExactly(ofImage.id());
        assertThat(store().overdue(now.plusSeconds(99), 10)).doesNotContain(never.id());

        store().endWaiting(ofImage, List.of(), Map.of(), now.plusSeconds(60));
        store().endWaiting(late, List.of(), Map.of(), null);
        assertThat(store().overdue(now.plusSeconds(59), 10)).isEmpty();
        assertThat(store().overdue(now.plusSeconds(60), 10)).containsExactly(ofImage.id());
    }

    private final JobReport overdue =
            new JobReport(new JobReport.Unsolved(UnsolvedReason.TIMEOUT, "too late"), JobTimings.NONE, Map.of());

    @Test
    void endsWhatWaitsAndLeavesAloneWhatIsInHand() {
        List<Job> anna = queueJobs("anna", 3);
        Submission submission = store().submission(anna.get(0).submissionId()).orElseThrow();
        Claim<Job> running = claimJob("w");
        int first = anna.get(1).id();
        int second = anna.get(2).id();

        List<NewImage> instead = List.of(new NewImage("too late", content(1), overdue));
        assertThat(store().endWaiting(submission, instead, Map.of(running.id(), overdue, first, overdue), null))
                .isEqualTo(new Store.Stopped(true, false, List.of(first)));

        assertThat(job(first).outcome()).isEqualTo(new ImageOutcome.Unsolved(UnsolvedReason.TIMEOUT, "too late"));
        assertThat(state(running.id())).isEqualTo(JobState.RUNNING);
        assertThat(state(second)).isEqualTo(JobState.QUEUED);
        assertThat(store().jobs(submission.id())).hasSize(3);
        assertThat(jobs().complete(running, unsolved())).isTrue();
        assertThat(claimJob("w").id()).isEqualTo(second);
    }

    @Test
    void endsASubmissionThatWaits() {
        Submission inHand = submit("anna");
        Claim<Submission> claim = claimSubmission("w");
        Submission waiting = submit("anna");

        List<NewImage> images = List.of(new NewImage("too late", content(1), overdue));

        Store.Stopped ended = store().endWaiting(waiting, images, Map.of(), null);
        assertThat(store().endWaiting(inHand, images, Map.of(), null))
                .isEqualTo(new Store.Stopped(true, false, List.of()));

        assertThat(store().submission(waiting.id()).orElseThrow().state()).isEqualTo(SubmissionState.UNPACKED);
        assertThat(store().jobs(waiting.id())).singleElement().satisfies(job -> {
            assertThat(ended).isEqualTo(new Store.Stopped(true, true, List.of(job.id())));
            assertThat(job.image().fileName()).isEqualTo("too late");
            assertThat(job.outcome()).isEqualTo(new ImageOutcome.Unsolved(UnsolvedReason.TIMEOUT, "too late"));
        });
        assertThat(submissions().claim(1, "w", lease())).isEmpty();
        assertThat(submissions().fail(claim, "cut off")).isTrue();
        assertThat(store().isIdle()).isTrue();
    }

    @Test
    void tellsWhichSubmissionsWait() throws Exception {
        submit("a");
        submit("b");
        submit("b");
        Claim<Submission> first = claimSubmission("w");
        letPass(Duration.ofMillis(20));

        Waiting waiting = store().waiting();
        assertThat(waiting.submissions()).isEqualTo(2);
        assertThat(waiting.unpacking()).isEqualTo(1);
        assertThat(waiting.oldestSubmission()).isGreaterThanOrEqualTo(Duration.ofMillis(20));
        assertThat(waiting.submitters()).as("with jobs").isZero();

        submissions().fail(first, "cut off");
        submissions().retry(claimSubmission("w"), lease());
        submissions().fail(claimSubmission("w"), "cut off");
        waiting = store().waiting();
        assertThat(waiting.submissions()).as("one that waits to be tried again").isEqualTo(1);
        assertThat(waiting.unpacking()).isZero();
        assertThat(waiting.oldestSubmission()).isPositive();
    }

    @Test
    void tellsWhoWaits() throws Exception {
        assertThat(store().waiting()).isEqualTo(new Waiting(Duration.ZERO, 0, 0, 0, Duration.ZERO));
        assertThat(store().isIdle()).isTrue();
        queueJobs("a", 2);
        queueJob("b");
        letPass(Duration.ofMillis(20));

        assertThat(store().waiting().submitters()).isEqualTo(2);
        assertThat(store().waiting().oldest()).isGreaterThanOrEqualTo(Duration.ofMillis(20));
        assertThat(store().isIdle()).isFalse();
        jobs().claim(3, "w", lease());
        assertThat(store().waiting().submitters()).isZero();
        assertThat(store().isIdle()).as("they run").isFalse();
    }

    @Test
    void workersRegisterDrainAndGo() throws Exception {
        WorkerReport first = new WorkerReport("w1", "host \"A\"", "embedded", 4, 0);
        assertThat(store().reportWorker(first)).isTrue();
        assertThat(store().reportWorker(new WorkerReport("w2", "b", "ssh:solver", 8, 1)))
                .isTrue();
        Instant seen = store().workers().get(0).lastSeen();
        letPass(Duration.ofMillis(20));
        WorkerReport busy = new WorkerReport("w1", "host \"A\"", "embedded", 4, 3);
        assertThat(store().reportWorker(busy)).isTrue();

        assertThat(store().workers()).extracting(w -> w.report().name()).containsExactly("w1", "w2");
        assertThat(store().workers().get(0).report()).isEqualTo(busy);
        assertThat(store().workers().get(0).lastSeen()).isAfter(seen);
        assertThat(store().drainWorker("w1")).isTrue();
        assertThat(store().drainWorker("unknown")).isFalse();
        assertThat(store().reportWorker(busy)).as("asked to drain").isFalse();
        assertThat(store().workers().get(0).draining()).isTrue();
        store().removeWorker("w1");
        store().removeWorker("unknown");
        assertThat(store().workers()).hasSize(1);
    }

    @Test
    void forgetsByAge() throws Exception {
        int old = ended(51, 90);
        letPass(Duration.ofMillis(500));
        int young = ended(52, 91);

        assertThat(store().endedBeyond(0, 10)).containsExactly(old, young);
        assertThat(store().endedBeyond(0, 1)).containsExactly(old);
        assertThat(store().endedBeyond(1, 10)).containsExactly(old);
        assertThat(store().endedBeyond(2, 10)).isEmpty();
        assertThat(store().endedBefore(Duration.ofMillis(400), 10)).containsExactly(old);
        assertThat(store().endedBefore(Duration.ofDays(1), 10)).isEmpty();
        assertThat(store().forgetEndedBefore(Duration.ofDays(1), 10).submissions())
                .isZero();
        Store.Forgotten forgotten = store().forgetEndedBefore(Duration.ofMillis(400), 10);

        assertThat(forgotten.orphans()).contains(content(51).hash(), content(90).hash());
        assertThat(store().submission(old)).isEmpty();
    }

    @Test
    void listsContentByPages() {
        ended(61, 63);
        ended(62, 63);

        List<Content> first = store().contents(null, 2);
        List<Content> second = store().contents(first.get(1).hash(), 2);

        assertThat(first).containsExactly(content(61), content(62));
        assertThat(second).containsExactly(content(63));
        assertThat(store().contents(content(63).hash(), 2)).isEmpty();
    }

    @Test
    void anotherProcessSeesEverything() throws Exception {
        int ended = ended(41, 80);
        Job waiting = queueJobs("b", 2).get(0);
        Claim<Job> running = claimJob("w");
        Optional<Store> second = openAgain();
        assumeTrue(second.isPresent(), "this store lives and dies with its process");
        try (Store other = second.get()) {
            assertThat(other.submissions(10)).isEqualTo(store().submissions(10));
            assertThat(other.jobs(ended)).isEqualTo(store().jobs(ended));
            assertThat(other.counts()).isEqualTo(store().counts());
            assertThat(other.jobQueue().claim(5, "other", lease())).hasSize(1);
            assertThat(other.cancelJob(waiting.id()).known()).isTrue();
            assertThat(other.jobQueue().complete(running, unsolved())).isTrue();
            assertThat(state(running.id())).isEqualTo(JobState.UNSOLVED);
        }
    }

    @Test
    void keepsLinkAndLabels() {
        URI link = URI.create("https://example.org/%C3%BC.fits?a=b");
        Labels labels = new Labels("Reise nach Münster", Set.of("m31", "two words"), false);
        Submission created = store().create(new NewSubmission(
                "anna", "ü.fits", content(1), SolveOptions.defaults(), null, link, labels, Map.of()));

        assertThat(created.link()).isEqualTo(link);
        assertThat(store().submission(created.id()).orElseThrow().labels()).isEqualTo(labels);
        Claim<Submission> claim = claimSubmission("w");
        assertThat(claim.work().link()).isEqualTo(link);
        assertThat(claim.work().labels()).isEqualTo(labels);
        submissions().complete(claim, List.of());
        assertThat(store().submission(created.id()).orElseThrow().link()).isEqualTo(link);
        assertThat(submit("bert").link()).isNull();
        assertThat(submit("bert").labels()).isEqualTo(Labels.NONE);
    }

    @Test
    void imagesThatHaveEndedAlready() {
        Submission submission = submit("anna");
        JobReport.Failed encrypted = new JobReport.Failed(FailureReason.UNREADABLE, "b.png is encrypted");
        JobReport known = solved(Map.of("wcs.fits", content(8)));

        submissions()
                .complete(
                        claimSubmission("w"),
                        List.of(
                                new NewImage("a.png", content(5)),
                                new NewImage("b.png", content(6), new JobReport(encrypted, JobTimings.NONE, Map.of())),
                                new NewImage("c.png", content(7), known)));

        List<Job> all = store().jobs(submission.id());
        assertThat(all).extracting(Job::state).containsExactly(JobState.QUEUED, JobState.FAILED, JobState.SOLVED);
        assertThat(all.get(1).outcome())
                .isEqualTo(new ImageOutcome.Failed(FailureReason.UNREADABLE, "b.png is encrypted"));
        assertThat(all.get(1).endedAt()).isNotNull();
        assertThat(all.get(1).startedAt()).isNull();
        assertThat(all.get(2).files()).isEqualTo(known.files());
        assertThat(all.get(2).timings()).isEqualTo(known.timings());
        assertThat(store().progress(submission.id())).contains(new SubmissionProgress(SubmissionState.UNPACKED, 3, 2));
        assertThat(store().unreferenced(List.of(content(8).hash()))).isEmpty();
        assertThat(claimJob("w").id()).isEqualTo(all.get(0).id());
        assertThat(jobs().claim(5, "w", lease())).isEmpty();
    }

    @Test
    void aSubmissionOfWhichAllHasEndedAlreadyIsFinal() {
        Submission submission = submit("anna");
        submissions().complete(claimSubmission("w"), List.of(new NewImage("c.png", content(7), solved(Map.of()))));

        assertThat(store().progress(submission.id()).orElseThrow().isFinal()).isTrue();
        assertThat(store().forgetEnded(0, 10).submissions()).isEqualTo(1);
        assertThat(store().solved(content(7).hash(), 10)).isEmpty();
    }

    @Test
    void findsSolvedJobsByTheirContent() {
        Submission submission = submit("anna");
        submissions()
                .complete(
                        claimSubmission("w"),
                        List.of(
                                new NewImage("a", content(5)),
                                new NewImage("b", content(5)),
                                new NewImage("c", content(6)),
                                new NewImage("d", content(5))));
        jobs().complete(claimJob("w"), solved(Map.of()));
        jobs().complete(claimJob("w"), unsolved());
        jobs().complete(claimJob("w"), solved(Map.of()));
        jobs().complete(claimJob("w"), solved(Map.of()));
        List<Job> all = store().jobs(submission.id());

        assertThat(store().solved(content(5).hash(), 10)).containsExactly(all.get(3), all.get(0));
        assertThat(store().solved(content(5).hash(), 1)).containsExactly(all.get(3));
        assertThat(store().solved(content(99).hash(), 10)).isEmpty();
    }

    @Test
    void imagesBelongToTheirSubmission() {
        UserImage image = queueJob("anna").image();

        assertThat(store().submission(image.submissionId()).orElseThrow().submitter())
                .isEqualTo("anna");
    }

    @Test
    void keepsTheOptionsOfSingleImages() {
        Map<String, SolveOptions> options = Map.of(
                "night/m 31 = ü\n%2F.fits",
                EVERYTHING,
                "b",
                SolveOptions.defaults(),
                "c",
                SolveOptions.builder().reuse(true).build());
        Submission created = store().create(new NewSubmission(
                "anna", "night.tar", content(1), EVERYTHING, null, null, Labels.NONE, options));
        assertThat(created.imageOptions()).isEqualTo(options);
        assertThat(store().submission(created.id())).contains(created);
        assertThat(created.optionsOf("b")).isEqualTo(EVERYTHING);
        assertThat(created.optionsOf("c").reuse()).isTrue();
        assertThat(created.optionsOf("another")).isEqualTo(EVERYTHING);
        assertThat(claimSubmission("w").work().imageOptions()).isEqualTo(options);
        assertThat(submit("bert").imageOptions()).isEmpty();
    }

    // ---------------------------------------------------------------- the sky

    private static Wcs picture(double raDeg, double decDeg, double degPerPixel) {
        return new Wcs(
                new SkyPosition(raDeg, decDeg),
                new PixelPosition(500.5, 250.5),
                -degPerPixel * 0.8,
                degPerPixel * 0.6,
                degPerPixel * 0.6,
                degPerPixel * 0.8,
                null,
                1000,
                500);
    }

    private List<Integer> solveAll(List<Wcs> pictures) {
        List<Job> queued = queueJobs("anna", pictures.size());
        List<Claim<Job>> claims = jobs().claim(pictures.size(), "worker", lease());
        assertThat(claims).hasSize(pictures.size());
        for (Claim<Job> claim : claims) {
            int which = queued.stream().map(Job::id).toList().indexOf(claim.id());
            JobReport.Solved solved = new JobReport.Solved(pictures.get(which), 30, 20, 0.5, "index");
            assertThat(jobs().complete(
                                    claim,
                                    new JobReport(solved, JobTimings.NONE, Map.of("wcs.fits", content(1000 + which)))))
                    .isTrue();
        }
        return queued.stream().map(Job::id).toList();
    }

    private static List<Integer> ids(List<Job> jobs) {
        return jobs.stream().map(Job::id).toList();
    }

    @Test
    void findsThePicturesThatShowAPosition() {
        List<Integer> jobs = solveAll(List.of(
                picture(10, 20, 0.01), picture(10, 20, 0.0001), picture(25, 20, 0.01), picture(190, -20, 0.01)));

        assertThat(ids(store().showing(new SkyPosition(10, 20), 10))).containsExactly(jobs.get(1), jobs.get(0));
        assertThat(ids(store().showing(new SkyPosition(10.5, 20.2), 10))).containsExactly(jobs.get(0));
        assertThat(store().showing(new SkyPosition(190, 20), 10)).isEmpty();
        assertThat(ids(store().showing(new SkyPosition(10, 20), 1))).containsExactly(jobs.get(1));
        assertThat(store().showing(new SkyPosition(10, 20), 0)).isEmpty();
        assertThat(store().showing(new SkyPosition(190, -20), 5))
                .singleElement()
                .isEqualTo(job(jobs.get(3)));
    }

    @Test
    void findsThePicturesNearAPositionTheNearestFirst() {
        List<Integer> jobs = solveAll(List.of(
                picture(0.2, 89.9, 0.001), picture(180, 89.9, 0.001), picture(0, 89, 0.001), picture(0, 0, 0.01)));
        SkyPosition here = new SkyPosition(359.9, 89.85);

        assertThat(ids(store().near(here, 1, 10))).containsExactly(jobs.get(0), jobs.get(1), jobs.get(2));
        assertThat(ids(store().near(here, 0.1, 10))).containsExactly(jobs.get(0));
        assertThat(ids(store().near(here, 180, 10)))
                .containsExactly(jobs.get(0), jobs.get(1), jobs.get(2), jobs.get(3));
        assertThat(ids(store().near(here, 180, 2))).containsExactly(jobs.get(0), jobs.get(1));
        assertThat(store().near(new SkyPosition(90, 0), 10, 10)).isEmpty();
        assertThat(store().near(new SkyPosition(0, 0), 0.001, 1))
                .singleElement()
                .isEqualTo(job(jobs.get(3)));
    }

    @Test
    void theNearestOfACrowdAreFound() {
        List<Wcs> pictures = new java.util.ArrayList<>();
        for (int i = 0; i < 60; i++) {
            // On a line that leads away, all of it farther than the first look of any store.
            pictures.add(picture(200 + 0.001 * (i * 7 % 60), 30, 0.0001));
        }
        for (int i = 0; i < 30; i++) {
            pictures.add(picture(201, 30, 0.0001));
        }
        List<Integer> jobs = solveAll(pictures);
        SkyPosition here = new SkyPosition(199.8, 30);
        List<Integer> nearest = java.util.stream.IntStream.range(0, 60)
                .boxed()
                .sorted(java.util.Comparator.comparingInt(i -> i * 7 % 60))
                .map(jobs::get)
                .toList();

        assertThat(ids(store().near(here, 10, 1))).isEqualTo(nearest.subList(0, 1));
        assertThat(ids(store().near(here, 10, 25))).isEqualTo(nearest.subList(0, 25));
        assertThat(ids(store().near(here, 180, 60))).isEqualTo(nearest);
        assertThat(ids(store().near(new SkyPosition(201, 30), 180, 3)))
                .hasSize(3)
                .isSubsetOf(jobs.subList(60, 90));
    }

    @Test
    void searchesAgreeWithLookingAtEveryPicture() {
        long seed = Long.getLong("nova.test.seed", 20261124);
        System.out.println("StoreContract.searchesAgreeWithLookingAtEveryPicture: seed " + seed);
        java.util.Random random = new java.util.Random(seed);
        List<Wcs> pictures = new java.util.ArrayList<>();
        for (int i = 0; i < 200; i++) {
            pictures.add(picture(
                    random.nextDouble() * 360,
                    Math.toDegrees(Math.asin(2 * random.nextDouble() - 1)),
                    Math.pow(10, -4 + 3 * random.nextDouble())));
        }
        List<Integer> jobs = solveAll(pictures);
        for (int i = 0; i < 60; i++) {
            SkyPosition p = pictures.get(i).pixelToSky(random.nextDouble() * 1100, random.nextDouble() * 600);
            List<Integer> showing = java.util.stream.IntStream.range(0, pictures.size())
                    .filter(k -> Footprint.of(pictures.get(k)).contains(p))
                    .mapToObj(jobs::get)
                    .sorted(java.util.Comparator.reverseOrder())
                    .toList();
            assertThat(ids(store().showing(p, 1000))).as("showing %s", p).isEqualTo(showing);
            double radius = Math.pow(10, -1 + 2.5 * random.nextDouble());
            List<Integer> near = java.util.stream.IntStream.range(0, pictures.size())
                    .filter(k -> pictures.get(k).centre().separationDeg(p) <= radius)
                    .boxed()
                    .sorted(java.util.Comparator.comparingDouble(
                            k -> pictures.get(k).centre().separationDeg(p)))
                    .map(jobs::get)
                    .toList();
            assertThat(ids(store().near(p, radius, 1000)))
                    .as("within %s of %s", radius, p)
                    .isEqualTo(near);
        }
    }

    @Test
    void whatIsForgottenIsOnNoSky() {
        solveAll(List.of(picture(10, 20, 0.01)));
        assertThat(store().showing(new SkyPosition(10, 20), 10)).hasSize(1);
        assertThat(store().forgetEnded(0, 10).submissions()).isEqualTo(1);
        assertThat(store().showing(new SkyPosition(10, 20), 10)).isEmpty();
        assertThat(store().near(new SkyPosition(10, 20), 1, 10)).isEmpty();
    }
}
