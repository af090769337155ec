package io.novasolve.sky;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Bytes that are not what they should be: the message says what was read, what is wrong with it, and what would do. */
public class UnreadableInputException extends IOException {

    private static final long serialVersionUID = 1;

    public UnreadableInputException(String message) {
        super(message);
    }

    public UnreadableInputException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
