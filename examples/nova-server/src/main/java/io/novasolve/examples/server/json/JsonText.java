package io.novasolve.examples.server.json;

import java.util.Collection;
import java.util.Iterator;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes JSON exactly as the nova API does: ASCII only, {@code ", "} and {@code ": "} between things, and floats that always
 * have a point or an exponent. Maps keep their order; values are maps, collections, strings, booleans, whole numbers,
 * doubles and null.
 */
public final class JsonText {

    private final StringBuilder out = new StringBuilder();

    private JsonText() {}

    public static String of(@Nullable Object value) {
        JsonText text = new JsonText();
        text.write(value);
        return text.out.toString();
    }

    private void write(@Nullable Object value) {
        if (value == null || value instanceof Boolean || value instanceof Integer || value instanceof Long) {
            out.append(value);
        } else if (value instanceof Double number) {
            out.append(number(number));
        } else if (value instanceof String string) {
            string(string);
        } else if (value instanceof Map<?, ?> map) {
            object(map);
        } else if (value instanceof Collection<?> list) {
            array(list);
        } else {
            throw new IllegalArgumentException("a " + value.getClass().getName() + " has no form in JSON");
        }
    }

    private void object(Map<?, ?> map) {
        out.append('{');
        Iterator<? extends Map.Entry<?, ?>> entries = map.entrySet().iterator();
        while (entries.hasNext()) {
            Map.Entry<?, ?> entry = entries.next();
            string(String.valueOf(entry.getKey()));
            out.append(": ");
            write(entry.getValue());
            out.append(entries.hasNext() ? ", " : "");
        }
        out.append('}');
    }

    private void array(Collection<?> list) {
        out.append('[');
        Iterator<?> values = list.iterator();
        while (values.hasNext()) {
            write(values.next());
            out.append(values.hasNext() ? ", " : "");
        }
        out.append(']');
    }

    private void string(String value) {
        out.append('"');
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                case '\b' -> out.append("\\b");
                case '\f' -> out.append("\\f");
                default -> {
                    if (c < 0x20 || c > 0x7e) {
                        out.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        out.append('"');
    }

    /** JSON knows no NaN and no infinity: clients choke on them, so nothing may be sent that has one. */
    private static String number(double value) {
        if (!Double.isFinite(value)) {
            throw new IllegalArgumentException(value + " has no form in JSON");
        }
        return ShortestDecimal.of(value);
    }
}
