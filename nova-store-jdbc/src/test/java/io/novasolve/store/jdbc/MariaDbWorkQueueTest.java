package io.novasolve.store.jdbc;

import io.novasolve.core.spi.Store;
import io.novasolve.testkit.RequiresProgram;
import io.novasolve.testkit.WorkQueueContract;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.RegisterExtension;

@RequiresProgram("mariadbd")
@Tag("once")
class MariaDbWorkQueueTest extends WorkQueueContract {

    @RegisterExtension
    static final ContractDatabase DATABASE = new ContractDatabase(MariaDb::new);

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
