package io.novasolve.examples.server.api;

import io.novasolve.examples.server.json.JsonTree;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The arguments of an API call: one JSON object in the form field {@code request-json}. Clients are used to a lenient
 * reading: numbers may be strings, whole numbers may have a fraction, and whatever is not empty or zero is true.
 */
final class Arguments {

    static final String FIELD = "request-json";

    /** Enough to recognize what was sent, without sending megabytes back. */
    private static final int MAX_ECHO = 2000;

    private final Map<?, ?> values;

    private Arguments(Map<?, ?> values) {
        this.values = values;
    }

    /** @throws ApiException if there is no JSON object */
    static Arguments parse(String json) throws ApiException {
        if (json.isEmpty()) {
            throw new ApiException("no json");
        }
        Object value;
        try {
            value = JsonTree.read(json);
        } catch (IOException e) {
            value = null;
        }
        if (value instanceof Map<?, ?> map) {
            return new Arguments(map);
        }
        String echo = json.length() <= MAX_ECHO ? json : json.substring(0, MAX_ECHO) + "…";
        throw new ApiException("failed to parse JSON: \"" + echo + "\"");
    }

    boolean has(String key) {
        return values.containsKey(key);
    }

    @Nullable
    Object get(String key) {
        return values.get(key);
    }

    /** The text of a value; null if it is absent or null. */
    @Nullable
    String text(String key) {
        Object value = values.get(key);
        return value == null ? null : String.valueOf(value);
    }

    String text(String key, String ifAbsent) {
        String text = text(key);
        return text == null ? ifAbsent : text;
    }

    /** Null if it is absent. */
    @Nullable
    Double number(String key) throws ApiException {
        return values.containsKey(key) ? number(key, values.get(key)) : null;
    }

    /** Rounded towards zero; null if it is absent. */
    @Nullable
    Integer integer(String key) throws ApiException {
        Double number = number(key);
        if (number == null) {
            return null;
        }
        if (Math.abs(number) > Integer.MAX_VALUE) {
            throw new ApiException("\"" + key + "\" is out of range: " + number);
        }
        return (int) (double) number;
    }

    private static double number(String key, @Nullable Object value) throws ApiException {
        double number = Double.NaN;
        if (value instanceof Number n) {
            number = n.doubleValue();
        } else if (value instanceof Boolean b) {
            number = b ? 1 : 0;
        } else if (value instanceof String s) {
            number = parseNumber(s.strip());
        }
        if (!Double.isFinite(number)) {
            throw new ApiException("\"" + key + "\" must be a number");
        }
        return number;
    }

    private static double parseNumber(String text) {
        // Java would take hexadecimal numbers and suffixes as well.
        return text.length() <= 100 && text.matches("[+-]?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d+)?")
                ? Double.parseDouble(text)
                : Double.NaN;
    }

    /** Whether a value is neither absent nor null, false, zero or empty; so the text "false" is true. */
    boolean isTrue(String key) {
        Object value = values.get(key);
        if (value instanceof Boolean b) {
            return b;
        } else if (value instanceof Number n) {
            return n.doubleValue() != 0;
        } else if (value instanceof String s) {
            return !s.isEmpty();
        } else if (value instanceof List<?> list) {
            return !list.isEmpty();
        } else if (value instanceof Map<?, ?> map) {
            return !map.isEmpty();
        }
        return false;
    }

    /** A list of numbers; null if it is something else. */
    double @Nullable [] numbers(String key) {
        if (!(values.get(key) instanceof List<?> list)) {
            return null;
        }
        List<Double> numbers = new ArrayList<>(list.size());
        for (Object value : list) {
            try {
                numbers.add(number(key, value));
            } catch (ApiException e) {
                return null;
            }
        }
        return numbers.stream().mapToDouble(Double::doubleValue).toArray();
    }
}
