package io.novasolve.examples.server;

import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Settings by name, from the command line, else from the environment ({@code port} is {@code NOVA_SERVER_PORT} there), else
 * from a file of properties. What is secret may also be in a file of its own, whose path is the setting with {@code -file}.
 */
final class Settings {

    static final Set<String> NAMES = Set.of(
            "host",
            "port",
            "data",
            "store",
            "store-user",
            "store-password",
            "store-password-file",
            "transport",
            "index",
            "engine-config",
            "ssh-config",
            "jobs",
            "threads",
            "api-key",
            "api-key-file",
            "anonymous-uploads",
            "max-upload-bytes",
            "max-form-bytes",
            "request-seconds",
            "cache-max-bytes",
            "catalogues",
            "fetch-max-bytes",
            "fetch-seconds",
            "fetch-private-addresses",
            "uploads-per-minute",
            "anonymous-uploads-per-minute",
            "logins-per-minute",
            "open-jobs",
            "hosts",
            "cors-origins",
            "behind-proxy",
            "drain-seconds",
            "site-name");

    /** What may be in a file of its own. */
    private static final List<String> SECRETS = List.of("store-password", "api-key");

    private static final String ENVIRONMENT_PREFIX = "NOVA_SERVER_";

    private final Map<String, String> values;

    private Settings(Map<String, String> values) {
        this.values = values;
    }

    /**
     * @param given on the command line
     * @param file of properties; null for none
     * @throws IllegalArgumentException if the file has a setting that there is not
     * @throws IOException with a sentence that says why the file cannot be read
     */
    static Settings of(Map<String, String> given, Map<String, String> environment, @Nullable Path file)
            throws IOException {
        Map<String, String> values = new HashMap<>();
        if (file != null) {
            Properties properties = new Properties();
            properties.load(new StringReader(read("the settings file", file)));
            for (String name : properties.stringPropertyNames()) {
                if (!NAMES.contains(name)) {
                    throw new IllegalArgumentException(file + " has '" + name + "', but there is no such setting");
                }
                values.put(name, properties.getProperty(name).strip());
            }
        }
        Map<String, String> set = new HashMap<>();
        for (String name : NAMES) {
            String value = environment.get(
                    ENVIRONMENT_PREFIX + name.toUpperCase(Locale.ROOT).replace('-', '_'));
            if (value != null) {
                set.put(name, value);
            }
        }
        putAll(values, set);
        putAll(values, given);
        values.values().removeIf(String::isEmpty);
        return new Settings(values);
    }

    /** A secret that is given replaces one that is given in the other way further down. */
    private static void putAll(Map<String, String> values, Map<String, String> stronger) {
        for (String secret : SECRETS) {
            if (stronger.containsKey(secret) || stronger.containsKey(secret + "-file")) {
                values.remove(secret);
                values.remove(secret + "-file");
            }
        }
        values.putAll(stronger);
    }

    @Nullable
    String text(String name) {
        return values.get(name);
    }

    String text(String name, String ifAbsent) {
        return values.getOrDefault(name, ifAbsent);
    }

    List<String> list(String name) {
        return Arrays.stream(text(name, "").split("[,\\s]+"))
                .filter(s -> !s.isEmpty())
                .toList();
    }

    long number(String name, long ifAbsent, long least) {
        return number(name, ifAbsent, least, Long.MAX_VALUE);
    }

    int number(String name, int ifAbsent, int least, int most) {
        return (int) number(name, (long) ifAbsent, (long) least, (long) most);
    }

    private long number(String name, long ifAbsent, long least, long most) {
        String text = values.get(name);
        if (text == null) {
            return ifAbsent;
        }
        long number;
        try {
            number = Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(name + " must be a whole number, but is '" + text + "'", e);
        }
        if (number < least || number > most) {
            throw new IllegalArgumentException(name + " must be "
                    + (number < least ? least + " or more" : most + " or less") + ", but is " + text);
        }
        return number;
    }

    boolean is(String name, boolean ifAbsent) {
        String text = values.get(name);
        if (text == null) {
            return ifAbsent;
        }
        return switch (text) {
            case "true", "yes" -> true;
            case "false", "no" -> false;
            default -> throw new IllegalArgumentException(name + " must be true or false, but is '" + text + "'");
        };
    }

    /**
     * A secret, by itself or in a file.
     *
     * @throws IOException with a sentence that says why the file cannot be read
     */
    @Nullable
    String secret(String name) throws IOException {
        String file = values.get(name + "-file");
        return file == null
                ? values.get(name)
                : read("the file of " + name, Path.of(file)).strip();
    }

    private static String read(String what, Path file) throws IOException {
        try {
            return Files.readString(file, StandardCharsets.UTF_8);
        } catch (NoSuchFileException e) {
            throw new IOException(what + " " + file + " cannot be read: there is no such file", e);
        } catch (AccessDeniedException e) {
            throw new IOException(what + " " + file + " cannot be read: the server's user may not", e);
        } catch (CharacterCodingException e) {
            throw new IOException(what + " " + file + " is not text in UTF-8", e);
        } catch (IOException e) {
            throw new IOException(what + " " + file + " cannot be read: " + e.getMessage(), e);
        }
    }
}
