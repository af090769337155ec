package io.novasolve.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.novasolve.core.intake.Archives;
import io.novasolve.core.memory.InMemoryContentStore;
import io.novasolve.core.memory.InMemoryStore;
import io.novasolve.core.model.Job;
import io.novasolve.core.model.JobState;
import io.novasolve.core.model.JobTimings;
import io.novasolve.core.model.SubmissionState;
import io.novasolve.core.watch.NovaEvent;
import io.novasolve.core.watch.NovaStatistics;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What listeners hear: everything that happens, each end once, whatever they do. */
@Timeout(60)
class EventsTest extends WatchedNova {

    private static final byte[] TEXT = "Dear sir or madam".getBytes(StandardCharsets.US_ASCII);

    private static byte[] archive(byte[]... members) throws Exception {
        Map<String, byte[]> named = new LinkedHashMap<>();
        for (byte[] member : members) {
            named.put((char) ('a' + named.size()) + ".csv", member);
        }
        return Archives.tar(named);
    }

    private List<String> kinds() {
        return heard.stream()
                .filter(e -> !(e instanceof NovaEvent.JobProgressed))
                .map(e -> e.getClass().getSimpleName())
                .toList();
    }

    private List<NovaEvent.SubmissionEnded> ends() {
        return events(NovaEvent.SubmissionEnded.class);
    }

    private <T extends NovaEvent> List<T> events(Class<T> kind) {
        return heard.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    @Test
    void everythingThatHappensIsTold() throws Exception {
        start(ScriptedTransport.STUMBLES, ScriptedTransport.SOLVES);
        SubmissionHandle handle = submit(1);
        Job job = result(handle).jobs().get(0);
        nova.close();

        assertThat(kinds())
                .containsExactlyInAnyOrder(
                        "SubmissionStored",
                        "UnpackingStarted",
                        "Unpacked",
                        "JobStarted",
                        "JobRetried",
                        "JobStarted",
                        "JobEnded",
                        "SubmissionEnded");
        assertThat(heard)
                .filteredOn(e -> e instanceof NovaEvent.JobEvent && !(e instanceof NovaEvent.JobProgressed))
                .extracting(e -> e.getClass().getSimpleName())
                .containsExactly("JobStarted", "JobRetried", "JobStarted", "JobEnded");
        assertThat(heard).allMatch(e -> e.submissionId() == handle.id());
        assertThat(heard)
                .filteredOn(NovaEvent.JobEnded.class::isInstance)
                .singleElement()
                .satisfies(e -> {
                    NovaEvent.JobEnded ended = (NovaEvent.JobEnded) e;
                    assertThat(ended.jobId()).isEqualTo(job.id());
                    assertThat(ended.state()).isEqualTo(JobState.SOLVED);
                    assertThat(ended.timings()).isEqualTo(job.timings());
                });
    }

    @Test
    void aSubmissionThatCannotBeOpenedIsTold() throws Exception {
        start();
        result(nova.submit(SubmissionRequest.of(new byte[] {0x50, 0x4b, 3, 4, 0}, "torn.zip")));
        nova.close();
        assertThat(kinds())
                .containsExactlyInAnyOrder(
                        "SubmissionStored", "UnpackingStarted", "SubmissionFailed", "SubmissionEnded");
        assertThat(ends()).extracting(NovaEvent.SubmissionEnded::state).containsExactly(SubmissionState.FAILED);
    }

    @Test
    void aListenerThatThrowsHurtsNobody() throws Exception {
        ListAppender<ILoggingEvent> log = Lines.of(Events.class);
        nova = Nova.builder(new ScriptedTransport())
                .listener(event -> {
                    throw new IllegalStateException("a listener with a defect");
                })
                .listener(event -> {
                    throw new AssertionError("and a worse one");
                })
                .listener(heard::add)
                .start();
        for (int i = 0; i < 20; i++) {
            assertThat(result(submit(i)).calibration()).isNotNull();
        }
        nova.close();
        assertThat(kinds()).filteredOn("JobEnded"::equals).hasSize(20);
        assertThat(log.list)
                .filteredOn(e -> e.getLevel() == Level.ERROR)
                .anyMatch(e -> e.getThrowableProxy().getMessage().contains("with a defect"))
                .anyMatch(e -> e.getThrowableProxy().getMessage().contains("a worse one"));
    }

    @Test
    void aListenerThatHangsHoldsUpNobody() throws Exception {
        CountDownLatch goOn = new CountDownLatch(1);
        nova = builder()
                .listener(event -> {
                    try {
                        goOn.await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                })
                .stopTimeout(Duration.ofMillis(50))
                .start();
        for (int i = 0; i < 20; i++) {
            assertThat(result(submit(i)).calibration()).isNotNull();
        }
        assertThat(nova.statistics().done().solved()).isEqualTo(20);
        assertThat(heard).hasSizeLessThan(3);
        goOn.countDown();
    }

    @Test
    void whatEndsWhenItIsUnpackedIsHeardToo() throws Exception {
        start();
        result(submit(1));
        SubmissionHandle handle =
                nova.submit(SubmissionRequest.of(archive(Pictures.list(2), TEXT, Pictures.list(1)), "night.tar"));
        result(handle);
        SubmissionHandle again = submit(1);
        result(again);
        nova.close();

        List<NovaEvent> ofArchive =
                heard.stream().filter(e -> e.submissionId() == handle.id()).toList();
        List<Integer> jobs = handle.jobs().stream().map(Job::id).toList();
        assertThat(events(NovaEvent.JobEnded.class))
                .filteredOn(e -> e.submissionId() == handle.id())
                .extracting(NovaEvent.JobEnded::jobId, NovaEvent.JobEnded::state)
                .containsExactlyInAnyOrder(
                        tuple(jobs.get(0), JobState.SOLVED),
                        tuple(jobs.get(1), JobState.FAILED),
                        tuple(jobs.get(2), JobState.SOLVED));
        assertThat(ofArchive.get(ofArchive.size() - 1))
                .isEqualTo(new NovaEvent.SubmissionEnded(
                        ofArchive.get(ofArchive.size() - 1).at(), handle.id(), SubmissionState.UNPACKED, 2, 0, 1, 0));
        assertThat(ends())
                .extracting(NovaEvent.SubmissionEnded::submissionId)
                .containsExactlyInAnyOrder(1, handle.id(), again.id());
        NovaStatistics statistics = nova.statistics();
        assertThat(statistics.done()).isEqualTo(new NovaStatistics.Done(4, 0, 1, 0, 0));
        assertThat(statistics.solveTimes().count()).as("what was really solved").isEqualTo(2);
    }

    @Test
    void whatIsCancelledWhileItWaitsIsHeardOnce() throws Exception {
        nova = builder().jobWorkers(0).start();
        SubmissionHandle handle =
                nova.submit(SubmissionRequest.of(archive(Pictures.list(1), Pictures.list(2)), "night.tar"));
        Await.until(() -> handle.progress().state().isFinal());
        List<Integer> jobs = handle.jobs().stream().map(Job::id).toList();

        nova.cancelJob(jobs.get(1));
        nova.cancelJob(jobs.get(1));
        assertThat(nova.statistics().done().cancelled()).isEqualTo(1);
        nova.cancelSubmission(handle.id());
        // Whoever unpacked it may have it in hand for a moment, and tells its end then.
        Await.until(() -> !ends().isEmpty());
        nova.cancelSubmission(handle.id());
        assertThat(nova.statistics().done().cancelled()).isEqualTo(2);
        nova.close();

        assertThat(kinds())
                .filteredOn(kind -> !kind.startsWith("Unpack"))
                .containsExactly(
                        "SubmissionStored",
                        "CancelRequested",
                        "JobEnded",
                        "CancelRequested",
                        "CancelRequested",
                        "JobEnded",
                        "SubmissionEnded",
                        "CancelRequested");
        assertThat(events(NovaEvent.JobEnded.class))
                .extracting(NovaEvent.JobEnded::jobId, NovaEvent.JobEnded::state, NovaEvent.JobEnded::timings)
                .containsExactly(
                        tuple(jobs.get(1), JobState.CANCELLED, JobTimings.NONE),
                        tuple(jobs.get(0), JobState.CANCELLED, JobTimings.NONE));
        assertThat(ends()).extracting(NovaEvent.SubmissionEnded::cancelled).containsExactly(2);
    }

    @Test
    void aSubmissionThatIsCancelledBeforeItIsUnpackedIsHeardToEnd() {
        nova = builder().submissionWorkers(0).start();
        SubmissionHandle handle = submit(1);
        handle.cancel();
        handle.cancel();
        nova.close();
        assertThat(ends())
                .extracting(NovaEvent.SubmissionEnded::state, NovaEvent.SubmissionEnded::cancelled)
                .containsExactly(tuple(SubmissionState.CANCELLED, 0));
    }

    @Test
    void whatAnotherProcessCancelledInTheMomentOfAnAccidentIsHeardToEndAndNotToBeTriedAgain() throws Exception {
        InMemoryStore store = new InMemoryStore(InstantSource.system());
        nova = builder((task, context) -> {
                    store.cancelJob(task.jobId());
                    return ScriptedTransport.STUMBLES.solve(task, context);
                })
                .store(store)
                .content(new InMemoryContentStore())
                .pollInterval(Duration.ofMinutes(1))
                .start();
        Job job = result(submit(1)).jobs().get(0);
        nova.close();

        assertThat(job.state()).isEqualTo(JobState.CANCELLED);
        assertThat(kinds()).endsWith("SubmissionEnded").contains("JobEnded").doesNotContain("JobRetried");
    }

    @Test
    void theEndOfASubmissionIsHeardOnceWhenItsLastJobsEndAtTheSameMoment() throws Exception {
        CyclicBarrier both = new CyclicBarrier(2);
        nova = Nova.builder(new ScriptedTransport() {
                    @Override
                    public io.novasolve.core.spi.SolveOutcome solve(
                            io.novasolve.core.spi.SolveTask task, io.novasolve.core.spi.SolveContext context)
                            throws InterruptedException {
                        try {
                            both.await();
                        } catch (java.util.concurrent.BrokenBarrierException e) {
                            throw new IllegalStateException(e);
                        }
                        return ScriptedTransport.solved(task);
                    }
                })
                .listener(heard::add)
                .reuseSolutions(false)
                .jobWorkers(2)
                .start();
        byte[] two = archive(Pictures.list(1), Pictures.list(2));
        for (int i = 0; i < 50; i++) {
            result(nova.submit(SubmissionRequest.of(two, "two.tar")));
        }
        nova.close();
        assertThat(ends())
                .hasSize(50)
                .allMatch(e -> e.solved() == 2)
                .allMatch(e -> List.copyOf(heard).subList(0, List.copyOf(heard).indexOf(e)).stream()
                                .filter(before -> before instanceof NovaEvent.JobEnded
                                        && before.submissionId() == e.submissionId())
                                .count()
                        == 2);
        assertThat(ends()).extracting(NovaEvent.SubmissionEnded::submissionId).doesNotHaveDuplicates();
    }

    @Test
    void howeverManyEventsWaitForASlowListenerTheEndOfASubmissionIsNotLeftOut() {
        Queue<Runnable> later = new ArrayDeque<>();
        Events events = new Events(List.of(heard::add), later::add);
        NovaEvent end = new NovaEvent.SubmissionEnded(Instant.EPOCH, 1, SubmissionState.UNPACKED, 1, 0, 0, 0);
        for (int i = 0; i < 20_000; i++) {
            events.accept(new NovaEvent.Unpacked(Instant.EPOCH, 1, 1));
        }
        events.accept(end);
        later.forEach(Runnable::run);
        assertThat(heard).hasSize(10_001).endsWith(end);
    }
}
