package io.novasolve.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.novasolve.core.model.FailureReason;
import io.novasolve.core.model.ImageOutcome;
import io.novasolve.core.model.Job;
import io.novasolve.core.model.JobAttempt;
import io.novasolve.core.model.JobState;
import io.novasolve.core.model.JobTimings;
import io.novasolve.core.model.Submission;
import io.novasolve.core.model.SubmissionState;
import io.novasolve.core.spi.Claim;
import io.novasolve.core.spi.JobQueue.Ended;
import io.novasolve.core.spi.JobReport;
import io.novasolve.core.spi.NewImage;
import io.novasolve.core.spi.QueueCounts;
import io.novasolve.core.spi.Store;
import io.novasolve.core.spi.WorkOrder;
import io.novasolve.core.spi.WorkQueue.Heartbeat;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What every store's queues promise: order, leases, fences, retries and cancellation; see {@link StoreContract}. */
public abstract class WorkQueueContract extends StoreFixture {

    /** Jobs that many threads race for; fewer where a store is slow. */
    protected int raceJobs() {
        return Integer.getInteger("nova.test.race", 2_000);
    }

    private List<Integer> claimAll() {
        List<Integer> ids = new ArrayList<>();
        // Where time passes by itself, none of them may come a second time while the others are claimed.
        Duration longLease = Duration.ofHours(1);
        for (List<Claim<Job>> c = jobs().claim(1, "w", longLease); !c.isEmpty(); c = jobs().claim(1, "w", longLease)) {
            ids.add(c.get(0).id());
        }
        return ids;
    }

    private static List<Integer> ids(List<Job> jobs) {
        return jobs.stream().map(Job::id).toList();
    }

    @Test
    void claimsTheOldestFirst() {
        List<Job> queued = queueJobs("anna", 5);

        assertThat(claimAll()).isEqualTo(ids(queued));
        assertThat(jobs().claim(1, "w", lease())).isEmpty();
    }

    @Test
    void claimsNoMoreThanAskedFor() {
        queueJobs("anna", 5);

        assertThat(jobs().claim(3, "w", lease())).hasSize(3);
        assertThat(jobs().claim(3, "w", lease())).hasSize(2);
        assertThat(jobs().claim(3, "w", lease())).isEmpty();
    }

    @Test
    void aClaimSaysWhatItHolds() {
        Job queued = queueJob("anna");

        Claim<Job> claim = claimJob("worker 7");

        assertThat(claim.id()).isEqualTo(queued.id());
        assertThat(claim.worker()).isEqualTo("worker 7");
        assertThat(claim.attempt()).isEqualTo(1);
        assertThat(claim.work().state()).isEqualTo(JobState.RUNNING);
        assertThat(claim.work().attempts()).isEqualTo(1);
        assertThat(claim.work().startedAt()).isNotNull();
        assertThat(claim.work()).isEqualTo(job(queued.id()));
    }

    @Test
    void oneSubmittersThousandsDoNotHoldUpAnother() {
        queueJobs("greedy", 200);
        Job first = queueJob("anna");
        queueJobs("bert", 2);

        List<Integer> order = claimAll();

        assertThat(order.indexOf(first.id()))
                .as("place of the only job of anna")
                .isLessThan(4);
        assertThat(order).hasSize(203).doesNotHaveDuplicates();
    }

    @Test
    void oneSubmittersRetriesDoNotHoldUpAnother() throws Exception {
        int accidents = 40;
        queueJobs("greedy", accidents + 10);
        for (Claim<Job> claim : jobs().claim(accidents, "w", Duration.ofHours(1))) {
            assertThat(jobs().retry(claim, "the engine crashed", Duration.ofMillis(1)))
                    .isTrue();
        }
        letPass(Duration.ofMillis(50));
        Job first = queueJob("anna");
        queueJobs("bert", 2);

        List<Integer> order = claimAll();

        assertThat(order.indexOf(first.id()))
                .as("place of the only job of anna")
                .isLessThan(4);
        assertThat(order).hasSize(accidents + 13).doesNotHaveDuplicates();
    }

    @Test
    void whatIsTriedAgainComesInItsTurn() throws Exception {
        queueJobs("anna", 2);
        Claim<Job> stumbled = claimJob("w");
        jobs().retry(stumbled, "the engine crashed", Duration.ofMillis(1));
        letPass(Duration.ofMillis(50));

        List<Claim<Job>> both = jobs().claim(2, "w", lease());

        assertThat(both).hasSize(2);
        assertThat(both)
                .filteredOn(c -> c.id() == stumbled.id())
                .singleElement()
                .satisfies(again -> {
                    assertThat(again.attempt()).isEqualTo(2);
                    assertThat(again.fence()).isGreaterThan(stumbled.fence());
                    assertThat(jobs().complete(again, unsolved())).isTrue();
                });
    }

    @Test
    void submittersTakeTurns() {
        List<Integer> anna = ids(queueJobs("anna", 3));
        List<Integer> bert = ids(queueJobs("bert", 3));

        List<Integer> order = claimAll();

        for (int turn = 0; turn < 3; turn++) {
            assertThat(order.subList(2 * turn, 2 * turn + 2)).containsExactlyInAnyOrder(anna.get(turn), bert.get(turn));
        }
    }

    @Test
    void anonymousWorkGetsFewerTurns() {
        queueJobs("", 30);
        List<Integer> anna = ids(queueJobs("anna", 30));

        List<Integer> first = claimAll().subList(0, 30);

        assertThat(first.stream().filter(anna::contains).count())
                .as("turns of a named submitter among 30")
                .isBetween(18L, 22L);
    }

    @Test
    void whoCancelsMuchIsNotHeldBack() {
        List<Job> anna = queueJobs("anna", 50);
        queueJobs("bert", 10);
        store().cancelSubmission(anna.get(0).submissionId());
        Job later = queueJob("anna");

        assertThat(claimAll().indexOf(later.id())).isLessThan(3);
    }

    @Test
    void aSubmitterMayWantTheNewestFirst() {
        store().setOrder("anna", WorkOrder.NEWEST_FIRST);
        List<Integer> anna = ids(queueJobs("anna", 4));
        List<Integer> bert = ids(queueJobs("bert", 4));

        List<Integer> order = claimAll();

        assertThat(order.stream().filter(anna::contains).toList())
                .containsExactly(anna.get(3), anna.get(2), anna.get(1), anna.get(0));
        assertThat(order.stream().filter(bert::contains).toList()).isEqualTo(bert);
        for (int turn = 0; turn < 4; turn++) {
            assertThat(order.subList(2 * turn, 2 * turn + 2)).as("turn " + turn).containsAnyElementsOf(bert);
        }
    }

    @Test
    void theOrderMayChangeWhileWorkWaits() {
        List<Integer> anna = ids(queueJobs("anna", 4));
        store().setOrder("anna", WorkOrder.NEWEST_FIRST);
        assertThat(claimJob("w").id()).isEqualTo(anna.get(3));
        store().setOrder("anna", WorkOrder.OLDEST_FIRST);

        assertThat(claimAll()).containsExactlyInAnyOrder(anna.get(0), anna.get(1), anna.get(2));
    }

    @Test
    void tellsHowMuchComesFirst() {
        List<Integer> anna = ids(queueJobs("anna", 20));
        Job bert = queueJob("bert");

        assertThat(jobs().ahead(anna.get(0), 100)).isLessThan(2);
        assertThat(jobs().ahead(anna.get(10), 100)).isBetween(10, 11);
        assertThat(jobs().ahead(anna.get(10), 5)).isEqualTo(5);
        assertThat(jobs().ahead(bert.id(), 100)).isLessThan(3);
        assertThat(jobs().ahead(Integer.MAX_VALUE, 100)).isZero();

        Claim<Job> claim = claimJob("w");
        assertThat(jobs().ahead(claim.id(), 100)).isZero();
        assertThat(jobs().ahead(anna.get(10), 100)).isBetween(9, 10);
    }

    @Test
    void keepsTheHistoryOfAttempts() throws Exception {
        Job queued = queueJob("anna");
        jobs().retry(claimJob("first"), "the engine crashed", Duration.ZERO);
        claimJob("second");
        letPass(lease().plusMillis(1));
        Claim<Job> third = claimJob("third");
        jobs().complete(
                        third,
                        new JobReport(
                                new JobReport.Failed(FailureReason.TRANSPORT, "given up"), JobTimings.NONE, Map.of()));

        List<JobAttempt> attempts = store().attempts(queued.id());

        assertThat(attempts).extracting(JobAttempt::number).containsExactly(1, 2, 3);
        assertThat(attempts).extracting(JobAttempt::worker).containsExactly("first", "second", "third");
        assertThat(attempts)
                .extracting(JobAttempt::accident)
                .containsExactly("the engine crashed", JobAttempt.LOST, "given up");
        assertThat(attempts).allSatisfy(a -> assertThat(a.endedAt()).isAfterOrEqualTo(a.startedAt()));
        assertThat(store().attempts(4711)).isEmpty();
    }

    @Test
    void twoWhoBelieveInTheSameLeaseRecordOnce() throws Exception {
        Job queued = queueJob("anna");
        Claim<Job> stalled = claimJob("w");
        letPass(lease().plusMillis(1));
        Claim<Job> heir = claimJob("w");
        ExecutorService both = Executors.newFixedThreadPool(2);
        try {
            Future<Boolean> late = both.submit(() -> jobs().complete(stalled, solved(Map.of())));
            Future<Boolean> timely = both.submit(() -> jobs().complete(heir, unsolved()));

            assertThat(late.get()).isFalse();
            assertThat(timely.get()).isTrue();
        } finally {
            both.shutdownNow();
        }
        assertThat(state(queued.id())).isEqualTo(JobState.UNSOLVED);
    }

    @Test
    void submissionsAreQueuedLikeJobs() {
        int first = submit("anna").id();
        submit("anna");
        int other = submit("bert").id();

        List<Claim<Submission>> claims = submissions().claim(2, "w", lease());

        assertThat(claims).extracting(Claim::id).containsExactlyInAnyOrder(first, other);
    }

    @Test
    void aLeaseHoldsAsLongAsItsHeartbeat() throws Exception {
        Job queued = queueJob("anna");
        Claim<Job> claim = claimJob("w");

        for (int i = 0; i < 3; i++) {
            letPass(lease().multipliedBy(2).dividedBy(3));
            assertThat(jobs().heartbeat(claim, lease())).isEqualTo(Heartbeat.HELD);
            assertThat(jobs().claim(1, "other", lease())).isEmpty();
        }

        assertThat(jobs().complete(claim, unsolved())).isTrue();
        assertThat(state(queued.id())).isEqualTo(JobState.UNSOLVED);
        assertThat(jobs().heartbeat(claim, lease())).as("after its end").isEqualTo(Heartbeat.LOST);
    }

    @Test
    void whoStallsLosesTheJobAndCanRecordNothing() throws Exception {
        Job queued = queueJob("anna");
        Claim<Job> stalled = claimJob("same name");
        letPass(lease().plusMillis(1));
        Claim<Job> heir = claimJob("same name");

        assertThat(heir.id()).isEqualTo(queued.id());
        assertThat(heir.attempt()).isEqualTo(2);
        assertThat(heir.fence()).isGreaterThan(stalled.fence());
        assertThat(jobs().heartbeat(stalled, lease())).isEqualTo(Heartbeat.LOST);
        assertThat(jobs().complete(stalled, solved(Map.of("log", content(5))))).isFalse();
        assertThat(jobs().retry(stalled, "accident", Duration.ZERO)).isFalse();
        assertThat(jobs().release(stalled)).isFalse();
        assertThat(state(queued.id())).isEqualTo(JobState.RUNNING);

        assertThat(jobs().heartbeat(heir, lease())).isEqualTo(Heartbeat.HELD);
        assertThat(jobs().complete(heir, unsolved())).isTrue();
        assertThat(state(queued.id())).isEqualTo(JobState.UNSOLVED);
        assertThat(job(queued.id()).attempts()).isEqualTo(2);
    }

    @Test
    void aStalledUnpackerCanRecordNothing() throws Exception {
        Submission submission = submit("anna");
        Claim<Submission> stalled = claimSubmission("w");
        letPass(lease().plusMillis(1));
        Claim<Submission> heir = claimSubmission("other");

        assertThat(submissions().complete(stalled, List.of(new NewImage("a", content(2)))))
                .isFalse();
        assertThat(submissions().fail(stalled, "late")).isFalse();
        assertThat(submissions().cancelled(stalled)).isFalse();
        assertThat(submissions().retry(stalled, Duration.ZERO)).isFalse();
        assertThat(submissions().heartbeat(stalled, lease())).isEqualTo(Heartbeat.LOST);
        assertThat(store().jobs(submission.id())).isEmpty();

        assertThat(submissions().complete(heir, List.of(new NewImage("b", content(3)))))
                .isTrue();
        assertThat(store().jobs(submission.id())).hasSize(1);
    }

    @Test
    void aJobEndsOnce() {
        Job queued = queueJob("anna");
        Claim<Job> claim = claimJob("w");

        assertThat(jobs().complete(claim, unsolved())).isTrue();
        assertThat(jobs().complete(claim, solved(Map.of()))).isFalse();
        assertThat(jobs().retry(claim, "accident", Duration.ZERO)).isFalse();
        assertThat(jobs().release(claim)).isFalse();

        assertThat(state(queued.id())).isEqualTo(JobState.UNSOLVED);
        assertThat(jobs().claim(1, "w", lease())).isEmpty();
        assertThat(store().counts()).isEqualTo(new QueueCounts(0, 0, 0, 1, 0, 0));
    }

    @Test
    void ofTwoClaimsThatEndTogetherTheStaleOneIsToldApart() throws Exception {
        Job lost = queueJob("anna");
        Claim<Job> stalled = claimJob("w");
        letPass(lease().plusMillis(1));
        Claim<Job> heir = claimJob("w");
        assertThat(heir.id()).isEqualTo(lost.id());

        assertThat(jobs().complete(List.of(new Ended(stalled, unsolved()), new Ended(heir, unsolved()))))
                .containsExactly(false, true);
        assertThat(job(lost.id()).attempts()).isEqualTo(2);
    }

    @Test
    void severalJobsEndTogetherEachInItsWay() {
        int count = 205;
        queueJobs("anna", count);
        List<Claim<Job>> claims = jobs().claim(count, "w", Duration.ofHours(1));
        assertThat(claims).hasSize(count);
        List<Ended> ends = new ArrayList<>();
        for (Claim<Job> claim : claims) {
            ends.add(new Ended(claim, ends.size() < 50 ? solved(Map.of("log", content(5))) : unsolved()));
        }
        ends.add(ends.get(count - 1));

        List<Boolean> held = jobs().complete(ends);

        assertThat(held).hasSize(count + 1).endsWith(false);
        assertThat(held.subList(0, count)).containsOnly(true);
        assertThat(store().counts()).isEqualTo(new QueueCounts(0, 0, 50, count - 50, 0, 0));
        assertThat(job(claims.get(0).id()).files()).containsKey("log");
        assertThat(jobs().complete(List.of())).isEmpty();
    }

    @Test
    void aRetryWaitsAndCounts() throws Exception {
        Job queued = queueJob("anna");

        assertThat(jobs().retry(claimJob("w"), "the engine crashed", lease())).isTrue();

        assertThat(state(queued.id())).isEqualTo(JobState.QUEUED);
        assertThat(jobs().claim(1, "w", lease())).isEmpty();
        letPass(lease().plusMillis(1));
        assertThat(claimJob("w").attempt()).isEqualTo(2);
    }

    @Test
    void aSubmissionIsRetriedToo() throws Exception {
        Submission submission = submit("anna");

        assertThat(submissions().retry(claimSubmission("w"), lease())).isTrue();

        assertThat(store().submission(submission.id()).orElseThrow().state()).isEqualTo(SubmissionState.QUEUED);
        assertThat(submissions().claim(1, "w", lease())).isEmpty();
        letPass(lease().plusMillis(1));
        assertThat(claimSubmission("w").attempt()).isEqualTo(2);
    }

    @Test
    void whatIsReleasedComesFirstAgainAndDoesNotCount() {
        List<Job> queued = queueJobs("anna", 3);
        Claim<Job> claim = claimJob("w");

        assertThat(jobs().release(claim)).isTrue();

        assertThat(state(claim.id())).isEqualTo(JobState.QUEUED);
        assertThat(job(claim.id()).attempts()).isZero();
        assertThat(jobs().complete(claim, unsolved())).as("after the release").isFalse();
        Claim<Job> again = claimJob("w");
        assertThat(again.id()).isEqualTo(queued.get(0).id());
        assertThat(again.attempt()).isEqualTo(1);
        assertThat(again.fence()).isGreaterThan(claim.fence());
    }

    @Test
    void cancelsAJobThatWaits() {
        List<Job> queued = queueJobs("anna", 3);

        List<Integer> waiting = List.of(queued.get(1).id());
        assertThat(store().cancelJob(queued.get(1).id())).isEqualTo(new Store.Stopped(true, false, waiting));

        assertThat(state(queued.get(1).id())).isEqualTo(JobState.CANCELLED);
        assertThat(job(queued.get(1).id()).endedAt()).isNotNull();
        assertThat(claimAll()).containsExactly(queued.get(0).id(), queued.get(2).id());
        assertThat(store().cancelJob(queued.get(1).id()))
                .as("a second time")
                .isEqualTo(new Store.Stopped(true, false, List.of()));
        assertThat(store().counts().cancelled()).isEqualTo(1);
    }

    @Test
    void cancelledWorkDoesNotCostItsSubmitterATurn() {
        List<Job> anna = queueJobs("anna", 2);
        queueJobs("bert", 2);
        store().cancelJob(anna.get(0).id());

        List<Integer> order = claimAll();

        assertThat(order.subList(0, 2)).contains(anna.get(1).id());
    }

    @Test
    void asksARunningJobToStop() {
        Job queued = queueJob("anna");
        Claim<Job> claim = claimJob("w");
        Job other = queueJob("bert");
        claimJob("v");
        List<Integer> both = List.of(queued.id(), other.id());
        assertThat(jobs().cancelRequested(both)).isEmpty();

        assertThat(store().cancelJob(queued.id())).isEqualTo(new Store.Stopped(true, false, List.of()));

        assertThat(jobs().cancelRequested(both)).containsExactly(queued.id());
        assertThat(jobs().cancelRequested(List.of())).isEmpty();
        assertThat(state(queued.id())).isEqualTo(JobState.RUNNING);
        assertThat(jobs().heartbeat(claim, lease())).isEqualTo(Heartbeat.CANCEL_REQUESTED);
        assertThat(jobs().complete(claim, new JobReport(new JobReport.Cancelled(), JobTimings.NONE, Map.of())))
                .isTrue();
        assertThat(job(queued.id()).outcome()).isEqualTo(new ImageOutcome.Cancelled());
    }

    @Test
    void anAnswerThatComesBeforeTheStopCounts() {
        Job queued = queueJob("anna");
        Claim<Job> claim = claimJob("w");
        store().cancelJob(queued.id());

        assertThat(jobs().complete(claim, solved(Map.of()))).isTrue();

        assertThat(state(queued.id())).isEqualTo(JobState.SOLVED);
    }

    @Test
    void aCancelledJobIsNotTriedAgain() {
        Job first = queueJob("anna");
        Claim<Job> retried = claimJob("w");
        store().cancelJob(first.id());
        assertThat(jobs().retry(retried, "accident", Duration.ZERO)).isFalse();
        Job second = queueJob("anna");
        Claim<Job> released = claimJob("w");
        store().cancelJob(second.id());
        assertThat(jobs().release(released)).isFalse();

        assertThat(jobs().claim(1, "w", lease())).isEmpty();
        assertThat(store().attempts(first.id())).isEmpty();
        for (Claim<Job> claim : List.of(retried, released)) {
            assertThat(jobs().complete(claim, new JobReport(new JobReport.Cancelled(), JobTimings.NONE, Map.of())))
                    .isTrue();
            assertThat(state(claim.id())).isEqualTo(JobState.CANCELLED);
        }
    }

    @Test
    void cancelsAJobThatWaitsForItsRetry() throws Exception {
        Job queued = queueJob("anna");
        jobs().retry(claimJob("w"), "accident", lease());

        store().cancelJob(queued.id());

        assertThat(state(queued.id())).isEqualTo(JobState.CANCELLED);
        letPass(lease().plusMillis(1));
        assertThat(jobs().claim(1, "w", lease())).isEmpty();
    }

    @Test
    void aCancelledJobWhoseWorkerDiedEnds() throws Exception {
        Job queued = queueJob("anna");
        Claim<Job> dead = claimJob("w");
        store().cancelJob(queued.id());

        letPass(lease().plusMillis(1));
        assertThat(jobs().claim(1, "other", lease())).isEmpty();

        assertThat(state(queued.id())).isEqualTo(JobState.CANCELLED);
        assertThat(jobs().complete(dead, unsolved())).isFalse();
    }

    @Test
    @Timeout(60)
    void waitingForWorkEndsWhenWorkComes() throws Exception {
        ExecutorService waiter = Executors.newSingleThreadExecutor();
        try {
            CountDownLatch begun = new CountDownLatch(1);
            Future<Long> woken = waiter.submit(() -> {
                begun.countDown();
                long start = System.nanoTime();
                while (jobs().claim(1, "waiter", lease()).isEmpty()) {
                    jobs().awaitWork(Duration.ofSeconds(50));
                }
                return System.nanoTime() - start;
            });
            assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();
            queueJob("anna");
            assertThat(Duration.ofNanos(woken.get(20, TimeUnit.SECONDS))).isLessThan(Duration.ofSeconds(10));
        } finally {
            waiter.shutdownNow();
        }
    }

    @Test
    @Timeout(60)
    void waitingForWorkEndsWithoutAnyAndOnAnInterrupt() throws Exception {
        jobs().awaitWork(Duration.ofMillis(1));

        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> jobs().awaitWork(Duration.ofSeconds(50))).isInstanceOf(InterruptedException.class);
    }

    @Test
    @Timeout(300)
    void ofThousandsNoneIsLostAndNoneDoneTwice() throws Exception {
        int count = raceJobs();
        int threads = 8;
        int perSubmission = 100;
        for (int i = 0; i < count / perSubmission; i++) {
            queueJobs("submitter " + i % 7, perSubmission);
        }
        Set<Integer> done = ConcurrentHashMap.newKeySet();
        AtomicInteger twice = new AtomicInteger();
        AtomicInteger turn = new AtomicInteger();
        ExecutorService workers = Executors.newFixedThreadPool(threads);
        try {
            List<Future<?>> ends = new ArrayList<>();
            for (int t = 0; t < threads; t++) {
                String worker = "w" + t;
                ends.add(workers.submit(() -> {
                    while (done.size() < count) {
                        for (Claim<Job> claim : jobs().claim(3, worker, Duration.ofHours(1))) {
                            end(claim, turn.incrementAndGet(), done, twice);
                        }
                    }
                    return null;
                }));
            }
            for (Future<?> end : ends) {
                end.get();
            }
        } finally {
            workers.shutdownNow();
        }
        assertThat(twice).hasValue(0);
        assertThat(done).hasSize(count);
        assertThat(store().counts()).isEqualTo(new QueueCounts(0, 0, 0, count, 0, 0));
    }

    /** Every seventh is given back, every eleventh retried: as workers do that stop or stumble. */
    private void end(Claim<Job> claim, int turn, Set<Integer> done, AtomicInteger twice) {
        if (turn % 7 == 0) {
            jobs().release(claim);
        } else if (turn % 11 == 0) {
            assertThat(jobs().retry(claim, "stumbled", Duration.ZERO)).isTrue();
        } else {
            assertThat(jobs().complete(claim, unsolved())).isTrue();
            if (!done.add(claim.id())) {
                twice.incrementAndGet();
            }
        }
    }
}
