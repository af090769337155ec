package io.novasolve.core.pipeline;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How long the searches of one attempt may take. Those that believe a header have the timeout of the others once more, so
 * that a wrong header takes nothing from them and costs no more than they do; the deadline is that of all. For one thread.
 */
final class SearchTime {

    private static final Duration FOREVER = Duration.ofDays(365);

    private final Attempt attempt;
    private final Duration timeout;
    private final Duration deadline;
    private Duration hinted = Duration.ZERO;

    /**
     * @param timeout of the searches, and of all that is done for them; null for none
     * @param deadline from the beginning of the attempt; null for none
     */
    SearchTime(Attempt attempt, @Nullable Duration timeout, @Nullable Duration deadline) {
        this.attempt = attempt;
        this.timeout = timeout == null ? FOREVER : timeout;
        this.deadline = deadline == null ? FOREVER : deadline;
    }

    /** The surroundings of a search that begins now. */
    JobContext context(boolean believesHeader) {
        Duration end = believesHeader ? attempt.elapsed().plus(timeout).minus(hinted) : timeout.plus(hinted);
        return new JobContext(attempt, end.compareTo(deadline) < 0 ? end : deadline);
    }

    /** A search that believed a header has ended. */
    void hinted(Duration took) {
        hinted = hinted.plus(took);
    }

    /** All the time that there is, for a message. */
    @Override
    public String toString() {
        return (deadline.compareTo(timeout) < 0 ? deadline : timeout).toString();
    }
}
