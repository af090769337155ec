package io.novasolve.examples.server.http;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;

/**
 * The fields and files of a form.
 *
 * @param fields of a field that came several times, the last one
 * @param files by the name of their field; deleted by {@link #close}
 * @param room that its fields take; given back by {@link #close}
 */
public record Form(Map<String, String> fields, Map<String, Upload> files, FieldRoom room) implements AutoCloseable {

    public static final Form EMPTY = new Form(Map.of(), Map.of(), new FieldRoom(0, new Semaphore(0)));

    public Form {
        fields = Map.copyOf(fields);
        files = Map.copyOf(files);
    }

    public String field(String name) {
        return fields.getOrDefault(name, "");
    }

    public Optional<Upload> file(String name) {
        return Optional.ofNullable(files.get(name));
    }

    @Override
    public void close() throws IOException {
        room.close();
        List<IOException> failures = new ArrayList<>();
        for (Upload upload : files.values()) {
            try {
                Files.deleteIfExists(upload.file());
            } catch (IOException e) {
                failures.add(e);
            }
        }
        if (!failures.isEmpty()) {
            throw failures.get(0);
        }
    }
}
