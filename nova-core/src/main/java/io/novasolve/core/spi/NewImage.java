package io.novasolve.core.spi;

import io.novasolve.core.model.Content;

/** An image before the store has given it an id. */
public record NewImage(String fileName, Content content) {

    /** The longest file name, in UTF-16 units. */
    public static final int MAX_NAME_LENGTH = 1 << 16;

    /** @throws IllegalArgumentException if the name is too long, or holds what no database takes */
    public NewImage {
        Texts.require("a file name", fileName, MAX_NAME_LENGTH);
    }
}
