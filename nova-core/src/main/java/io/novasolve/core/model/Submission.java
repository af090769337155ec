package io.novasolve.core.model;

import java.net.URI;
import java.time.Instant;
import java.util.Comparator;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a host application handed in.
 *
 * @param id positive, in sequence, never given twice
 * @param submitter who it belongs to, opaque to Nova; empty for anonymous
 * @param fileName as the submitter calls it; it says nothing about the content
 * @param content its bytes
 * @param options how to solve its images
 * @param state where it stands
 * @param submittedAt when {@code submit} stored it
 * @param endedAt when its images existed, or it failed or was cancelled; null before
 * @param error why it failed; null if it did not
 * @param link what it was, or is to be, fetched from; null if the bytes were handed in. Its content is the link itself
 * @param labels what it is filed under
 * @param imageOptions options of single images, by their file names
 */
public record Submission(
        int id,
        String submitter,
        String fileName,
        Content content,
        SolveOptions options,
        SubmissionState state,
        Instant submittedAt,
        @Nullable Instant endedAt,
        @Nullable String error,
        @Nullable URI link,
        Labels labels,
        Map<String, SolveOptions> imageOptions) {

    /** Bytes that were handed in, without labels. */
    public Submission(
            int id,
            String submitter,
            String fileName,
            Content content,
            SolveOptions options,
            SubmissionState state,
            Instant submittedAt,
            @Nullable Instant endedAt,
            @Nullable String error) {
        this(
                id,
                submitter,
                fileName,
                content,
                options,
                state,
                submittedAt,
                endedAt,
                error,
                null,
                Labels.NONE,
                Map.of());
    }

    public Submission {
        if (id < 1) {
            throw new IllegalArgumentException("a submission id is positive, but this one is " + id);
        }
        imageOptions = Map.copyOf(imageOptions);
    }

    /** The earliest moment after which nobody wants an answer any more, of all its images or of a single one. */
    public Optional<Instant> firstDeadline() {
        return Stream.concat(Stream.of(options), imageOptions.values().stream())
                .map(SolveOptions::deadline)
                .filter(Objects::nonNull)
                .min(Comparator.naturalOrder());
    }

    /** How to solve one of its images: its own options, and for what they leave open those of the submission. */
    public SolveOptions optionsOf(String imageName) {
        SolveOptions own = imageOptions.get(imageName);
        return own == null ? options : own.orElse(options);
    }
}
