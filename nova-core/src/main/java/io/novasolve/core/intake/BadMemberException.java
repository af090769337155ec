package io.novasolve.core.intake;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** One member, or an archive as a whole, cannot be had: the message says why, and follows its name. */
final class BadMemberException extends IOException {

    private static final long serialVersionUID = 1;

    BadMemberException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
