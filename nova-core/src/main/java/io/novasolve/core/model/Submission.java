package io.novasolve.core.model;

import java.time.Instant;
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
        @Nullable String error) {

    public Submission {
        if (id < 1) {
            throw new IllegalArgumentException("a submission id is positive, but this one is " + id);
        }
    }
}
