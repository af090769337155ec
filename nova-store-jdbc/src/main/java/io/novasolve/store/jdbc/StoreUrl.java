package io.novasolve.store.jdbc;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An address without the secrets that it may have had: drivers and pools write addresses into logs and messages.
 *
 * @param url for the driver
 * @param user of {@code //user:password@host}; null if it was not there
 * @param password null if there was none
 * @param secrets other parameters with a password, such as those of key stores, by their names
 */
record StoreUrl(String url, @Nullable String user, @Nullable String password, Map<String, String> secrets) {

    private static final Pattern SECRET = Pattern.compile("(?i)([?&;])(\\w*password)=([^&;]*)");
    private static final Pattern USER_INFO = Pattern.compile("//([^/@:?]*)(?::([^/@?]*))?@");

    /** @throws IllegalArgumentException if a password in it is not encoded as in addresses */
    static StoreUrl parse(String url) {
        String user = null;
        String password = null;
        Matcher info = USER_INFO.matcher(url);
        if (info.find()) {
            user = decoded(info.group(1));
            password = info.group(2) == null ? null : decoded(info.group(2));
        }
        Map<String, String> secrets = new TreeMap<>();
        Matcher parameter = SECRET.matcher(url);
        while (parameter.find()) {
            if (parameter.group(2).equalsIgnoreCase("password")) {
                password = decoded(parameter.group(3));
            } else {
                secrets.put(parameter.group(2), decoded(parameter.group(3)));
            }
        }
        return new StoreUrl(withoutSecrets(url), user, password, secrets);
    }

    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            // Without the cause: its message quotes a part of the password.
            throw new IllegalArgumentException(
                    "user or password in the address of the store is not encoded: write a % as %25, or give it by itself");
        }
    }

    static String withoutSecrets(String url) {
        String without = SECRET.matcher(url).replaceAll("$1");
        without = without.replaceAll("&{2,}", "&").replace("?&", "?").replaceAll("[?&;]+$", "");
        return USER_INFO.matcher(without).replaceAll("//");
    }

    @Override
    public String toString() {
        return url;
    }
}
