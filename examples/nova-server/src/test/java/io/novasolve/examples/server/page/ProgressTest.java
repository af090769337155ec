package io.novasolve.examples.server.page;

import static org.assertj.core.api.Assertions.assertThat;

import io.novasolve.core.spi.SolveProgress;
import io.novasolve.core.watch.JobProgress;
import io.novasolve.core.watch.JobProgress.Stage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What is said of each stage of a job, also of those that are over too soon to be seen in a stream. */
class ProgressTest {

    private static String sentence(Stage stage, @Nullable SolveProgress search) {
        return Progress.search(new JobProgress(1, "sky.jpg", stage, 0.5, search))
                .sentence();
    }

    @Test
    void eachStageIsSaid() {
        assertThat(sentence(Stage.READING, null)).isEqualTo("Reading the picture.");
        assertThat(sentence(Stage.EXTRACTING, null)).isEqualTo("Finding its stars.");
        assertThat(sentence(Stage.SEARCHING, null)).isEqualTo("Searching.");
        assertThat(sentence(Stage.SEARCHING, new SolveProgress(12, 1, 3456, Double.NEGATIVE_INFINITY)))
                .isEqualTo("Searching: the 12 brightest stars, 3456 patterns tried.");
        assertThat(sentence(Stage.ELSEWHERE, null)).contains("Another process");
    }
}
