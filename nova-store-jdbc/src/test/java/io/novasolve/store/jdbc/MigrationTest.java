package io.novasolve.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.novasolve.core.model.Content;
import io.novasolve.core.model.ContentHash;
import io.novasolve.core.model.Labels;
import io.novasolve.core.model.SolveOptions;
import io.novasolve.core.model.Submission;
import io.novasolve.core.model.SubmissionState;
import io.novasolve.core.spi.Claim;
import io.novasolve.core.spi.NewSubmission;
import io.novasolve.core.spi.StoreException;
import io.novasolve.sky.SkyPosition;
import io.novasolve.testkit.RequiresProgram;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.mariadb.jdbc.MariaDbDataSource;

/** From every earlier version of the schema to the latest, and the host's ways of having it. */
@Tag("once")
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

    /** Those that there are; not every number has been given. */
    private static List<Integer> versions() {
        try (Stream<Path> files = Files.list(Path.of("src/main/resources/io/novasolve/store/jdbc/sqlite"))) {
            return files.map(file -> file.getFileName().toString())
                    .map(name -> Integer.valueOf(name.substring(1, name.indexOf("__"))))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Rows of version 4, which knew nothing of the sky. */
    @Test
    void picturesThatAnOlderVersionSolvedAreFoundOnTheSky() throws SQLException {
        Sqlite database = new Sqlite();
        DataSource source = sqlite(database);
        new Migrations(source, Dialect.SQLITE, null, "nova_").migrate(4);
        String content = "'" + "0".repeat(64) + "', '" + "0".repeat(40) + "', 1";
        try (Connection c = source.getConnection();
                Statement s = c.createStatement()) {
            s.execute("insert into nova_submission (submitter, file_name, content_sha256, content_sha1, content_size,"
                    + " options, state, submitted_us, ended_us) values ('old', 'f', " + content
                    + ", '', 'unpacked', 1, 2)");
            s.execute("insert into nova_image (submission_id, file_name, content_sha256, content_sha1, content_size)"
                    + " values (1, 'f', " + content + ")");
            s.execute("insert into nova_job (submission_id, image_id, state, queued_us, ended_us)"
                    + " values (1, 1, 'solved', 1, 2)");
            s.execute("insert into nova_calibration (job_id, crval_ra_deg, crval_dec_deg, crpix_x, crpix_y, cd11, cd12,"
                    + " cd21, cd22, width_px, height_px, log_odds, matched_stars, index_name)"
                    + " values (1, 83.6, -5.4, 50, 50, -0.01, 0, 0, 0.01, 100, 100, 99, 20, 'index')");
        }
        for (int start = 1; start <= 2; start++) {
            try (JdbcStore store = JdbcStore.on(source).build()) {
                assertThat(store.showing(new SkyPosition(83.7, -5.5), 10)).hasSize(1);
                assertThat(store.near(new SkyPosition(84, -5), 2, 10)).hasSize(1);
                assertThat(store.showing(new SkyPosition(90, 0), 10)).isEmpty();
            }
        }
        database.close();
    }

    private static void fromEveryVersion(Function<Integer, DataSource> empty, Dialect dialect) throws SQLException {
        for (int version : versions()) {
            if (version == Migrations.LATEST) {
                continue;
            }
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
    void aHostsConnectionsNeedNotCommitByThemselves() throws SQLException {
        HikariConfig config = new HikariConfig();
        config.setDataSource(postgres(new Postgres()));
        config.setAutoCommit(false);
        try (HikariDataSource source = new HikariDataSource(config);
                JdbcStore store = JdbcStore.on(source).build()) {
            store.create(SUBMISSION);
            List<Claim<Submission>> claims = store.submissionQueue().claim(1, "w", Duration.ofMinutes(1));
            store.submissionQueue().fail(claims.get(0), "no picture");
            assertThat(store.submission(1).orElseThrow().state()).isEqualTo(SubmissionState.FAILED);
        }
    }

    @Test
    void aHostsSqliteMustLookAtForeignKeys() {
        Sqlite database = new Sqlite();
        org.sqlite.SQLiteDataSource source = new org.sqlite.SQLiteDataSource();
        source.setUrl("jdbc:sqlite:" + database.file());
        assertThatThrownBy(() -> JdbcStore.on(source).build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("foreign_keys=true");
        database.close();
    }

    @RequiresProgram("mariadbd")
    @Test
    void mariaDbFromEveryVersion() throws SQLException {
        fromEveryVersion(
                v -> {
                    try {
                        return new MariaDbDataSource(new MariaDb().url());
                    } catch (SQLException e) {
                        throw new IllegalStateException(e);
                    }
                },
                Dialect.MARIADB);
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
