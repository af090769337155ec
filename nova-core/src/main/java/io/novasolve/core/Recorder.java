package io.novasolve.core;

import io.novasolve.core.model.JobState;
import io.novasolve.core.model.JobTimings;
import io.novasolve.core.watch.NovaEvent;
import io.novasolve.core.watch.NovaStatistics;
import io.novasolve.core.watch.Quantiles;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;

/** Counts what this process does, and remembers how long the latest jobs took; its memory does not grow. */
final class Recorder {

    private static final int WINDOW = 1000;

    /** The latest times, in nanoseconds. */
    private static final class Window {
        private final long[] nanos = new long[WINDOW];
        private int next;
        private int size;

        void add(Duration time) {
            nanos[next] = time.toNanos();
            next = (next + 1) % WINDOW;
            size = Math.min(WINDOW, size + 1);
        }

        long[] copy() {
            return Arrays.copyOf(nanos, size);
        }
    }

    private final Map<JobState, Long> ended = new EnumMap<>(JobState.class);
    private final Window waits = new Window();
    private final Window solves = new Window();
    private long retries;

    synchronized void hear(NovaEvent event) {
        if (event instanceof NovaEvent.JobStarted started && started.attempt() == 1) {
            waits.add(started.waited());
        } else if (event instanceof NovaEvent.JobRetried) {
            retries++;
        } else if (event instanceof NovaEvent.JobEnded end) {
            ended.merge(end.state(), 1L, Long::sum);
            // Who was answered from an earlier solution says nothing of how long a solve takes.
            boolean begun = !end.timings().equals(JobTimings.NONE);
            if (begun && (end.state() == JobState.SOLVED || end.state() == JobState.UNSOLVED)) {
                solves.add(end.timings().total());
            }
        }
    }

    synchronized NovaStatistics.Done done() {
        return new NovaStatistics.Done(
                count(JobState.SOLVED),
                count(JobState.UNSOLVED),
                count(JobState.FAILED),
                count(JobState.CANCELLED),
                retries);
    }

    private long count(JobState state) {
        return ended.getOrDefault(state, 0L);
    }

    Quantiles waits() {
        return quantiles(waits);
    }

    Quantiles solveTimes() {
        return quantiles(solves);
    }

    private Quantiles quantiles(Window window) {
        long[] copy;
        synchronized (this) {
            copy = window.copy();
        }
        return Quantiles.of(copy);
    }
}
