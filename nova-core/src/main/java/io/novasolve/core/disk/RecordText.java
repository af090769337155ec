package io.novasolve.core.disk;

import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.lang.reflect.RecordComponent;
import java.util.Collection;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The nouns of Nova as lines {@code name.of.part=value}, which {@link Properties#load} reads; what is null is left out. */
final class RecordText {

    private final Properties lines = new Properties();

    /** Adds a value with all its parts: those of records by their names, those of lists from 1 on. */
    RecordText add(String name, @Nullable Object value) {
        if (value instanceof Record record) {
            for (RecordComponent part : record.getClass().getRecordComponents()) {
                add(name + "." + part.getName(), of(record, part));
            }
        } else if (value instanceof Map<?, ?> map) {
            map.forEach((key, part) -> add(name + "." + key, part));
        } else if (value instanceof Collection<?> all) {
            int number = 0;
            for (Object part : all) {
                number++;
                add(name + "." + number, part);
            }
        } else if (value != null) {
            lines.setProperty(name, value.toString());
        }
        return this;
    }

    private static @Nullable Object of(Record record, RecordComponent part) {
        try {
            return part.getAccessor().invoke(record);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("the accessors of " + record.getClass() + " are public", e);
        }
    }

    /** Sorted, and the same for the same values. */
    String text() {
        StringWriter text = new StringWriter();
        try {
            lines.store(text, null);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        // The comment says what time it is.
        return text.toString()
                .lines()
                .filter(line -> !line.startsWith("#"))
                .sorted()
                .collect(Collectors.joining("\n", "", "\n"));
    }
}
