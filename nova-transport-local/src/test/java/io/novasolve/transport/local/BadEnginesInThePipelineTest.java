package io.novasolve.transport.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.novasolve.core.Nova;
import io.novasolve.core.SubmissionRequest;
import io.novasolve.core.model.ImageOutcome;
import io.novasolve.core.model.Job;
import io.novasolve.core.model.JobState;
import io.novasolve.core.model.SolveOptions;
import io.novasolve.sky.PixelPosition;
import io.novasolve.sky.SkyPosition;
import io.novasolve.sky.wcs.Wcs;
import io.novasolve.sky.wcs.WcsFile;
import io.novasolve.testkit.RequiresProgram;
import io.novasolve.testkit.StarField;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whatever an engine does, its job ends as it should, and the same Nova solves the next one. */
@RequiresProgram("sh")
@Timeout(120)
@Tag("once")
class BadEnginesInThePipelineTest {

    private static final Wcs PLACE =
            new Wcs(new SkyPosition(83.6, -5.4), new PixelPosition(600, 400), -0.005, 0, 0, 0.005, null, 1200, 800);

    @TempDir
    Path temporary;

    private Path program;
    private Path folders;

    @BeforeEach
    void create() throws IOException {
        program = temporary.resolve("engine");
        folders = temporary.resolve("jobs");
        Files.createFile(Files.createDirectories(temporary.resolve("indexes")).resolve("index.fits"));
        Files.write(temporary.resolve("solution.fits"), WcsFile.write(PLACE));
    }

    @AfterEach
    void leavesNothing() throws Exception {
        Leftovers.assertNone(folders);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            textBlock =
                    """
                    crashes               | kill -SEGV $$                               | FAILED   | signal 11
                    fails                 | echo 'disk full'; exit 3                    | FAILED   | disk full
                    refuses               | exit 255                                    | FAILED   | refused
                    does nothing          | exit 0                                      | FAILED   | without an error
                    writes garbage        | echo garbage > wcs.fits; exit 0             | FAILED   | cannot be read
                    writes half a result  | head -c 1000 "${0%/*}/solution.fits" > wcs.fits  | FAILED | cannot be read
                    hangs                 | trap '' TERM INT HUP; sleep 600; sleep 600  | UNSOLVED | deadline
                    floods its log        | exec yes 'all work and no play'             | UNSOLVED | deadline
                    floods one line       | exec cat /dev/zero                          | UNSOLVED | deadline
                    outlived by its child | (sleep 600 >/dev/null 2>&1 &); exit 1       | FAILED   | status 1
                    leaves its session    | setsid sleep 600 & sleep 600                | UNSOLVED | deadline
                    """)
    void endsItsJobAndTheNextOneIsSolved(String what, String script, JobState state, String word) throws Exception {
        engine(script);
        try (Nova nova = nova()) {
            Job bad = solve(nova, 1);

            assertThat(bad.state()).as("%s: %s", what, bad.outcome()).isEqualTo(state);
            assertThat(sentence(bad)).contains(word).hasSizeGreaterThan(30);

            engine("cp \"${0%/*}/solution.fits\" wcs.fits");
            assertThat(solve(nova, 2).outcome()).isInstanceOfSatisfying(ImageOutcome.Solved.class, solved -> assertThat(
                            solved.calibration().centre().decDeg())
                    .isBetween(-5.5, -5.3));
        }
    }

    @ParameterizedTest
    @CsvSource({"true, no program", "false, cannot be executed"})
    void anEngineThatIsMissingOrNoProgram(boolean missing, String word) throws Exception {
        if (!missing) {
            engine("exit 0");
            Files.write(program, new byte[] {1, 2, 3, 4, 5, 6, 7, 8});
        }
        try (Nova nova = nova()) {
            Job bad = solve(nova, 1);

            assertThat(bad.state()).isEqualTo(JobState.FAILED);
            assertThat(sentence(bad)).contains(word);

            engine("cp \"${0%/*}/solution.fits\" wcs.fits");
            assertThat(solve(nova, 2).state()).isEqualTo(JobState.SOLVED);
        }
    }

    private Nova nova() {
        return Nova.builder(AstrometryEngineTransport.builder()
                        .program(program)
                        .indexFolder(temporary.resolve("indexes"))
                        .jobFolders(folders)
                        .build())
                .retries(2, Duration.ofMillis(1))
                .defaults(SolveOptions.builder().timeout(Duration.ofSeconds(3)).build())
                .start();
    }

    private static Job solve(Nova nova, int seed) throws Exception {
        SubmissionRequest request = SubmissionRequest.of(StarField.known(seed).stars(), "list " + seed + ".fits");
        return nova.submit(request).result().get(60, TimeUnit.SECONDS).jobs().get(0);
    }

    private static String sentence(Job job) {
        return job.outcome() instanceof ImageOutcome.Failed failed
                ? failed.message()
                : ((ImageOutcome.Unsolved) job.outcome()).detail();
    }

    private void engine(String script) throws IOException {
        // A new file each time: who runs the old one must not be disturbed, nor disturb.
        Path file = temporary.resolve("engine.new");
        Files.writeString(file, "#!/bin/sh\n" + script + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.move(file, program, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    }
}
