package io.novasolve.core.pipeline;

import io.novasolve.core.model.FailureReason;
import io.novasolve.core.spi.StoreException;
import io.novasolve.core.spi.TransportException;
import io.novasolve.sky.UnreadableInputException;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * What kept a job from its answer.
 *
 * @param message what happened and what to do, without the name of the picture
 * @param retryable whether the same job may succeed later
 */
record Accident(FailureReason reason, String message, boolean retryable) {

    /** Something that cannot be read, now or ever. */
    static Accident unreadable(String message, boolean retryable) {
        return new Accident(FailureReason.UNREADABLE, message, retryable);
    }

    /** What an exception or error means. */
    static Accident of(Throwable e) {
        Throwable cause = e.getCause();
        if (e instanceof UncheckedIOException && cause != null) {
            return of(cause);
        }
        if (e instanceof TransportException t) {
            return new Accident(FailureReason.TRANSPORT, text(e), t.retryable());
        }
        if (e instanceof UnreadableInputException) {
            return new Accident(FailureReason.UNREADABLE, text(e), false);
        }
        if (e instanceof IOException) {
            return new Accident(
                    FailureReason.STORAGE, "the content store did not give or take its bytes: " + text(e), true);
        }
        if (e instanceof StoreException) {
            return new Accident(FailureReason.STORAGE, text(e), true);
        }
        if (e instanceof OutOfMemoryError) {
            return new Accident(
                    FailureReason.RESOURCES,
                    "this needs more memory than there is (" + text(e)
                            + "): start Java with a larger -Xmx, run fewer job workers, or submit a smaller picture",
                    false);
        }
        return new Accident(
                FailureReason.INTERNAL, "a defect in Nova or in the transport, please report it: " + e, false);
    }

    private static String text(Throwable e) {
        return e.getMessage() == null ? e.toString() : e.getMessage();
    }
}
