package io.novasolve.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.novasolve.core.Nova;
import io.novasolve.core.memory.InMemoryContentStore;
import io.novasolve.core.spi.SolveContext;
import io.novasolve.core.spi.SolveOutcome;
import io.novasolve.core.spi.SolveTask;
import io.novasolve.core.spi.SolverTransport;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.postgresql.ds.PGSimpleDataSource;

/** What a worker process with nothing to do asks of its database. */
@Timeout(120)
@Tag("once")
class IdleCostTest {

    private static final int WORKERS = 3;
    private static final int SECONDS = 3;

    private static final class Unused implements SolverTransport {
        @Override
        public String name() {
            return "unused";
        }

        @Override
        public SolveOutcome solve(SolveTask task, SolveContext context) {
            throw new IllegalStateException("there is nothing to solve");
        }
    }

    private void costs(String name, DataSource database, int perWorkerAndSecond) throws Exception {
        CountedStatements statements = new CountedStatements();
        try (JdbcStore store = JdbcStore.on(statements.of(database)).build();
                Nova nova = Nova.builder(new Unused())
                        .store(store)
                        .content(new InMemoryContentStore())
                        .submissionWorkers(1)
                        .jobWorkers(WORKERS - 1)
                        .lease(Duration.ofSeconds(30))
                        .start()) {
            // It looks often while there has just been work, as there has when it starts.
            pass(SECONDS);
            int before = statements.count();
            pass(SECONDS);
            int count = statements.count() - before;

            System.out.println("an idle process of " + WORKERS + " workers on " + name + ": " + count
                    + " statements in " + SECONDS + " s, " + count * 60 / SECONDS + " a minute; it is " + nova);
            assertThat(count).as("it does look").isPositive();
            // One look of each may begin before the time and one after it, and the process may report.
            assertThat(count).isLessThanOrEqualTo(WORKERS * (SECONDS * perWorkerAndSecond + 1) + 2);
        }
    }

    /** What is measured is what happens in this time. */
    private static void pass(int seconds) throws InterruptedException {
        assertThat(new CountDownLatch(1).await(seconds, TimeUnit.SECONDS)).isFalse();
    }

    @Test
    void onPostgres() throws Exception {
        PGSimpleDataSource database = new PGSimpleDataSource();
        database.setUrl(new Postgres().url());
        costs("PostgreSQL", database, 1);
    }

    @Test
    void onSqlite() throws Exception {
        Sqlite file = new Sqlite();
        org.sqlite.SQLiteDataSource database = new org.sqlite.SQLiteDataSource();
        database.setUrl("jdbc:sqlite:" + file.file());
        database.setEnforceForeignKeys(true);
        try {
            costs("SQLite", database, 4);
        } finally {
            file.close();
        }
    }
}
