package io.novasolve.core.watch;

import io.novasolve.core.spi.QueueCounts;
import io.novasolve.core.spi.Waiting;
import java.time.Instant;
import java.util.OptionalDouble;

/**
 * The state of affairs at one moment. The jobs and what waits are those of the store, with all processes that share it; the
 * rest is what this process did since it started.
 *
 * @param at when it was taken
 * @param since when this process started
 * @param jobs by state
 * @param waiting who waits, for how long, and which submissions are to be unpacked first
 * @param runningHere jobs that this process solves now
 * @param done what this process has ended
 * @param waits of its latest jobs, from being queued to their first start
 * @param solveTimes of its latest jobs that brought an answer, from their last start to that
 */
public record NovaStatistics(
        Instant at,
        Instant since,
        QueueCounts jobs,
        Waiting waiting,
        int runningHere,
        Done done,
        Quantiles waits,
        Quantiles solveTimes) {

    /**
     * Jobs that have ended, those included that were never begun: they could not be read, an earlier solution answered them, or
     * they were cancelled while they waited.
     *
     * @param retries attempts that ended in an accident and were followed by another one
     */
    public record Done(long solved, long unsolved, long failed, long cancelled, long retries) {

        /** How many of the jobs that were not cancelled are solved, 0 to 1; empty if there were none. */
        public OptionalDouble successRate() {
            long all = solved + unsolved + failed;
            return all == 0 ? OptionalDouble.empty() : OptionalDouble.of((double) solved / all);
        }
    }
}
