package io.novasolve.store.jdbc;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/** PostgreSQL, started by the test. */
final class Postgres implements TestDatabase {

    private static final AtomicInteger COUNT = new AtomicInteger();

    private static final class Server {
        static final EmbeddedPostgres INSTANCE = start();
    }

    private final String url;

    Postgres() throws SQLException {
        String name = "test_" + COUNT.incrementAndGet();
        try (Connection c = Server.INSTANCE.getPostgresDatabase().getConnection();
                Statement s = c.createStatement()) {
            s.execute("create database " + name);
        }
        url = Server.INSTANCE.getJdbcUrl("postgres", name);
    }

    static EmbeddedPostgres start() {
        try {
            return EmbeddedPostgres.builder()
                    .setServerConfig("max_connections", "200")
                    .setPGStartupWait(Duration.ofMinutes(1))
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String url() {
        return url;
    }

    int port() {
        return Server.INSTANCE.getPort();
    }

    /** As if the server were behind another port. */
    String url(int port) {
        return url.replace(":" + port() + "/", ":" + port + "/");
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
