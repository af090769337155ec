package io.novasolve.core.model;

import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Objects;
import java.util.Set;

/**
 * What a submission is filed under. Nova keeps it and gives it back; what it means is the host application's affair.
 *
 * @param album to put the images into; empty for none
 * @param tags of every image, in the order given
 * @param publiclyVisible whether others may see them
 */
public record Labels(String album, Set<String> tags, boolean publiclyVisible) {

    /** No album, no tags, visible. */
    public static final Labels NONE = new Labels("", Set.of(), true);

    /** The longest album or tag, in UTF-16 units. */
    public static final int MAX_LENGTH = 255;

    private static final int MAX_TAGS = 1000;

    /** @throws IllegalArgumentException if a text is too long or holds a control character, or a tag is blank */
    public Labels {
        Objects.requireNonNull(album, "album");
        require("an album", album);
        if (tags.size() > MAX_TAGS) {
            throw new IllegalArgumentException(
                    "a submission may have " + MAX_TAGS + " tags, but this one has " + tags.size());
        }
        for (String tag : tags) {
            require("a tag", tag);
            if (tag.isBlank()) {
                throw new IllegalArgumentException("a tag needs at least one letter, but this one is blank");
            }
        }
        tags = Collections.unmodifiableSet(new LinkedHashSet<>(tags));
    }

    private static void require(String what, String text) {
        if (text.length() > MAX_LENGTH) {
            throw new IllegalArgumentException(
                    what + " may have " + MAX_LENGTH + " characters, but this one has " + text.length());
        }
        if (text.chars().anyMatch(c -> c < ' ' || Character.isSurrogate((char) c) && !isText(text))) {
            throw new IllegalArgumentException(
                    what + " holds a control character or half a surrogate pair: '" + text + "'");
        }
    }

    private static boolean isText(String text) {
        return text.codePoints().noneMatch(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE);
    }
}
