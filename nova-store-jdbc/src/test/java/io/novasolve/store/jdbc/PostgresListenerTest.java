package io.novasolve.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.postgresql.ds.PGSimpleDataSource;

/** Who listens for news of work goes on listening when its connection is cut, and when it only falls silent. */
@Timeout(120)
@Tag("once")
class PostgresListenerTest {

    private static final Duration A_MOMENT = Duration.ofMillis(50);

    private final AtomicLong ticks = new AtomicLong();
    private final Wakeup wakeup = new Wakeup(ticks::get, null);

    private Postgres database;
    private Wire wire;
    private PostgresListener listener;

    @BeforeEach
    void start() throws Exception {
        database = new Postgres();
        wire = new Wire(database.port());
        PGSimpleDataSource dataSource = new PGSimpleDataSource();
        dataSource.setUrl(database.url(wire.port()));
        listener = new PostgresListener(dataSource, "news", ticks::get, Map.of("work", wakeup));
        assertThat(listener.isListening()).isTrue();
    }

    @AfterEach
    void stop() throws Exception {
        listener.close();
        wire.close();
        database.close();
    }

    private void execute(String sql) throws Exception {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** Listens until something is heard; fails by the timeout of the test. */
    private void hears() throws Exception {
        wakeup.beforeClaim();
        execute("notify news, 'work'");
        while (!wakeup.hasArrived()) {
            assertThat(listener.listen(A_MOMENT)).isTrue();
        }
    }

    private void passes(Duration time) {
        ticks.addAndGet(time.toNanos());
    }

    @Test
    void listensAgainWhenItsConnectionWasCut() throws Exception {
        hears();
        execute("select pg_terminate_backend(pid) from pg_stat_activity where query = 'listen news'"
                + " and datname = current_database()");

        boolean listening = true;
        while (listening) {
            listening = listener.listen(A_MOMENT);
        }
        assertThat(listener.isListening()).as("during the pause").isFalse();
        passes(Duration.ofSeconds(2));

        assertThat(listener.isListening()).isTrue();
        hears();
    }

    @Test
    void listensAgainWhenItsConnectionFellSilent() throws Exception {
        hears();
        assertThat(wire.silence()).isEqualTo(1);
        assertThat(listener.listen(A_MOMENT)).as("it cannot tell yet").isTrue();

        passes(Duration.ofSeconds(11));
        assertThat(listener.listen(A_MOMENT)).as("nobody answers").isFalse();
        passes(Duration.ofSeconds(2));

        assertThat(listener.isListening()).isTrue();
        hears();
    }

    @Test
    void aConnectionOnWhichNothingHappensIsKept() throws Exception {
        for (int i = 0; i < 3; i++) {
            passes(Duration.ofSeconds(11));
            assertThat(listener.listen(A_MOMENT)).isTrue();
        }
        assertThat(wire.connections()).isEqualTo(1);
        hears();
    }
}
