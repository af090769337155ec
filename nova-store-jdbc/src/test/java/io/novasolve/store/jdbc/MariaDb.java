package io.novasolve.store.jdbc;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A database of one {@link MariaDbServer} for all tests of this JVM; or of the server of MariaDB or MySQL whose
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
        url = MariaDbServer.create(
                Server.PORT, "test_" + ProcessHandle.current().pid() + "_" + COUNT.incrementAndGet());
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

    private static int start() {
        try {
            return new MariaDbServer(Files.createTempDirectory("nova-mariadb-"), "--innodb-flush-log-at-trx-commit=2")
                    .port();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
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
