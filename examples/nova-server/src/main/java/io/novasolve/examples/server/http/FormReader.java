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

    /** So many of the longest forms. */
    private static final int LONG_AT_ONCE = 2;

    /** Each holds a thread of the web server, which has more than these. */
    private static final int SLOW_AT_ONCE = 64;

    private final Path folder;
    private final FormLimits limits;
    private final LongSupplier ticker;
    private final Semaphore slowOnes = new Semaphore(SLOW_AT_ONCE);
    private final Semaphore longOnes;

    /**
     * @param folder for the files of forms
     * @param ticker nanoseconds
     */
    public FormReader(Path folder, FormLimits limits, LongSupplier ticker) {
        this.folder = folder;
        this.limits = limits;
        this.ticker = ticker;
        this.longOnes = new Semaphore((int) Math.min(Integer.MAX_VALUE, (long) LONG_AT_ONCE * limits.fields()));
    }

    /**
     * Reads a form. A body of any other kind, or of none, has no fields.
     *
     * @param contentType of the request; null if it has none
     * @param isLong whether fields may be as long as the limits say, instead of {@link FormLimits#SHORT}
     * @param keepsFiles whether files are kept, by the fields before them: who may not send any must not fill the disk
     * @throws BadRequestException if it is no form, too large or too late
     */
    public Form read(
            @Nullable String contentType, InputStream body, boolean isLong, Predicate<Map<String, String>> keepsFiles)
            throws IOException {
        HeaderValue type = HeaderValue.parse(contentType == null ? "" : contentType);
        boolean multipart = type.value().equals("multipart/form-data");
        if (!multipart && !type.value().equals("application/x-www-form-urlencoded")) {
            return Form.EMPTY;
        }
        FieldRoom room =
                new FieldRoom(isLong ? limits.fields() : Math.min(limits.fields(), FormLimits.SHORT), longOnes);
        try (LimitedInput limited = new LimitedInput(body, limits.body(), limits.time(), slowOnes, ticker)) {
            try {
                return multipart
                        ? multipart(type.parameters().getOrDefault("boundary", ""), limited, room, keepsFiles)
                        : urlEncoded(limited, room);
            } catch (BadRequestException e) {
                room.close();
                if (!limited.isGivenUp()) {
                    // Who is still sending gets no answer from a server that hangs up.
                    limited.transferTo(OutputStream.nullOutputStream());
                }
                throw e;
            } catch (IOException | RuntimeException e) {
                room.close();
                throw e;
            }
        }
    }

    private Form multipart(
            String boundary, LimitedInput body, FieldRoom room, Predicate<Map<String, String>> keepsFiles)
            throws IOException {
        if (boundary.isEmpty() || boundary.length() > 200) {
            throw new BadRequestException(400, "multipart/form-data needs a boundary of 1 to 200 characters");
        }
        return new MultipartParser(body, boundary, folder, limits.parts(), room, keepsFiles).parse();
    }

    private Form urlEncoded(InputStream body, FieldRoom room) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        byte[] buffer = new byte[8192];
        for (int n = body.read(buffer); n >= 0; n = body.read(buffer)) {
            room.take(n);
            bytes.write(buffer, 0, n);
        }
        return new Form(UrlEncoded.parse(bytes.toString(StandardCharsets.UTF_8), limits.parts()), Map.of(), room);
    }
}
