package io.novasolve.core.model;

import java.util.Locale;

/** Why a picture that was read has no solution: an answer, never retried. */
public enum UnsolvedReason {
    /** The picture shows too few stars to make one quad of. */
    NO_STARS,
    /** The whole search space was searched. */
    NO_MATCH,
    /** A limit of time ended the search. */
    TIMEOUT;

    /** The word that scripts see, such as {@code no_stars}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
