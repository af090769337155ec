package io.novasolve.examples.server;

import io.novasolve.examples.server.http.FormLimits;
import io.novasolve.fetch.FetchLimits;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How a server is set up; {@code server.properties} says what each setting means.
 *
 * @param host to listen at; empty for all addresses
 * @param port to listen at; 0 for any free one
 * @param data folder for uploads, results, and the database if it is a file
 * @param store {@code memory}, {@code sqlite:PATH} or a JDBC URL; null for a database file in the data folder
 * @param apiKey of the administrator; null for an open server, where any key will do
 * @param indexes folders with index files
 * @param jobs solved at once by this process; -1 for half of the cores, 0 to leave them to worker processes
 * @param threads for one search; 0 for all cores
 * @param catalogues files with objects besides those of the bundled catalogue
 * @param cacheBytes of drawings, before those go that were not used for longest
 * @param strangersUploadsPerMinute of an address without an account
 * @param openJobs of an account at once; 0 for any number
 * @param hosts names that requests may ask for; empty for any
 * @param corsOrigins origins of pages that may use the API; empty for none, * for all
 * @param fetch how far to go for a submitted URL
 * @param drain how long running jobs may go on when the server stops
 */
record ServerConfig(
        String host,
        int port,
        Path data,
        @Nullable String store,
        @Nullable String storeUser,
        @Nullable String storePassword,
        String transport,
        List<Path> indexes,
        @Nullable Path engineConfig,
        @Nullable Path sshConfig,
        int jobs,
        int threads,
        @Nullable String apiKey,
        boolean anonymousUploads,
        FormLimits limits,
        List<Path> catalogues,
        long cacheBytes,
        FetchLimits fetch,
        int uploadsPerMinute,
        int strangersUploadsPerMinute,
        int loginsPerMinute,
        int openJobs,
        List<String> hosts,
        List<String> corsOrigins,
        boolean behindProxy,
        Duration drain,
        String siteName) {

    /** @throws IllegalArgumentException if a setting makes no sense */
    static ServerConfig of(Settings settings) throws IOException {
        String apiKey = settings.secret("api-key");
        String engineConfig = settings.text("engine-config");
        String sshConfig = settings.text("ssh-config");
        FormLimits standard = FormLimits.STANDARD;
        return new ServerConfig(
                settings.text("host", ""),
                settings.number("port", 8080, 0, 65_535),
                Path.of(settings.text("data", "nova-data")),
                store(settings.text("store")),
                settings.text("store-user"),
                settings.secret("store-password"),
                settings.text("transport", "embedded"),
                settings.list("index").stream().map(Path::of).toList(),
                engineConfig == null ? null : Path.of(engineConfig),
                sshConfig == null ? null : Path.of(sshConfig),
                settings.number("jobs", -1, 0, Integer.MAX_VALUE),
                settings.number("threads", 0, 0, Integer.MAX_VALUE),
                apiKey,
                settings.is("anonymous-uploads", apiKey == null),
                new FormLimits(
                        settings.number("max-upload-bytes", standard.body(), 1),
                        settings.number("max-form-bytes", standard.fields(), 1, Integer.MAX_VALUE),
                        standard.parts(),
                        Duration.ofSeconds(settings.number(
                                "request-seconds", standard.time().toSeconds(), 1))),
                settings.list("catalogues").stream().map(Path::of).toList(),
                settings.number("cache-max-bytes", 2_000_000_000, 0),
                FetchLimits.DEFAULT
                        .withBytes(settings.number("fetch-max-bytes", standard.body(), 1))
                        .withTotal(Duration.ofSeconds(settings.number("fetch-seconds", 600, 1)))
                        .withPrivateAddresses(settings.is("fetch-private-addresses", false)),
                settings.number("uploads-per-minute", 0, 0, Integer.MAX_VALUE),
                // Of an open server all are without an account, perhaps a whole observatory behind one address.
                settings.number("anonymous-uploads-per-minute", apiKey == null ? 0 : 60, 0, Integer.MAX_VALUE),
                settings.number("logins-per-minute", 600, 0, Integer.MAX_VALUE),
                settings.number("open-jobs", 0, 0, Integer.MAX_VALUE),
                settings.list("hosts").stream()
                        .map(host -> host.toLowerCase(Locale.ROOT))
                        .toList(),
                settings.list("cors-origins"),
                settings.is("behind-proxy", false),
                Duration.ofSeconds(settings.number("drain-seconds", 30, 0)),
                settings.text("site-name", "Nova"));
    }

    private static @Nullable String store(@Nullable String store) {
        if (store == null
                || store.equals("memory")
                || Stream.of("sqlite:", "jdbc:sqlite:", "jdbc:postgresql:").anyMatch(store::startsWith)) {
            return store;
        }
        // All of it may hold a password.
        throw new IllegalArgumentException("store must be memory, sqlite:PATH or jdbc:postgresql://HOST/DATABASE, but"
                + " begins with '" + store.substring(0, Math.min(store.length(), 12))
                + "'; the server keeps its tables in"
                + " no other database");
    }
}
