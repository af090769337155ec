package io.novasolve.core.spi;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** What a link points to could not be fetched. */
public class FetchException extends IOException {

    private static final long serialVersionUID = 1;

    private final boolean retryable;

    /**
     * @param message what happened, with the link, and what to do
     * @param retryable whether another try may help
     */
    public FetchException(String message, boolean retryable, @Nullable Throwable cause) {
        super(message, cause);
        this.retryable = retryable;
    }

    public boolean retryable() {
        return retryable;
    }
}
