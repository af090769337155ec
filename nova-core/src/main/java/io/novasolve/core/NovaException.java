package io.novasolve.core;

import org.jspecify.annotations.Nullable;

/** Root of what Nova throws; the message says what happened, where, and what to do. */
public class NovaException extends RuntimeException {

    private static final long serialVersionUID = 1;

    public NovaException(String message) {
        super(message);
    }

    public NovaException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
