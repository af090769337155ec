package io.novasolve.transport.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.novasolve.core.model.SolveOptions;
import io.novasolve.core.model.UnsolvedReason;
import io.novasolve.core.spi.SolveCancelledException;
import io.novasolve.core.spi.SolveContext;
import io.novasolve.core.spi.SolveOutcome;
import io.novasolve.core.spi.SolveTask;
import io.novasolve.core.spi.SolverTransport;
import io.novasolve.core.spi.TransportException;
import io.novasolve.core.spi.TransportHealth;
import io.novasolve.testkit.StarField;
import io.novasolve.testkit.TestContext;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Which server a job goes to. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
@Tag("once")
class SshPoolTest {

    private static final StarField FIELD = StarField.known(5);

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final AtomicLong now = new AtomicLong();
    private final Host fast = new Host();
    private final Host slow = new Host();

    /** A solve server that answers when it is told to, or fails. */
    private final class Host implements SolverTransport {
        private final AtomicInteger asked = new AtomicInteger();
        private final Semaphore answers = new Semaphore(0);
        private volatile boolean broken;
        private volatile long hangs;
        private volatile String word = "nova: job-nova-1 goes to fake";
        private volatile boolean closed;

        @Override
        public String name() {
            return "fake";
        }

        @Override
        public SolveOutcome solve(SolveTask task, SolveContext context)
                throws TransportException, InterruptedException {
            asked.incrementAndGet();
            if (broken) {
                throw new TransportException("out of order", true);
            }
            if (hangs > 0) {
                context.log(word);
                while (!context.remaining().isNegative()) {
                    TimeUnit.MILLISECONDS.sleep(1);
                }
                now.addAndGet(TimeUnit.SECONDS.toNanos(hangs));
                return new SolveOutcome.Unsolved(UnsolvedReason.TIMEOUT, "no answer", Map.of());
            }
            answers.acquire();
            return new SolveOutcome.Unsolved(UnsolvedReason.NO_MATCH, "nowhere", Map.of());
        }

        @Override
        public void close() {
            closed = true;
        }
    }

    private SshPool pool(int fastCapacity, double fastWeight, int slowCapacity) {
        return SshPool.builder()
                .member(fast, "fast", fastCapacity, fastWeight)
                .member(slow, "slow", slowCapacity, 1)
                .coolDown(Duration.ofSeconds(5))
                .ticker(now::get)
                .build();
    }

    private static SolveTask task(int id) {
        return new SolveTask(id, FIELD.stars(), SolveOptions.defaults());
    }

    private Future<SolveOutcome> begin(SshPool pool, int id) {
        return threads.submit(() -> pool.solve(task(id), TestContext.patient()));
    }

    private static SolveOutcome solve(SshPool pool, int id) throws Exception {
        return pool.solve(task(id), TestContext.patient());
    }

    private static List<Integer> running(SshPool pool) {
        return pool.metrics().stream().map(SshPool.HostMetrics::running).toList();
    }

    @AfterEach
    void halt() {
        threads.shutdownNow();
    }

    @Test
    void theLeastLoadedForItsWeightIsAskedUpToItsCapacity() throws Exception {
        SshPool pool = pool(4, 2, 2);
        List<List<Integer>> loads = new ArrayList<>();
        List<Future<SolveOutcome>> jobs = new ArrayList<>();
        for (int id = 1; id <= 6; id++) {
            int want = id;
            jobs.add(begin(pool, id));
            Waiting.until(() -> fast.asked.get() + slow.asked.get() == want);
            loads.add(running(pool));
        }
        assertThat(loads.get(2)).containsExactly(2, 1);
        assertThat(loads.get(5)).containsExactly(4, 2);

        Future<SolveOutcome> seventh = begin(pool, 7);
        TestContext cancelled = TestContext.patient();
        Future<SolveOutcome> eighth = threads.submit(() -> pool.solve(task(8), cancelled));
        cancelled.cancel();
        assertThat(eighth)
                .failsWithin(Duration.ofMinutes(1))
                .withThrowableThat()
                .havingCause()
                .isInstanceOf(SolveCancelledException.class);
        assertThat(pool.solve(task(9), TestContext.until(Duration.ofMillis(50))))
                .isInstanceOfSatisfying(
                        SolveOutcome.Unsolved.class, u -> assertThat(u.reason()).isEqualTo(UnsolvedReason.TIMEOUT));
        assertThat(running(pool)).containsExactly(4, 2);

        slow.answers.release();
        Waiting.until(() -> slow.asked.get() == 3);
        fast.answers.release(9);
        slow.answers.release(9);
        for (Future<SolveOutcome> job : jobs) {
            assertThat(job.get()).isInstanceOf(SolveOutcome.Unsolved.class);
        }
        assertThat(seventh.get()).isInstanceOf(SolveOutcome.Unsolved.class);
        assertThat(running(pool)).containsExactly(0, 0);
        assertThat(pool.metrics()).extracting(SshPool.HostMetrics::answers).containsExactly(4L, 3L);
    }

    @Test
    void aDrainedServerFinishesItsJobsAndGetsNoOthers() throws Exception {
        SshPool pool = pool(4, 100, 4);
        Future<SolveOutcome> before = begin(pool, 1);
        Waiting.until(() -> fast.asked.get() == 1);

        pool.drain("fast");
        slow.answers.release();
        solve(pool, 2);

        assertThat(fast.asked).hasValue(1);
        assertThat(running(pool)).containsExactly(1, 0);
        assertThat(pool.health()).first().satisfies(h -> {
            assertThat(h.usable()).isFalse();
            assertThat(h.detail()).contains("drained");
        });
        fast.answers.release(2);
        assertThat(before.get()).isInstanceOf(SolveOutcome.Unsolved.class);

        pool.drain("slow");
        assertThatThrownBy(() -> solve(pool, 3))
                .isInstanceOfSatisfying(
                        TransportException.class, e -> assertThat(e.retryable()).isTrue())
                .hasMessageContaining("drained");
        pool.resume("fast");
        solve(pool, 4);
        assertThat(fast.asked).hasValue(2);
        assertThatThrownBy(() -> pool.drain("nobody")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aServerThatFailedIsLeftAloneForLongerEachTime() throws Exception {
        SshPool pool = pool(4, 100, 4);
        fast.broken = true;
        slow.answers.release(100);

        int asked = 0;
        for (long pause : new long[] {5, 10, 20}) {
            solve(pool, 1);
            asked++;
            assertThat(fast.asked).hasValue(asked);
            now.addAndGet(TimeUnit.SECONDS.toNanos(pause) - 1);
            solve(pool, 2);
            assertThat(fast.asked).as("within %d s", pause).hasValue(asked);
            assertThat(pool.metrics().get(0).coolingDown()).isTrue();
            assertThat(pool.health()).extracting(TransportHealth::usable).containsExactly(false, true);
            now.addAndGet(1);
            assertThat(pool.metrics().get(0).coolingDown()).isFalse();
        }
        fast.broken = false;
        fast.answers.release(100);
        solve(pool, 3);
        assertThat(pool.metrics().get(0))
                .satisfies(fastOne -> assertThat(fastOne.failures()).isEqualTo(3))
                .satisfies(fastOne -> assertThat(fastOne.answers()).isEqualTo(1))
                .satisfies(fastOne -> assertThat(fastOne.lastFailure()).isEqualTo("out of order"));
        // An answer makes good for all failures before.
        fast.broken = true;
        solve(pool, 4);
        now.addAndGet(TimeUnit.SECONDS.toNanos(5));
        assertThat(pool.metrics().get(0).coolingDown()).isFalse();
    }

    @Test
    void aJobEndsWhereAllThatAreNotDrainedHaveFailedIt() throws Exception {
        SshPool pool = pool(4, 100, 4);
        fast.broken = true;
        pool.drain("slow");

        Future<SolveOutcome> job = begin(pool, 1);
        assertThat(job)
                .failsWithin(Duration.ofSeconds(30))
                .withThrowableThat()
                .havingCause()
                .withMessage("out of order");
        assertThat(slow.asked).hasValue(0);
    }

    private static void lapse(SshPool pool) throws Exception {
        assertThat(pool.solve(task(1), TestContext.until(Duration.ofMillis(5))))
                .isInstanceOf(SolveOutcome.Unsolved.class);
    }

    @Test
    void aServerThatHasNoWordUntilTheDeadlinesGaveNoAnswer() throws Exception {
        SshPool pool = pool(4, 100, 4);
        slow.answers.release(100);
        fast.hangs = 10;
        for (int lapsed = 0; lapsed < 3; lapsed++) {
            assertThat(pool.metrics().get(0).coolingDown()).isFalse();
            lapse(pool);
        }
        assertThat(pool.metrics().get(0)).satisfies(hanging -> {
            assertThat(hanging.answers()).isZero();
            assertThat(hanging.coolingDown()).isTrue();
            assertThat(hanging.lastFailure()).contains("look whether its solve script hangs");
        });
        assertThat(slow.asked).hasValue(0);
        solve(pool, 2);
        assertThat(slow.asked).hasValue(1);
    }

    @Test
    void aServerThatStillSearchesAtTheDeadlinesIsNoFailure() throws Exception {
        SshPool pool = pool(4, 100, 4);
        fast.hangs = 600;
        fast.word = "Field 1: trying 40 stars";
        for (int lapsed = 0; lapsed < 10; lapsed++) {
            lapse(pool);
        }
        assertThat(pool.metrics().get(0).failures()).isZero();
        assertThat(fast.asked).hasValue(10);

        // Its words begin the count anew.
        for (int lapsed = 0; lapsed < 10; lapsed++) {
            fast.word = lapsed % 3 == 2 ? "Field 1: trying 50 stars" : "nova: job-nova-1 goes to fake";
            lapse(pool);
        }
        assertThat(pool.metrics().get(0).failures()).isZero();
    }

    @Test
    void deadlinesThatAreTooShortForAWordAreNoFailures() throws Exception {
        SshPool pool = pool(4, 100, 4);
        fast.hangs = 2;
        for (int lapsed = 0; lapsed < 14; lapsed++) {
            lapse(pool);
        }
        assertThat(pool.metrics().get(0).failures()).isZero();
        lapse(pool);
        assertThat(pool.metrics().get(0).failures()).isEqualTo(1);
    }

    @Test
    void whereAllHaveFailedTheyAreAskedNevertheless() throws Exception {
        SshPool pool = pool(4, 100, 4);
        fast.broken = true;
        slow.broken = true;
        assertThatThrownBy(() -> solve(pool, 1)).hasMessageContaining("out of order");

        slow.broken = false;
        slow.answers.release();
        assertThat(solve(pool, 2)).isInstanceOf(SolveOutcome.Unsolved.class);
        pool.close();
        assertThat(fast.closed).isTrue();
        assertThat(slow.closed).isTrue();
    }

    @Test
    void metricsTellTheMeanTimeOfAnAnswer() throws Exception {
        SshPool pool = pool(4, 100, 4);
        for (long seconds : new long[] {1, 3}) {
            Future<SolveOutcome> job = begin(pool, 1);
            Waiting.until(() -> running(pool).get(0) == 1);
            // The job has begun by the pool's clock as soon as the host was asked.
            int before = (int) (seconds + 1) / 2;
            Waiting.until(() -> fast.asked.get() == before);
            now.addAndGet(TimeUnit.SECONDS.toNanos(seconds));
            fast.answers.release();
            job.get();
        }
        assertThat(pool.metrics().get(0).meanTime()).isEqualTo(Duration.ofSeconds(2));
        assertThat(pool.metrics().get(0).capacity()).isEqualTo(4);
    }

    @Test
    void rubbishIsMarkedAndTheJobGoesElsewhere(@TempDir Path folder) throws Exception {
        try (MinaServer rubbish = new MinaServer(folder, (in, out, err) -> {
            out.write("Welcome, and no tar at all\n".repeat(100).getBytes(StandardCharsets.US_ASCII));
            out.flush();
            return 0;
        })) {
            slow.answers.release();
            try (SshPool pool = SshPool.builder()
                    .server(rubbish.address().build(), 8, 100)
                    .member(slow, "slow", 8, 1)
                    .build()) {
                TestContext context = TestContext.patient();
                assertThat(pool.solve(task(1), context))
                        .isInstanceOfSatisfying(SolveOutcome.Unsolved.class, u -> assertThat(u.detail())
                                .isEqualTo("nowhere"));
                assertThat(pool.metrics().get(0)).satisfies(marked -> {
                    assertThat(marked.failures()).isEqualTo(1);
                    assertThat(marked.coolingDown()).isTrue();
                    assertThat(marked.lastFailure()).startsWith("what mina");
                });
                assertThat(context.lines())
                        .anyMatch(line -> line.contains("what mina") && line.contains("is no result"));
                assertThat(slow.asked).hasValue(1);
            }
        }
    }
}
