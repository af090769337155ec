package io.novasolve.index.tools;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** An index file that could not be fetched: the message says which, why, and what to do. */
public final class IndexInstallException extends IOException {

    private static final long serialVersionUID = 1;

    private final boolean retryable;

    IndexInstallException(String message, boolean retryable, @Nullable Throwable cause) {
        super(message, cause);
        this.retryable = retryable;
    }

    /** Whether the same may succeed later; a part that was fetched is kept. */
    public boolean isRetryable() {
        return retryable;
    }
}
