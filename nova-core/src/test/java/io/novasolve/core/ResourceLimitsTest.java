package io.novasolve.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.novasolve.core.model.Job;
import io.novasolve.core.model.JobState;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an application says of the memory and the disk that it can spare. */
class ResourceLimitsTest {

    @Test
    void aPictureOfMorePixelsThanAllowedIsRefused() throws Exception {
        try (Nova nova =
                Nova.builder(new ScriptedTransport()).maxPixels(240 * 160 - 1).start()) {
            assertThat(solve(nova).outcome()).asString().contains("more than the limit of 38399 pixels");
        }
        try (Nova nova =
                Nova.builder(new ScriptedTransport()).maxPixels(240 * 160).start()) {
            assertThat(solve(nova).state()).isEqualTo(JobState.SOLVED);
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Nova.builder(new ScriptedTransport()).maxPixels(0));
    }

    @Test
    void temporaryFilesLieWhereTheApplicationSaysAndGo(@TempDir Path folder) throws Exception {
        Path below = folder.resolve("on disk");
        try (Nova nova =
                Nova.builder(new ScriptedTransport()).temporaryFolder(below).start()) {
            assertThat(solve(nova).state()).isEqualTo(JobState.SOLVED);
            assertThat(below).isNotEmptyDirectory();
        }
        assertThat(below).isEmptyDirectory();
    }

    @Test
    void aTemporaryFolderThatCannotBeMadeSaysWhatToDo(@TempDir Path folder) throws Exception {
        Path file = Files.createFile(folder.resolve("a file"));
        assertThatThrownBy(() -> Nova.builder(new ScriptedTransport())
                        .temporaryFolder(file)
                        .start())
                .isInstanceOf(NovaException.class)
                .hasMessageContaining("could be made in " + file)
                .hasMessageContaining("another temporary folder");
    }

    private static Job solve(Nova nova) throws Exception {
        return nova.submit(SubmissionRequest.of(Pictures.stars(40, 3), "picture.png"))
                .result()
                .get(20, TimeUnit.SECONDS)
                .jobs()
                .get(0);
    }
}
