package io.novasolve.transport.ssh;

import io.novasolve.testkit.Surroundings;
import io.novasolve.transport.ssh.server.ResidentServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The solve server's scripts and its resident form, as tests need them. */
final class SolveServers {

    private SolveServers() {}

    /** Copies {@code nova-solve} and {@code nova-attach} into a new folder. */
    static Path scriptsIn(Path home) throws IOException {
        Files.createDirectories(home);
        for (String script : new String[] {"nova-solve", "nova-attach"}) {
            Files.copy(
                    Surroundings.root()
                            .resolve("nova-transport-ssh/solve-server")
                            .resolve(script),
                    home.resolve(script));
        }
        return home;
    }

    /** Runs a server on a thread that ends as the server is closed. */
    static void run(ResidentServer resident) {
        Thread thread = new Thread(
                () -> {
                    try {
                        resident.run();
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                },
                "resident-server-of-a-test");
        thread.start();
    }
}
