package io.novasolve.core.spi;

import org.jspecify.annotations.Nullable;

/** A transport could not get an answer: an accident, not an unsolved picture. */
public class TransportException extends Exception {

    private static final long serialVersionUID = 1;

    private final boolean retryable;

    /**
     * @param message what happened, where, and what to do
     * @param retryable whether the same task may succeed later or elsewhere
     */
    public TransportException(String message, boolean retryable) {
        this(message, retryable, null);
    }

    public TransportException(String message, boolean retryable, @Nullable Throwable cause) {
        super(message, cause);
        this.retryable = retryable;
    }

    /** Whether the same task may succeed later or elsewhere. */
    public boolean retryable() {
        return retryable;
    }
}
