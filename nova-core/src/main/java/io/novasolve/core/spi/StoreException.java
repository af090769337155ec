package io.novasolve.core.spi;

import io.novasolve.core.NovaException;
import org.jspecify.annotations.Nullable;

/** A store could not do what it was asked: nothing was done, and the same call may succeed later. */
public class StoreException extends NovaException {

    private static final long serialVersionUID = 1;

    public StoreException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
