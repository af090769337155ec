package io.novasolve.store.jdbc;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Does together what several threads ask for at the same time: one statement and one commit for all of them. A thread that
 * finds nobody at work begins at once; those that come meanwhile are served by the first of them in one go. It has no
 * thread and waits for nobody, so a single caller loses no time. Thread-safe.
 */
final class Combiner<Q, A> {

    /** So many requests at most in one go. */
    private static final int LARGEST = 16;

    /** Answers requests, all or none, in their order. */
    @FunctionalInterface
    interface Together<Q, A> {
        List<A> answer(List<Q> requests);
    }

    private static final class Pending<Q, A> {
        final Q request;
        boolean done;
        boolean alone;

        @Nullable
        A answer;

        @Nullable
        RuntimeException failure;

        Pending(Q request) {
            this.request = request;
        }
    }

    private final Together<Q, A> together;
    private final Predicate<RuntimeException> blamesOne;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Deque<Pending<Q, A>> waiting = new ArrayDeque<>();
    private boolean atWork;

    /** @param blamesOne whether a failure may be due to one request, so that the others deserve another try, each alone */
    Combiner(Together<Q, A> together, Predicate<RuntimeException> blamesOne) {
        this.together = together;
        this.blamesOne = blamesOne;
    }

    /** How many wait for somebody who is at work. */
    int waiting() {
        lock.lock();
        try {
            return waiting.size();
        } finally {
            lock.unlock();
        }
    }

    /** Waits for the answer; a failure comes as it is, to everybody whose request was part of it. */
    A ask(Q request) {
        Pending<Q, A> mine = new Pending<>(request);
        List<Pending<Q, A>> batch = enter(mine);
        if (!batch.isEmpty()) {
            work(batch);
        }
        if (mine.alone) {
            return together.answer(List.of(request)).get(0);
        }
        if (mine.failure != null) {
            throw mine.failure;
        }
        return java.util.Objects.requireNonNull(mine.answer);
    }

    /** Waits until somebody else has dealt with a request, or nobody is at work: then here is what to do. */
    private List<Pending<Q, A>> enter(Pending<Q, A> mine) {
        List<Pending<Q, A>> batch = new ArrayList<>();
        lock.lock();
        try {
            waiting.add(mine);
            while (atWork && !mine.done) {
                changed.awaitUninterruptibly();
            }
            if (!mine.done) {
                atWork = true;
                waiting.remove(mine);
                batch.add(mine);
                while (batch.size() < LARGEST && !waiting.isEmpty()) {
                    batch.add(waiting.remove());
                }
            }
            return batch;
        } finally {
            lock.unlock();
        }
    }

    private void work(List<Pending<Q, A>> batch) {
        List<A> answers = List.of();
        RuntimeException failure = new IllegalStateException("the thread that worked for others died");
        try {
            answers = together.answer(batch.stream().map(p -> p.request).toList());
            failure = null;
        } catch (RuntimeException e) {
            failure = e;
        } finally {
            finish(batch, answers, failure);
        }
    }

    private void finish(List<Pending<Q, A>> batch, List<A> answers, @Nullable RuntimeException failure) {
        lock.lock();
        try {
            for (int i = 0; i < batch.size(); i++) {
                Pending<Q, A> p = batch.get(i);
                p.done = true;
                if (failure == null) {
                    p.answer = answers.get(i);
                } else {
                    p.alone = batch.size() > 1 && blamesOne.test(failure);
                    p.failure = failure;
                }
            }
            atWork = false;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
