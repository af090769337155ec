package io.novasolve.core;

import io.novasolve.core.axy.JobFile;
import io.novasolve.core.model.SolveOptions;
import io.novasolve.sky.stars.StarList;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What to submit, and how to solve it. Immutable: every {@code with…} gives a new one.
 *
 * @param source opens the bytes: a picture or a star list
 * @param fileName what the submitter calls it; it says nothing about the content
 * @param options how to solve it
 * @param submitter who it belongs to, opaque to Nova; empty for anonymous
 * @param idempotencyKey submitting the same key twice gives the same submission; null for none
 */
public record SubmissionRequest(
        Source source, String fileName, SolveOptions options, String submitter, @Nullable String idempotencyKey) {

    /** Opens the bytes to submit; called once. */
    @FunctionalInterface
    public interface Source {
        InputStream open() throws IOException;
    }

    private static SubmissionRequest of(Source source, String fileName) {
        return new SubmissionRequest(source, fileName, SolveOptions.defaults(), "", null);
    }

    /** A file. */
    public static SubmissionRequest of(Path file) {
        Path name = file.getFileName();
        return of(() -> Files.newInputStream(file), name == null ? file.toString() : name.toString());
    }

    /** Bytes in memory. */
    public static SubmissionRequest of(byte[] bytes, String fileName) {
        return of(() -> new ByteArrayInputStream(bytes), fileName);
    }

    /** Stars that were found already. */
    public static SubmissionRequest of(StarList stars, String fileName) {
        return of(() -> new ByteArrayInputStream(new JobFile(stars, SolveOptions.defaults()).toBytes()), fileName);
    }

    public SubmissionRequest withOptions(SolveOptions value) {
        return new SubmissionRequest(source, fileName, value, submitter, idempotencyKey);
    }

    public SubmissionRequest withSubmitter(String value) {
        return new SubmissionRequest(source, fileName, options, value, idempotencyKey);
    }

    public SubmissionRequest withFileName(String value) {
        return new SubmissionRequest(source, value, options, submitter, idempotencyKey);
    }

    public SubmissionRequest withIdempotencyKey(String value) {
        return new SubmissionRequest(source, fileName, options, submitter, value);
    }
}
