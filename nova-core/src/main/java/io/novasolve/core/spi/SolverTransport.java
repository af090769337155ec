package io.novasolve.core.spi;

import java.util.List;

/**
 * Something that solves star lists: the engine in this JVM, a program on this machine, a server far away.
 *
 * <p>Implementations are called by many threads at once and block until they know. They stop soon after the deadline or a
 * cancellation of the context, and after an interrupt, and leave nothing running behind.
 */
public interface SolverTransport extends AutoCloseable {

    /** A short name for logs and worker lists, such as {@code embedded}. */
    String name();

    /**
     * Searches for the place on the sky.
     *
     * @param context not cancelled and with time left when the search begins; a cancellation also interrupts the thread.
     *     What it is told by {@code log} becomes the job's log, ahead of a file named {@code log} in the outcome.
     * @return solved or unsolved: an answer in either case
     * @throws TransportException if no answer could be had; it says whether another try may help
     * @throws SolveCancelledException if the context was cancelled
     * @throws InterruptedException if the thread was interrupted
     */
    SolveOutcome solve(SolveTask task, SolveContext context) throws TransportException, InterruptedException;

    /**
     * Whether it can take a job now, as far as that can be told soon and without a search; one for each machine behind it.
     * It may block for some seconds, and an exception means no.
     */
    default List<TransportHealth> health() {
        return List.of(new TransportHealth(name(), true, "says nothing to the contrary"));
    }

    /** Gives up what the transport holds; running solves end. */
    @Override
    default void close() {}
}
