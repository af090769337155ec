package io.novasolve.core;

import static io.novasolve.core.ScriptedTransport.FINDS_NOTHING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.novasolve.core.axy.JobFile;
import io.novasolve.core.model.Job;
import io.novasolve.core.model.JobState;
import io.novasolve.core.spi.SolveOutcome;
import io.novasolve.core.spi.SolveTask;
import io.novasolve.sky.solution.Solution;
import io.novasolve.sky.solution.SolutionFiles;
import io.novasolve.sky.solution.SolvedImage;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What there is to make products of. */
@Timeout(60)
class SolvedImageTest {

    private static final byte[] STARS = Pictures.stars(30, 1);

    private static Nova start(ScriptedTransport.Step... script) {
        return Nova.builder(new ScriptedTransport(script)).jobWorkers(1).start();
    }

    private static SubmissionHandle submit(Nova nova, byte[] bytes) {
        return nova.submit(SubmissionRequest.of(bytes, "m42.png"));
    }

    private static Job job(SubmissionHandle handle) throws Exception {
        return handle.result().get(30, TimeUnit.SECONDS).jobs().get(0);
    }

    @Test
    void hasTheStarsAndTheSolutionAndReadsTheBytes() throws Exception {
        try (Nova nova = start((task, context) -> whole(ScriptedTransport.solved(task), task))) {
            SubmissionHandle handle = submit(nova, STARS);

            SolvedImage solved = handle.solved().get(30, TimeUnit.SECONDS);

            assertThat(solved.name()).isEqualTo("m42.png");
            assertThat(solved.content().read()).isEqualTo(STARS);
            assertThat(solved.stars().size()).isBetween(20, 40);
            assertThat(solved.solution().wcs().centre().raDeg()).isEqualTo(83.6);
            assertThat(solved.solution().match().index()).isEqualTo("index-made-up");
            assertThat(nova.stars(job(handle)).orElseThrow().width()).isEqualTo(240);
        }
    }

    @Test
    void ofWhatIsNotSolvedThereAreTheStarsAlone() throws Exception {
        try (Nova nova = start((task, context) -> whole(FINDS_NOTHING.solve(task, context), task))) {
            double[] xy = {10, 20, 30, 40, 50};
            SubmissionHandle handle = nova.submit(SubmissionRequest.ofStars(xy, xy, 60, 60));
            Job job = job(handle);

            assertThat(job.state()).isEqualTo(JobState.UNSOLVED);
            assertThat(nova.solved(job)).isEmpty();
            assertThat(nova.stars(job)).isPresent();
            assertThat(catchThrowable(() -> handle.solved().get(30, TimeUnit.SECONDS)))
                    .hasCauseInstanceOf(UnsolvedException.class);
        }
    }

    @Test
    void aSolverThatLeavesNothingOrNonsenseIsToldOf() throws Exception {
        ScriptedTransport.Step nothing = (task, context) -> new SolveOutcome.Solved(solution(task), Map.of());
        ScriptedTransport.Step nonsense = (task, context) -> {
            Map<String, byte[]> files =
                    new HashMap<>(whole(ScriptedTransport.solved(task), task).files());
            files.put("wcs.fits", "WCS".getBytes(StandardCharsets.US_ASCII));
            return new SolveOutcome.Solved(solution(task), files);
        };
        try (Nova nova = start(nothing, nonsense)) {
            SubmissionHandle without = submit(nova, STARS);
            assertThat(nova.solved(job(without))).isEmpty();
            assertThat(catchThrowable(() -> without.solved().get(30, TimeUnit.SECONDS)))
                    .hasCauseInstanceOf(NovaException.class)
                    .hasMessageContaining("SolveOutcome.files");

            Job damaged = job(submit(nova, Pictures.stars(30, 2)));
            assertThatThrownBy(() -> nova.solved(damaged))
                    .isInstanceOf(NovaException.class)
                    .hasMessageContaining("job " + damaged.id())
                    .hasMessageContaining("wcs.fits");
        }
    }

    private static Solution solution(SolveTask task) {
        return ((SolveOutcome.Solved) ScriptedTransport.solved(task)).solution();
    }

    /** With the files that the transports of this project leave behind. */
    private static SolveOutcome whole(SolveOutcome outcome, SolveTask task) {
        Map<String, byte[]> files = new HashMap<>();
        files.put(JobFile.NAME, new JobFile(task.stars(), task.options()).toBytes());
        if (outcome instanceof SolveOutcome.Solved solved) {
            files.putAll(SolutionFiles.write(solved.solution(), task.stars()));
            return new SolveOutcome.Solved(solved.solution(), files);
        }
        SolveOutcome.Unsolved unsolved = (SolveOutcome.Unsolved) outcome;
        return new SolveOutcome.Unsolved(unsolved.reason(), unsolved.detail(), files);
    }
}
