package io.novasolve.examples.server.db;

/** Names that people give to accounts, albums and tags. */
public final class Names {

    private Names() {}

    /**
     * A name that every database keeps as it is.
     *
     * @param what is named, with its article
     * @throws IllegalArgumentException if it is blank or too long, or has a control character
     */
    public static String require(String what, String name, int most) {
        if (name.isBlank() || name.length() > most || name.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException(
                    what + " has 1 to " + most + " characters, none of them a control character");
        }
        return name;
    }
}
