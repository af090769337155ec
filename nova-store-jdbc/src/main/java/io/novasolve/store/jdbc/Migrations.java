package io.novasolve.store.jdbc;

import io.novasolve.core.spi.StoreException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationVersion;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Brings the schema up to date. */
final class Migrations {

    /** The version this code works with. */
    static final int LATEST = 9;

    private static final Logger LOG = LoggerFactory.getLogger(Migrations.class);
    private static final int MAX_TRIES = 5;

    private final DataSource dataSource;
    private final Dialect dialect;
    private final @Nullable String schema;
    private final String prefix;

    Migrations(DataSource dataSource, Dialect dialect, @Nullable String schema, String prefix) {
        this.dataSource = dataSource;
        this.dialect = dialect;
        this.schema = schema;
        this.prefix = prefix;
    }

    private String history() {
        return prefix + "schema_history";
    }

    /** Migrates, unless that has been done already; two processes that start at once do it once. */
    void migrate(int version) {
        for (int attempt = 1; version() < version; attempt++) {
            try {
                flyway(version).migrate();
                return;
            } catch (FlywayException e) {
                // SQLite has no lock for this: whoever came second finds the tables there.
                if (attempt >= MAX_TRIES) {
                    throw new StoreException(
                            "the schema could not be brought to version " + version + ": " + e.getMessage(), e);
                }
                LOG.info("The schema is being migrated by somebody else, or cannot be yet: {}", e.getMessage());
            }
        }
    }

    /** @throws StoreException if somebody else has to migrate first */
    void requireLatest() {
        int version = version();
        if (version < LATEST) {
            throw new StoreException(
                    "the schema has version " + version + ", and this store needs " + LATEST
                            + ": run the migrations in io/novasolve/store/jdbc/" + dialect.folder()
                            + ", or let the store do it (JdbcStore.Builder.migrate)",
                    null);
        }
    }

    private Flyway flyway(int version) {
        FluentConfiguration configuration = Flyway.configure(Migrations.class.getClassLoader())
                .dataSource(dataSource)
                .locations("classpath:io/novasolve/store/jdbc/" + dialect.folder())
                .table(history())
                .placeholders(Map.of("prefix", prefix))
                // The host's own tables may lie beside ours.
                .baselineOnMigrate(true)
                .baselineVersion("0")
                .target(MigrationVersion.fromVersion(Integer.toString(version)));
        if (schema != null) {
            configuration.schemas(schema).defaultSchema(schema).createSchemas(true);
        }
        return configuration.load();
    }

    /** The version of the schema; 0 if there is none yet, or if nobody can tell. */
    int version() {
        String table = (schema == null ? "" : schema + ".") + history();
        String column = dialect.quote() + "version" + dialect.quote();
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement();
                ResultSet versions = statement.executeQuery(
                        "select " + column + " from " + table + " where success and type = 'SQL'")) {
            int latest = 0;
            while (versions.next()) {
                latest = Math.max(latest, Integer.parseInt(versions.getString(1)));
            }
            return latest;
        } catch (SQLException e) {
            LOG.debug("There is no history of the schema yet: {}", e.getMessage());
            return 0;
        }
    }
}
