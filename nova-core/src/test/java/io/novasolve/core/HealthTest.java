package io.novasolve.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.novasolve.core.memory.InMemoryContentStore;
import io.novasolve.core.memory.InMemoryStore;
import io.novasolve.core.model.ContentHash;
import io.novasolve.core.spi.SolveContext;
import io.novasolve.core.spi.SolveOutcome;
import io.novasolve.core.spi.SolveTask;
import io.novasolve.core.spi.SolverTransport;
import io.novasolve.core.spi.TransportHealth;
import io.novasolve.core.spi.Waiting;
import io.novasolve.core.watch.HealthReport;
import io.novasolve.core.watch.HealthReport.Status;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whether everything is there that a Nova needs. */
@Timeout(60)
class HealthTest extends WatchedNova {

    private static Map<String, Status> states(HealthReport report) {
        return report.checks().stream()
                .collect(java.util.stream.Collectors.toMap(HealthReport.Check::name, HealthReport.Check::status));
    }

    @Test
    void allIsWellWithWhatRunsWell() {
        start();
        HealthReport report = nova.health();
        assertThat(states(report))
                .containsKeys("store", "queue", "submissions", "content", "disk", "transport scripted");
        assertThat(report.checks())
                .filteredOn(c -> !c.name().equals("disk"))
                .allMatch(c -> c.status() == Status.UP && !c.detail().isEmpty());
    }

    @Test
    void whatFailsIsDownAndNothingIsThrown() {
        SolverTransport two = new SolverTransport() {
            @Override
            public String name() {
                return "two";
            }

            @Override
            public SolveOutcome solve(SolveTask task, SolveContext context) {
                return ScriptedTransport.solved(task);
            }

            @Override
            public List<TransportHealth> health() {
                return List.of(
                        new TransportHealth("a", true, "ready"), new TransportHealth("b", false, "refuses the key"));
            }
        };
        nova = Nova.builder(two).content(new BrokenContent()).start();
        HealthReport report = nova.health();
        assertThat(states(report))
                .containsEntry("content", Status.DOWN)
                .containsEntry("transport a", Status.UP)
                .containsEntry("transport b", Status.DOWN);
        assertThat(report.status()).isEqualTo(Status.DOWN);
        nova.close();
        assertThat(nova.health().status()).isEqualTo(Status.DOWN);
    }

    @Test
    void oneOfTwoTransportsDegradesTheWhole() {
        HealthReport.Check up = new HealthReport.Check("transport a", Status.UP, "", Duration.ZERO);
        HealthReport.Check down = new HealthReport.Check("transport b", Status.DOWN, "", Duration.ZERO);
        assertThat(new HealthReport(InstantSource.system().instant(), List.of(up, down)).status())
                .isEqualTo(Status.DEGRADED);
        assertThat(new HealthReport(InstantSource.system().instant(), List.of(down)).status())
                .isEqualTo(Status.DOWN);
    }

    @Test
    void aDiskThatFillsUpIsSeen() {
        nova = builder().content(new FillingContent(100 << 20)).start();
        assertThat(states(nova.health())).containsEntry("disk", Status.DEGRADED);
        nova.close();
        nova = builder().content(new FillingContent(1 << 20)).start();
        assertThat(states(nova.health())).containsEntry("disk", Status.DOWN);
    }

    @Test
    void workThatNobodyDoesIsSeen() throws Exception {
        InMemoryStore store = new InMemoryStore(InstantSource.system());
        InMemoryContentStore content = new InMemoryContentStore();
        nova = builder().store(store).content(content).jobWorkers(0).start();
        SubmissionHandle handle = submit(1);
        Await.until(() -> handle.progress().state().isFinal());
        assertThat(states(nova.health())).containsEntry("queue", Status.DEGRADED);
    }

    @Test
    void submissionsThatWaitBehindSlowLinksAreSeen() throws Exception {
        AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2030-01-01T00:00:00Z"));
        CountDownLatch goOn = new CountDownLatch(1);
        CountDownLatch fetching = new CountDownLatch(1);
        nova = builder()
                .clock(now::get)
                .submissionWorkers(1)
                .lease(Duration.ofDays(1))
                .linkFetcher(fetcher(file -> {
                    fetching.countDown();
                    goOn.await();
                    Files.write(file, Pictures.list(1));
                }))
                .start();
        nova.submit(SubmissionRequest.of(URI.create("https://example.org/slow.csv")));
        fetching.await();
        SubmissionHandle waiting = submit(2);

        assertThat(nova.statistics().waiting()).isEqualTo(new Waiting(Duration.ZERO, 0, 1, 1, Duration.ZERO));
        assertThat(states(nova.health())).containsEntry("submissions", Status.UP);
        now.set(now.get().plus(Duration.ofMinutes(11)));
        assertThat(nova.statistics().waiting().oldestSubmission()).isEqualTo(Duration.ofMinutes(11));
        assertThat(nova.health().checks())
                .filteredOn(c -> c.name().equals("submissions"))
                .singleElement()
                .satisfies(check -> {
                    assertThat(check.status()).isEqualTo(Status.DEGRADED);
                    assertThat(check.detail())
                            .isEqualTo("1 wait to be fetched and unpacked, 1 are; the oldest was submitted 660 s ago");
                });
        goOn.countDown();
        result(waiting);
        assertThat(states(nova.health())).containsEntry("submissions", Status.UP);
    }

    private static final class BrokenContent extends FillingContent {

        BrokenContent() {
            super(Long.MAX_VALUE);
        }

        @Override
        public boolean contains(ContentHash hash) throws IOException {
            throw new IOException("the disk is gone");
        }
    }
}
