package io.novasolve.examples.server.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Reads the form of a request, whichever way it is encoded; files go to disk as they come. */
public final class FormReader {

    /** Each holds a thread of the web server, which has more than these. */
    private static final int SLOW_AT_ONCE = 64;

    private final Path folder;
    private final FormLimits limits;
    private final LongSupplier ticker;
    private final Semaphore slowOnes = new Semaphore(SLOW_AT_ONCE);

    /**
     * @param folder for the files of forms
     * @param ticker nanoseconds
     */
    public FormReader(Path folder, FormLimits limits, LongSupplier ticker) {
        this.folder = folder;
        this.limits = limits;
        this.ticker = ticker;
    }

    /**
     * Reads a form. A body of any other kind, or of none, has no fields.
     *
     * @param contentType of the request; null if it has none
     * @param keepsFiles whether files are kept, by the fields before them: who may not send any must not fill the disk
     * @throws BadRequestException if it is no form, too large or too late
     */
    public Form read(@Nullable String contentType, InputStream body, Predicate<Map<String, String>> keepsFiles)
            throws IOException {
        if (contentType == null) {
            return Form.EMPTY;
        }
        HeaderValue type = HeaderValue.parse(contentType);
        return switch (type.value()) {
            case "application/x-www-form-urlencoded" -> {
                try (LimitedInput limited = limited(body)) {
                    yield urlEncoded(limited);
                }
            }
            case "multipart/form-data" -> {
                try (LimitedInput limited = limited(body)) {
                    yield multipart(type.parameters().getOrDefault("boundary", ""), limited, keepsFiles);
                }
            }
            default -> Form.EMPTY;
        };
    }

    /** Reads to the end even if it is no form: who is still sending gets no answer from a server that hangs up. */
    private Form multipart(String boundary, LimitedInput body, Predicate<Map<String, String>> keepsFiles)
            throws IOException {
        try {
            if (boundary.isEmpty() || boundary.length() > 200) {
                throw new BadRequestException(400, "multipart/form-data needs a boundary of 1 to 200 characters");
            }
            return new MultipartParser(body, boundary, folder, limits, keepsFiles).parse();
        } catch (BadRequestException e) {
            if (e.status() == 400) {
                body.transferTo(OutputStream.nullOutputStream());
            }
            throw e;
        }
    }

    private LimitedInput limited(InputStream body) {
        return new LimitedInput(body, limits.body(), limits.time(), slowOnes, ticker);
    }

    private Form urlEncoded(InputStream body) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        byte[] buffer = new byte[8192];
        for (int n = body.read(buffer); n >= 0; n = body.read(buffer)) {
            bytes.write(buffer, 0, n);
            if (bytes.size() > limits.fields()) {
                throw new BadRequestException(
                        413, "the fields of a form may have at most " + limits.fields() + " bytes");
            }
        }
        return new Form(UrlEncoded.parse(bytes.toString(StandardCharsets.UTF_8), limits.parts()), Map.of());
    }
}
