package io.novasolve.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.novasolve.core.intake.Archives;
import io.novasolve.core.model.ImageOutcome;
import io.novasolve.core.model.Job;
import io.novasolve.core.model.SolveOptions;
import io.novasolve.core.model.SubmissionState;
import io.novasolve.core.model.UnsolvedReason;
import io.novasolve.core.spi.LinkFetcher;
import io.novasolve.core.watch.NovaEvent;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A deadline ends what waits, wherever it waits. */
@Timeout(60)
class DeadlineTest {

    private static final Instant BEGIN = Instant.parse("2030-01-01T00:00:00Z");
    private static final Instant DEADLINE = BEGIN.plusSeconds(60);
    private static final SolveOptions OPTIONS =
            SolveOptions.builder().deadline(DEADLINE).build();

    private final AtomicReference<Instant> now = new AtomicReference<>(BEGIN);
    private final Queue<NovaEvent> heard = new ConcurrentLinkedQueue<>();
    private final ScriptedTransport transport = new ScriptedTransport();
    private Nova nova;

    @AfterEach
    void close() {
        if (nova != null) {
            nova.close();
        }
    }

    private NovaBuilder builder() {
        return Nova.builder(transport)
                .clock(now::get)
                .lease(Duration.ofDays(1))
                .pollInterval(Duration.ofMillis(20))
                .listener(heard::add);
    }

    private static SubmissionResult result(SubmissionHandle handle) throws Exception {
        return handle.result().get(30, TimeUnit.SECONDS);
    }

    private static void awaitUnpacked(SubmissionHandle handle) throws InterruptedException {
        Await.until(() -> handle.progress().state().isFinal());
    }

    private long ends(Class<? extends NovaEvent> kind) {
        return heard.stream().filter(kind::isInstance).count();
    }

    @Test
    void jobsThatWaitEndWithoutAWorker() throws Exception {
        nova = builder().jobWorkers(0).start();
        Map<String, byte[]> members = new LinkedHashMap<>();
        members.put("a.csv", Pictures.list(1));
        members.put("b.csv", Pictures.list(2));
        SubmissionHandle handle = nova.submit(SubmissionRequest.of(Archives.tar(members), "night.tar")
                .withOptions(OPTIONS)
                .withImageOptions(Map.of(
                        "b.csv",
                        SolveOptions.builder()
                                .deadline(DEADLINE.plusSeconds(60))
                                .build())));
        awaitUnpacked(handle);

        now.set(DEADLINE);
        Await.until(() -> handle.progress().ended() >= 1);
        assertThat(handle.jobs())
                .extracting(Job::outcome)
                .containsExactly(
                        new ImageOutcome.Unsolved(
                                UnsolvedReason.TIMEOUT,
                                "its deadline, 2030-01-01T00:01:00Z, was over before its turn came"),
                        null);
        assertThat(handle.result()).isNotDone();

        now.set(DEADLINE.plusSeconds(60));
        assertThat(result(handle).jobs()).allMatch(job -> job.outcome() instanceof ImageOutcome.Unsolved);
        nova.close();
        assertThat(ends(NovaEvent.JobEnded.class)).isEqualTo(2);
        assertThat(ends(NovaEvent.SubmissionEnded.class)).isEqualTo(1);
        assertThat(nova.statistics().done().unsolved()).isEqualTo(2);
    }

    @Test
    void aSubmissionThatWaitsEndsWithoutAWorker() throws Exception {
        nova = builder().submissionWorkers(0).start();
        SubmissionHandle handle =
                nova.submit(SubmissionRequest.of(Pictures.list(1), "a.csv").withOptions(OPTIONS));

        now.set(DEADLINE);

        assertNotUnpacked(result(handle), "a.csv");
        nova.close();
        assertThat(ends(NovaEvent.Unpacked.class)).isEqualTo(1);
        assertThat(ends(NovaEvent.JobEnded.class)).isEqualTo(1);
        assertThat(ends(NovaEvent.SubmissionEnded.class)).isEqualTo(1);
    }

    private static void assertNotUnpacked(SubmissionResult result, String name) {
        assertThat(result.submission().state()).isEqualTo(SubmissionState.UNPACKED);
        assertThat(result.jobs()).singleElement().satisfies(job -> {
            assertThat(job.image().fileName()).isEqualTo(name);
            assertThat(job.outcome())
                    .isEqualTo(new ImageOutcome.Unsolved(
                            UnsolvedReason.TIMEOUT,
                            "its deadline, 2030-01-01T00:01:00Z, was over before it was fetched and unpacked"));
        });
    }

    private static final class SlowLink implements LinkFetcher {
        final CountDownLatch fetching = new CountDownLatch(1);
        final CountDownLatch interrupted = new CountDownLatch(1);

        @Override
        public void check(URI link) {}

        @Override
        public void fetch(URI link, Path file) throws InterruptedException {
            fetching.countDown();
            try {
                new CountDownLatch(1).await();
            } finally {
                interrupted.countDown();
            }
        }
    }

    @Test
    void aFetchEndsAtTheDeadline() throws Exception {
        SlowLink link = new SlowLink();
        nova = builder().linkFetcher(link).start();
        SubmissionHandle handle = nova.submit(
                SubmissionRequest.of(URI.create("https://example.org/slow.csv")).withOptions(OPTIONS));
        link.fetching.await();

        now.set(DEADLINE);

        assertNotUnpacked(result(handle), "slow.csv");
        link.interrupted.await();
        assertThat(transport.tasks).isEmpty();
    }

    @Test
    void nothingIsFetchedAfterTheDeadline() throws Exception {
        SlowLink link = new SlowLink();
        nova = builder().linkFetcher(link).pollInterval(Duration.ofMinutes(1)).start();
        now.set(DEADLINE);

        SubmissionHandle handle = nova.submit(
                SubmissionRequest.of(URI.create("https://example.org/slow.csv")).withOptions(OPTIONS));

        assertNotUnpacked(result(handle), "slow.csv");
        assertThat(link.fetching.getCount()).isEqualTo(1);
    }
}
