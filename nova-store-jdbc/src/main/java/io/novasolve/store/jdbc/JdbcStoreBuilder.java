package io.novasolve.store.jdbc;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.novasolve.core.spi.StoreException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Collects what a {@link JdbcStore} needs; not thread-safe. */
public final class JdbcStoreBuilder {

    /**
     * Pages of SQLite's log, 40 MB, before it is copied to the file, which waits for the disk: ten times as many as by default,
     * because jobs change the same few pages again and again.
     */
    private static final int CHECKPOINT_PAGES = 10_000;

    private static final Pattern WORD = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

    private final @Nullable String url;
    private final @Nullable DataSource given;
    private @Nullable String user;
    private @Nullable String password;
    private @Nullable String schema;
    private String prefix = "nova_";
    private boolean migrate = true;
    private boolean listen = true;
    private boolean survivePowerLoss;
    private int poolSize = 8;
    private Duration connectionTimeout = Duration.ofSeconds(10);
    private Duration answerTimeout = Duration.ofSeconds(15);
    private InstantSource hostClock = InstantSource.system();
    private LongSupplier ticker = System::nanoTime;
    private int placesAtOnce = 10_000;

    private JdbcStoreBuilder(@Nullable String url, @Nullable DataSource given) {
        this.url = url;
        this.given = given;
    }

    static JdbcStoreBuilder at(String url) {
        String jdbc = url.startsWith("sqlite:") ? "jdbc:" + url : url;
        if (jdbc.startsWith("jdbc:mysql:")) {
            jdbc = "jdbc:mariadb:" + jdbc.substring("jdbc:mysql:".length());
        }
        if (!jdbc.startsWith("jdbc:sqlite:")
                && !jdbc.startsWith("jdbc:postgresql:")
                && !jdbc.startsWith("jdbc:mariadb:")) {
            throw new IllegalArgumentException("a store is at sqlite:PATH, jdbc:postgresql:… or jdbc:mariadb:…, not at "
                    + StoreUrl.withoutSecrets(url));
        }
        return new JdbcStoreBuilder(jdbc, null);
    }

    static JdbcStoreBuilder on(DataSource dataSource) {
        return new JdbcStoreBuilder(null, dataSource);
    }

    /** Who to connect as; for {@link JdbcStore#at} only. */
    public JdbcStoreBuilder user(@Nullable String value) {
        user = value;
        return this;
    }

    /** The password; for {@link JdbcStore#at} only. It is never logged. */
    public JdbcStoreBuilder password(@Nullable String value) {
        password = value;
        return this;
    }

    /** The schema (on MariaDB the database) that holds the tables; the connection's own if not set. */
    public JdbcStoreBuilder schema(@Nullable String value) {
        schema = value == null ? null : word("schema", value);
        return this;
    }

    /** What the names of all tables begin with; {@code nova_} if not set. */
    public JdbcStoreBuilder tablePrefix(String value) {
        prefix = value.isEmpty() ? value : word("table prefix", value);
        return this;
    }

    /** Whether to bring the schema up to date; if not, the host does that itself. True if not set. */
    public JdbcStoreBuilder migrate(boolean value) {
        migrate = value;
        return this;
    }

    /**
     * Whether to hear of new work on PostgreSQL, on one connection that is kept while workers wait; if not, they look for
     * it. True if not set.
     */
    public JdbcStoreBuilder listen(boolean value) {
        listen = value;
        return this;
    }

    /**
     * Whether a commit on SQLite survives a power cut, for {@link JdbcStore#at} only; it survives the end of the process
     * in any case. False if not set.
     */
    public JdbcStoreBuilder survivePowerLoss(boolean value) {
        survivePowerLoss = value;
        return this;
    }

    /** Connections at most, for {@link JdbcStore#at} only; 8 if not set. */
    public JdbcStoreBuilder poolSize(int value) {
        if (value < 1) {
            throw new IllegalArgumentException("a pool needs at least one connection, but poolSize is " + value);
        }
        poolSize = value;
        return this;
    }

    /** How long to wait for a connection, for {@link JdbcStore#at} only; 10 s if not set. */
    public JdbcStoreBuilder connectionTimeout(Duration value) {
        connectionTimeout = value;
        return this;
    }

    /**
     * How long to wait for an answer of PostgreSQL or MariaDB before its connection counts as broken, for
     * {@link JdbcStore#at} only, and unless the address says {@code socketTimeout}; 15 seconds if not set, never less than a
     * second; a lease should be twice as long, or one silent connection costs those of a whole process. Migrations take the time they need. On PostgreSQL the server ends transactions of which it has heard nothing
     * for as long, so that nobody who vanished holds up others.
     */
    public JdbcStoreBuilder answerTimeout(Duration value) {
        answerTimeout = value;
        return this;
    }

    /** The clock of the machine that a SQLite file is on; other databases have their own. */
    JdbcStoreBuilder hostClock(InstantSource value) {
        hostClock = value;
        return this;
    }

    /** Pictures of one part of the sky that are read at once; 10 000 if not set. */
    JdbcStoreBuilder placesAtOnce(int value) {
        placesAtOnce = value;
        return this;
    }

    /** How much time has passed, in nanoseconds; {@link System#nanoTime} if not set. */
    public JdbcStoreBuilder ticker(LongSupplier value) {
        ticker = value;
        return this;
    }

    private static String word(String what, String value) {
        if (!WORD.matcher(value).matches()) {
            throw new IllegalArgumentException(
                    "a " + what + " has letters, digits and underscores only, but got '" + value + "'");
        }
        return value;
    }

    /**
     * Opens the store.
     *
     * @throws StoreException if the database cannot be reached, or its schema is too old and must not be migrated
     */
    public JdbcStore build() {
        List<AutoCloseable> own = new ArrayList<>();
        try {
            DataSource dataSource = given;
            if (dataSource == null) {
                HikariDataSource pool = new HikariDataSource(pool(true));
                own.add(pool);
                dataSource = pool;
            }
            Dialect dialect = dialect(dataSource);
            if (given != null && dialect == Dialect.SQLITE) {
                requireForeignKeys(dataSource);
            }
            String usedSchema = dialect == Dialect.SQLITE ? null : schema;
            Migrations migrations = new Migrations(dataSource, dialect, usedSchema, prefix);
            if (migrate) {
                migrate(migrations, dialect, usedSchema);
            } else {
                migrations.requireLatest();
            }
            String qualified = (usedSchema == null ? "" : usedSchema + ".") + prefix;
            Database db = new Database(dataSource, dialect, qualified, hostClock);
            DataSource listening = listen && dialect == Dialect.POSTGRESQL ? dataSource : null;
            return new JdbcStore(db, listening, ticker, placesAtOnce, own);
        } catch (RuntimeException e) {
            own.forEach(JdbcStoreBuilder::closeAfterFailure);
            throw e;
        }
    }

    private void migrate(Migrations migrations, Dialect dialect, @Nullable String usedSchema) {
        if (given != null) {
            migrations.migrate(Migrations.LATEST);
        } else if (migrations.version() < Migrations.LATEST) {
            try (HikariDataSource patient = new HikariDataSource(pool(false))) {
                new Migrations(patient, dialect, usedSchema, prefix).migrate(Migrations.LATEST);
            }
        }
    }

    private static void closeAfterFailure(AutoCloseable part) {
        try {
            part.close();
        } catch (Exception e) {
            org.slf4j.LoggerFactory.getLogger(JdbcStoreBuilder.class).warn("{} did not close", part, e);
        }
    }

    private static Dialect dialect(DataSource dataSource) {
        try (Connection connection = dataSource.getConnection()) {
            return Dialect.of(connection.getMetaData().getDatabaseProductName());
        } catch (SQLException e) {
            throw new StoreException(
                    "the database of the store cannot be reached: " + e.getMessage()
                            + "; look whether it runs, and whether address, user and password are right",
                    e);
        }
    }

    /** SQLite looks at foreign keys only where a connection asks it to; without, parts of what is forgotten would stay. */
    private static void requireForeignKeys(DataSource dataSource) {
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("pragma foreign_keys")) {
            if (!row.next() || row.getInt(1) != 1) {
                throw new IllegalArgumentException(
                        "the connections of the given DataSource do not look at foreign keys;"
                                + " set foreign_keys=true (SQLiteConfig.enforceForeignKeys), or let JdbcStore.at make its own");
            }
        } catch (SQLException e) {
            throw new StoreException(
                    "the database of the store cannot be asked for its settings: " + e.getMessage(), e);
        }
    }

    /** @param limited whether it gives up on a server that does not answer */
    private HikariConfig pool(boolean limited) {
        StoreUrl address = StoreUrl.parse(java.util.Objects.requireNonNull(url));
        HikariConfig config = new HikariConfig();
        config.setPoolName("nova-store");
        config.setJdbcUrl(address.url());
        String name = user == null ? address.user() : user;
        if (name != null) {
            config.setUsername(name);
        }
        address.secrets().forEach(config::addDataSourceProperty);
        String secret = password == null ? address.password() : password;
        if (secret != null) {
            config.setPassword(secret);
        }
        config.setConnectionTimeout(Math.max(250, connectionTimeout.toMillis()));
        // The first connection is tried by who asks for it, so that the failure has a sentence.
        config.setInitializationFailTimeout(-1);
        config.setMinimumIdle(0);
        // One more for who listens.
        config.setMaximumPoolSize(poolSize + 1);
        if (address.url().startsWith("jdbc:sqlite:")) {
            config.setDataSourceProperties(sqlite());
            config.setMinimumIdle(1);
            config.setConnectionInitSql("pragma wal_autocheckpoint = " + CHECKPOINT_PAGES);
        } else if (address.url().startsWith("jdbc:mariadb:")) {
            config.setTransactionIsolation("TRANSACTION_READ_COMMITTED");
        }
        if (limited) {
            limit(config, address.url());
        }
        return config;
    }

    private void limit(HikariConfig config, String address) {
        long seconds = Math.max(1, answerTimeout.toSeconds());
        if (address.startsWith("jdbc:postgresql:")) {
            config.setConnectionInitSql("set idle_in_transaction_session_timeout = '" + seconds + "s'");
        }
        if (address.contains("socketTimeout=")) {
            return;
        }
        if (address.startsWith("jdbc:postgresql:")) {
            config.addDataSourceProperty("socketTimeout", Long.toString(seconds));
        } else if (address.startsWith("jdbc:mariadb:")) {
            config.addDataSourceProperty("socketTimeout", Long.toString(1000 * seconds));
        }
    }

    private Properties sqlite() {
        Properties properties = new Properties();
        properties.setProperty("journal_mode", "WAL");
        properties.setProperty("synchronous", survivePowerLoss ? "FULL" : "NORMAL");
        properties.setProperty("foreign_keys", "true");
        properties.setProperty("busy_timeout", "60000");
        // A transaction that reads first and writes then could not wait for its turn.
        properties.setProperty("transaction_mode", "IMMEDIATE");
        return properties;
    }
}
