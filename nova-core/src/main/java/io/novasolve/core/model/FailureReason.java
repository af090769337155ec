package io.novasolve.core.model;

import java.util.Locale;

/** Why a job could not be answered: an accident. */
public enum FailureReason {
    /** The bytes are neither a picture nor a star list that can be read. */
    UNREADABLE,
    /** The options make no sense for this picture. */
    BAD_OPTIONS,
    /** The solver could not be run, or what came back from it could not be read. */
    TRANSPORT,
    /** The store or the content store did not answer. */
    STORAGE,
    /** Too little memory or disk for this picture. */
    RESOURCES,
    /** A defect in Nova. */
    INTERNAL;

    /** The word that scripts see, such as {@code unreadable}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
