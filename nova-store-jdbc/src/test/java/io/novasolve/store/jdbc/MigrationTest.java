package io.novasolve.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.novasolve.core.model.Content;
import io.novasolve.core.model.ContentHash;
import io.novasolve.core.model.Labels;
import io.novasolve.core.model.SolveOptions;
import io.novasolve.core.spi.NewSubmission;
import io.novasolve.core.spi.StoreException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

/** From every earlier version of the schema to the latest, and the host's ways of having it. */
class MigrationTest {

    private static final Content CONTENT = new Content(new ContentHash("0".repeat(64)), "0".repeat(40), 1);
    private static final NewSubmission SUBMISSION =
            new NewSubmission("anna", "f", CONTENT, SolveOptions.defaults(), null);

    private static DataSource sqlite(Sqlite database) {
        org.sqlite.SQLiteDataSource source = new org.sqlite.SQLiteDataSource();
        source.setUrl("jdbc:sqlite:" + database.file());
        source.setEnforceForeignKeys(true);
        return source;
    }

    private static DataSource postgres(Postgres database) {
        org.postgresql.ds.PGSimpleDataSource source = new org.postgresql.ds.PGSimpleDataSource();
        source.setUrl(database.url());
        return source;
    }

    private static void fromEveryVersion(Function<Integer, DataSource> empty, Dialect dialect) throws SQLException {
        for (int version = 1; version < Migrations.LATEST; version++) {
            DataSource source = empty.apply(version);
            Migrations migrations = new Migrations(source, dialect, null, "nova_");
            migrations.migrate(version);
            assertThat(migrations.version()).isEqualTo(version);
            try (Connection c = source.getConnection();
                    Statement s = c.createStatement()) {
                s.execute(
                        "insert into nova_submission (submitter, file_name, content_sha256, content_sha1, content_size,"
                                + " options, state, submitted_us, ended_us) values ('old', 'f', '" + "0".repeat(64)
                                + "', '"
                                + "0".repeat(40) + "', 1, '', 'unpacked', 1, 2)");
            }
            assertThatThrownBy(() -> JdbcStore.on(source).migrate(false).build())
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("version " + version);
            try (JdbcStore store = JdbcStore.on(source).build()) {
                assertThat(store.submissions(10)).singleElement().satisfies(old -> {
                    assertThat(old.link()).isNull();
                    assertThat(old.labels()).isEqualTo(Labels.NONE);
                });
                store.create(SUBMISSION);
                assertThat(store.submissions(10)).hasSize(2);
            }
        }
    }

    @Test
    void sqliteFromEveryVersion() throws SQLException {
        List<Sqlite> all = new ArrayList<>();
        fromEveryVersion(
                v -> {
                    Sqlite database = new Sqlite();
                    all.add(database);
                    return sqlite(database);
                },
                Dialect.SQLITE);
        all.forEach(Sqlite::close);
    }

    @Test
    void postgresFromEveryVersion() throws SQLException {
        fromEveryVersion(
                v -> {
                    try {
                        return postgres(new Postgres());
                    } catch (SQLException e) {
                        throw new IllegalStateException(e);
                    }
                },
                Dialect.POSTGRESQL);
    }

    @Test
    void aHostMayHaveItsOwnSchemaPrefixAndTables() throws SQLException {
        DataSource source = postgres(new Postgres());
        try (Connection c = source.getConnection();
                Statement s = c.createStatement()) {
            s.execute("create table public.hosts_own (id integer)");
        }
        try (JdbcStore store =
                        JdbcStore.on(source).schema("sky").tablePrefix("solve_").build();
                JdbcStore beside = JdbcStore.on(source).tablePrefix("other_").build()) {
            store.create(SUBMISSION);
            assertThat(store.submissions(5)).hasSize(1);
            assertThat(beside.submissions(5)).isEmpty();
            assertThat(store.submissionQueue().claim(1, "w", java.time.Duration.ofMinutes(1)))
                    .hasSize(1);
        }
        try (Connection c = source.getConnection();
                Statement s = c.createStatement()) {
            s.execute("select count(*) from sky.solve_submission");
        }
        assertThatThrownBy(() -> JdbcStore.on(source).schema("a; drop table x"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void manyWhoStartAtOnceMigrateOnce() throws Exception {
        Sqlite database = new Sqlite();
        ExecutorService starters = Executors.newFixedThreadPool(4);
        try {
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                all.add(starters.submit(() -> database.builder().build().close()));
            }
            for (Future<?> f : all) {
                f.get();
            }
        } finally {
            starters.shutdownNow();
        }
        try (JdbcStore store = database.builder().build()) {
            assertThat(store.submissions(1)).isEmpty();
        } finally {
            database.close();
        }
    }
}
