package io.novasolve.examples.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;

/** One JSON object as text. */
final class JsonLine {

    private JsonLine() {}

    /** Writes the fields. */
    interface Fields {
        void to(JsonGenerator generator) throws IOException;
    }

    static String of(Fields fields) {
        StringWriter line = new StringWriter();
        try (JsonGenerator generator = new JsonFactory().createGenerator(line)) {
            generator.writeStartObject();
            fields.to(generator);
            generator.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory failed", e);
        }
        return line.toString();
    }
}
