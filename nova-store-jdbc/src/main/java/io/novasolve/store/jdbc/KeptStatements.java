package io.novasolve.store.jdbc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.statement.DefaultStatementBuilder;
import org.jdbi.v3.core.statement.StatementBuilder;
import org.jdbi.v3.core.statement.StatementBuilderFactory;
import org.jdbi.v3.core.statement.StatementContext;
import org.jspecify.annotations.Nullable;

/**
 * Keeps what was prepared with its connection, below the pool, where the driver does not: on SQLite most statements take
 * longer to prepare than to run. Thread-safe, as long as no two threads use one connection at a time.
 */
final class KeptStatements implements StatementBuilderFactory {

    /** Of one connection, the ones used last. */
    private static final int MOST = 100;

    private final Map<Connection, Idle> byConnection = new HashMap<>();

    /** Statements that nobody uses just now, by their text. */
    private static final class Idle extends LinkedHashMap<String, PreparedStatement> {

        private static final long serialVersionUID = 1;

        void keep(String sql, PreparedStatement statement) throws SQLException {
            close(remove(sql));
            put(sql, statement);
            if (size() > MOST) {
                close(remove(keySet().iterator().next()));
            }
        }

        private static void close(@Nullable PreparedStatement statement) throws SQLException {
            if (statement != null) {
                statement.close();
            }
        }
    }

    @Override
    public StatementBuilder createStatementBuilder(Connection pooled) {
        try {
            Connection connection = pooled.unwrap(Connection.class);
            return new Builder(connection, idle(connection));
        } catch (SQLException e) {
            // A pool that does not let anybody below it: then they are prepared each time.
            return new DefaultStatementBuilder();
        }
    }

    private synchronized Idle idle(Connection connection) throws SQLException {
        Idle known = byConnection.get(connection);
        if (known == null) {
            known = new Idle();
            for (Connection other : List.copyOf(byConnection.keySet())) {
                if (other.isClosed()) {
                    byConnection.remove(other);
                }
            }
            byConnection.put(connection, known);
        }
        return known;
    }

    private static final class Builder extends DefaultStatementBuilder {

        private final Connection connection;
        private final Idle idle;
        private final Map<Statement, String> used = new IdentityHashMap<>();

        Builder(Connection connection, Idle idle) {
            this.connection = connection;
            this.idle = idle;
        }

        @Override
        public PreparedStatement create(Connection pooled, String sql, StatementContext context) throws SQLException {
            if (context.isReturningGeneratedKeys()) {
                return super.create(pooled, sql, context);
            }
            PreparedStatement known = idle.remove(sql);
            PreparedStatement statement = known == null ? connection.prepareStatement(sql) : known;
            used.put(statement, sql);
            return statement;
        }

        @Override
        public void close(Connection pooled, String template, Statement statement) throws SQLException {
            String sql = used.remove(statement);
            if (sql == null) {
                super.close(pooled, template, statement);
            } else {
                PreparedStatement prepared = (PreparedStatement) statement;
                prepared.clearBatch();
                prepared.clearParameters();
                idle.keep(sql, prepared);
            }
        }
    }
}
