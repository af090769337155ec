package io.novasolve.core.spi;

/** What every store can keep as it is: well-formed Unicode without NUL, of a bounded length. */
final class Texts {

    private Texts() {}

    /** @throws IllegalArgumentException if a text cannot be kept, with what it is and why */
    static void require(String what, String text, int maxLength) {
        if (text.length() > maxLength) {
            throw new IllegalArgumentException(
                    what + " may have " + maxLength + " characters, but this one has " + text.length());
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == 0) {
                throw new IllegalArgumentException(what + " holds a NUL character, which no database takes");
            }
            boolean pair = Character.isHighSurrogate(c)
                    && i + 1 < text.length()
                    && Character.isLowSurrogate(text.charAt(i + 1));
            if (pair) {
                i++;
            } else if (Character.isSurrogate(c)) {
                throw new IllegalArgumentException(what + " holds half a surrogate pair, which is no Unicode text");
            }
        }
    }

    /** The nearest text that can be kept, for sentences that must not get lost because of a character. */
    static String keepable(String text, int maxLength) {
        StringBuilder kept = new StringBuilder(Math.min(text.length(), maxLength));
        text.codePoints()
                .limit(maxLength / 2)
                .map(c -> c == 0 || c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE ? 0xFFFD : c)
                .forEach(kept::appendCodePoint);
        return kept.toString();
    }
}
