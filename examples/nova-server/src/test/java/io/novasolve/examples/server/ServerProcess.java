package io.novasolve.examples.server;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Path;

/** The server as people start it: a process of its own on a data folder. */
final class ServerProcess {

    private final Path data;
    private final int port;

    ServerProcess(Path data) throws IOException {
        this.data = data;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
    }

    int port() {
        return port;
    }

    /** What it says goes to the file {@code log} in the data folder. */
    Process start(String... arguments) throws IOException {
        ProcessBuilder process = new ProcessBuilder(
                ProcessHandle.current().info().command().orElse("java"),
                "-Xmx1g",
                "-cp",
                System.getProperty("java.class.path"),
                ServerCommand.class.getName(),
                "--host",
                "127.0.0.1",
                "--port",
                Integer.toString(port),
                "--data",
                data.toString());
        process.command().addAll(java.util.List.of(arguments));
        // All of a test comes from one address, and fast.
        process.environment().put("NOVA_SERVER_ANONYMOUS_UPLOADS_PER_MINUTE", "0");
        process.environment().put("NOVA_SERVER_LOGINS_PER_MINUTE", "0");
        return process.redirectErrorStream(true)
                .redirectOutput(
                        ProcessBuilder.Redirect.appendTo(data.resolve("log").toFile()))
                .start();
    }
}
