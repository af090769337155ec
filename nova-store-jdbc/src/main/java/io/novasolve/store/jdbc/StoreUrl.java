package io.novasolve.store.jdbc;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An address without the password that it may have had: drivers and pools write addresses into logs and messages.
 *
 * @param url for the driver
 * @param password null if there was none
 */
record StoreUrl(String url, @Nullable String password) {

    private static final Pattern PASSWORD = Pattern.compile("(?i)([?&;])password=([^&;]*)");
    private static final Pattern USER_INFO = Pattern.compile("(//[^/@:?]*):([^/@?]*)@");

    static StoreUrl parse(String url) {
        String password = null;
        Matcher parameter = PASSWORD.matcher(url);
        if (parameter.find()) {
            password = URLDecoder.decode(parameter.group(2), StandardCharsets.UTF_8);
        }
        return new StoreUrl(withoutSecrets(url), password);
    }

    static String withoutSecrets(String url) {
        String without = PASSWORD.matcher(url).replaceAll("$1");
        without = without.replace("?&", "?").replace("&&", "&").replaceAll("[?&;]$", "");
        return USER_INFO.matcher(without).replaceAll("$1@");
    }

    @Override
    public String toString() {
        return url;
    }
}
