package io.novasolve.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.novasolve.core.model.Content;
import io.novasolve.core.model.ContentHash;
import io.novasolve.core.model.Job;
import io.novasolve.core.model.JobState;
import io.novasolve.core.model.JobTimings;
import io.novasolve.core.model.SolveOptions;
import io.novasolve.core.model.Submission;
import io.novasolve.core.model.UnsolvedReason;
import io.novasolve.core.spi.Claim;
import io.novasolve.core.spi.JobQueue;
import io.novasolve.core.spi.JobReport;
import io.novasolve.core.spi.NewImage;
import io.novasolve.core.spi.NewSubmission;
import io.novasolve.core.spi.Store;
import io.novasolve.core.spi.SubmissionQueue;
import io.novasolve.sky.PixelPosition;
import io.novasolve.sky.SkyPosition;
import io.novasolve.sky.wcs.Wcs;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A store under test, and short ways to bring it into a state. */
public abstract class StoreFixture {

    private @Nullable Store opened;

    /** An empty store. It is closed after the test. */
    protected abstract Store open() throws Exception;

    /**
     * A second store on the same data, as another process would open it; empty if the data live and die with the first
     * one. It is closed by the test.
     */
    protected Optional<Store> openAgain() throws Exception {
        return Optional.empty();
    }

    /** Lets time pass as the store sees it: moves its clock, or waits where the time is a database's. */
    protected abstract void letPass(Duration time) throws Exception;

    /** The lease that tests claim with and let run out; short where {@link #letPass} waits. */
    protected Duration lease() {
        return Duration.ofSeconds(30);
    }

    @BeforeEach
    void openStore() throws Exception {
        opened = open();
    }

    @AfterEach
    void closeStore() {
        if (opened != null) {
            opened.close();
        }
    }

    final Store store() {
        if (opened == null) {
            throw new IllegalStateException("the store is open during a test only");
        }
        return opened;
    }

    final SubmissionQueue submissions() {
        return store().submissionQueue();
    }

    final JobQueue jobs() {
        return store().jobQueue();
    }

    /** Some content that need not be in any content store. */
    static Content content(int number) {
        return new Content(
                new ContentHash(String.format(Locale.ROOT, "%064x", number)),
                String.format(Locale.ROOT, "%040x", number),
                number);
    }

    static NewSubmission newSubmission(String submitter) {
        return new NewSubmission(submitter, "m31.jpg", content(1), SolveOptions.defaults(), null);
    }

    final Submission submit(String submitter) {
        return store().create(newSubmission(submitter));
    }

    final Claim<Submission> claimSubmission(String worker) {
        List<Claim<Submission>> claims = submissions().claim(1, worker, lease());
        assertThat(claims).hasSize(1);
        return claims.get(0);
    }

    final Claim<Job> claimJob(String worker) {
        List<Claim<Job>> claims = jobs().claim(1, worker, lease());
        assertThat(claims).hasSize(1);
        return claims.get(0);
    }

    /** A submission with so many waiting jobs; no other submission may be waiting. */
    final List<Job> queueJobs(String submitter, int count) {
        Submission submission = submit(submitter);
        Claim<Submission> claim = claimSubmission("unpacker");
        assertThat(claim.id()).isEqualTo(submission.id());
        List<NewImage> images = new ArrayList<>();
        for (int i = 1; i <= count; i++) {
            images.add(new NewImage("image " + i + ".fits", content(100 + i)));
        }
        assertThat(submissions().complete(claim, images)).isTrue();
        return store().jobs(submission.id());
    }

    final Job queueJob(String submitter) {
        return queueJobs(submitter, 1).get(0);
    }

    final Job job(int id) {
        return store().job(id).orElseThrow();
    }

    final JobState state(int jobId) {
        return job(jobId).state();
    }

    static JobReport unsolved() {
        return new JobReport(
                new JobReport.Unsolved(UnsolvedReason.NO_MATCH, "searched in vain"), JobTimings.NONE, Map.of());
    }

    static JobReport solved(Map<String, Content> files) {
        Wcs wcs = new Wcs(
                new SkyPosition(10.684708, 41.26875),
                new PixelPosition(512.5, 384.5),
                -1e-3,
                2e-5,
                2e-5,
                1e-3,
                null,
                1024,
                768);
        JobTimings timings =
                new JobTimings(Duration.ofMillis(1), Duration.ofMillis(2), Duration.ofMillis(3), Duration.ofMillis(7));
        return new JobReport(new JobReport.Solved(wcs, 123.25, 42, 0.375, "index-tycho2-12"), timings, files);
    }
}
