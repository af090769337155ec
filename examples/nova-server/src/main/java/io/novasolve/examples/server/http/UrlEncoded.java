package io.novasolve.examples.server.http;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** {@code application/x-www-form-urlencoded}, read leniently: some clients escape nothing. */
final class UrlEncoded {

    private UrlEncoded() {}

    /** Of a field that comes several times the last one counts. */
    static Map<String, String> parse(String text, int maxFields) throws BadRequestException {
        Map<String, String> fields = new LinkedHashMap<>();
        for (String pair : text.split("&", -1)) {
            if (!pair.isEmpty()) {
                int equals = pair.indexOf('=');
                String name = equals < 0 ? pair : pair.substring(0, equals);
                fields.put(decode(name), decode(equals < 0 ? "" : pair.substring(equals + 1)));
            }
            if (fields.size() > maxFields) {
                throw new BadRequestException(400, "a form has at most " + maxFields + " fields");
            }
        }
        return fields;
    }

    /** A percent sign that begins no escape stands for itself. */
    static String decode(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream out = new ByteArrayOutputStream(bytes.length);
        for (int i = 0; i < bytes.length; i++) {
            int high = bytes[i] == '%' && i + 2 < bytes.length ? Character.digit(bytes[i + 1], 16) : -1;
            int low = high < 0 ? -1 : Character.digit(bytes[i + 2], 16);
            if (low >= 0) {
                out.write(high << 4 | low);
                i += 2;
            } else {
                out.write(bytes[i] == '+' ? ' ' : bytes[i]);
            }
        }
        return out.toString(StandardCharsets.UTF_8);
    }
}
