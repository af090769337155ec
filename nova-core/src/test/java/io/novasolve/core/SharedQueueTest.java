package io.novasolve.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.novasolve.core.model.ImageOutcome;
import io.novasolve.core.model.Job;
import io.novasolve.core.model.JobState;
import io.novasolve.core.model.SubmissionState;
import io.novasolve.core.spi.JobQueue;
import io.novasolve.core.spi.JobReport;
import io.novasolve.core.spi.QueueCounts;
import io.novasolve.core.spi.SolveOutcome;
import io.novasolve.core.spi.Store;
import io.novasolve.core.spi.StoreException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Workers that die, lose their leases or their store, and many of them on one queue. */
@Timeout(60)
class SharedQueueTest extends NovasOnOneStore {

    @Test
    void aThousandAtOnceAllEnd() throws Exception {
        AtomicInteger turn = new AtomicInteger();
        ScriptedTransport.Step sometimes = (task, context) -> {
            int n = turn.incrementAndGet();
            if (n % 10 == 0) {
                throw new io.novasolve.core.spi.TransportException("stumbled", true);
            }
            return n % 3 == 0 ? ScriptedTransport.FINDS_NOTHING.solve(task, context) : ScriptedTransport.solved(task);
        };
        ScriptedTransport.Step[] script = new ScriptedTransport.Step[2000];
        java.util.Arrays.fill(script, sometimes);
        Nova nova = start(builder(script).jobWorkers(4).retries(50, Duration.ZERO));
        ExecutorService clients = Executors.newFixedThreadPool(8);
        try {
            List<Future<CompletableFuture<SubmissionResult>>> results = new ArrayList<>();
            for (int i = 0; i < 1000; i++) {
                SubmissionRequest request =
                        SubmissionRequest.of(Pictures.list(i), i + ".csv").withSubmitter("client " + i % 8);
                results.add(clients.submit(() -> nova.submit(request).result()));
            }
            for (Future<CompletableFuture<SubmissionResult>> r : results) {
                Job job = r.get().get(40, TimeUnit.SECONDS).jobs().get(0);
                assertThat(job.state()).isIn(JobState.SOLVED, JobState.UNSOLVED);
            }
        } finally {
            clients.shutdownNow();
        }
        QueueCounts counts = store.counts();
        assertThat(counts.solved() + counts.unsolved()).isEqualTo(1000);
        assertThat(counts.failed() + counts.queued() + counts.running() + counts.cancelled())
                .isZero();
    }

    @Test
    void aJobThatKillsItsWorkersIsGivenUp() throws Exception {
        Nova feeder = start(builder().jobWorkers(0));
        SubmissionHandle handle = submit(feeder);
        Await.until(() -> !handle.jobs().isEmpty());
        for (int attempt = 1; attempt <= 3; attempt++) {
            Await.until(() ->
                    !store.jobQueue().claim(1, "dies", Duration.ofNanos(1)).isEmpty());
        }

        start(builder());

        assertThat(job(handle).outcome())
                .isInstanceOfSatisfying(ImageOutcome.Failed.class, failed -> assertThat(failed.message())
                        .contains("m42.png: given up after 3 attempts"));
    }

    /** A store whose job queue fails on demand. */
    private Store failing(AtomicInteger failures) {
        JobQueue queue = store.jobQueue();
        InvocationHandler stumble = (proxy, method, args) -> {
            if (method.getName().equals("complete") && failures.getAndDecrement() > 0) {
                throw new StoreException("the database is away", null);
            }
            return call(queue, method, args);
        };
        JobQueue stumbling = (JobQueue)
                Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] {JobQueue.class}, stumble);
        return (Store) Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {Store.class},
                (proxy, method, args) -> method.getName().equals("jobQueue") ? stumbling : call(store, method, args));
    }

    private static Object call(Object target, java.lang.reflect.Method method, Object[] args) throws Throwable {
        try {
            return method.invoke(target, args);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    @Test
    void anAnswerIsRecordedAsSoonAsTheStoreIsBack() throws Exception {
        Nova nova = start(builder().store(failing(new AtomicInteger(2))).lease(Duration.ofMinutes(5)));

        Job job = job(submit(nova));

        assertThat(job.state()).isEqualTo(JobState.SOLVED);
        assertThat(job.attempts()).isEqualTo(1);
    }

    @Test
    void anAnswerThatCannotBeRecordedIsNotTurnedIntoAFailure() throws Exception {
        Nova nova = start(builder().store(failing(new AtomicInteger(1))).lease(Duration.ofMillis(100)));

        Job job = job(submit(nova));

        assertThat(job.state()).isEqualTo(JobState.SOLVED);
        assertThat(job.attempts()).as("once more after the lease ran out").isEqualTo(2);
    }

    @Test
    void whoLosesTheLeaseIsStoppedAndRecordsNothing() throws Exception {
        ScriptedTransport.Step loses = (task, context) -> {
            started.countDown();
            while (!context.isCancelled()) {
                Thread.onSpinWait();
            }
            SolveOutcome late = ScriptedTransport.FINDS_NOTHING.solve(task, context);
            assertThat(late).isNotNull();
            return late;
        };
        Nova nova = start(builder(loses).lease(Duration.ofMillis(60)).jobWorkers(1));
        SubmissionHandle handle = submit(nova);
        assertThat(started.await(20, TimeUnit.SECONDS)).isTrue();
        int id = handle.jobs().get(0).id();
        var running = store.job(id).orElseThrow();
        assertThat(running.state()).isEqualTo(JobState.RUNNING);
        // Another process ends it: to this worker that looks like a lease that is gone.
        JobReport report = new JobReport(
                new JobReport.Failed(io.novasolve.core.model.FailureReason.TRANSPORT, "elsewhere"),
                io.novasolve.core.model.JobTimings.NONE,
                java.util.Map.of());
        assertThat(store.jobQueue().complete(new io.novasolve.core.spi.Claim<>(id, running, "thief", 1, 1), report))
                .isTrue();

        assertThat(job(handle).outcome())
                .isEqualTo(new ImageOutcome.Failed(io.novasolve.core.model.FailureReason.TRANSPORT, "elsewhere"));
        assertThat(job(submit(nova)).state()).as("the next one").isEqualTo(JobState.SOLVED);
    }

    @Test
    void twoNovasShareOneQueueAndSeeEachOthersResults() throws Exception {
        Nova front = start(builder().jobWorkers(0).submissionWorkers(0).pollInterval(Duration.ofMillis(5)));
        SubmissionHandle handle = submit(front);
        assertThat(handle.submission().state()).isEqualTo(SubmissionState.QUEUED);

        start(builder().name("back"));

        assertThat(job(handle).state()).isEqualTo(JobState.SOLVED);
    }
}
