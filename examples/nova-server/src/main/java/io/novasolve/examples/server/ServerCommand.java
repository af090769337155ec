package io.novasolve.examples.server;

import io.novasolve.core.NovaException;
import io.novasolve.core.spi.TransportException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Starts the server, and stops it when the process is asked to end. */
@Command(
        name = "nova-server",
        description = "The nova web API and page.",
        mixinStandardHelpOptions = true,
        version = "nova-server 0.1.0-SNAPSHOT")
public final class ServerCommand implements Callable<Integer> {

    private static final int USAGE = 2;
    private static final int FAILED = 1;
    private static final Pattern LOCAL = Pattern.compile("localhost|127\\..*|::1");

    @Option(names = "--port", paramLabel = "PORT", description = "To listen at (default: 8080).")
    private @Nullable String port;

    @Option(names = "--host", paramLabel = "ADDRESS", description = "To listen at (default: all addresses).")
    private @Nullable String host;

    @Option(names = "--data", paramLabel = "DIR", description = "Uploads, results and database (default: nova-data).")
    private @Nullable String data;

    @Option(names = "--store", paramLabel = "URL", description = "memory, sqlite:PATH or jdbc:postgresql:….")
    private @Nullable String store;

    @Option(names = "--transport", paramLabel = "T", description = "embedded (default), astrometry or ssh:ALIAS….")
    private @Nullable String transport;

    @Option(names = "--index", paramLabel = "DIR", description = "Folder with index files; may be repeated.")
    private List<String> indexes = List.of();

    @Option(names = "--jobs", paramLabel = "N", description = "Jobs at once (default: half of the cores).")
    private @Nullable String jobs;

    @Option(
            names = "--api-key",
            paramLabel = "KEY",
            description = "The administrator's key, which the list of processes shows; better in a file.")
    private @Nullable String apiKey;

    @Option(
            names = "--api-key-file",
            paramLabel = "FILE",
            description = "With the administrator's key; without one the server is open: any key will do.")
    private @Nullable String apiKeyFile;

    @Option(names = "--config", paramLabel = "FILE", description = "Settings; see server.properties.")
    private @Nullable Path config;

    @Spec
    private CommandSpec spec;

    @SuppressWarnings("NullAway.Init") // picocli sets the fields
    public ServerCommand() {}

    public static void main(String[] args) {
        int status = new CommandLine(new ServerCommand()).execute(args);
        if (status != 0) {
            System.exit(status);
        }
    }

    @Override
    public Integer call() throws InterruptedException {
        try {
            ServerConfig settings = ServerConfig.of(Settings.of(given(), System.getenv(), config));
            NovaServer server = NovaServer.start(settings, Transports.open(settings));
            CountDownLatch stopped = new CountDownLatch(1);
            Runtime.getRuntime()
                    .addShutdownHook(new Thread(
                            () -> {
                                server.close();
                                stopped.countDown();
                            },
                            "nova-server-stop"));
            welcome(settings, server.port()).forEach(spec.commandLine().getErr()::println);
            stopped.await();
            return 0;
        } catch (IllegalArgumentException e) {
            spec.commandLine().getErr().println("nova-server: " + e.getMessage());
            return USAGE;
        } catch (IOException | TransportException | NovaException e) {
            spec.commandLine().getErr().println("nova-server: cannot start: " + e.getMessage());
            return FAILED;
        }
    }

    /** Where it is, and who may use it if that is everybody. */
    static List<String> welcome(ServerConfig config, int port) {
        List<String> lines = new ArrayList<>();
        String host = config.host();
        lines.add("nova-server: listening at http://"
                + (host.isEmpty() ? "localhost" : host.contains(":") ? "[" + host + "]" : host) + ":" + port + "/"
                + (host.isEmpty() ? ", on all addresses" : ""));
        if (config.apiKey() == null && !LOCAL.matcher(host).matches()) {
            lines.add(
                    "nova-server: anybody who reaches this machine may submit and see what others have submitted;"
                            + " an administrator's key (--api-key-file) closes the server, --host 127.0.0.1 keeps it to this machine");
        }
        return lines;
    }

    private Map<String, String> given() {
        Map<String, String> given = new HashMap<>();
        put(given, "port", port);
        put(given, "host", host);
        put(given, "data", data);
        put(given, "store", store);
        put(given, "transport", transport);
        put(given, "index", indexes.isEmpty() ? null : String.join(",", indexes));
        put(given, "jobs", jobs);
        put(given, "api-key", apiKey);
        put(given, "api-key-file", apiKeyFile);
        return given;
    }

    private static void put(Map<String, String> given, String name, @Nullable String value) {
        if (value != null) {
            given.put(name, value);
        }
    }
}
