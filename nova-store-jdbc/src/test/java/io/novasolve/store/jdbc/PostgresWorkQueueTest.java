package io.novasolve.store.jdbc;

import io.novasolve.core.spi.Store;
import io.novasolve.testkit.WorkQueueContract;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

class PostgresWorkQueueTest extends WorkQueueContract {

    private static TestDatabase database;

    @BeforeAll
    static void start() throws Exception {
        database = new Postgres();
        database.builder().build().close();
    }

    @AfterAll
    static void stop() {
        database.close();
    }

    @Override
    protected Store open() throws Exception {
        database.empty();
        return database.builder().build();
    }

    @Override
    protected Optional<Store> openAgain() {
        return Optional.of(database.builder().build());
    }

    @Override
    protected void letPass(Duration time) throws Exception {
        TimePasses.of(time);
    }

    @Override
    protected Duration lease() {
        return Duration.ofMillis(1200);
    }
}
