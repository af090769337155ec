package io.novasolve.core;

import io.novasolve.core.model.Content;
import io.novasolve.core.model.Job;
import io.novasolve.core.model.JobAttempt;
import io.novasolve.core.model.JobState;
import io.novasolve.core.model.SolveOptions;
import io.novasolve.core.model.Submission;
import io.novasolve.core.pipeline.Cancellation;
import io.novasolve.core.pipeline.ContentWatch;
import io.novasolve.core.pipeline.EarlierSolutions;
import io.novasolve.core.pipeline.JobRunner;
import io.novasolve.core.pipeline.JobWorker;
import io.novasolve.core.pipeline.LeaseKeeper;
import io.novasolve.core.pipeline.News;
import io.novasolve.core.pipeline.SubmissionWorker;
import io.novasolve.core.pipeline.WorkerPool;
import io.novasolve.core.spi.JobQueue;
import io.novasolve.core.spi.NewSubmission;
import io.novasolve.core.spi.SolveProgress;
import io.novasolve.core.spi.SolverTransport;
import io.novasolve.core.spi.Store;
import io.novasolve.core.spi.StoreException;
import io.novasolve.core.spi.SubmissionQueue;
import io.novasolve.core.spi.WorkQueue;
import io.novasolve.core.spi.WorkerReport;
import io.novasolve.core.watch.HealthReport;
import io.novasolve.core.watch.JobProgress;
import io.novasolve.core.watch.NovaEvent;
import io.novasolve.core.watch.NovaStatistics;
import io.novasolve.core.watch.Progress;
import io.novasolve.sky.SkyPosition;
import io.novasolve.sky.solution.SolvedImage;
import io.novasolve.sky.stars.StarList;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Plate solving as a service inside your process: pictures go in, their place on the sky comes out.
 *
 * <pre>{@code
 * try (Nova nova = Nova.with(transport)) {
 *     Calibration sky = nova.submit(Path.of("orion.jpg")).calibration().join();
 * }
 * }</pre>
 *
 * <p>A submission is stored before {@code submit} returns; workers of this process, or of any other that shares the store,
 * turn it into images and jobs and solve them. Thread-safe.
 */
public final class Nova implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Nova.class);

    private final NovaBuilder.Parts parts;
    private final LeaseKeeper leases;
    private final JobRunner runner;
    private final ContentWatch content;
    private final Results results;
    private final Recorder recorder = new Recorder();
    private final Events events;
    private final News news;
    private final HealthCheck health;
    private final Instant since;
    private final JobFiles files;
    private final Again again;
    private final Overdue overdue;
    private final @Nullable Retention retention;
    private final List<WorkerPool<?>> pools = new ArrayList<>();
    private final AtomicBoolean closed = new AtomicBoolean();
    private volatile @Nullable Future<?> polling;
    private volatile @Nullable Registration registration;

    /**
     * A Nova that solves with one transport and closes it in the end. Submissions and jobs are in memory, their bytes in a
     * temporary folder: nothing outlives it.
     */
    public static Nova with(SolverTransport transport) {
        return builder(transport).start();
    }

    /** Everything that can be chosen. */
    public static NovaBuilder builder(SolverTransport transport) {
        return new NovaBuilder(transport);
    }

    Nova(NovaBuilder.Parts parts) {
        this.parts = parts;
        this.since = parts.clock().instant();
        this.events = new Events(parts.listeners(), parts.executor());
        this.news = new News(parts.clock(), this::tell);
        this.content = new ContentWatch(parts.content());
        this.health = new HealthCheck(parts, content, this::isClosed);
        this.leases = new LeaseKeeper(parts.scheduler(), parts.lease());
        this.runner = new JobRunner(parts.content(), parts.images(), parts.transport(), this::optionsOf, parts.clock());
        this.results = new Results(
                parts.store(),
                parts.executor(),
                leases::holdsAnyOf,
                parts.listeners().isEmpty() ? null : r -> news.submissionEnded(r.submission(), r.jobs()));
        this.files = new JobFiles(parts.content());
        this.again = new Again(parts.content(), parts.clock());
        this.overdue = new Overdue(parts.store(), parts.clock(), this::overdue);
        this.retention = parts.forgets() ? new Retention(parts) : null;
    }

    /** Starts the workers; gives everything back if it cannot. */
    Nova start() {
        try {
            SubmissionQueue submissions = parts.store().submissionQueue();
            EarlierSolutions earlier = new EarlierSolutions(parts.store(), this::optionsOf, parts.reuseSolutions());
            startPool(
                    "submissions",
                    submissions,
                    parts.submissionWorkers(),
                    new SubmissionWorker(
                            parts.store(),
                            leases,
                            parts.retries(),
                            content,
                            parts.intake(),
                            earlier,
                            parts.clock(),
                            results::ended,
                            news));
            JobQueue jobs = parts.store().jobQueue();
            startPool(
                    "jobs",
                    jobs,
                    parts.jobWorkers(),
                    new JobWorker(
                            jobs, leases, parts.retries(), content, runner, parts.ticker(), results::ended, news));
            long poll = parts.pollInterval().toNanos();
            polling = parts.scheduler().scheduleWithFixedDelay(this::poll, poll, poll, TimeUnit.NANOSECONDS);
            if (parts.registered() && parts.jobWorkers() + parts.submissionWorkers() > 0) {
                registration = new Registration(
                        parts.store(),
                        this::report,
                        () -> pools.forEach(WorkerPool::stopClaiming),
                        parts.scheduler(),
                        Math.max(1, parts.lease().toNanos() / 3));
            }
            return this;
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    private <T> void startPool(String name, WorkQueue<T> queue, int workers, WorkerPool.Handler<T> handler) {
        var pool = new WorkerPool<>(parts.name() + "-" + name, queue, parts.lease(), content, handler);
        pools.add(pool);
        pool.start(workers, parts.executor());
    }

    /**
     * Submits a file.
     *
     * @throws UnreadableSubmissionException if it cannot be read
     */
    public SubmissionHandle submit(Path file) {
        return submit(SubmissionRequest.of(file));
    }

    /**
     * Submits a file with options.
     *
     * @throws UnreadableSubmissionException if it cannot be read
     */
    public SubmissionHandle submit(Path file, SolveOptions options) {
        return submit(SubmissionRequest.of(file).withOptions(options));
    }

    /**
     * Submits; on return the submission is as durable as the store. A link is fetched later, by a submission worker.
     *
     * @throws IllegalArgumentException if it is a link that will never be fetched
     * @throws UnreadableSubmissionException if the source cannot be read
     * @throws StoreException if it could not be stored
     * @throws NovaClosedException if this Nova was closed
     */
    public SubmissionHandle submit(SubmissionRequest request) {
        ensureOpen();
        URI link = request.link();
        if (link != null) {
            parts.checkLink(link);
        }
        Content content = store(request);
        Submission submission = parts.store()
                .create(new NewSubmission(
                        request.submitter(),
                        request.fileName(),
                        content,
                        request.options(),
                        request.idempotencyKey(),
                        request.link(),
                        request.labels(),
                        request.imageOptions()));
        news.stored(submission);
        return new SubmissionHandle(this, submission.id());
    }

    /**
     * Submits any number of requests, and returns when all of them have ended. The next one is taken only when fewer than
     * {@code atOnce} are open, so neither a slow solver nor a long stream fills the memory; a stream is closed in the end.
     *
     * @param atOnce submissions that may be open at a time; a few more than there are job workers keep them busy
     * @throws InterruptedException if the thread was interrupted; what was submitted goes on
     * @throws NovaClosedException if this Nova was closed
     */
    public void submitAll(Stream<SubmissionRequest> requests, int atOnce, BatchResults results)
            throws InterruptedException {
        try (requests) {
            new Batch(this::submit, atOnce, results).run(requests.iterator());
        }
    }

    private Content store(SubmissionRequest request) {
        try (SourceStream bytes = new SourceStream(request.source().open())) {
            try {
                return parts.content().put(bytes);
            } catch (IOException e) {
                if (bytes.hasFailed()) {
                    throw e;
                }
                throw new StoreException(
                        request.fileName() + " could not be put into the content store: " + Failures.sentence(e), e);
            }
        } catch (IOException e) {
            throw new UnreadableSubmissionException(
                    request.fileName() + " cannot be submitted: " + Failures.sentence(e), e);
        }
    }

    /** A submission by its id, submitted by this process or another one on the same store. */
    public Optional<SubmissionHandle> submission(int id) {
        return parts.store().submission(id).map(s -> new SubmissionHandle(this, s.id()));
    }

    /** A job by its id. */
    public Optional<Job> job(int id) {
        return parts.store().job(id);
    }

    /**
     * The attempts at a job that brought no answer, the first one first: how a failed one came to fail. Empty if it is
     * unknown.
     */
    public List<JobAttempt> attempts(int jobId) {
        return parts.store().attempts(jobId);
    }

    /** The newest solved jobs whose picture shows a position, the newest first. */
    public List<Job> imagesShowing(SkyPosition position, int limit) {
        return parts.store().showing(position, limit);
    }

    /**
     * Solved jobs the middle of whose picture is near a position, the nearest first; with the centre of a calibration, those
     * near that picture, itself among them.
     *
     * @param radiusDeg how near, degrees, 0 to 180
     */
    public List<Job> imagesNear(SkyPosition position, double radiusDeg, int limit) {
        return parts.store().near(position, radiusDeg, limit);
    }

    /** A file that the solver left behind for a job, such as {@code wcs.fits} or {@code log}. */
    public Optional<byte[]> file(Job job, String name) {
        return files.file(job, name);
    }

    /** The bytes of a job's image, as they were handed in or unpacked. */
    public byte[] image(Job job) {
        return files.image(job);
    }

    /**
     * The log of a job: what the attempt that runs in this process has said so far, the latest 2000 lines of it, or else
     * what the last one left behind. Empty if the job is unknown, waits, or runs in another process.
     */
    public Optional<String> log(int jobId) {
        String soFar = runner.log(jobId);
        return soFar != null ? Optional.of(soFar) : job(jobId).flatMap(files::log);
    }

    /**
     * The star list that a job was searched with last; empty if it never came to a search.
     *
     * @throws NovaException if its file is damaged or gone
     */
    public Optional<StarList> stars(Job job) {
        return files.stars(job);
    }

    /**
     * A solved job with its stars and its solution, as products are made of it; the bytes of its image are read when they are
     * needed. Empty if it is not solved, or if its solver left no star list or WCS behind.
     *
     * @throws NovaException if a file of it is damaged or gone
     */
    public Optional<SolvedImage> solved(Job job) {
        return files.solved(job);
    }

    /** Cancels what has not ended of a submission; false if there is no such submission. */
    public boolean cancelSubmission(int id) {
        Store.Stopped stopped = parts.store().cancelSubmission(id);
        if (stopped.known()) {
            stopped(id, null, stopped);
        }
        return stopped.known();
    }

    /** Cancels a job if it has not ended; false if there is no such job. */
    public boolean cancelJob(int id) {
        Store.Stopped stopped = parts.store().cancelJob(id);
        parts.store().job(id).ifPresent(job -> stopped(job.submissionId(), id, stopped));
        return stopped.known();
    }

    private void stopped(int submissionId, @Nullable Integer jobId, Store.Stopped stopped) {
        leases.beatNow();
        news.cancelRequested(submissionId, jobId, stopped);
        if (stopped.submission() || !stopped.jobs().isEmpty()) {
            results.ended(submissionId);
        }
    }

    private void overdue(int submissionId, Store.Stopped stopped) {
        news.overdue(submissionId, stopped);
        results.ended(submissionId);
    }

    /**
     * Submits all of a submission again, as a new one: ids never change their meaning. A link is fetched again. What was
     * solved is answered at once from that solution, unless this Nova reuses none; a deadline that is over is dropped.
     *
     * @return empty if there is no such submission
     */
    public Optional<SubmissionHandle> retrySubmission(int id) {
        return parts.store().submission(id).map(again::all).map(this::submit);
    }

    /**
     * Submits the image of a job again, as a submission of its own, with the options it had but a deadline that is over; no
     * earlier solution answers it.
     *
     * @return empty if there is no such job
     */
    public Optional<SubmissionHandle> retryJob(int id) {
        return retryJob(id, options -> options);
    }

    /**
     * The same with other options: {@code o -> o.toBuilder().scale(null).build()} tries without the scale.
     *
     * @param change gives the new options for those it had
     */
    public Optional<SubmissionHandle> retryJob(int id, UnaryOperator<SolveOptions> change) {
        return parts.store().job(id).flatMap(job -> parts.store()
                .submission(job.submissionId())
                .map(s -> submit(again.image(s, job.image(), change))));
    }

    /** How far a submission and its images have come; empty if there is no such submission. */
    public Optional<Progress> progress(int submissionId) {
        return parts.store()
                .submission(submissionId)
                .map(s -> Progress.of(
                        s.state(),
                        parts.store().jobs(submissionId).stream()
                                .map(this::progress)
                                .toList(),
                        parts.intake().progress(submissionId)));
    }

    /** How far a job has come. */
    public JobProgress progress(Job job) {
        if (job.state().isFinal()) {
            return new JobProgress(job.id(), job.image().fileName(), JobProgress.Stage.ENDED, 1, null);
        }
        JobProgress here = runner.progress(job.id());
        if (here != null) {
            return here;
        }
        JobProgress.Stage stage =
                job.state() == JobState.RUNNING ? JobProgress.Stage.ELSEWHERE : JobProgress.Stage.QUEUED;
        return new JobProgress(job.id(), job.image().fileName(), stage, 0, null);
    }

    /** The state of affairs: a round trip or two to the store. */
    public NovaStatistics statistics() {
        return new NovaStatistics(
                parts.clock().instant(),
                since,
                parts.store().counts(),
                parts.store().waiting(),
                leases.count(parts.store().jobQueue()),
                recorder.done(),
                recorder.waits(),
                recorder.solveTimes());
    }

    /**
     * Whether everything is there that this Nova needs: store, queue, content store, disk space, and each transport. Takes a
     * few seconds at most, and never throws: what cannot be looked at is down.
     */
    public HealthReport health() {
        return health.run();
    }

    private void tell(NovaEvent event) {
        recorder.hear(event);
        events.accept(event);
    }

    private boolean isClosed() {
        return closed.get();
    }

    private WorkerReport report() {
        return new WorkerReport(
                parts.name(),
                parts.host(),
                parts.transport().name(),
                parts.jobWorkers(),
                leases.count(parts.store().jobQueue()));
    }

    /** Whether somebody has asked this worker process to claim nothing more. */
    public boolean isDraining() {
        Registration r = registration;
        return r != null && r.isDraining();
    }

    Store store() {
        return parts.store();
    }

    Optional<SolveProgress> searchProgress(int jobId) {
        return Optional.ofNullable(runner.progress(jobId)).map(JobProgress::search);
    }

    CompletableFuture<SubmissionResult> result(int submissionId) {
        return results.of(submissionId);
    }

    private SolveOptions optionsOf(int submissionId, String imageName) {
        return parts.store()
                .submission(submissionId)
                .map(submission -> submission.optionsOf(imageName))
                .orElseGet(SolveOptions::defaults)
                .orElse(parts.defaults());
    }

    /** Finds what other processes have cancelled or ended, ends what is overdue, and lets go of what is too old to keep. */
    private void poll() {
        try {
            leases.stopOverdue(parts.clock().instant());
            leases.stopCancelled();
            overdue.run();
            results.lookAtAll();
            if (retention != null) {
                retention.run();
            }
        } catch (RuntimeException | Error e) {
            LOG.warn("{}: looking after results failed; will try again", parts.name(), e);
        }
    }

    private void ensureOpen() {
        if (closed.get()) {
            throw new NovaClosedException();
        }
    }

    /**
     * Stops: claims nothing more, lets running jobs go on for as long as given, then gives the rest back to the queue.
     *
     * @param grace zero to stop at once
     */
    public void close(Duration grace) {
        // First, so that whoever sees it closed knows that nothing more is claimed.
        pools.forEach(WorkerPool::stopClaiming);
        if (closed.getAndSet(true)) {
            return;
        }
        awaitWorkers(grace);
        leases.stopAll(Cancellation.Cause.SHUTDOWN);
        awaitWorkers(parts.stopTimeout());
        leases.stop();
        Registration r = registration;
        if (r != null) {
            r.close();
        }
        Future<?> poll = polling;
        if (poll != null) {
            poll.cancel(false);
        }
        results.close();
        awaitListeners();
        parts.close();
    }

    private void awaitWorkers(Duration atMost) {
        long deadline = System.nanoTime() + atMost.toNanos();
        try {
            for (WorkerPool<?> pool : pools) {
                boolean ended = pool.awaitEnd(Duration.ofNanos(Math.max(0, deadline - System.nanoTime())));
                LOG.debug("{} ended: {}", pool, ended);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void awaitListeners() {
        try {
            events.awaitDelivery(parts.stopTimeout().toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Stops at once; running jobs go back to the queue. */
    @Override
    public void close() {
        close(Duration.ZERO);
    }
}
