package io.novasolve.store.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hears notifications on one connection of its own. It has no thread: of the workers that wait, one listens for all.
 */
final class PostgresListener implements Wakeup.Listener, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(PostgresListener.class);
    private static final Duration PAUSE_AFTER_FAILURE = Duration.ofSeconds(1);

    /** A read cannot be interrupted, so it must not be long. */
    private static final Duration LONGEST_READ = Duration.ofMillis(50);

    /** Who hears nothing for so long makes sure that there is still somebody to be heard. */
    private static final Duration LONGEST_SILENCE = Duration.ofSeconds(10);

    private static final int ANSWER_SECONDS = 2;

    private final DataSource dataSource;
    private final String channel;
    private final LongSupplier ticker;
    private final Map<String, Wakeup> wakeups;
    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable Connection connection;
    private long notBefore;
    private long heardAt;
    private volatile boolean closed;

    /**
     * @param channel a plain word
     * @param wakeups by the payload of a notification; may be filled later
     */
    PostgresListener(DataSource dataSource, String channel, LongSupplier ticker, Map<String, Wakeup> wakeups) {
        this.dataSource = dataSource;
        this.channel = channel;
        this.ticker = ticker;
        this.wakeups = wakeups;
        this.notBefore = ticker.getAsLong();
    }

    @Override
    public boolean isListening() {
        if (!lock.tryLock()) {
            return true;
        }
        try {
            return open() != null;
        } finally {
            lock.unlock();
        }
    }

    private @Nullable Connection open() {
        if (connection == null && !closed && ticker.getAsLong() - notBefore >= 0) {
            try {
                connection = Database.connect(dataSource);
                connection.setAutoCommit(true);
                try (Statement statement = connection.createStatement()) {
                    statement.execute("listen " + channel);
                }
                heardAt = ticker.getAsLong();
                // What came before anybody listened is looked for once.
                wakeups.values().forEach(Wakeup::signal);
            } catch (SQLException e) {
                failed(e);
            }
        }
        return connection;
    }

    private void failed(SQLException e) {
        if (!closed) {
            LOG.warn("Cannot hear of new work, will look for it for a while: {}", e.getMessage());
        }
        notBefore = ticker.getAsLong() + PAUSE_AFTER_FAILURE.toNanos();
        closeConnection();
    }

    private void closeConnection() {
        Connection c = connection;
        connection = null;
        if (c != null) {
            try {
                c.close();
            } catch (SQLException e) {
                LOG.debug("The connection that listened did not close", e);
            }
        }
    }

    @Override
    public boolean listen(Duration atMost) {
        if (!lock.tryLock()) {
            return false;
        }
        try {
            Connection c = open();
            if (c == null) {
                return false;
            }
            Duration read = atMost.compareTo(LONGEST_READ) < 0 ? atMost : LONGEST_READ;
            PGNotification[] notifications =
                    c.unwrap(PGConnection.class).getNotifications((int) Math.max(1, read.toMillis()));
            if (notifications == null || notifications.length == 0) {
                requireLife(c);
            } else {
                heardAt = ticker.getAsLong();
                tell(notifications);
            }
            return true;
        } catch (SQLException e) {
            failed(e);
            return false;
        } finally {
            lock.unlock();
        }
    }

    private void tell(PGNotification[] notifications) {
        for (PGNotification n : notifications) {
            Wakeup wakeup = wakeups.get(n.getParameter());
            if (wakeup != null) {
                wakeup.signal();
            }
        }
    }

    /** A connection that a firewall has forgotten looks like one on which nothing happens. */
    private void requireLife(Connection c) throws SQLException {
        if (ticker.getAsLong() - heardAt < LONGEST_SILENCE.toNanos()) {
            return;
        }
        if (!c.isValid(ANSWER_SECONDS)) {
            throw new SQLException("the connection that listens does not answer any more");
        }
        heardAt = ticker.getAsLong();
    }

    @Override
    public void close() {
        closed = true;
        lock.lock();
        try {
            closeConnection();
        } finally {
            lock.unlock();
        }
    }
}
