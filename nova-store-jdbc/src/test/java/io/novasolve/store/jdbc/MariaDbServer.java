package io.novasolve.store.jdbc;

import io.novasolve.testkit.Surroundings;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Debian's MariaDB on a free port, with a data folder of its own and a root that needs no password. */
public final class MariaDbServer implements AutoCloseable {

    private final Path folder;
    private final int port;
    private final List<String> options;
    private Process process;

    /**
     * Makes the data folder, and starts.
     *
     * @param folder that is there
     * @param options of the server besides the usual ones
     */
    public MariaDbServer(Path folder, String... options) throws IOException, InterruptedException {
        this.folder = folder;
        this.options = List.of(options);
        Path log = folder.resolve("install.log");
        Process install = new ProcessBuilder(
                        "mariadb-install-db",
                        "--no-defaults",
                        "--auth-root-authentication-method=normal",
                        "--user=" + System.getProperty("user.name"),
                        "--skip-test-db",
                        "--datadir=" + folder.resolve("data"))
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        if (!install.waitFor(2, TimeUnit.MINUTES) || install.exitValue() != 0) {
            throw new IllegalStateException("mariadb-install-db failed: " + Files.readString(log));
        }
        try (ServerSocket socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
        }
        process = launch();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> process.destroyForcibly()));
        awaitAnswer();
    }

    /** Starts again after {@link #stop} or {@link #crash}, on the same port. */
    public void start() throws IOException, InterruptedException {
        process = launch();
        awaitAnswer();
    }

    private Process launch() throws IOException {
        ProcessBuilder command = new ProcessBuilder(
                Surroundings.program("mariadbd")
                        .orElse(Path.of("/usr/sbin/mariadbd"))
                        .toString(),
                "--no-defaults",
                "--user=" + System.getProperty("user.name"),
                "--datadir=" + folder.resolve("data"),
                "--socket=" + folder.resolve("s"),
                "--bind-address=127.0.0.1",
                "--port=" + port,
                "--skip-log-bin");
        command.command().addAll(options);
        // A zone with summer time, without the files of zones that a machine may lack.
        command.environment().put("TZ", "CET-1CEST,M3.5.0,M10.5.0/3");
        return command.redirectErrorStream(true)
                .redirectOutput(folder.resolve("server.log").toFile())
                .start();
    }

    private void awaitAnswer() throws IOException, InterruptedException {
        long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(2);
        while (true) {
            try (Connection c = DriverManager.getConnection(url("mysql"))) {
                return;
            } catch (SQLException e) {
                if (!process.isAlive() || System.nanoTime() > end) {
                    throw new IllegalStateException(
                            "mariadbd does not answer: " + Files.readString(folder.resolve("server.log")), e);
                }
                process.waitFor(100, TimeUnit.MILLISECONDS);
            }
        }
    }

    /** Makes a database and says its URL. */
    public String create(String database) throws SQLException {
        return create(port, database);
    }

    static String create(int port, String database) throws SQLException {
        try (Connection c = DriverManager.getConnection(url(port, "mysql"));
                Statement s = c.createStatement()) {
            s.execute("create database " + database);
        }
        return url(port, database);
    }

    private String url(String database) {
        return url(port, database);
    }

    private static String url(int port, String database) {
        return "jdbc:mariadb://127.0.0.1:" + port + "/" + database + "?user=root";
    }

    int port() {
        return port;
    }

    /** In good order. */
    public void stop() throws InterruptedException {
        process.destroy();
        process.waitFor();
    }

    /** As {@code kill -9} does it: the next start recovers from the log. */
    public void crash() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    @Override
    public void close() throws InterruptedException {
        crash();
    }
}
