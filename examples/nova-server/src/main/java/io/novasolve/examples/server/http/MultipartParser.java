package io.novasolve.examples.server.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;

/**
 * {@code multipart/form-data} as the clients of the nova API send it, which strict parsers refuse: lines of delimiters end
 * with CRLF or with a bare LF, and parameters come quoted or not. Which of the two endings the first delimiter has tells what
 * to strip from the end of each part: with bare LF a CR before it belongs to the file.
 *
 * <p>Files go to disk as they come, so memory does not depend on their size. For one use.
 */
final class MultipartParser {

    private static final int BUFFER = 1 << 16;
    private static final int MAX_HEADERS = 16 * 1024;
    /** Blanks that may follow a boundary, and its ending. */
    private static final int MAX_TAIL = 64;

    private final InputStream in;
    private final byte[] delimiter;
    private final Path folder;
    private final int mostParts;
    private final FieldRoom room;
    private final byte[] buffer;
    private int start;
    private int end;
    private boolean ended;
    private boolean crlf;
    private int parts;
    private final Map<String, String> fields = new HashMap<>();
    private final Map<String, Upload> files = new HashMap<>();
    private final Predicate<Map<String, String>> keepsFiles;

    /** @param keepsFiles whether files are kept, by the fields before them; others go nowhere */
    MultipartParser(
            InputStream in,
            String boundary,
            Path folder,
            int mostParts,
            FieldRoom room,
            Predicate<Map<String, String>> keepsFiles) {
        this.in = in;
        this.delimiter = ("\n--" + boundary).getBytes(StandardCharsets.ISO_8859_1);
        this.folder = folder;
        this.mostParts = mostParts;
        this.room = room;
        this.keepsFiles = keepsFiles;
        this.buffer = new byte[BUFFER + delimiter.length + MAX_TAIL];
    }

    /** @throws BadRequestException if this is not such a form, ends too early, or is too large */
    Form parse() throws IOException {
        try {
            // The first delimiter has no line before it.
            buffer[0] = '\n';
            end = 1;
            boolean more = skipPreamble();
            while (more) {
                more = part();
            }
            drain();
            return new Form(fields, files, room);
        } catch (IOException | RuntimeException e) {
            discard(e);
            throw e;
        }
    }

    private void discard(Exception failure) {
        for (Upload upload : files.values()) {
            try {
                Files.deleteIfExists(upload.file());
            } catch (IOException e) {
                failure.addSuppressed(e);
            }
        }
    }

    private boolean skipPreamble() throws IOException {
        Ending first = copyToDelimiter(OutputStream.nullOutputStream());
        crlf = first.crlf;
        return !first.last;
    }

    private boolean part() throws IOException {
        if (++parts > mostParts) {
            throw new BadRequestException(400, "a form has at most " + mostParts + " parts");
        }
        Map<String, String> headers = headers();
        HeaderValue disposition = HeaderValue.parse(headers.getOrDefault("content-disposition", ""));
        String name = HeaderValue.fromUtf8(disposition.parameters().getOrDefault("name", ""));
        String fileName = HeaderValue.baseName(fileName(disposition.parameters()));
        if (!fileName.isEmpty()) {
            return file(name, fileName);
        }
        Field text = new Field();
        Ending ending = copyToDelimiter(text);
        if (!name.isEmpty()) {
            fields.put(name, text.bytes.toString(StandardCharsets.UTF_8));
        }
        return !ending.last;
    }

    private static String fileName(Map<String, String> parameters) {
        String extended = parameters.getOrDefault("filename*", "");
        int quotes = extended.indexOf("''");
        return quotes >= 0
                ? UrlEncoded.decode(extended.substring(quotes + 2).replace("+", "%2B"))
                : HeaderValue.fromUtf8(parameters.getOrDefault("filename", ""));
    }

    private boolean file(String name, String fileName) throws IOException {
        if (!keepsFiles.test(Collections.unmodifiableMap(fields))) {
            return !copyToDelimiter(OutputStream.nullOutputStream()).last;
        }
        Path file = Files.createTempFile(folder, "upload-", ".part");
        try {
            Ending ending;
            try (OutputStream out = Files.newOutputStream(file)) {
                ending = copyToDelimiter(out);
            }
            Upload before = files.put(name, new Upload(fileName, file, Files.size(file)));
            if (before != null) {
                Files.deleteIfExists(before.file());
            }
            return !ending.last;
        } catch (IOException | RuntimeException e) {
            Files.deleteIfExists(file);
            throw e;
        }
    }

    /** Names in lower case. Headers end at an empty line, whichever way lines end. */
    private Map<String, String> headers() throws IOException {
        Map<String, String> headers = new HashMap<>();
        int size = 0;
        for (String line = line(); !line.isEmpty(); line = line()) {
            size += line.length();
            if (size > MAX_HEADERS) {
                throw new BadRequestException(400, "a part's headers have more than " + MAX_HEADERS + " bytes");
            }
            int colon = line.indexOf(':');
            if (colon > 0) {
                headers.putIfAbsent(
                        line.substring(0, colon).trim().toLowerCase(Locale.ROOT),
                        line.substring(colon + 1).trim());
            }
        }
        return headers;
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int b = next(); b != '\n'; b = next()) {
            line.append((char) b);
            if (line.length() > MAX_HEADERS) {
                throw new BadRequestException(400, "a part's header has more than " + MAX_HEADERS + " bytes");
            }
        }
        int length = line.length();
        if (length > 0 && line.charAt(length - 1) == '\r') {
            line.setLength(length - 1);
        }
        return line.toString();
    }

    private int next() throws IOException {
        if (start == end && !fill()) {
            throw cutOff();
        }
        return buffer[start++] & 0xff;
    }

    private static BadRequestException cutOff() {
        return new BadRequestException(400, "the form ends before its closing boundary");
    }

    /** How a delimiter line ended. */
    private record Ending(boolean last, boolean crlf, int next) {}

    /** Copies what stands before the next delimiter, without the end of line that belongs to the delimiter. */
    private Ending copyToDelimiter(OutputStream out) throws IOException {
        while (true) {
            int at = find(start);
            if (at >= 0) {
                // All but a CR before it is the part's own, whatever follows.
                int own = Math.max(start, at - 1);
                out.write(buffer, start, own - start);
                start = own;
                need(1 + delimiter.length + MAX_TAIL);
                at = find(start);
                Ending ending = ending(at + delimiter.length);
                if (ending != null) {
                    int stop = crlf && at > start && buffer[at - 1] == '\r' ? at - 1 : at;
                    out.write(buffer, start, stop - start);
                    start = ending.next;
                    return ending;
                }
                // It only looks like one.
                out.write(buffer, start, at + 1 - start);
                start = at + 1;
            } else {
                // What may be the beginning of a delimiter, and a CR before it, stays.
                int safe = Math.max(start, end - delimiter.length);
                out.write(buffer, start, safe - start);
                start = safe;
                if (!fill()) {
                    throw cutOff();
                }
            }
        }
    }

    private int find(int from) {
        for (int i = from; i <= end - delimiter.length; i++) {
            if (buffer[i] == '\n'
                    && java.util.Arrays.equals(buffer, i, i + delimiter.length, delimiter, 0, delimiter.length)) {
                return i;
            }
        }
        return -1;
    }

    /** What follows a boundary; null if that makes it none. */
    private @org.jspecify.annotations.Nullable Ending ending(int after) {
        int i = after;
        boolean last = i + 1 < end && buffer[i] == '-' && buffer[i + 1] == '-';
        if (last) {
            i += 2;
        }
        while (i < end && i < after + MAX_TAIL - 2 && (buffer[i] == ' ' || buffer[i] == '\t')) {
            i++;
        }
        if (i == end && ended) {
            return last ? new Ending(true, crlf, i) : null;
        }
        if (i < end && buffer[i] == '\n') {
            return new Ending(last, false, i + 1);
        }
        if (i + 1 < end && buffer[i] == '\r' && buffer[i + 1] == '\n') {
            return new Ending(last, true, i + 2);
        }
        return null;
    }

    /** Has so many bytes in the buffer, unless the body ends before; moves them to its beginning if it must. */
    private void need(int bytes) throws IOException {
        while (end - start < bytes && fill()) {
            // again: a read may bring less than asked for
        }
    }

    private boolean fill() throws IOException {
        if (ended) {
            return false;
        }
        if (start > 0) {
            System.arraycopy(buffer, start, buffer, 0, end - start);
            end -= start;
            start = 0;
        }
        int n = in.read(buffer, end, buffer.length - end);
        if (n < 0) {
            ended = true;
            return false;
        }
        end += n;
        return true;
    }

    /** What follows the last delimiter means nothing, but must be read before the answer. */
    private void drain() throws IOException {
        while (!ended) {
            start = end;
            fill();
        }
    }

    /** A field in memory, of limited size. */
    private final class Field extends OutputStream {
        final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] source, int offset, int length) throws IOException {
            room.take(length);
            bytes.write(source, offset, length);
        }
    }
}
