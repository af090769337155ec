package io.novasolve.core.spi;

import io.novasolve.core.model.Content;

/** An image before the store has given it an id. */
public record NewImage(String fileName, Content content) {}
