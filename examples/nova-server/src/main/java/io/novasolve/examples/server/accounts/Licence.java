package io.novasolve.examples.server.accounts;

import java.util.Set;

/**
 * What others may do with a picture.
 *
 * @param commercial use is allowed: {@code y}, {@code n}, or {@code d} for the default of the account or the site
 * @param modifications are allowed: {@code y}, {@code n}, {@code sa} (share alike) or {@code d}
 */
public record Licence(String commercial, String modifications) {

    private static final Set<String> COMMERCIAL = Set.of("y", "n", "d");
    private static final Set<String> MODIFICATIONS = Set.of("y", "n", "sa", "d");

    public static final Licence DEFAULT = new Licence("d", "d");

    /** @throws IllegalArgumentException if there is no such word */
    public Licence {
        if (!COMMERCIAL.contains(commercial)) {
            throw new IllegalArgumentException("\"allow_commercial_use\" must be y, n or d");
        }
        if (!MODIFICATIONS.contains(modifications)) {
            throw new IllegalArgumentException("\"allow_modifications\" must be y, n, sa or d");
        }
    }

    /** This one, and for what it leaves to the default another. */
    public Licence orElse(Licence other) {
        return new Licence(
                commercial.equals("d") ? other.commercial : commercial,
                modifications.equals("d") ? other.modifications : modifications);
    }
}
