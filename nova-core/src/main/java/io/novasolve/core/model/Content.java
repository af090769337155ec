package io.novasolve.core.model;

/**
 * Some bytes in the content store.
 *
 * @param hash their name there
 * @param sha1 their SHA-1 in lower-case hex, which clients of the nova API know them by
 * @param size in bytes
 */
public record Content(ContentHash hash, String sha1, long size) {

    public Content {
        if (!ContentHash.isHex(sha1, 40)) {
            throw new IllegalArgumentException("a SHA-1 is 40 lower-case hex digits, but got '" + sha1 + "'");
        }
        if (size < 0) {
            throw new IllegalArgumentException("a size cannot be negative, but is " + size);
        }
    }
}
