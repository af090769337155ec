package io.novasolve.examples.server.db;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.novasolve.examples.server.RootCause;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Properties;
import java.util.concurrent.locks.ReentrantLock;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/** The database of the server's own tables. Thread-safe. */
public final class Database implements AutoCloseable {

    /** Work on an open connection. */
    @FunctionalInterface
    public interface Work<T> {
        T on(Handle handle);
    }

    private static final int POOL = 10;

    private final HikariDataSource pool;
    private final Jdbi jdbi;
    private final boolean sqlite;

    /** SQLite lets one connection write; waiting here is fair and cheap, waiting there is polling. */
    private final ReentrantLock writer = new ReentrantLock(true);

    private Database(HikariDataSource pool, boolean sqlite) {
        this.pool = pool;
        this.jdbi = Jdbi.create(pool);
        this.sqlite = sqlite;
    }

    /**
     * Opens a database and brings the server's tables up to date.
     *
     * @param url for the driver, such as {@code jdbc:sqlite:/var/lib/nova/nova.db}
     * @param user null if the database wants none
     * @param password null if the database wants none
     * @throws IOException with a sentence that says why that is not possible
     */
    public static Database open(String url, @Nullable String user, @Nullable String password) throws IOException {
        boolean sqlite = url.startsWith("jdbc:sqlite:");
        HikariConfig config = new HikariConfig();
        config.setPoolName("nova-server");
        config.setJdbcUrl(url);
        config.setMaximumPoolSize(POOL);
        Properties login = login(user, password, sqlite);
        config.setDataSourceProperties(login);
        String name = "database " + withoutSecrets(url);
        // The pool would go on trying for a while, and log each try with its stack.
        try (Connection tried = DriverManager.getConnection(url, login)) {
            tried.clearWarnings();
        } catch (SQLException e) {
            throw new IOException(
                    "the " + name + " cannot be opened: " + reason(e, url)
                            + "; see to the settings store, store-user and store-password(-file)",
                    e);
        }
        HikariDataSource pool = new HikariDataSource(config);
        try {
            Flyway.configure(Database.class.getClassLoader())
                    .dataSource(pool)
                    .locations("classpath:io/novasolve/examples/server/db")
                    .table("server_schema_history")
                    // The store's tables lie beside ours.
                    .baselineOnMigrate(true)
                    .baselineVersion("0")
                    .load()
                    .migrate();
            return new Database(pool, sqlite);
        } catch (RuntimeException e) {
            pool.close();
            throw new IOException(
                    "the server's tables in the " + name + " cannot be brought up to date: " + reason(e, url)
                            + "; go back to the copy (or the server) from before, or mend them",
                    e);
        }
    }

    private static String withoutSecrets(String url) {
        return url.replaceFirst("\\?.*", "").replaceFirst("//[^/@]*@", "//");
    }

    /** What lies at the bottom, in one line. */
    private static String reason(Throwable e, String url) {
        return String.valueOf(RootCause.of(e).getMessage())
                .replace(url, withoutSecrets(url))
                .replaceAll("\\s+", " ")
                .strip();
    }

    private static Properties login(@Nullable String user, @Nullable String password, boolean sqlite) {
        Properties properties = sqlite ? sqliteSettings() : new Properties();
        if (user != null) {
            properties.setProperty("user", user);
        }
        if (password != null) {
            properties.setProperty("password", password);
        }
        return properties;
    }

    private static Properties sqliteSettings() {
        Properties properties = new Properties();
        properties.setProperty("journal_mode", "WAL");
        properties.setProperty("synchronous", "NORMAL");
        properties.setProperty("foreign_keys", "true");
        properties.setProperty("busy_timeout", "60000");
        // A transaction that reads first and writes then could not wait for its turn.
        properties.setProperty("transaction_mode", "IMMEDIATE");
        return properties;
    }

    /** For the store, which keeps its tables in the same database. */
    public DataSource dataSource() {
        return pool;
    }

    public <T> T read(Work<T> work) {
        return jdbi.withHandle(work::on);
    }

    /** One transaction. */
    public <T> T write(Work<T> work) {
        if (!sqlite) {
            return jdbi.inTransaction(work::on);
        }
        writer.lock();
        try {
            return jdbi.inTransaction(work::on);
        } finally {
            writer.unlock();
        }
    }

    /** A time as the tables have it. */
    public static long micros(Instant time) {
        return Math.addExact(Math.multiplyExact(time.getEpochSecond(), 1_000_000L), time.getNano() / 1000);
    }

    public static Instant instant(long micros) {
        return Instant.ofEpochSecond(Math.floorDiv(micros, 1_000_000L), Math.floorMod(micros, 1_000_000L) * 1000);
    }

    @Override
    public void close() {
        pool.close();
    }
}
