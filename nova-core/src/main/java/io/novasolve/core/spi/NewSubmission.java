package io.novasolve.core.spi;

import io.novasolve.core.model.Content;
import io.novasolve.core.model.SolveOptions;
import org.jspecify.annotations.Nullable;

/**
 * A submission before the store has given it an id.
 *
 * @param submitter who it belongs to; empty for anonymous
 * @param fileName as the submitter calls it
 * @param content its bytes, already in the content store
 * @param options how to solve its images
 * @param idempotencyKey the same key from the same submitter names the same submission; null for none
 */
public record NewSubmission(
        String submitter, String fileName, Content content, SolveOptions options, @Nullable String idempotencyKey) {}
