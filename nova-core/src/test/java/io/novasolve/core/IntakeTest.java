package io.novasolve.core;

import static io.novasolve.core.ScriptedTransport.FINDS_NOTHING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.novasolve.core.intake.Archives;
import io.novasolve.core.memory.InMemoryContentStore;
import io.novasolve.core.model.ImageOutcome;
import io.novasolve.core.model.Job;
import io.novasolve.core.model.JobState;
import io.novasolve.core.model.Labels;
import io.novasolve.core.model.PositionHint;
import io.novasolve.core.model.SolveOptions;
import io.novasolve.core.model.SubmissionState;
import io.novasolve.core.spi.FetchException;
import io.novasolve.core.spi.LinkFetcher;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Everything that can be handed in, through the whole pipeline. */
@Timeout(120)
class IntakeTest {

    private static final byte[] STARS = Pictures.stars(30, 1);

    private final ScriptedTransport transport = new ScriptedTransport();
    private Nova nova;

    @AfterEach
    void close() {
        if (nova != null) {
            nova.close();
        }
    }

    private NovaBuilder builder() {
        return Nova.builder(transport).jobWorkers(1).retries(3, Duration.ofMillis(1));
    }

    private static SubmissionResult result(SubmissionHandle handle) throws Exception {
        return handle.result().get(60, TimeUnit.SECONDS);
    }

    private SubmissionResult submit(byte[] bytes, String name) throws Exception {
        return result(nova.submit(SubmissionRequest.of(bytes, name)));
    }

    @Test
    void anArchiveWithGoodAndBadMembersIsSolvedAsFarAsItGoes() throws Exception {
        nova = builder().start();
        Map<String, byte[]> members = new LinkedHashMap<>();
        members.put("night/a.png", STARS);
        members.put("../b.png", STARS);
        members.put("c.csv.gz", Archives.gzip(Pictures.list(3)));
        members.put("readme.txt", "Dear sir or madam".getBytes(java.nio.charset.StandardCharsets.US_ASCII));

        SubmissionResult result = submit(Archives.gzip(Archives.tar(members)), "night.tar.gz");

        assertThat(result.submission().state()).isEqualTo(SubmissionState.UNPACKED);
        assertThat(result.jobs())
                .extracting(j -> j.image().fileName())
                .containsExactly("night/a.png", "../b.png", "c.csv", "readme.txt");
        assertThat(result.jobs())
                .extracting(Job::state)
                .containsExactly(JobState.SOLVED, JobState.FAILED, JobState.SOLVED, JobState.FAILED);
        assertThat(result.jobs().get(1).outcome())
                .isInstanceOfSatisfying(ImageOutcome.Failed.class, f -> assertThat(f.message())
                        .startsWith("../b.png has a path that leads out"));
        assertThat(nova.image(result.jobs().get(0))).isEqualTo(STARS);
    }

    @Test
    void anArchiveThatCannotBeReadFailsWithASentence() throws Exception {
        nova = builder().start();
        SubmissionResult result = submit(Archives.tar(Map.of("folder/", new byte[0])), "empty.tar");

        assertThat(result.submission().state()).isEqualTo(SubmissionState.FAILED);
        assertThat(result.submission().error()).isEqualTo("empty.tar is an archive without files");
        assertThatThrownBy(result::calibration).isInstanceOf(JobFailedException.class);
    }

    @Test
    void bareStarsAStreamAndLabels() throws Exception {
        nova = builder().start();
        double[] x = {10, 20, 30, 40, 50};
        double[] y = {11, 31, 22, 43, 54};
        Labels labels = new Labels("album", Set.of("m42"), false);

        Job job = result(nova.submit(SubmissionRequest.ofStars(x, y, 640, 480).withLabels(labels)))
                .jobs()
                .get(0);

        assertThat(job.state()).isEqualTo(JobState.SOLVED);
        assertThat(transport.tasks.peek().stars().width()).isEqualTo(640);
        assertThat(transport.tasks.peek().stars().y(4)).isEqualTo(54);
        assertThat(nova.submission(job.submissionId())
                        .orElseThrow()
                        .submission()
                        .labels())
                .isEqualTo(labels);
        SubmissionRequest stream = SubmissionRequest.of(() -> new ByteArrayInputStream(STARS), "stream.png");
        assertThat(result(nova.submit(stream)).calibration()).isNotNull();
    }

    /** A fetcher that gives what the test says. */
    private static final class Fetcher implements LinkFetcher {
        final AtomicInteger calls = new AtomicInteger();
        final byte[] bytes;
        final IOException[] failures;

        Fetcher(byte[] bytes, IOException... failures) {
            this.bytes = bytes;
            this.failures = failures;
        }

        @Override
        public void check(URI link) {
            if (!"https".equals(link.getScheme())) {
                throw new IllegalArgumentException(link + " cannot be fetched");
            }
        }

        @Override
        public void fetch(URI link, Path file) throws IOException {
            int call = calls.getAndIncrement();
            if (call < failures.length) {
                throw failures[call];
            }
            Files.write(file, bytes);
        }
    }

    @Test
    void aLinkIsFetchedByAWorkerAndTriedAgain() throws Exception {
        Fetcher fetcher = new Fetcher(
                Archives.zip(Map.of("a.png", STARS)), new FetchException("reset", true, null), new IOException("disk"));
        InMemoryContentStore content = new InMemoryContentStore();
        nova = builder().linkFetcher(fetcher).content(content).start();
        URI link = URI.create("https://example.org/night.zip?x=y");

        SubmissionResult result = result(nova.submit(SubmissionRequest.of(link)));

        assertThat(fetcher.calls).hasValue(3);
        assertThat(result.submission().link()).isEqualTo(link);
        assertThat(result.submission().fileName()).isEqualTo("night.zip");
        assertThat(result.jobs()).singleElement().satisfies(job -> {
            assertThat(job.state()).isEqualTo(JobState.SOLVED);
            assertThat(job.image().fileName()).isEqualTo("a.png");
        });
    }

    @Test
    void aLinkThatCannotBeFetchedFailsOrIsRefused() throws Exception {
        Fetcher fetcher = new Fetcher(STARS, new FetchException("https://x/y cannot be had", false, null));
        nova = builder().linkFetcher(fetcher).start();

        SubmissionResult result = result(nova.submit(SubmissionRequest.of(URI.create("https://x/y"))));

        assertThat(result.submission().state()).isEqualTo(SubmissionState.FAILED);
        assertThat(result.submission().error()).contains("https://x/y cannot be had");
        assertThat(fetcher.calls).hasValue(1);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> nova.submit(SubmissionRequest.of(URI.create("file:///etc/passwd"))));
        nova.close();
        nova = Nova.with(new ScriptedTransport());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> nova.submit(SubmissionRequest.of(URI.create("https://x/y"))))
                .withMessageContaining("LinkFetcher");
    }

    @Test
    void aSubmissionThatIsCancelledWhileItIsFetchedEnds() throws Exception {
        CountDownLatch fetching = new CountDownLatch(1);
        CountDownLatch never = new CountDownLatch(1);
        nova = builder()
                .linkFetcher(new LinkFetcher() {
                    @Override
                    public void check(URI link) {}

                    @Override
                    public void fetch(URI link, Path file) throws InterruptedException {
                        fetching.countDown();
                        never.await();
                    }
                })
                .start();
        SubmissionHandle handle = nova.submit(SubmissionRequest.of(URI.create("https://x/y")));
        assertThat(fetching.await(60, TimeUnit.SECONDS)).isTrue();

        handle.cancel();

        assertThat(result(handle).submission().state()).isEqualTo(SubmissionState.CANCELLED);
    }

    @Test
    void theSameBytesAreAnsweredFromTheEarlierSolutionIfTheOptionsAgree() throws Exception {
        nova = builder().start();
        Job first = submit(STARS, "m42.png").jobs().get(0);
        int searches = transport.tasks.size();

        Job again = submit(STARS, "again.png").jobs().get(0);

        assertThat(transport.tasks).hasSize(searches);
        assertThat(again.state()).isEqualTo(JobState.SOLVED);
        assertThat(again.id()).isNotEqualTo(first.id());
        assertThat(again.files()).isEqualTo(first.files());
        assertThat(again.outcome()).isInstanceOfSatisfying(ImageOutcome.Solved.class, s -> assertThat(
                        s.calibration().wcs())
                .isEqualTo(((ImageOutcome.Solved) first.outcome()).calibration().wcs()));
        // The made-up solution lies at RA 83.6, Dec −5.4, with odds that anybody accepts.
        for (SolveOptions agreeing : List.of(
                SolveOptions.builder().position(PositionHint.of(83, -5, 3)).build(),
                SolveOptions.builder().timeout(Duration.ofMinutes(9)).depth(90).build())) {
            result(nova.submit(SubmissionRequest.of(STARS, "x").withOptions(agreeing)));
            assertThat(transport.tasks).as("%s", agreeing).hasSize(searches);
        }
        for (SolveOptions other : List.of(
                SolveOptions.builder().position(PositionHint.of(200, 5, 3)).build(),
                SolveOptions.builder().tweakOrder(0).build(),
                SolveOptions.builder().crpixCentre(true).build(),
                SolveOptions.builder().oddsToSolve(1e300).build())) {
            int before = transport.tasks.size();
            result(nova.submit(SubmissionRequest.of(STARS, "x").withOptions(other)));
            assertThat(transport.tasks).as("%s", other).hasSizeGreaterThan(before);
        }
    }

    @Test
    void reuseCanBeTurnedOffAndIsNeverOfAnUnsolvedPicture() throws Exception {
        nova = builder().reuseSolutions(false).start();
        submit(STARS, "m42.png");
        int searches = transport.tasks.size();
        submit(STARS, "m42.png");
        assertThat(transport.tasks).hasSize(2 * searches);
        nova.close();

        ScriptedTransport vain = new ScriptedTransport(
                Stream.generate(() -> FINDS_NOTHING).limit(20).toArray(ScriptedTransport.Step[]::new));
        nova = Nova.builder(vain).jobWorkers(1).start();
        submit(STARS, "m42.png");
        int before = vain.tasks.size();
        submit(STARS, "m42.png");
        assertThat(vain.tasks).hasSize(2 * before);
    }

    @Test
    void oneSubmissionMayRefuseOrAllowReuse() throws Exception {
        nova = builder().start();
        submit(STARS, "m42.png");
        int searches = transport.tasks.size();
        result(nova.submit(SubmissionRequest.of(STARS, "x").withReuse(false)));
        assertThat(transport.tasks).hasSize(2 * searches);
        result(nova.submit(SubmissionRequest.of(STARS, "x").withReuse(true)));
        assertThat(transport.tasks).hasSize(2 * searches);
        nova.close();

        transport.tasks.clear();
        nova = builder().reuseSolutions(false).start();
        submit(STARS, "m42.png");
        result(nova.submit(SubmissionRequest.of(STARS, "x").withReuse(true)));
        assertThat(transport.tasks).hasSize(searches);
    }

    @Test
    void imagesOfAnArchiveMayHaveOptionsOfTheirOwn() throws Exception {
        nova = builder().jobWorkers(1).start();
        byte[] zip = Archives.zip(Map.of("a.csv", Pictures.list(1), "sub/b.csv", Pictures.list(2)));
        result(nova.submit(SubmissionRequest.of(zip, "night.zip")
                .withOptions(SolveOptions.builder().depth(44).tweakOrder(1).build())
                .withImageOptions(
                        Map.of("sub/b.csv", SolveOptions.builder().depth(55).build()))));
        assertThat(transport.tasks)
                .extracting(t -> t.options().depth() + " " + t.options().tweakOrder())
                .containsExactlyInAnyOrder("44 1", "55 1");
    }

    @Test
    @Timeout(value = 60, unit = TimeUnit.MINUTES)
    void aBatchNeverHasMoreOpenThanItMayAndTheHeapStaysFlat() throws Exception {
        int count = Integer.getInteger("nova.batch", 500);
        nova = builder().jobWorkers(2).keepEnded(50).start();
        AtomicInteger open = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        AtomicInteger solved = new AtomicInteger();
        AtomicLong early = new AtomicLong();
        AtomicLong largest = new AtomicLong();
        Stream<SubmissionRequest> requests = IntStream.range(0, count).mapToObj(i -> {
            most.accumulateAndGet(open.incrementAndGet(), Math::max);
            return SubmissionRequest.of(Pictures.list(i), i + ".csv");
        });

        nova.submitAll(requests, 20, new BatchResults() {
            @Override
            public void ended(SubmissionRequest request, SubmissionResult result) {
                open.decrementAndGet();
                transport.tasks.clear();
                int done = solved.addAndGet(result.jobs().get(0).state() == JobState.SOLVED ? 1 : 0);
                if (done % (count / 5) == 0) {
                    long used = usedAfterCollection();
                    early.compareAndSet(0, used);
                    largest.accumulateAndGet(used, Math::max);
                }
            }

            @Override
            public void failed(SubmissionRequest request, RuntimeException why) {
                throw why;
            }
        });

        long grown = largest.get() - early.get();
        System.out.println("IntakeTest: a batch of " + count + ", at most " + most + " open at once, live heap grew by "
                + grown / 1024 + " KiB after the first fifth");
        assertThat(solved).hasValue(count);
        assertThat(most.get()).isLessThanOrEqualTo(20);
        assertThat(grown).isLessThan(4 << 20);
    }

    private static long usedAfterCollection() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    @Test
    void aBatchTellsWhatCannotBeSubmittedAndGoesOn() throws Exception {
        nova = builder().start();
        AtomicInteger refused = new AtomicInteger();
        AtomicInteger ended = new AtomicInteger();
        Stream<SubmissionRequest> requests = Stream.of(
                SubmissionRequest.of(Path.of("no such file")),
                SubmissionRequest.of(STARS, "a.png"),
                SubmissionRequest.of(URI.create("https://x/y")));
        nova.submitAll(requests, 2, new BatchResults() {
            @Override
            public void ended(SubmissionRequest request, SubmissionResult result) {
                ended.incrementAndGet();
            }

            @Override
            public void failed(SubmissionRequest request, RuntimeException why) {
                refused.incrementAndGet();
            }
        });
        assertThat(refused).hasValue(2);
        assertThat(ended).hasValue(1);

        BatchResults broken = new BatchResults() {
            @Override
            public void ended(SubmissionRequest request, SubmissionResult result) {
                throw new IllegalStateException("made up");
            }

            @Override
            public void failed(SubmissionRequest request, RuntimeException why) {}
        };
        Stream<SubmissionRequest> endless = Stream.generate(() -> SubmissionRequest.of(STARS, "a.png"));
        assertThatThrownBy(() -> nova.submitAll(endless, 3, broken))
                .isInstanceOf(NovaException.class)
                .hasMessageContaining("made up");
    }
}
