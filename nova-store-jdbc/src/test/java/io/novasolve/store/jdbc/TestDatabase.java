package io.novasolve.store.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/** A real database for tests; one server for all tests of a JVM, one database for each test class. */
interface TestDatabase extends AutoCloseable {

    List<String> TABLES = List.of(
            "worker",
            "job_attempt",
            "submitter_choice",
            "job_queue",
            "submission_queue",
            "job_file",
            "calibration",
            "job",
            "image",
            "submission");

    JdbcStoreBuilder builder();

    Connection connect() throws SQLException;

    /** Empties all tables of a store with the default names. */
    default void empty() throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            for (String table : TABLES) {
                statement.executeUpdate("delete from nova_" + table);
            }
        }
    }

    @Override
    void close();
}
