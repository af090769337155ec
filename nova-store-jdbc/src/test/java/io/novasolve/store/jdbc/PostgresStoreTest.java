package io.novasolve.store.jdbc;

import io.novasolve.core.spi.Store;
import io.novasolve.testkit.StoreContract;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.RegisterExtension;

@Tag("once")
class PostgresStoreTest extends StoreContract {

    @RegisterExtension
    static final ContractDatabase DATABASE = new ContractDatabase(Postgres::new);

    @Override
    protected Store open() throws Exception {
        return DATABASE.open();
    }

    @Override
    protected Optional<Store> openAgain() {
        return DATABASE.openAgain();
    }

    @Override
    protected void letPass(Duration time) throws Exception {
        TimePasses.of(time);
    }

    @Override
    protected Duration lease() {
        return ContractDatabase.LEASE;
    }
}
