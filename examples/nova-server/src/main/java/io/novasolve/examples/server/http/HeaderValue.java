package io.novasolve.examples.server.http;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * A header such as {@code form-data; name="file"; filename=x.fits}. Parameters may be quoted or not; a backslash in quotes
 * escapes only a quote or a backslash before the closing quote, since clients send local Windows paths as they are.
 *
 * @param value what stands before the first semicolon, in lower case
 * @param parameters names in lower case
 */
record HeaderValue(String value, Map<String, String> parameters) {

    static HeaderValue parse(String text) {
        int semicolon = text.indexOf(';');
        String value = semicolon < 0 ? text : text.substring(0, semicolon);
        Map<String, String> parameters = new LinkedHashMap<>();
        int at = semicolon;
        while (at >= 0 && at < text.length()) {
            at++;
            int equals = text.indexOf('=', at);
            int next = text.indexOf(';', at);
            if (equals < 0 || next >= 0 && next < equals) {
                at = next;
                continue;
            }
            String name = text.substring(at, equals).trim().toLowerCase(Locale.ROOT);
            int start = equals + 1;
            while (start < text.length() && text.charAt(start) == ' ') {
                start++;
            }
            StringBuilder parameter = new StringBuilder();
            at = start < text.length() && text.charAt(start) == '"'
                    ? quoted(text, start + 1, parameter)
                    : plain(text, start, parameter);
            parameters.putIfAbsent(name, parameter.toString());
        }
        return new HeaderValue(value.trim().toLowerCase(Locale.ROOT), parameters);
    }

    private static int plain(String text, int from, StringBuilder parameter) {
        int end = text.indexOf(';', from);
        parameter.append(text.substring(from, end < 0 ? text.length() : end).trim());
        return end;
    }

    private static int quoted(String text, int from, StringBuilder parameter) {
        int i = from;
        while (i < text.length() && text.charAt(i) != '"') {
            char c = text.charAt(i);
            if (c == '\\' && i + 1 < text.length() && text.charAt(i + 1) == '"' && text.indexOf('"', i + 2) >= 0) {
                i++;
                c = '"';
            }
            parameter.append(c);
            i++;
        }
        return text.indexOf(';', i);
    }

    /** What follows the last slash or backslash, without what cannot be printed. */
    static String baseName(String path) {
        String name = path.substring(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
        StringBuilder clean = new StringBuilder();
        name.codePoints()
                .filter(c -> !Character.isISOControl(c) && Character.getType(c) != Character.SURROGATE)
                .filter(c -> Character.getType(c) != Character.FORMAT && Character.isDefined(c))
                .limit(255)
                .forEach(clean::appendCodePoint);
        return clean.toString().trim();
    }

    /** Header bytes are read one to one; clients mean UTF-8, if that is what it is. */
    static String fromUtf8(String latin1) {
        byte[] bytes = latin1.getBytes(StandardCharsets.ISO_8859_1);
        String utf8 = new String(bytes, StandardCharsets.UTF_8);
        return utf8.indexOf('\ufffd') >= 0 ? latin1 : utf8;
    }
}
