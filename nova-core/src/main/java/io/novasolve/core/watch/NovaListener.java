package io.novasolve.core.watch;

/**
 * Hears what happens, one event after the other, on a thread of Nova's executor that solves nothing meanwhile. What it
 * throws is logged and changes nothing. If it is so slow that thousands wait, further events are left out, and their
 * number is logged; {@link NovaEvent.SubmissionEnded} never is.
 */
@FunctionalInterface
public interface NovaListener {

    /** Hears an event. */
    void on(NovaEvent event);
}
