package io.novasolve.transport.ssh;

import io.novasolve.core.spi.TransportException;
import org.jspecify.annotations.Nullable;

/** A solve server could not be reached, or gave no answer, or one that cannot be believed. */
public final class SshTransportException extends TransportException {

    private static final long serialVersionUID = 1;

    /** What went wrong. */
    public enum Kind {
        /** No connection: no route, refused, no such name, no time. */
        UNREACHABLE(true, true),
        /** The connection was made and then lost, or the peer fell silent. */
        CONNECTION_LOST(true, true),
        /** The host is not in {@code known_hosts}. */
        HOST_KEY_UNKNOWN(false, false),
        /** The host has another key than {@code known_hosts} says, or a revoked one. */
        HOST_KEY_CHANGED(false, false),
        /** The server refused the keys and the password. */
        PERMISSION_DENIED(false, false),
        /** A private key cannot be read, or its passphrase is missing or wrong. */
        KEY_UNREADABLE(false, false),
        /** The server ended without an answer. */
        SERVER_FAILED(false, true),
        /** What came back is no answer to this job: refused tar members, damaged files, another field. */
        RUBBISH(false, true),
        /** What came back is larger or took more members than the limits allow. */
        LIMIT_EXCEEDED(false, true),
        /** This transport was closed. */
        CLOSED(false, true);

        private final boolean transientTrouble;
        private final boolean retryable;

        Kind(boolean transientTrouble, boolean retryable) {
            this.transientTrouble = transientTrouble;
            this.retryable = retryable;
        }

        /** Whether the same server may well answer if asked again at once. */
        boolean passes() {
            return transientTrouble;
        }

        /** Whether a person must set something right before this server can be used, while others may do. */
        boolean isSetup() {
            return !retryable;
        }
    }

    private final Kind kind;

    SshTransportException(Kind kind, String message, @Nullable Throwable cause) {
        super(message, kind.retryable, cause);
        this.kind = kind;
    }

    SshTransportException(Kind kind, String message, boolean retryable) {
        super(message, retryable);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }
}
