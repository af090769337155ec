package io.novasolve.core.spi;

import io.novasolve.core.model.Content;
import io.novasolve.core.model.Labels;
import io.novasolve.core.model.SolveOptions;
import java.net.URI;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A submission before the store has given it an id.
 *
 * @param submitter who it belongs to; empty for anonymous
 * @param fileName as the submitter calls it
 * @param content its bytes, already in the content store; for a link, the bytes of the link itself
 * @param options how to solve its images
 * @param idempotencyKey the same key from the same submitter names the same submission; null for none
 * @param link what a submission worker is to fetch; null if the bytes were handed in
 * @param labels what it is filed under
 * @param imageOptions options of single images, by their file names
 */
public record NewSubmission(
        String submitter,
        String fileName,
        Content content,
        SolveOptions options,
        @Nullable String idempotencyKey,
        @Nullable URI link,
        Labels labels,
        Map<String, SolveOptions> imageOptions) {

    /** The longest name of a submitter, in UTF-16 units. */
    public static final int MAX_SUBMITTER_LENGTH = 255;

    /** The longest link, in characters. */
    public static final int MAX_LINK_LENGTH = 2000;

    private static final int MAX_IMAGE_OPTIONS = 10_000;
    private static final int MAX_KEY_LENGTH = 1 << 16;

    /** Bytes that were handed in, without labels. */
    public NewSubmission(
            String submitter, String fileName, Content content, SolveOptions options, @Nullable String idempotencyKey) {
        this(submitter, fileName, content, options, idempotencyKey, null, Labels.NONE, Map.of());
    }

    /** @throws IllegalArgumentException if a text is too long, or holds what no database takes */
    public NewSubmission {
        Texts.require("a submitter", submitter, MAX_SUBMITTER_LENGTH);
        Texts.require("a file name", fileName, NewImage.MAX_NAME_LENGTH);
        if (idempotencyKey != null) {
            Texts.require("an idempotency key", idempotencyKey, MAX_KEY_LENGTH);
        }
        if (link != null) {
            Texts.require("a link", link.toString(), MAX_LINK_LENGTH);
        }
        if (imageOptions.size() > MAX_IMAGE_OPTIONS) {
            throw new IllegalArgumentException("a submission may have options for " + MAX_IMAGE_OPTIONS
                    + " single images, but this one has them for " + imageOptions.size());
        }
        imageOptions = Map.copyOf(imageOptions);
        imageOptions.keySet().forEach(name -> Texts.require("a file name", name, NewImage.MAX_NAME_LENGTH));
    }
}
