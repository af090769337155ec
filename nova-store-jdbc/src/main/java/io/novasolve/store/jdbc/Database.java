package io.novasolve.store.jdbc;

import io.novasolve.core.spi.StoreException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jdbi.v3.core.statement.Query;
import org.jdbi.v3.core.statement.SqlStatement;
import org.jdbi.v3.core.statement.SqlStatements;
import org.jdbi.v3.core.statement.Update;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Statements and transactions on one database. In the text of a statement {@code {job}} is the table of that name, and
 * {@code {now}} the database's time in microseconds.
 */
final class Database {

    /** Work on an open connection. */
    @FunctionalInterface
    interface Work<T> {
        T on(Handle handle);
    }

    /** Work on a prepared statement. */
    @FunctionalInterface
    interface Prepared<T> {
        T on(PreparedStatement statement) throws SQLException;
    }

    private static final Logger LOG = LoggerFactory.getLogger(Database.class);
    private static final Pattern NAME = Pattern.compile("\\{([a-z_]+)\\}");
    private static final int MAX_TRIES = 20;

    /** Far in the future, in microseconds: what does not fit below is as good as this. */
    private static final long MAX_MICROS = Long.MAX_VALUE / 4;

    private final DataSource dataSource;
    private final Jdbi jdbi;
    private final Dialect dialect;
    private final String prefix;
    private final InstantSource hostClock;
    private final Map<String, String> texts = new ConcurrentHashMap<>();

    /** SQLite lets one connection write; waiting here is fair and cheap, waiting there is polling. */
    private final ReentrantLock writer = new ReentrantLock(true);

    /**
     * @param prefix of the tables, with the schema before it if there is one
     * @param hostClock of the machine the database is on, where the database has none of its own
     */
    Database(DataSource dataSource, Dialect dialect, String prefix, InstantSource hostClock) {
        this.dataSource = dataSource;
        this.jdbi = Jdbi.create(() -> connect(dataSource));
        this.jdbi.getConfig(SqlStatements.class).setUnusedBindingAllowed(true).setAttachAllStatementsForCleanup(false);
        if (dialect == Dialect.SQLITE) {
            this.jdbi.setStatementBuilderFactory(new KeptStatements());
        }
        this.dialect = dialect;
        this.prefix = prefix;
        this.hostClock = hostClock;
    }

    /** A connection whose statements commit by themselves, as pools of host applications may not have them. */
    static Connection connect(DataSource dataSource) throws SQLException {
        Connection connection = dataSource.getConnection();
        if (!connection.getAutoCommit()) {
            connection.setAutoCommit(true);
        }
        return connection;
    }

    Dialect dialect() {
        return dialect;
    }

    String sql(String template) {
        return texts.computeIfAbsent(template, t -> NAME.matcher(t).replaceAll(name -> {
            String word = name.group(1);
            return Matcher.quoteReplacement(
                    switch (word) {
                        case "now" -> dialect.now();
                        case "for_update" -> dialect.forUpdate();
                        case "skip_locked" -> dialect.skipLocked();
                        default -> prefix + word;
                    });
        }));
    }

    Query query(Handle handle, String template) {
        return withNow(handle.createQuery(sql(template)));
    }

    Update update(Handle handle, String template) {
        return withNow(handle.createUpdate(sql(template)));
    }

    PreparedBatch batch(Handle handle, String template) {
        return withNow(handle.prepareBatch(sql(template)));
    }

    /** Gives a statement the time; each row of a batch that needs it but the first has to be given it anew. */
    <S extends SqlStatement<S>> S withNow(S statement) {
        return dialect == Dialect.SQLITE ? statement.bind("now", micros(hostClock.instant())) : statement;
    }

    static long micros(Instant time) {
        return Math.addExact(Math.multiplyExact(time.getEpochSecond(), 1_000_000L), time.getNano() / 1000);
    }

    static long micros(Duration time) {
        return time.compareTo(Duration.ofNanos(Long.MAX_VALUE)) >= 0
                ? MAX_MICROS
                : Math.max(0, Math.min(MAX_MICROS, time.toNanos() / 1000));
    }

    static Instant instant(long micros) {
        return Instant.ofEpochSecond(Math.floorDiv(micros, 1_000_000L), Math.floorMod(micros, 1_000_000L) * 1000);
    }

    /** Statements that each are a transaction of their own. */
    <T> T read(String what, Work<T> work) {
        return translated(what, () -> jdbi.withHandle(work::on));
    }

    /** One transaction, done again when others were in the way. */
    <T> T write(String what, Work<T> work) {
        return translated(what, () -> {
            boolean oneWriter = dialect == Dialect.SQLITE;
            if (oneWriter) {
                writer.lock();
            }
            try {
                return retried(what, () -> jdbi.inTransaction(work::on));
            } finally {
                if (oneWriter) {
                    writer.unlock();
                }
            }
        });
    }

    private <T, X extends Exception> T retried(String what, Body<T, X> body) throws X {
        for (int attempt = 1; ; attempt++) {
            try {
                return body.run();
            } catch (Exception e) {
                SQLException cause = sqlCause(e);
                if (cause == null || attempt >= MAX_TRIES || !dialect.isCollision(cause)) {
                    throw e;
                }
                LOG.debug("{} met another transaction, try {}: {}", what, attempt, cause.getMessage());
                Thread.yield();
            }
        }
    }

    /**
     * One prepared statement that is a transaction of its own, straight on JDBC: for what every job needs, where all that
     * Jdbi does around a statement would cost more than the statement. Its parameters are question marks. It is done again
     * when others were in the way.
     */
    <T> T prepared(String what, String template, Prepared<T> work) {
        try {
            return retried(what, () -> {
                try (Connection connection = connect(dataSource);
                        PreparedStatement statement = connection.prepareStatement(sql(template))) {
                    return work.on(statement);
                }
            });
        } catch (SQLException e) {
            throw failed(what, e, e);
        }
    }

    /** Whether a failure may be due to what was to be stored, rather than to the database. */
    boolean isAboutValues(RuntimeException e) {
        SQLException cause = sqlCause(e);
        return cause == null || dialect.isAboutValues(cause);
    }

    private interface Body<T, X extends Exception> {
        T run() throws X;
    }

    /** Jdbi's messages carry statements with their arguments; what a caller sees is the database's sentence alone. */
    private static <T> T translated(String what, Body<T, RuntimeException> body) {
        try {
            return body.run();
        } catch (JdbiException e) {
            SQLException cause = sqlCause(e);
            throw failed(what, cause, e);
        }
    }

    private static StoreException failed(String what, @Nullable SQLException cause, Exception e) {
        return new StoreException(
                "the database could not " + what + ": "
                        + (cause == null ? e.getClass().getSimpleName() : cause.getMessage())
                        + "; look whether it runs and can be reached",
                cause == null ? e : cause);
    }

    private static @Nullable SQLException sqlCause(Throwable e) {
        for (Throwable t = e; t != null; t = t.getCause()) {
            if (t instanceof SQLException sql) {
                return sql;
            }
        }
        return null;
    }
}
