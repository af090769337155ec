package io.novasolve.core;

import io.novasolve.core.axy.JobFile;
import io.novasolve.core.model.Labels;
import io.novasolve.core.model.SolveOptions;
import io.novasolve.sky.stars.StarList;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What to submit, and how to solve it. Immutable: every {@code with…} gives a new one.
 *
 * @param source opens the bytes: a picture or a star list, plain or compressed, or a tar or zip archive of many
 * @param fileName what the submitter calls it; it says nothing about the content
 * @param options how to solve it
 * @param submitter who it belongs to, opaque to Nova; empty for anonymous
 * @param idempotencyKey submitting the same key twice gives the same submission; null for none
 * @param link where a submission worker is to fetch the bytes; null if the source opens them
 * @param labels album, tags and visibility, opaque to Nova
 * @param imageOptions how to solve single images of it, by their paths in the archive; what they leave open is taken from
 *     the options of all
 */
public record SubmissionRequest(
        Source source,
        String fileName,
        SolveOptions options,
        String submitter,
        @Nullable String idempotencyKey,
        @Nullable URI link,
        Labels labels,
        Map<String, SolveOptions> imageOptions) {

    /** Opens the bytes to submit; called once. */
    @FunctionalInterface
    public interface Source {
        InputStream open() throws IOException;
    }

    private static SubmissionRequest of(Source source, String fileName, @Nullable URI link) {
        return new SubmissionRequest(source, fileName, SolveOptions.defaults(), "", null, link, Labels.NONE, Map.of());
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

    /** A stream, opened by {@code submit} and read to its end before it returns. */
    public static SubmissionRequest of(Source source, String fileName) {
        return of(source, fileName, null);
    }

    /** Stars that were found already. */
    public static SubmissionRequest of(StarList stars, String fileName) {
        return of(() -> new ByteArrayInputStream(new JobFile(stars, SolveOptions.defaults()).toBytes()), fileName);
    }

    /**
     * Positions of stars on a picture, the brightest first; the centre of the first pixel is (1, 1).
     *
     * @param width of the picture in pixels
     * @param height of the picture in pixels
     */
    public static SubmissionRequest ofStars(double[] x, double[] y, double width, double height) {
        return of(StarList.of(width, height, x, y), "xy-list");
    }

    /** What a link points to. It is fetched by a submission worker, with the {@code LinkFetcher} of its Nova. */
    public static SubmissionRequest of(URI link) {
        byte[] bytes = link.toString().getBytes(StandardCharsets.UTF_8);
        return of(() -> new ByteArrayInputStream(bytes), nameOf(link), link);
    }

    /** The last part of the path; the whole link if there is none. */
    private static String nameOf(URI link) {
        String path = link.getPath() == null ? "" : link.getPath();
        String name = path.substring(path.lastIndexOf('/') + 1);
        return name.isEmpty() ? link.toString() : name;
    }

    public SubmissionRequest withOptions(SolveOptions value) {
        return new SubmissionRequest(source, fileName, value, submitter, idempotencyKey, link, labels, imageOptions);
    }

    public SubmissionRequest withSubmitter(String value) {
        return new SubmissionRequest(source, fileName, options, value, idempotencyKey, link, labels, imageOptions);
    }

    public SubmissionRequest withFileName(String value) {
        return new SubmissionRequest(source, value, options, submitter, idempotencyKey, link, labels, imageOptions);
    }

    public SubmissionRequest withIdempotencyKey(String value) {
        return new SubmissionRequest(source, fileName, options, submitter, value, link, labels, imageOptions);
    }

    public SubmissionRequest withLabels(Labels value) {
        return new SubmissionRequest(source, fileName, options, submitter, idempotencyKey, link, value, imageOptions);
    }

    /** The options of single images, by their paths in the archive. */
    public SubmissionRequest withImageOptions(Map<String, SolveOptions> value) {
        return new SubmissionRequest(source, fileName, options, submitter, idempotencyKey, link, labels, value);
    }

    /** Whether images that were solved before may be answered from that solution, rather than as Nova is set up. */
    public SubmissionRequest withReuse(boolean value) {
        return withOptions(options.toBuilder().reuse(value).build());
    }
}
