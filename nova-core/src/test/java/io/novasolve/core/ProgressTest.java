package io.novasolve.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.novasolve.core.intake.Archives;
import io.novasolve.core.model.Content;
import io.novasolve.core.model.SubmissionState;
import io.novasolve.core.spi.ContentStore;
import io.novasolve.core.spi.SolveProgress;
import io.novasolve.core.watch.JobProgress;
import io.novasolve.core.watch.NovaEvent;
import io.novasolve.core.watch.Progress;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How far submissions and jobs have come, and what they say meanwhile. */
@Timeout(60)
class ProgressTest extends WatchedNova {

    @Test
    void progressTellsStageFractionDepthAndOdds() throws Exception {
        AtomicReference<Progress> during = new AtomicReference<>();
        SolveProgress search = new SolveProgress(20, 3, 12345, 7.5);
        start((task, context) -> {
            context.progress(search);
            during.set(nova.submission(1).orElseThrow().imageProgress());
            return ScriptedTransport.solved(task);
        });
        SubmissionHandle handle = submit(1);
        int job = result(handle).jobs().get(0).id();
        nova.close();

        assertThat(during.get().state()).isEqualTo(SubmissionState.UNPACKED);
        assertThat(during.get().isFinal()).isFalse();
        assertThat(during.get().jobs()).singleElement().satisfies(p -> {
            assertThat(p.jobId()).isEqualTo(job);
            assertThat(p.fileName()).isEqualTo("list1.txt");
            assertThat(p.stage()).isEqualTo(JobProgress.Stage.SEARCHING);
            assertThat(p.fraction()).isStrictlyBetween(0.1, 1.0);
            assertThat(p.search()).isEqualTo(search);
        });
        assertThat(during.get().fraction()).isStrictlyBetween(0.1, 1.0);
        assertThat(handle.imageProgress())
                .isEqualTo(new Progress(
                        SubmissionState.UNPACKED,
                        1,
                        List.of(new JobProgress(job, "list1.txt", JobProgress.Stage.ENDED, 1, null)),
                        null));
        List<JobProgress> told = heard.stream()
                .filter(NovaEvent.JobProgressed.class::isInstance)
                .map(e -> ((NovaEvent.JobProgressed) e).progress())
                .toList();
        assertThat(told)
                .extracting(JobProgress::stage)
                .contains(JobProgress.Stage.READING, JobProgress.Stage.EXTRACTING, JobProgress.Stage.SEARCHING);
        assertThat(told).extracting(JobProgress::fraction).isSorted();
        assertThat(told).extracting(JobProgress::search).contains(search);
    }

    @Test
    void progressTellsWhatIsFetchedAndUnpackedSoFar() throws Exception {
        List<Progress.Opening> during = new CopyOnWriteArrayList<>();
        ContentStore content = new FillingContent(Long.MAX_VALUE) {
            @Override
            public Content put(InputStream bytes) throws IOException {
                Content stored = super.put(bytes);
                nova.progress(1).map(Progress::opening).ifPresent(during::add);
                return stored;
            }
        };
        byte[] archive = Archives.tar(Map.of("a.csv", Pictures.list(1), "b.csv", Pictures.list(2)));
        nova = builder()
                .content(content)
                .linkFetcher(fetcher(file -> {
                    Files.write(file, new byte[1000]);
                    during.add(nova.progress(1).orElseThrow().opening());
                    Files.write(file, archive);
                }))
                .start();

        SubmissionHandle handle = nova.submit(SubmissionRequest.of(URI.create("https://example.org/night.tar")));
        result(handle);

        assertThat(during)
                .startsWith(
                        new Progress.Opening(1000, 0),
                        new Progress.Opening(archive.length, 0),
                        new Progress.Opening(archive.length, 1));
        assertThat(handle.imageProgress().opening()).isNull();
    }

    @Test
    void theLogCanBeReadWhileTheJobRunsAndAfterwards() throws Exception {
        List<String> during = new CopyOnWriteArrayList<>();
        start(
                (task, context) -> {
                    context.log("index 1 of 2");
                    during.add(nova.log(task.jobId()).orElse("nothing"));
                    return ScriptedTransport.STUMBLES.solve(task, context);
                },
                (task, context) -> {
                    context.log("index 2 of 2");
                    during.add(nova.log(task.jobId()).orElse("nothing"));
                    return ScriptedTransport.solved(task);
                });
        int job = result(submit(1)).jobs().get(0).id();

        assertThat(during).hasSize(2);
        assertThat(during.get(0)).startsWith("nova: 9 stars").endsWith("index 1 of 2\n");
        assertThat(during.get(1)).endsWith("index 2 of 2\n").doesNotContain("index 1 of 2");
        assertThat(nova.log(job)).hasValue(during.get(1));
        assertThat(nova.log(99)).isEmpty();
    }

    @Test
    void theProgressOfWhatDoesNotExistIsEmpty() {
        start();
        assertThat(nova.progress(99)).isEmpty();
    }
}
