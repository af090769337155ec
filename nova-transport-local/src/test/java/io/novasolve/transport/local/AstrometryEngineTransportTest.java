package io.novasolve.transport.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.novasolve.core.axy.JobFile;
import io.novasolve.core.model.ScaleHint;
import io.novasolve.core.model.ScaleUnits;
import io.novasolve.core.model.SolveOptions;
import io.novasolve.core.spi.SolveOutcome;
import io.novasolve.core.spi.SolveTask;
import io.novasolve.core.spi.SolverTransport;
import io.novasolve.core.spi.TransportException;
import io.novasolve.testkit.RequiresIndexes;
import io.novasolve.testkit.RequiresPictures;
import io.novasolve.testkit.RequiresProgram;
import io.novasolve.testkit.SolverTransportContract;
import io.novasolve.testkit.StarField;
import io.novasolve.testkit.Surroundings;
import io.novasolve.testkit.TestContext;
import io.novasolve.testkit.TestPicture;
import io.novasolve.testkit.TestPictures;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@RequiresProgram("astrometry-engine")
@RequiresIndexes
@Tag("once")
class AstrometryEngineTransportTest extends SolverTransportContract {

    @TempDir
    Path temporary;

    /** Blanks, letters beyond ASCII, and what the engine takes for a template. */
    private Path folders() {
        boolean unicode = "UTF-8".equals(System.getProperty("sun.jnu.encoding"));
        return temporary.resolve(unicode ? "100% örtliche Aufträge %i %s" : "100% local jobs %i %s");
    }

    @Override
    protected SolverTransport newTransport() {
        return AstrometryEngineTransport.builder().jobFolders(folders()).build();
    }

    @Override
    protected void assertNothingLeft() throws Exception {
        Leftovers.assertNone(folders());
    }

    @Test
    void bringsTheEnginesFilesAlong() throws Exception {
        StarField field = StarField.known(5);
        TestContext context = TestContext.patient();
        try (SolverTransport transport = newTransport()) {
            SolveOutcome outcome = transport.solve(new SolveTask(1, field.stars(), SolveOptions.defaults()), context);

            assertThat(outcome.files()).containsOnlyKeys("wcs.fits", "corr.fits", "rdls.fits", "match.fits", "job.axy");
            assertThat(JobFile.read(outcome.files().get("job.axy"), "job.axy")
                            .stars()
                            .size())
                    .isEqualTo(field.stars().size());
            assertThat(context.lines()).anyMatch(line -> line.contains("solved with index"));
            assertThat(context.news()).isNotEmpty();
        }
    }

    @Test
    void writesAConfigurationForGivenIndexes() throws Exception {
        StarField field = StarField.known(6);
        Path indexes = Files.createDirectories(folders().resolveSibling("my indexes %d"));
        for (String series : List.of("11", "12", "13")) {
            String name = "index-tycho2-" + series + ".littleendian.fits";
            Files.copy(Surroundings.indexFolder().resolve(name), indexes.resolve(name));
        }
        for (boolean inParallel : List.of(false, true)) {
            try (SolverTransport transport = AstrometryEngineTransport.builder()
                    .jobFolders(folders())
                    .indexFolder(indexes)
                    .inParallel(inParallel)
                    .build()) {
                SolveOutcome outcome = transport.solve(
                        new SolveTask(1, field.stars(), SolveOptions.defaults()), TestContext.patient());

                assertThat(outcome).isInstanceOfSatisfying(SolveOutcome.Solved.class, solved -> assertThat(
                                solved.solution().match().index())
                        .matches("index-tycho2-1[123]"));
            }
        }
    }

    @Test
    void saysWhichIndexesANarrowFieldNeeds() throws Exception {
        SolveOptions narrow = SolveOptions.builder()
                .scale(ScaleHint.between(ScaleUnits.DEG_WIDTH, 0.4, 0.6))
                .depth(10)
                .build();
        Path config = Files.writeString(
                temporary.resolve("one folder.cfg"),
                "# where they are\n  add_path " + Surroundings.indexFolder() + "\nautoindex\n");
        for (AstrometryEngineTransport.Builder builder : List.of(
                AstrometryEngineTransport.builder().config(config),
                AstrometryEngineTransport.builder().indexFolder(Surroundings.indexFolder()))) {
            try (SolverTransport transport = builder.jobFolders(folders()).build()) {
                SolveOutcome outcome =
                        transport.solve(new SolveTask(1, StarField.unknown(1, 20), narrow), TestContext.patient());

                assertThat(outcome)
                        .isInstanceOfSatisfying(SolveOutcome.Unsolved.class, unsolved -> assertThat(unsolved.detail())
                                .contains("serve fields from about 0.")
                                .contains("nova index install 5200_LITE --scales "));
            }
        }
    }

    @Test
    void keepsFoldersWhenAskedTo() throws Exception {
        Path kept = temporary.resolve("kept");
        try (SolverTransport transport = AstrometryEngineTransport.builder()
                .jobFolders(kept)
                .keepFolders(true)
                .build()) {
            transport.solve(
                    new SolveTask(77, StarField.known(7).stars(), SolveOptions.defaults()), TestContext.patient());
        }

        try (var folders = Files.list(kept)) {
            Path folder = folders.toList().get(0);
            assertThat(folder.getFileName().toString()).startsWith("nova-job-77-");
            assertThat(folder.resolve("wcs.fits")).exists();
            assertThat(folder.resolve("job.axy")).exists();
        }
    }

    @Test
    void saysWhatToInstallWhereIndexesAreMissing() throws Exception {
        Path empty = Files.createDirectories(temporary.resolve("empty"));
        Path config = Files.writeString(temporary.resolve("empty.cfg"), "add_path " + empty + "\nautoindex\n");
        for (SolverTransport transport : List.of(
                AstrometryEngineTransport.builder()
                        .jobFolders(folders())
                        .indexFolder(empty)
                        .build(),
                AstrometryEngineTransport.builder()
                        .jobFolders(folders())
                        .config(config)
                        .build())) {
            assertThatThrownBy(() -> transport.solve(
                            new SolveTask(1, StarField.known(1).stars(), SolveOptions.defaults()),
                            TestContext.patient()))
                    .isInstanceOf(TransportException.class)
                    .hasMessageContaining("astrometry-data-tycho2");
        }
    }

    @Test
    @RequiresPictures
    void solvesNativeListsOfRealPictures() throws Exception {
        int tried = 0;
        try (SolverTransport transport = newTransport()) {
            for (TestPicture picture : TestPictures.solvable()) {
                // The wide ones: the others take the engine seconds each.
                if (picture.truth().orElseThrow().fieldWidthDeg() < 8) {
                    continue;
                }
                JobFile job = JobFile.read(Files.readAllBytes(picture.nativeJob()), picture.file());
                SolveOutcome outcome =
                        transport.solve(new SolveTask(1, job.stars(), job.options()), TestContext.patient());

                assertThat(outcome).as(picture.file()).isInstanceOf(SolveOutcome.Solved.class);
                picture.truth()
                        .orElseThrow()
                        .assertAgrees(((SolveOutcome.Solved) outcome).solution().wcs());
                tried++;
            }
        }
        assertThat(tried).isGreaterThan(5);
    }
}
