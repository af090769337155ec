package io.novasolve.core.intake;

import java.io.IOException;

/** The limits of the whole submission are reached: nothing more of it is unpacked. */
final class LimitException extends IOException {

    private static final long serialVersionUID = 1;

    LimitException(String message) {
        super(message);
    }
}
