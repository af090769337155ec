package io.novasolve.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.novasolve.core.disk.FolderContentStore;
import io.novasolve.core.memory.InMemoryStore;
import io.novasolve.core.model.Job;
import io.novasolve.core.model.JobState;
import io.novasolve.core.model.SubmissionState;
import io.novasolve.core.spi.StoreException;
import io.novasolve.core.watch.HealthReport;
import io.novasolve.core.watch.NovaEvent;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The folder of the content store vanishes under a worker, as one does that is not mounted any more, and comes back. */
@Timeout(60)
@Tag("once")
class LostContentFolderTest {

    @TempDir
    private Path temp;

    private Path folder;
    private FolderContentStore content;
    private final InMemoryStore store = new InMemoryStore(InstantSource.system());
    private final CountDownLatch go = new CountDownLatch(1);

    @BeforeEach
    void open() throws IOException {
        folder = temp.resolve("mounted");
        content = FolderContentStore.in(folder);
    }

    private void vanish() throws IOException {
        Files.move(folder, temp.resolve("elsewhere"));
    }

    private void comeBack() throws IOException {
        Files.move(temp.resolve("elsewhere"), folder);
    }

    /** One attempt is all that there is, so that one which counts ends the work. */
    private NovaBuilder builder(ScriptedTransport transport) {
        return Nova.builder(transport)
                .store(store)
                .content(content)
                .jobWorkers(1)
                .submissionWorkers(1)
                .reuseSolutions(false)
                .retries(1, Duration.ofMillis(1));
    }

    private static void await(BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            Thread.onSpinWait();
        }
    }

    private static HealthReport.Status content(Nova nova) {
        return nova.health().checks().stream()
                .filter(check -> check.name().equals("content"))
                .findFirst()
                .orElseThrow()
                .status();
    }

    @Test
    void jobsWaitUntilItIsBackAndNoAttemptIsCounted() throws Exception {
        ScriptedTransport transport = new ScriptedTransport((task, context) -> {
            go.await();
            try {
                vanish();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return ScriptedTransport.solved(task);
        });
        try (Nova nova = builder(transport).start()) {
            List<SubmissionHandle> handles = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                handles.add(nova.submit(SubmissionRequest.of(Pictures.list(i), "stars.txt")));
            }
            await(() -> store.counts().queued() == 2 && store.counts().running() == 1);
            go.countDown();
            await(() -> store.counts().queued() == 3);

            assertThat(content(nova)).isEqualTo(HealthReport.Status.DOWN);
            assertThatThrownBy(() -> nova.submit(SubmissionRequest.of(Pictures.list(3), "stars.txt")))
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining(folder.toString());
            assertThat(transport.tasks).as("nothing more is claimed").hasSize(1);

            comeBack();
            for (SubmissionHandle handle : handles) {
                Job job = handle.result().get(30, TimeUnit.SECONDS).jobs().get(0);
                assertThat(job.state()).isEqualTo(JobState.SOLVED);
                assertThat(job.attempts()).isEqualTo(1);
                assertThat(store.attempts(job.id())).isEmpty();
            }
            assertThat(content(nova)).isEqualTo(HealthReport.Status.UP);
        }
    }

    @Test
    void submissionsWaitUntilItIsBack() throws Exception {
        int id;
        try (Nova nova = builder(new ScriptedTransport()).submissionWorkers(0).start()) {
            id = nova.submit(SubmissionRequest.of(Pictures.list(1), "stars.txt"))
                    .id();
        }
        vanish();
        CountDownLatch tried = new CountDownLatch(1);
        try (Nova nova = builder(new ScriptedTransport())
                .listener(event -> {
                    if (event instanceof NovaEvent.UnpackingStarted) {
                        tried.countDown();
                    }
                })
                .start()) {
            assertThat(tried.await(30, TimeUnit.SECONDS)).isTrue();
            await(() -> store.submission(id).orElseThrow().state() == SubmissionState.QUEUED);

            comeBack();
            SubmissionResult result = nova.submission(id).orElseThrow().result().get(30, TimeUnit.SECONDS);
            assertThat(result.submission().state()).isEqualTo(SubmissionState.UNPACKED);
            assertThat(result.jobs().get(0).state()).isEqualTo(JobState.SOLVED);
        }
    }

    @Test
    void oneContentThatIsMissingIsNoReasonToWait() throws Exception {
        try (Nova nova = builder(new ScriptedTransport()).jobWorkers(0).start()) {
            SubmissionHandle handle = nova.submit(SubmissionRequest.of(Pictures.list(1), "stars.txt"));
            await(() -> handle.progress().state().isFinal());
            content.delete(handle.submission().content().hash(), Duration.ZERO);
        }
        try (Nova nova = builder(new ScriptedTransport()).start()) {
            Job job = nova.submission(1)
                    .orElseThrow()
                    .result()
                    .get(30, TimeUnit.SECONDS)
                    .jobs()
                    .get(0);
            assertThat(job.state()).isEqualTo(JobState.FAILED);
        }
    }

    @Test
    void anotherFolderIsNotTakenForThatOfTheStore() throws Exception {
        Path other = temp.resolve("other");
        FolderContentStore.of(other, store).close();
        assertThat(other).as("made for a store without any content").isDirectory();
        try (Nova nova = builder(new ScriptedTransport()).submissionWorkers(0).start()) {
            nova.submit(SubmissionRequest.of(Pictures.list(1), "stars.txt"));
        }
        FolderContentStore.of(folder, store).close();
        assertThatThrownBy(() -> FolderContentStore.of(other, store))
                .isInstanceOf(IOException.class)
                .hasMessageContainingAll("nothing that the store refers to is in", other.toString());
        Path missing = temp.resolve("missing");
        assertThatThrownBy(() -> FolderContentStore.of(missing, store))
                .isInstanceOf(IOException.class)
                .hasMessageContainingAll(missing.toString(), "is not there");
        assertThat(missing).doesNotExist();
    }
}
