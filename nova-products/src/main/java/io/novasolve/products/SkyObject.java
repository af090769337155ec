package io.novasolve.products;

import io.novasolve.sky.SkyPosition;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * An object of a catalogue.
 *
 * @param kind what it is
 * @param designations numbers in catalogues, at least one, the best known first; for a star Bayer, Flamsteed or variable
 *     star name (such as {@code βOri}, {@code 51 Peg}), then HD and HIP numbers, as far as it has them
 * @param commonNames what people call it, may be empty
 * @param position J2000
 * @param magnitude visual, of some galaxies blue; NaN where the catalogue has none
 * @param majorArcmin larger diameter in arcminutes, 0 where the catalogue has none
 * @param minorArcmin smaller diameter in arcminutes, 0 where the catalogue has none
 */
public record SkyObject(
        ObjectKind kind,
        List<String> designations,
        List<String> commonNames,
        SkyPosition position,
        double magnitude,
        double majorArcmin,
        double minorArcmin) {

    /** @throws IllegalArgumentException without a designation, or with a negative size */
    public SkyObject {
        designations = List.copyOf(designations);
        commonNames = List.copyOf(commonNames);
        if (designations.isEmpty()) {
            throw new IllegalArgumentException("an object needs a designation");
        }
        if (!(majorArcmin >= 0 && minorArcmin >= 0)) {
            throw new IllegalArgumentException(
                    "sizes must not be negative, but are " + majorArcmin + " and " + minorArcmin + " arcminutes");
        }
    }

    /** All names: of a star the common ones first, of anything else the designations. */
    public List<String> names() {
        List<String> names = new ArrayList<>(kind == ObjectKind.STAR ? commonNames : designations);
        names.addAll(kind == ObjectKind.STAR ? designations : commonNames);
        return names;
    }

    /** The first of {@link #names()}. */
    public String name() {
        return kind == ObjectKind.STAR && !commonNames.isEmpty() ? commonNames.get(0) : designations.get(0);
    }

    /** Whether it has a number in a catalogue such as {@code NGC}, {@code IC}, {@code M}, {@code HD} or {@code HIP}. */
    public boolean isIn(String catalogue) {
        return designations.stream().anyMatch(name -> isNumberIn(name, catalogue));
    }

    /** A name as names are compared: blanks, upper and lower case do not matter. */
    static String squeezed(String name) {
        return name.replace(" ", "").toLowerCase(Locale.ROOT);
    }

    /** Whether it is a star with a common name or a designation of its constellation, so more than a number. */
    public boolean isNamedStar() {
        return kind == ObjectKind.STAR && hasName();
    }

    /** Whether people look for it first: in Messier's list, or with a name, so more than a number. */
    public boolean isFamous() {
        return isIn("M") || hasName();
    }

    private boolean hasName() {
        return !commonNames.isEmpty() || !isNumber(designations.get(0));
    }

    /** Whether a name is that of a catalogue and a number in it, such as {@code HD 34085} or {@code PN G 12.3-4.5}. */
    public static boolean isNumber(String name) {
        int blank = name.indexOf(' ');
        return blank > 0 && name.substring(blank).chars().anyMatch(Character::isDigit);
    }

    private static boolean isNumberIn(String name, String catalogue) {
        return name.length() > catalogue.length() + 1
                && name.startsWith(catalogue)
                && name.charAt(catalogue.length()) == ' '
                && Character.isDigit(name.charAt(catalogue.length() + 1));
    }
}
