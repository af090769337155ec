package io.novasolve.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.novasolve.core.spi.Store;
import io.novasolve.testkit.RequiresProgram;
import io.novasolve.testkit.StoreContract;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

@RequiresProgram("mariadbd")
@Tag("once")
class MariaDbStoreTest extends StoreContract {

    @RegisterExtension
    static final ContractDatabase DATABASE = new ContractDatabase(MariaDb::new);

    @Override
    protected Store open() throws Exception {
        return DATABASE.open();
    }

    /** On the night when summer ends, local time comes twice. */
    @Test
    void theClockOfLeasesKnowsNoSummer() throws Exception {
        Instant before = Instant.parse("2026-10-24T23:30:00Z");
        try (Connection connection = new MariaDb().connect();
                Statement statement = connection.createStatement()) {
            for (int minutes = 0; minutes < 180; minutes += 20) {
                Instant time = before.plus(Duration.ofMinutes(minutes));
                statement.execute("set timestamp = " + time.getEpochSecond());
                try (ResultSet row = statement.executeQuery("select " + Dialect.MARIADB.now())) {
                    row.next();
                    assertThat(Database.instant(row.getLong(1))).isEqualTo(time);
                }
            }
        }
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
