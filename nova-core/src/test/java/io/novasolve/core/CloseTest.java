package io.novasolve.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.novasolve.core.model.JobState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Closing: fast, with what runs given back, and with executors of every kind. */
@Timeout(60)
class CloseTest extends NovasOnOneStore {

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
        Await.until(() -> {
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
        Await.until(throwing::isCompletedExceptionally);
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
}
