package io.novasolve.store.jdbc;

import io.novasolve.testkit.Surroundings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Debian's MariaDB, started by the test on a free port with a data folder of its own; or the server of MariaDB or MySQL whose
 * port on this machine is given as {@code -Dnova.test.mysql.port}, with a root that needs no password.
 */
final class MariaDb implements TestDatabase {

    private static final AtomicInteger COUNT = new AtomicInteger();

    private static final class Server {
        static final Integer GIVEN = Integer.getInteger("nova.test.mysql.port");
        static final int PORT = GIVEN != null ? GIVEN : start();
    }

    private final String url;

    MariaDb() throws SQLException {
        String name = "test_" + ProcessHandle.current().pid() + "_" + COUNT.incrementAndGet();
        try (Connection c = DriverManager.getConnection(url("mysql"));
                Statement s = c.createStatement()) {
            s.execute("create database " + name);
        }
        url = url(name);
    }

    /** A user of this database alone. */
    void createUser(String name, String password) throws SQLException {
        try (Connection c = connect();
                Statement s = c.createStatement()) {
            s.execute("create user '" + name + "'@'%' identified by '" + password + "'");
            s.execute("grant all on `" + c.getCatalog() + "`.* to '" + name + "'@'%'");
        }
    }

    String url() {
        return url;
    }

    private static String url(String database) {
        return "jdbc:mariadb://127.0.0.1:" + Server.PORT + "/" + database + "?user=root";
    }

    private static int start() {
        try {
            Path folder = Files.createTempDirectory("nova-mariadb-");
            Path log = folder.resolve("install.log");
            Path data = folder.resolve("data");
            Process install = new ProcessBuilder(
                            "mariadb-install-db",
                            "--no-defaults",
                            "--auth-root-authentication-method=normal",
                            "--user=" + System.getProperty("user.name"),
                            "--skip-test-db",
                            "--datadir=" + data)
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
            if (!install.waitFor(2, TimeUnit.MINUTES) || install.exitValue() != 0) {
                throw new IllegalStateException("mariadb-install-db failed: " + Files.readString(log));
            }
            int port;
            try (ServerSocket socket = new ServerSocket(0)) {
                port = socket.getLocalPort();
            }
            ProcessBuilder command = new ProcessBuilder(List.of(
                            Surroundings.program("mariadbd")
                                    .orElse(Path.of("/usr/sbin/mariadbd"))
                                    .toString(),
                            "--no-defaults",
                            "--user=" + System.getProperty("user.name"),
                            "--datadir=" + data,
                            "--socket=" + folder.resolve("s"),
                            "--bind-address=127.0.0.1",
                            "--port=" + port,
                            "--innodb-flush-log-at-trx-commit=2",
                            "--skip-log-bin"))
                    .redirectErrorStream(true)
                    .redirectOutput(folder.resolve("server.log").toFile());
            // A zone with summer time, without the files of zones that a machine may lack.
            command.environment().put("TZ", "CET-1CEST,M3.5.0,M10.5.0/3");
            Process server = command.start();
            Runtime.getRuntime().addShutdownHook(new Thread(server::destroyForcibly));
            await(port, server, folder.resolve("server.log"));
            return port;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static void await(int port, Process server, Path log) throws IOException, InterruptedException {
        long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(2);
        while (true) {
            try (Connection c = DriverManager.getConnection("jdbc:mariadb://127.0.0.1:" + port + "/mysql?user=root")) {
                return;
            } catch (SQLException e) {
                if (!server.isAlive() || System.nanoTime() > end) {
                    throw new IllegalStateException("mariadbd does not answer: " + Files.readString(log), e);
                }
                server.waitFor(100, TimeUnit.MILLISECONDS);
            }
        }
    }

    @Override
    public JdbcStoreBuilder builder() {
        return JdbcStore.at(url);
    }

    @Override
    public Connection connect() throws SQLException {
        return DriverManager.getConnection(url);
    }

    @Override
    public void close() {}
}
