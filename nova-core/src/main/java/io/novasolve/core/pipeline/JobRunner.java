package io.novasolve.core.pipeline;

import io.novasolve.core.model.Content;
import io.novasolve.core.model.Job;
import io.novasolve.core.model.SolveOptions;
import io.novasolve.core.model.UnsolvedReason;
import io.novasolve.core.spi.ContentStore;
import io.novasolve.core.spi.JobReport;
import io.novasolve.core.spi.SolveCancelledException;
import io.novasolve.core.spi.SolveOutcome;
import io.novasolve.core.spi.SolveTask;
import io.novasolve.core.spi.SolverTransport;
import io.novasolve.core.spi.TransportException;
import io.novasolve.core.watch.JobProgress;
import io.novasolve.sky.solution.Solution;
import io.novasolve.sky.stars.StarList;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** One attempt at a job: bytes → star lists → transport → report. */
public final class JobRunner {

    /** The name of a job's log among its files. */
    public static final String LOG_FILE = "log";

    /** How much of the work is done when the picture is read, and how much of a search when its stars are found. */
    private static final double READ = 0.1;

    private static final double EXTRACTED = 0.3;

    /** The fewest stars that make a quad. */
    private static final int MIN_STARS = 4;

    private final ContentStore content;
    private final ImageReader images;
    private final SolverTransport transport;
    private final OptionsOfImage options;
    private final InstantSource clock;
    private final Map<Integer, Attempt> running = new ConcurrentHashMap<>();

    /**
     * @param options of each image
     * @param clock that deadlines are by
     */
    public JobRunner(
            ContentStore content,
            ImageReader images,
            SolverTransport transport,
            OptionsOfImage options,
            InstantSource clock) {
        this.content = content;
        this.images = images;
        this.transport = transport;
        this.options = options;
        this.clock = clock;
    }

    /** How far a job has come that runs in this process; null if it does not. */
    public @Nullable JobProgress progress(int jobId) {
        Attempt attempt = running.get(jobId);
        return attempt == null ? null : attempt.progress();
    }

    /** What an attempt that runs in this process has said so far; null if there is none. */
    public @Nullable String log(int jobId) {
        Attempt attempt = running.get(jobId);
        return attempt == null ? null : attempt.log().text();
    }

    /**
     * Runs the job to an answer.
     *
     * @throws SolveCancelledException if the cancellation said so
     * @throws InterruptedException if the thread was interrupted, by the cancellation or by somebody else
     */
    JobReport run(Attempt attempt) throws IOException, TransportException, InterruptedException {
        Job job = attempt.job();
        running.put(job.id(), attempt);
        try {
            SolveOptions given = options.of(job.submissionId(), job.image().fileName());
            stopIfUnwanted(attempt);
            Duration left = given.deadline() == null ? null : Duration.between(clock.instant(), given.deadline());
            if (given.isOverdue(clock.instant())) {
                return OverdueReport.of(given.deadline(), attempt.timings());
            }
            attempt.start();
            attempt.reached(JobProgress.Stage.READING, 0);
            SolveOutcome outcome;
            try (ImageReader.Image image = read(attempt, given)) {
                attempt.decoded();
                outcome = search(
                        attempt, image, new SearchTime(attempt, image.options().timeout(), left));
            }
            return new JobReport(result(outcome), attempt.timings(), keep(outcome.files(), attempt.log()));
        } finally {
            running.remove(job.id(), attempt);
        }
    }

    /** May be interrupted: it may wait for memory. */
    private ImageReader.Image read(Attempt attempt, SolveOptions given) throws IOException, InterruptedException {
        try (var interruption = attempt.cancellation().interruptCaller()) {
            return images.read(
                    content,
                    attempt.job().image().content(),
                    attempt.job().image().fileName(),
                    given);
        }
    }

    /** What the attempt said, as a file of a job that it could not solve. */
    Map<String, Content> keepLog(JobLog log) throws IOException {
        return keep(Map.of(), log);
    }

    private static void stopIfUnwanted(Attempt attempt) {
        if (attempt.cancellation().cause() != null) {
            throw new SolveCancelledException(attempt.job().id());
        }
    }

    /** Tries the star lists of the image in turn until one solves: each finds stars that the others miss. */
    private SolveOutcome search(Attempt attempt, ImageReader.Image image, SearchTime time)
            throws TransportException, InterruptedException {
        SolveOutcome answer = null;
        double share = (1 - READ) / image.passes().size();
        double done = READ;
        for (ImageReader.Pass pass : image.passes()) {
            boolean believesHeader = believesHeader(pass.options(), image.options());
            if (answer != null && time.context(false).isOver()) {
                break;
            }
            if (believesHeader && time.context(true).isOver()) {
                continue;
            }
            SolveOutcome outcome = search(attempt, pass, time, believesHeader, done, share);
            done = Math.min(1, done + share);
            // That a later list has no stars says less than that an earlier one was searched in vain.
            if (answer == null || !isNoStars(outcome)) {
                answer = outcome;
            }
            if (outcome instanceof SolveOutcome.Solved) {
                break;
            }
        }
        if (answer == null) {
            throw new IllegalStateException("an image without a star list");
        }
        return answer;
    }

    /** Whether a search is for something that only the header of the picture says. */
    private static boolean believesHeader(SolveOptions search, SolveOptions given) {
        return !Objects.equals(search.position(), given.position()) || !Objects.equals(search.scale(), given.scale());
    }

    private SolveOutcome search(
            Attempt attempt, ImageReader.Pass pass, SearchTime time, boolean believesHeader, double done, double share)
            throws TransportException, InterruptedException {
        stopIfUnwanted(attempt);
        try (var interruption = attempt.cancellation().interruptCaller()) {
            attempt.start();
            attempt.reached(JobProgress.Stage.EXTRACTING, done);
            StarList stars = pass.stars().get();
            attempt.extracted();
            stopIfUnwanted(attempt);
            JobContext context = time.context(believesHeader);
            context.log("nova: " + stars.size() + " stars, " + pass.name());
            if (stars.size() < MIN_STARS) {
                return unsolved(
                        UnsolvedReason.NO_STARS,
                        "only " + stars.size() + " stars were found, and a match needs at least " + MIN_STARS);
            }
            if (context.isOver()) {
                return unsolved(UnsolvedReason.TIMEOUT, "its time of " + time + " was over before the search began");
            }
            attempt.start();
            attempt.reached(JobProgress.Stage.SEARCHING, Math.min(1, done + share * EXTRACTED));
            Duration begin = attempt.elapsed();
            SolveOutcome outcome = transport.solve(new SolveTask(attempt.job().id(), stars, pass.options()), context);
            attempt.solved();
            if (believesHeader) {
                time.hinted(attempt.elapsed().minus(begin));
            }
            return outcome;
        }
    }

    private static boolean isNoStars(SolveOutcome outcome) {
        return outcome instanceof SolveOutcome.Unsolved u && u.reason() == UnsolvedReason.NO_STARS;
    }

    private static SolveOutcome unsolved(UnsolvedReason reason, String detail) {
        return new SolveOutcome.Unsolved(reason, detail, Map.of());
    }

    private static JobReport.Result result(SolveOutcome outcome) {
        if (outcome instanceof SolveOutcome.Unsolved unsolved) {
            return new JobReport.Unsolved(unsolved.reason(), unsolved.detail());
        }
        Solution solution = ((SolveOutcome.Solved) outcome).solution();
        return new JobReport.Solved(
                solution.wcs(),
                solution.match().logOdds(),
                solution.matchedStars().size(),
                solution.rmsPx(),
                solution.match().index());
    }

    private Map<String, Content> keep(Map<String, byte[]> files, JobLog log) throws IOException {
        Map<String, Content> kept = new HashMap<>();
        for (Map.Entry<String, byte[]> file : files.entrySet()) {
            if (!file.getKey().equals(LOG_FILE)) {
                kept.put(file.getKey(), content.put(file.getValue()));
            }
        }
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        text.writeBytes(log.text().getBytes(StandardCharsets.UTF_8));
        text.writeBytes(files.getOrDefault(LOG_FILE, new byte[0]));
        if (text.size() > 0) {
            kept.put(LOG_FILE, content.put(text.toByteArray()));
        }
        return kept;
    }
}
