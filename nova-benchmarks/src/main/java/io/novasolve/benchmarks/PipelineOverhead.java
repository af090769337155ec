package io.novasolve.benchmarks;

import io.novasolve.core.Nova;
import io.novasolve.core.SubmissionRequest;
import io.novasolve.core.SubmissionResult;
import io.novasolve.core.memory.InMemoryContentStore;
import io.novasolve.core.memory.InMemoryStore;
import io.novasolve.core.model.Content;
import io.novasolve.core.model.Job;
import io.novasolve.core.model.JobTimings;
import io.novasolve.core.model.SolveOptions;
import io.novasolve.core.model.Submission;
import io.novasolve.core.model.UnsolvedReason;
import io.novasolve.core.spi.Claim;
import io.novasolve.core.spi.JobQueue;
import io.novasolve.core.spi.JobReport;
import io.novasolve.core.spi.NewImage;
import io.novasolve.core.spi.NewSubmission;
import io.novasolve.core.spi.SolveContext;
import io.novasolve.core.spi.SolveOutcome;
import io.novasolve.core.spi.SolveTask;
import io.novasolve.core.spi.SolverTransport;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * What the pipeline itself costs: star lists submitted to a transport that answers at once, everything in memory; and
 * how many empty jobs the in-memory queue hands out and takes back.
 */
public final class PipelineOverhead {

    private static final int WARM_UP = 5000;
    private static final int JOBS = 20_000;
    private static final int QUEUE_JOBS = 200_000;
    private static final int ROUNDS = 3;

    private PipelineOverhead() {}

    /** Prints a line per measurement and round. */
    public static void main(String[] args) throws InterruptedException {
        sequential(WARM_UP);
        pipelined(WARM_UP);
        queue(QUEUE_JOBS / 4, 1);
        for (int round = 1; round <= ROUNDS; round++) {
            print("one after the other", sequential(JOBS));
            print("all at once", pipelined(JOBS));
            for (int threads : new int[] {1, 2, 8}) {
                double perSecond = queue(QUEUE_JOBS, threads);
                System.out.printf(
                        Locale.ROOT, "queue, %d threads: %,.0f claim → complete a second%n", threads, perSecond);
            }
        }
    }

    private static final class Instantly implements SolverTransport {
        @Override
        public String name() {
            return "instantly";
        }

        @Override
        public SolveOutcome solve(SolveTask task, SolveContext context) {
            return new SolveOutcome.Unsolved(UnsolvedReason.NO_MATCH, "nothing was searched", Map.of());
        }
    }

    /** Every list is another one, so that the content store has something to do. */
    private static SubmissionRequest request(int number) {
        StringBuilder text = new StringBuilder();
        for (int i = 1; i <= 100; i++) {
            text.append(i * 7 % 640)
                    .append(',')
                    .append(i * 13 % 480)
                    .append(',')
                    .append(1000 - i)
                    .append('\n');
        }
        text.append(number % 640).append(',').append(number / 640.0).append(",1\n");
        return SubmissionRequest.of(text.toString().getBytes(StandardCharsets.US_ASCII), "list.csv");
    }

    private static Nova open() {
        return Nova.builder(new Instantly())
                .content(new InMemoryContentStore())
                .keepEnded(1000)
                .reuseSolutions(false)
                .start();
    }

    private record Measured(double meanMillis, double p50Millis, double p99Millis) {}

    private static Measured measured(long wholeNanos, long[] nanos) {
        long[] sorted = nanos.clone();
        Arrays.sort(sorted);
        return new Measured(
                wholeNanos / 1e6 / nanos.length,
                sorted[sorted.length / 2] / 1e6,
                sorted[(int) (sorted.length * 0.99)] / 1e6);
    }

    private static void print(String what, Measured m) {
        System.out.printf(
                Locale.ROOT,
                "%s: %.3f ms a job (whole time / jobs); submit → result p50 %.3f ms, p99 %.3f ms%n",
                what,
                m.meanMillis,
                m.p50Millis,
                m.p99Millis);
    }

    private static Measured sequential(int jobs) {
        long[] nanos = new long[jobs];
        try (Nova nova = open()) {
            long begin = System.nanoTime();
            for (int i = 0; i < jobs; i++) {
                SubmissionRequest request = request(i);
                long start = System.nanoTime();
                check(nova.submit(request).result().join());
                nanos[i] = System.nanoTime() - start;
            }
            return measured(System.nanoTime() - begin, nanos);
        }
    }

    private static Measured pipelined(int jobs) {
        long[] nanos = new long[jobs];
        List<CompletableFuture<Void>> ends = new ArrayList<>(jobs);
        try (Nova nova = open()) {
            long begin = System.nanoTime();
            for (int i = 0; i < jobs; i++) {
                int number = i;
                long start = System.nanoTime();
                ends.add(nova.submit(request(i)).result().thenAccept(result -> {
                    check(result);
                    nanos[number] = System.nanoTime() - start;
                }));
            }
            ends.forEach(CompletableFuture::join);
            return measured(System.nanoTime() - begin, nanos);
        }
    }

    private static void check(SubmissionResult result) {
        if (result.jobs().size() != 1 || result.jobs().get(0).outcome() == null) {
            throw new IllegalStateException("not solved: " + result);
        }
    }

    /** Claims and completes so many empty jobs of a hundred submitters; per second. */
    private static double queue(int jobs, int threads) throws InterruptedException {
        InMemoryStore store = new InMemoryStore(InstantSource.system());
        Content content = new InMemoryContentStore().put(new byte[] {1});
        fill(store, content, jobs);
        List<Thread> workers = new ArrayList<>();
        long begin = System.nanoTime();
        for (int t = 0; t < threads; t++) {
            String name = "worker " + t;
            workers.add(new Thread(() -> drain(store.jobQueue(), name), name));
        }
        workers.forEach(Thread::start);
        for (Thread worker : workers) {
            worker.join();
        }
        double seconds = (System.nanoTime() - begin) / 1e9;
        if (store.counts().unsolved() != jobs) {
            throw new IllegalStateException("of " + jobs + " jobs, " + store.counts());
        }
        return jobs / seconds;
    }

    private static void fill(InMemoryStore store, Content content, int jobs) {
        int perSubmission = jobs / 100;
        List<NewImage> images = Collections.nCopies(perSubmission, new NewImage("empty", content));
        for (int i = 0; i < 100; i++) {
            store.create(new NewSubmission("submitter " + i, "empty", content, SolveOptions.defaults(), null));
            Claim<Submission> claim = store.submissionQueue()
                    .claim(1, "unpacker", Duration.ofMinutes(1))
                    .get(0);
            store.submissionQueue().complete(claim, images);
        }
    }

    private static void drain(JobQueue queue, String worker) {
        JobReport report =
                new JobReport(new JobReport.Unsolved(UnsolvedReason.NO_MATCH, ""), JobTimings.NONE, Map.of());
        for (List<Claim<Job>> claims = queue.claim(1, worker, Duration.ofMinutes(1));
                !claims.isEmpty();
                claims = queue.claim(1, worker, Duration.ofMinutes(1))) {
            queue.complete(claims.get(0), report);
        }
    }
}
