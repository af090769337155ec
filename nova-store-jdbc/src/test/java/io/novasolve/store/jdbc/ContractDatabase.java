package io.novasolve.store.jdbc;

import io.novasolve.core.spi.Store;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** The database of a contract's test class: created before the first test, emptied before each. */
final class ContractDatabase implements BeforeAllCallback, AfterAllCallback {

    /** What tests claim with and let run out; time of a database passes by itself only, so it is short. */
    static final Duration LEASE = Duration.ofMillis(1200);

    /** Starts a database. */
    @FunctionalInterface
    interface Starter {
        TestDatabase start() throws SQLException;
    }

    private final Starter starter;
    private TestDatabase database;

    ContractDatabase(Starter starter) {
        this.starter = starter;
    }

    @Override
    public void beforeAll(ExtensionContext context) throws Exception {
        database = starter.start();
        database.builder().build().close();
    }

    @Override
    public void afterAll(ExtensionContext context) {
        database.close();
    }

    Store open() throws SQLException {
        database.empty();
        // So few that searches of the sky meet it.
        return database.builder().placesAtOnce(7).build();
    }

    Optional<Store> openAgain() {
        return Optional.of(database.builder().build());
    }
}
