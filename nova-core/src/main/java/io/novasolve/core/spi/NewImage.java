package io.novasolve.core.spi;

import io.novasolve.core.model.Content;
import org.jspecify.annotations.Nullable;

/**
 * An image before the store has given it an id.
 *
 * @param fileName as the submitter calls it; for a member of an archive, its path there
 * @param content its bytes; none for what could not be unpacked
 * @param ended how its job has ended already, when there is nothing to solve: it cannot be read, or the answer is known;
 *     null for a job that is to be queued
 */
public record NewImage(String fileName, Content content, @Nullable JobReport ended) {

    /** The longest file name, in UTF-16 units. */
    public static final int MAX_NAME_LENGTH = 1 << 16;

    /** An image to solve. */
    public NewImage(String fileName, Content content) {
        this(fileName, content, null);
    }

    /** @throws IllegalArgumentException if the name is too long, or holds what no database takes */
    public NewImage {
        Texts.require("a file name", fileName, MAX_NAME_LENGTH);
    }
}
