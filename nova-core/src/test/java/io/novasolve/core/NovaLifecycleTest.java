package io.novasolve.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.novasolve.core.memory.InMemoryContentStore;
import io.novasolve.core.memory.InMemoryStore;
import io.novasolve.core.model.Content;
import io.novasolve.core.model.ContentHash;
import io.novasolve.core.model.ImageOutcome;
import io.novasolve.core.model.Job;
import io.novasolve.core.model.JobState;
import io.novasolve.core.model.SubmissionState;
import io.novasolve.core.spi.ContentStore;
import io.novasolve.core.spi.JobQueue;
import io.novasolve.core.spi.JobReport;
import io.novasolve.core.spi.QueueCounts;
import io.novasolve.core.spi.SolveContext;
import io.novasolve.core.spi.SolveOutcome;
import io.novasolve.core.spi.Store;
import io.novasolve.core.spi.StoreException;
import java.io.ByteArrayOutputStream;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Cancelling, closing, crashing, and many at once. */
@Timeout(60)
class NovaLifecycleTest {

    private static final byte[] STARS = Pictures.stars(30, 1);

    private final InMemoryStore store = new InMemoryStore(InstantSource.system());
    private final InMemoryContentStore content = new InMemoryContentStore();
    private final CountDownLatch started = new CountDownLatch(1);
    private final CountDownLatch goOn = new CountDownLatch(1);
    private final List<Nova> opened = new ArrayList<>();

    @AfterEach
    void close() {
        goOn.countDown();
        opened.forEach(Nova::close);
    }

    private NovaBuilder builder(ScriptedTransport.Step... script) {
        return Nova.builder(new ScriptedTransport(script))
                .store(store)
                .content(content)
                .jobWorkers(1)
                .retries(3, Duration.ofMillis(1));
    }

    private Nova start(NovaBuilder builder) {
        Nova nova = builder.start();
        opened.add(nova);
        return nova;
    }

    private static SubmissionHandle submit(Nova nova) {
        return nova.submit(SubmissionRequest.of(STARS, "m42.png"));
    }

    private static Job job(SubmissionHandle handle) throws Exception {
        return handle.result().get(30, TimeUnit.SECONDS).jobs().get(0);
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("waited 30 seconds").isLessThan(deadline);
            Thread.sleep(2);
        }
    }

    /** Solves when the test lets it. */
    private ScriptedTransport.Step held() {
        return (task, context) -> {
            started.countDown();
            goOn.await();
            return ScriptedTransport.solved(task);
        };
    }

    /** Solves when the test lets it, and is deaf to interrupts and cancellation. */
    private ScriptedTransport.Step deaf() {
        return (task, context) -> {
            started.countDown();
            while (goOn.getCount() > 0) {
                Thread.onSpinWait();
            }
            return ScriptedTransport.solved(task);
        };
    }

    private static void closesWithin(Nova nova, Duration limit) {
        long begin = System.nanoTime();
        nova.close();
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(limit);
    }

    @Test
    void cancelsWhatWaits() throws Exception {
        Nova nova = start(builder(held()));
        SubmissionHandle first = submit(nova);
        assertThat(started.await(20, TimeUnit.SECONDS)).isTrue();
        SubmissionHandle second = submit(nova);

        second.cancel();

        SubmissionResult result = second.result().get(10, TimeUnit.SECONDS);
        assertThat(result.jobs()).allMatch(j -> j.state() == JobState.CANCELLED);
        assertThat(first.result()).isNotDone();
        goOn.countDown();
        assertThat(job(first).state()).isEqualTo(JobState.SOLVED);
    }

    @Test
    void cancelsWhatIsBeingSolvedByAnInterrupt() throws Exception {
        AtomicBoolean interrupted = new AtomicBoolean();
        Nova nova = start(builder((task, context) -> {
            started.countDown();
            try {
                goOn.await();
            } catch (InterruptedException e) {
                interrupted.set(true);
                throw e;
            }
            return ScriptedTransport.solved(task);
        }));
        SubmissionHandle handle = submit(nova);
        assertThat(started.await(20, TimeUnit.SECONDS)).isTrue();

        handle.cancel();

        assertThat(job(handle).outcome()).isEqualTo(new ImageOutcome.Cancelled());
        assertThat(interrupted).isTrue();
        assertThat(job(submit(nova)).state()).as("the next one").isEqualTo(JobState.SOLVED);
    }

    @Test
    void cancelRunsWhatTheTransportRegisteredEvenIfPartOfItFails() throws Exception {
        AtomicBoolean told = new AtomicBoolean();
        AtomicBoolean takenBack = new AtomicBoolean();
        Nova nova = start(builder((task, context) -> {
            context.onCancel(() -> takenBack.set(true)).close();
            context.onCancel(() -> {
                throw new IllegalStateException("made up");
            });
            try (SolveContext.Registration registration = context.onCancel(() -> told.set(true))) {
                started.countDown();
                while (!context.isCancelled() || !told.get()) {
                    Thread.onSpinWait();
                }
            }
            throw new io.novasolve.core.spi.SolveCancelledException(task.jobId());
        }));
        SubmissionHandle handle = submit(nova);
        assertThat(started.await(20, TimeUnit.SECONDS)).isTrue();

        assertThat(nova.cancelJob(handle.jobs().get(0).id())).isTrue();

        assertThat(job(handle).state()).isEqualTo(JobState.CANCELLED);
        assertThat(takenBack).isFalse();
        assertThat(job(submit(nova)).state()).as("the next one").isEqualTo(JobState.SOLVED);
    }

    @Test
    void closesFastWhenIdle() throws Exception {
        Nova nova = start(builder().jobWorkers(4));
        assertThat(job(submit(nova)).state()).isEqualTo(JobState.SOLVED);

        closesWithin(nova, Duration.ofMillis(200));
        nova.close();
        assertThatThrownBy(() -> submit(nova)).isInstanceOf(NovaClosedException.class);
    }

    @Test
    void whatRunsAtTheCloseGoesBackToTheQueue() throws Exception {
        ScriptedTransport transport = new ScriptedTransport(held());
        Nova nova = start(Nova.builder(transport).store(store).content(content).jobWorkers(1));
        SubmissionHandle running = submit(nova);
        assertThat(started.await(20, TimeUnit.SECONDS)).isTrue();
        SubmissionHandle waiting = submit(nova);
        CompletableFuture<SubmissionResult> result = running.result();

        closesWithin(nova, Duration.ofSeconds(5));

        assertThatThrownBy(() -> result.get(10, TimeUnit.SECONDS)).hasCauseInstanceOf(NovaClosedException.class);
        assertThatThrownBy(() -> waiting.result().get(10, TimeUnit.SECONDS))
                .hasCauseInstanceOf(NovaClosedException.class);
        assertThat(transport.closed).isTrue();
        assertThat(store.job(1).orElseThrow().state()).isEqualTo(JobState.QUEUED);
        assertThat(store.job(1).orElseThrow().attempts()).isZero();

        Nova next = start(builder());
        assertThat(job(next.submission(running.id()).orElseThrow()).state()).isEqualTo(JobState.SOLVED);
        assertThat(job(next.submission(waiting.id()).orElseThrow()).state()).isEqualTo(JobState.SOLVED);
    }

    @Test
    void aGraceLetsRunningJobsEnd() throws Exception {
        Nova nova = start(builder(held()));
        SubmissionHandle running = submit(nova);
        assertThat(started.await(20, TimeUnit.SECONDS)).isTrue();
        SubmissionHandle waiting = submit(nova);
        CompletableFuture<SubmissionResult> result = running.result();
        CompletableFuture<Void> closing = CompletableFuture.runAsync(() -> nova.close(Duration.ofSeconds(30)));
        await(() -> {
            try {
                submit(nova);
                return false;
            } catch (NovaClosedException e) {
                return true;
            }
        });

        goOn.countDown();

        assertThat(result.get(20, TimeUnit.SECONDS).jobs().get(0).state()).isEqualTo(JobState.SOLVED);
        closing.get(20, TimeUnit.SECONDS);
        assertThat(store.progress(waiting.id()).orElseThrow().isFinal()).isFalse();
    }

    @Test
    void aDeafTransportHoldsUpTheCloseNoLongerThanAllowed() throws Exception {
        Nova nova = start(builder(deaf()).stopTimeout(Duration.ofMillis(100)));
        SubmissionHandle handle = submit(nova);
        assertThat(started.await(20, TimeUnit.SECONDS)).isTrue();
        CompletableFuture<SubmissionResult> result = handle.result();

        closesWithin(nova, Duration.ofSeconds(5));

        assertThatThrownBy(() -> result.get(10, TimeUnit.SECONDS)).hasCauseInstanceOf(NovaClosedException.class);
    }

    @Test
    void listenersThatThrowOrBlockHoldUpNobody() throws Exception {
        Nova nova = start(builder());
        CountDownLatch never = new CountDownLatch(1);
        SubmissionHandle handle = submit(nova);
        CompletableFuture<Void> throwing = handle.result().thenAccept(r -> {
            throw new IllegalStateException("made up");
        });
        List<CompletableFuture<Void>> blocking = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            blocking.add(submit(nova).result().thenAccept(r -> {
                try {
                    never.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }));
        }

        assertThat(job(submit(nova)).state()).isEqualTo(JobState.SOLVED);
        assertThat(job(handle).state()).isEqualTo(JobState.SOLVED);
        await(throwing::isCompletedExceptionally);
        never.countDown();
        for (CompletableFuture<Void> f : blocking) {
            f.get(10, TimeUnit.SECONDS);
        }
    }

    @Test
    void aListenerMayWaitForAnotherResultDuringTheClose() throws Exception {
        Nova nova = start(builder(held()));
        CompletableFuture<SubmissionResult> first = submit(nova).result();
        CompletableFuture<SubmissionResult> second = submit(nova).result();
        CompletableFuture<?> crossed = CompletableFuture.allOf(
                first.handle((r, e) -> second.handle((r2, e2) -> "ended").join()),
                second.handle((r, e) -> first.handle((r2, e2) -> "ended").join()));

        closesWithin(nova, Duration.ofSeconds(5));

        crossed.get(10, TimeUnit.SECONDS);
    }

    @Test
    void aCopyThatIsCancelledDoesNotDisturbTheOthers() throws Exception {
        Nova nova = start(builder(held()));
        SubmissionHandle handle = submit(nova);
        CompletableFuture<SubmissionResult> mine = handle.result();
        CompletableFuture<SubmissionResult> yours = handle.result();

        mine.cancel(true);
        goOn.countDown();

        assertThat(yours.get(20, TimeUnit.SECONDS).jobs()).hasSize(1);
    }

    @Test
    void executorsThatWereHandedInStayOpen() throws Exception {
        ExecutorService executor = Executors.newCachedThreadPool();
        ScheduledExecutorService scheduler = Executors.newScheduledThreadPool(2);
        try {
            Nova nova = start(builder().executor(executor).scheduler(scheduler));
            assertThat(job(submit(nova)).state()).isEqualTo(JobState.SOLVED);
            nova.close();

            assertThat(executor.isShutdown()).isFalse();
            assertThat(scheduler.isShutdown()).isFalse();
            Future<String> alive = executor.submit(() -> "alive");
            assertThat(alive.get(10, TimeUnit.SECONDS)).isEqualTo("alive");
        } finally {
            executor.shutdownNow();
            scheduler.shutdownNow();
        }
    }

    @Test
    void aFullExecutorDoesNotHangTheClose() {
        ExecutorService one = Executors.newFixedThreadPool(1);
        try {
            Nova nova = start(builder().executor(one));
            closesWithin(nova, Duration.ofSeconds(5));
        } finally {
            one.shutdownNow();
        }
    }

    @Test
    void anExecutorThatRefusesIsToldAtTheStart() {
        ExecutorService shut = Executors.newFixedThreadPool(1);
        shut.shutdown();
        ScriptedTransport transport = new ScriptedTransport();

        assertThatThrownBy(() -> Nova.builder(transport).executor(shut).start())
                .isInstanceOf(java.util.concurrent.RejectedExecutionException.class);
        assertThat(transport.closed).isTrue();
    }

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
    void contentThatNothingRefersToIsDeletedAfterADay() throws Exception {
        AtomicLong ticks = new AtomicLong();
        InMemoryContentStore aging = new InMemoryContentStore(() -> java.time.Instant.EPOCH.plusNanos(ticks.get()));
        // More than are looked at in one turn.
        for (int i = 0; i < 2500; i++) {
            aging.put(("left by somebody who died " + i).getBytes(StandardCharsets.UTF_8));
        }
        ticks.addAndGet(Retention.ABANDONED.plusMinutes(5).toNanos());
        ContentHash young = aging.put("about to be submitted".getBytes(StandardCharsets.UTF_8))
                .hash();
        Nova nova = start(
                builder().content(aging).ticker(ticks::get).sweepContent(true).pollInterval(Duration.ofMillis(5)));
        SubmissionHandle handle = nova.submit(SubmissionRequest.of(Pictures.list(1), "list"));
        assertThat(job(handle).state()).isEqualTo(JobState.SOLVED);

        int kept = store.contents(null, 100).size();
        assertThat(kept).as("the picture and what was solved").isPositive();
        await(() -> aging.size() == kept + 1);
        assertThat(aging.contains(young)).isTrue();

        await(() -> {
            ticks.addAndGet(Retention.ABANDONED.plusMinutes(5).toNanos());
            return !aging.contains(young);
        });
        assertThat(aging.contents(null, 100)).hasSize(kept);
    }

    /** It may be another store's: only who says that it is not gets it deleted. */
    @Test
    void contentThatNothingRefersToIsKeptUnlessAskedOtherwise() throws Exception {
        AtomicLong ticks = new AtomicLong();
        InMemoryContentStore aging = new InMemoryContentStore(() -> java.time.Instant.EPOCH.plusNanos(ticks.get()));
        ContentHash strange =
                aging.put("of another store".getBytes(StandardCharsets.UTF_8)).hash();
        ticks.addAndGet(Retention.ABANDONED.plusMinutes(5).toNanos());
        Nova nova =
                start(builder().content(aging).ticker(ticks::get).keepEnded(0).pollInterval(Duration.ofMillis(5)));
        SubmissionHandle handle = nova.submit(SubmissionRequest.of(Pictures.list(1), "list"));
        handle.result().get(20, TimeUnit.SECONDS);

        // Its own is forgotten and deleted; by then the other's would be gone as well.
        await(() -> {
            ticks.addAndGet(Retention.ABANDONED.plusMinutes(5).toNanos());
            return aging.size() == 1;
        });
        assertThat(aging.contains(strange)).isTrue();
    }

    /** As when the same bytes, of a submission that is just being forgotten, have nobody else who refers to them. */
    @Test
    void whatIsDeletedWhileAnArchiveIsUnpackedIsUnpackedAgain() throws Exception {
        AtomicReference<ContentHash> first = new AtomicReference<>();
        AtomicInteger puts = new AtomicInteger();
        ContentStore deleting = (ContentStore) Proxy.newProxyInstance(
                ContentStore.class.getClassLoader(), new Class<?>[] {ContentStore.class}, (self, method, arguments) -> {
                    Object result = method.invoke(content, arguments);
                    if (method.getName().equals("put")) {
                        int put = puts.incrementAndGet();
                        if (put == 2) {
                            first.set(((Content) result).hash());
                        } else if (put == 3) {
                            assertThat(content.delete(first.get(), Duration.ZERO))
                                    .isTrue();
                        }
                    }
                    return result;
                });
        ByteArrayOutputStream archive = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(archive)) {
            for (int i = 1; i <= 2; i++) {
                zip.putNextEntry(new ZipEntry(i + ".txt"));
                zip.write(Pictures.list(i));
            }
        }
        Nova nova = start(builder().content(deleting).retries(2, Duration.ofMillis(1)));

        SubmissionHandle handle = nova.submit(SubmissionRequest.of(archive.toByteArray(), "night.zip"));

        assertThat(handle.result().get(20, TimeUnit.SECONDS).jobs())
                .hasSize(2)
                .extracting(Job::state)
                .containsOnly(JobState.SOLVED);
        assertThat(puts.get()).as("the archive, and its members twice").isGreaterThanOrEqualTo(5);
    }

    @Test
    void forgetsOldSubmissionsAndLaterTheirBytes() throws Exception {
        AtomicLong ticks = new AtomicLong();
        InMemoryContentStore aging = new InMemoryContentStore(() -> java.time.Instant.EPOCH.plusNanos(ticks.get()));
        Nova nova =
                start(builder().content(aging).ticker(ticks::get).keepEnded(2).pollInterval(Duration.ofMillis(5)));
        List<Content> contents = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            SubmissionHandle handle = nova.submit(SubmissionRequest.of(Pictures.list(i), "list"));
            assertThat(job(handle).state()).isEqualTo(JobState.SOLVED);
            contents.add(handle.submission().content());
        }
        await(() -> store.submissions(1000).size() == 2);
        assertThat(aging.contains(contents.get(0).hash()))
                .as("somebody may be about to refer to it")
                .isTrue();

        ticks.addAndGet(Retention.GRACE.plusSeconds(5).toNanos());
        await(() -> !aging.contains(contents.get(0).hash()));
        ticks.addAndGet(Retention.GRACE.plusSeconds(5).toNanos());
        await(() -> contents.stream().filter(c -> aging.contains(c.hash())).count() == 2);
        assertThat(store.unreferenced(Set.of(contents.get(299).hash()))).isEmpty();
    }

    @Test
    void aJobThatKillsItsWorkersIsGivenUp() throws Exception {
        Nova feeder = start(builder().jobWorkers(0));
        SubmissionHandle handle = submit(feeder);
        await(() -> !handle.jobs().isEmpty());
        for (int attempt = 1; attempt <= 3; attempt++) {
            await(() -> !store.jobQueue().claim(1, "dies", Duration.ofNanos(1)).isEmpty());
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
