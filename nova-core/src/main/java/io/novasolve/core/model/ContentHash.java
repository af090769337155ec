package io.novasolve.core.model;

import java.util.HexFormat;

/**
 * The SHA-256 of some bytes: their name in a content store.
 *
 * @param hex 64 lower-case hexadecimal digits
 */
public record ContentHash(String hex) {

    public ContentHash {
        if (!isHex(hex, 64)) {
            throw new IllegalArgumentException("a content hash is 64 lower-case hex digits, but got '" + hex + "'");
        }
    }

    static boolean isHex(String text, int digits) {
        return text.length() == digits && text.chars().allMatch(c -> c >= '0' && c <= '9' || c >= 'a' && c <= 'f');
    }

    /** Whether a text is the name of some content. */
    public static boolean isHash(String text) {
        return isHex(text, 64);
    }

    public static ContentHash of(byte[] sha256) {
        return new ContentHash(HexFormat.of().formatHex(sha256));
    }

    @Override
    public String toString() {
        return hex;
    }
}
