package io.novasolve.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jdbi.v3.core.statement.UnableToExecuteStatementException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.sqlite.SQLiteDataSource;

/** Statements are prepared once for a connection, and no use of one is seen by the next. */
class KeptStatementsTest {

    private final CountedStatements counted = new CountedStatements();
    private Connection connection;
    private Jdbi jdbi;

    @BeforeEach
    void open() throws SQLException {
        SQLiteDataSource dataSource = new SQLiteDataSource();
        dataSource.setUrl("jdbc:sqlite::memory:");
        Connection real = dataSource.getConnection();
        connection = counted.of(real);
        KeptStatements kept = new KeptStatements();
        // As a pool does it: what is closed is a handle, and the connection stays.
        jdbi = Jdbi.create(() -> connection);
        jdbi.setStatementBuilderFactory(kept);
        inHandle("create table t (id integer primary key, name text)");
        inHandle("insert into t values (1, 'one'), (2, 'two')");
    }

    @AfterEach
    void close() throws SQLException {
        connection.close();
    }

    /** Handles of a test are never closed, for they would close its one connection. */
    private void inHandle(String sql) {
        jdbi.open().execute(sql);
    }

    private List<String> names(String condition, Object value) {
        return jdbi.open()
                .createQuery("select name from t where " + condition + " order by id")
                .bind("value", value)
                .mapTo(String.class)
                .list();
    }

    @Test
    void theSameTextIsPreparedOnce() {
        int before = counted.prepared();
        for (int i = 0; i < 10; i++) {
            assertThat(names("id = :value", 1 + i % 2)).containsExactly(i % 2 == 0 ? "one" : "two");
        }
        assertThat(counted.prepared() - before).isEqualTo(1);
    }

    @Test
    void aStatementWithinItselfIsAnotherOne() {
        List<String> all = new ArrayList<>();
        jdbi.open()
                .createQuery("select name from t order by id")
                .mapTo(String.class)
                .forEach(outer -> jdbi.open()
                        .createQuery("select name from t order by id")
                        .mapTo(String.class)
                        .forEach(inner -> all.add(outer + " " + inner)));
        assertThat(all).containsExactly("one one", "one two", "two one", "two two");
    }

    @Test
    void aBatchThatFailedLeavesNothingBehind() {
        String insert = "insert into t (id, name) values (:id, :name)";
        PreparedBatch failing = jdbi.open().prepareBatch(insert);
        failing.bind("id", 3).bind("name", "three").add();
        failing.bind("id", 1).bind("name", "one again").add();
        failing.bind("id", 4).bind("name", "four").add();
        assertThatThrownBy(failing::execute).isInstanceOf(UnableToExecuteStatementException.class);
        inHandle("delete from t where id > 2");

        jdbi.open()
                .prepareBatch(insert)
                .bind("id", 5)
                .bind("name", "five")
                .add()
                .execute();

        assertThat(names("id > :value", 0)).containsExactly("one", "two", "five");
    }

    /** Somebody who still read would keep others from changing the table, and the log from being copied. */
    @Test
    void whatWasNotReadToItsEndHoldsNothing() {
        assertThat(jdbi.open()
                        .createQuery("select name from t order by id")
                        .mapTo(String.class)
                        .findFirst())
                .contains("one");

        inHandle("drop table t");
    }

    @Test
    void onlyTheOnesUsedLastAreKept() {
        int before = counted.prepared();
        for (int i = 0; i < 250; i++) {
            assertThat(names("id = 1 and " + i + " = :value", i)).containsExactly("one");
        }
        assertThat(names("id = 1 and 249 = :value", 249)).containsExactly("one");
        assertThat(counted.prepared() - before).as("the last one is kept").isEqualTo(250);
        assertThat(names("id = 1 and 0 = :value", 0)).containsExactly("one");
        assertThat(counted.prepared() - before).as("the first one is not").isEqualTo(251);
    }
}
