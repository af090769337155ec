package io.novasolve.core;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.novasolve.core.intake.Archives;
import io.novasolve.core.memory.InMemoryContentStore;
import io.novasolve.core.memory.InMemoryStore;
import io.novasolve.core.model.Content;
import io.novasolve.core.model.ContentHash;
import io.novasolve.core.model.SubmissionState;
import io.novasolve.core.spi.ContentStore;
import io.novasolve.core.spi.FetchException;
import io.novasolve.core.spi.LinkFetcher;
import io.novasolve.core.spi.SolveContext;
import io.novasolve.core.spi.SolveOutcome;
import io.novasolve.core.spi.SolveProgress;
import io.novasolve.core.spi.SolveTask;
import io.novasolve.core.spi.SolverTransport;
import io.novasolve.core.spi.TransportHealth;
import io.novasolve.core.spi.Waiting;
import io.novasolve.core.watch.HealthReport;
import io.novasolve.core.watch.HealthReport.Status;
import io.novasolve.core.watch.JobProgress;
import io.novasolve.core.watch.NovaEvent;
import io.novasolve.core.watch.NovaStatistics;
import io.novasolve.core.watch.Progress;
import io.novasolve.core.watch.Quantiles;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;

/** Progress, statistics, health, and logs with ids. */
@Timeout(60)
class WatchTest {

    private final Queue<NovaEvent> heard = new ConcurrentLinkedQueue<>();
    private Nova nova;

    @AfterEach
    void close() {
        if (nova != null) {
            nova.close();
        }
    }

    private NovaBuilder builder(ScriptedTransport.Step... script) {
        return Nova.builder(new ScriptedTransport(script))
                .listener(heard::add)
                .jobWorkers(1)
                .retries(3, Duration.ofMillis(1));
    }

    private void start(ScriptedTransport.Step... script) {
        nova = builder(script).start();
    }

    private SubmissionHandle submit(int number) {
        return nova.submit(SubmissionRequest.of(Pictures.list(number), "list" + number + ".txt"));
    }

    private static SubmissionResult result(SubmissionHandle handle) throws Exception {
        return handle.result().get(30, TimeUnit.SECONDS);
    }

    // Progress.

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

    @FunctionalInterface
    private interface Fetch {
        void into(Path file) throws IOException, InterruptedException;
    }

    private static LinkFetcher fetcher(Fetch fetch) {
        return new LinkFetcher() {
            @Override
            public void check(URI link) {}

            @Override
            public void fetch(URI link, Path file) throws IOException, InterruptedException {
                fetch.into(file);
            }
        };
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

    // Statistics.

    @Test
    void statisticsCountWhatThisProcessDid() throws Exception {
        start(
                ScriptedTransport.SOLVES,
                ScriptedTransport.FINDS_NOTHING,
                ScriptedTransport.STUMBLES,
                ScriptedTransport.SOLVES);
        for (int i = 0; i < 3; i++) {
            result(submit(i));
        }
        NovaStatistics statistics = nova.statistics();
        assertThat(statistics.done()).isEqualTo(new NovaStatistics.Done(2, 1, 0, 0, 1));
        assertThat(statistics.done().successRate()).hasValue(2 / 3.0);
        assertThat(statistics.jobs().solved()).isEqualTo(2);
        assertThat(statistics.jobs().queued()).isZero();
        assertThat(statistics.waits().count()).isEqualTo(3);
        assertThat(statistics.solveTimes().count()).isEqualTo(3);
        assertThat(statistics.solveTimes().median()).isPositive();
        assertThat(statistics.since()).isBeforeOrEqualTo(statistics.at());
    }

    @Test
    void statisticsTellWhoWaitsAndWhatRuns() throws Exception {
        CountDownLatch running = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        start((task, context) -> {
            running.countDown();
            goOn.await();
            return ScriptedTransport.solved(task);
        });
        submit(1);
        running.await();
        SubmissionHandle waiting = submit(2);
        while (!waiting.progress().state().isFinal()) {
            Thread.onSpinWait();
        }
        NovaStatistics statistics = nova.statistics();
        assertThat(statistics.runningHere()).isEqualTo(1);
        assertThat(statistics.jobs().running()).isEqualTo(1);
        assertThat(statistics.jobs().queued()).isEqualTo(1);
        assertThat(statistics.waiting().submitters()).isEqualTo(1);
        assertThat(statistics.done().successRate()).isEmpty();
        goOn.countDown();
        result(waiting);
    }

    @Test
    void quantilesAreOfTheNearestRank() {
        Quantiles q =
                Quantiles.of(LongStream.rangeClosed(1, 1000).map(i -> 1001 - i).toArray());
        assertThat(q)
                .isEqualTo(new Quantiles(
                        1000,
                        Duration.ofNanos(500),
                        Duration.ofNanos(900),
                        Duration.ofNanos(990),
                        Duration.ofNanos(1000)));
        assertThat(Quantiles.of(5))
                .isEqualTo(new Quantiles(
                        1, Duration.ofNanos(5), Duration.ofNanos(5), Duration.ofNanos(5), Duration.ofNanos(5)));
        assertThat(Quantiles.of()).isEqualTo(Quantiles.NONE);
    }

    @Test
    void theWindowOfTimesIsBounded() {
        Recorder recorder = new Recorder();
        for (int i = 0; i < 5000; i++) {
            recorder.hear(new NovaEvent.JobStarted(InstantSource.system().instant(), 1, 1, 1, Duration.ofNanos(i)));
        }
        assertThat(recorder.waits().count()).isEqualTo(1000);
        assertThat(recorder.waits().longest()).isEqualTo(Duration.ofNanos(4999));
        assertThat(recorder.waits().median()).isEqualTo(Duration.ofNanos(4499));
    }

    // Health.

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
    void workThatNobodyDoesIsSeen() {
        InMemoryStore store = new InMemoryStore(InstantSource.system());
        InMemoryContentStore content = new InMemoryContentStore();
        nova = builder().store(store).content(content).jobWorkers(0).start();
        SubmissionHandle handle = submit(1);
        while (!handle.progress().state().isFinal()) {
            Thread.onSpinWait();
        }
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

    // Logs.

    /** What is said below a logger while something goes on. */
    private static List<ILoggingEvent> said(String below, Callable<?> what) throws Exception {
        Logger logger = (Logger) LoggerFactory.getLogger(below);
        ListAppender<ILoggingEvent> log = new Lines();
        log.start();
        logger.addAppender(log);
        logger.setLevel(Level.INFO);
        logger.setAdditive(false);
        try {
            what.call();
            return List.copyOf(log.list);
        } finally {
            logger.detachAppender(log);
            logger.setLevel(null);
            logger.setAdditive(true);
        }
    }

    @Test
    void everyLineOfAJobCarriesItsIds() throws Exception {
        org.slf4j.Logger transport = LoggerFactory.getLogger("io.novasolve.core.pipeline.of.a.transport");
        List<ILoggingEvent> lines = said("io.novasolve.core.pipeline", () -> {
            start(ScriptedTransport.STUMBLES, (task, context) -> {
                transport.info("said by the transport");
                return ScriptedTransport.solved(task);
            });
            SubmissionResult result = result(submit(1));
            nova.close();
            return result;
        });
        assertThat(lines)
                .extracting(ILoggingEvent::getFormattedMessage)
                .anyMatch(m -> m.contains("will try again"))
                .anyMatch(m -> m.contains("said by the transport"))
                .anyMatch(m -> m.contains("solved: RA"));
        assertThat(lines).allMatch(e -> e.getMDCPropertyMap().equals(Map.of("submission", "1", "job", "1")));
    }

    @Test
    void everyLineOfFetchingAndUnpackingCarriesTheIdOfTheSubmission() throws Exception {
        org.slf4j.Logger link = LoggerFactory.getLogger("io.novasolve.core.pipeline.of.a.fetcher");
        AtomicInteger fetches = new AtomicInteger();
        List<ILoggingEvent> lines = said("io.novasolve.core.pipeline", () -> {
            nova = builder()
                    .jobWorkers(0)
                    .linkFetcher(fetcher(file -> {
                        link.info("said by the fetcher");
                        if (fetches.incrementAndGet() == 1) {
                            throw new FetchException("the line went dead", true, null);
                        }
                        Files.write(file, new byte[] {0x50, 0x4b, 3, 4, 0});
                    }))
                    .start();
            SubmissionResult result =
                    result(nova.submit(SubmissionRequest.of(URI.create("https://example.org/a.zip"))));
            assertThat(result.submission().state()).isEqualTo(SubmissionState.FAILED);
            nova.close();
            return result;
        });
        assertThat(lines)
                .extracting(ILoggingEvent::getFormattedMessage)
                .anyMatch(m -> m.contains("Attempt 1 to unpack"))
                .filteredOn(m -> m.contains("said by the fetcher"))
                .hasSize(2);
        assertThat(lines).allMatch(e -> e.getMDCPropertyMap().equals(Map.of("submission", "1")));
    }

    private static class FillingContent implements ContentStore {
        private final InMemoryContentStore content = new InMemoryContentStore();
        private final long free;

        FillingContent(long free) {
            this.free = free;
        }

        @Override
        public Content put(InputStream bytes) throws IOException {
            return content.put(bytes);
        }

        @Override
        public InputStream open(ContentHash hash) throws IOException {
            return content.open(hash);
        }

        @Override
        public boolean contains(ContentHash hash) throws IOException {
            return content.contains(hash);
        }

        @Override
        public boolean touch(ContentHash hash) {
            return content.touch(hash);
        }

        @Override
        public List<ContentHash> contents(@Nullable ContentHash after, int limit) {
            return content.contents(after, limit);
        }

        @Override
        public boolean delete(ContentHash hash, Duration notPutFor) throws IOException {
            return content.delete(hash, notPutFor);
        }

        @Override
        public OptionalLong usableBytes() {
            return OptionalLong.of(free);
        }
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
