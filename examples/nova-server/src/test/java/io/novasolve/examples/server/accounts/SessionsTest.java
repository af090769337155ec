package io.novasolve.examples.server.accounts;

import static org.assertj.core.api.Assertions.assertThat;

import io.novasolve.examples.server.db.Database;
import io.novasolve.testkit.SettableClock;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How long sessions live. */
@Tag("once")
class SessionsTest {

    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final SettableClock clock = new SettableClock();
    private Database db;
    private Accounts accounts;
    private Sessions sessions;
    private Account alice;

    @BeforeEach
    void open(@TempDir Path folder) throws java.io.IOException {
        db = Database.open("jdbc:sqlite:" + folder.resolve("nova.db"), null, null);
        Keys keys = new Keys(new SecureRandom());
        accounts = new Accounts(db, keys, clock, false);
        sessions = new Sessions(db, keys, clock);
        alice = accounts.create("alice", false).account();
    }

    @AfterEach
    void close() {
        db.close();
    }

    private int kept() {
        return db.read(h -> h.createQuery("select count(*) from server_session")
                .mapTo(Integer.class)
                .one());
    }

    @Test
    void whatIsNotUsedForFourteenDaysEndsAndIsForgotten() {
        String key = sessions.begin(alice);
        clock.advance(Duration.ofDays(14).minus(MINUTE));
        String other = sessions.begin(alice);
        clock.advance(MINUTE.plus(MINUTE));
        assertThat(sessions.use(key)).isEmpty();
        assertThat(sessions.use(other)).isPresent();
        assertThat(kept()).isEqualTo(2);
        sessions.begin(alice);
        assertThat(kept()).isEqualTo(2);
    }

    @Test
    void everyUseBeginsItsLifeAnew() {
        String key = sessions.begin(alice);
        for (int i = 0; i < 5; i++) {
            clock.advance(Duration.ofDays(13));
            assertThat(sessions.use(key).orElseThrow().account().name()).isEqualTo("alice");
        }
        // Uses close to each other are not written each; that costs a session ten minutes at most.
        clock.advance(MINUTE.multipliedBy(9));
        assertThat(sessions.use(key)).isPresent();
        clock.advance(Duration.ofDays(14).minus(MINUTE.multipliedBy(10)));
        assertThat(sessions.use(key)).isPresent();
        clock.advance(Duration.ofDays(14));
        assertThat(sessions.use(key)).isEmpty();
    }

    @Test
    void oneThatWasEndedIsOverAndOthersGoOn() {
        String key = sessions.begin(alice);
        String other = sessions.begin(alice);
        sessions.end(key);
        assertThat(sessions.use(key)).isEmpty();
        assertThat(sessions.use(other)).isPresent();
    }

    @Test
    void aNewApiKeyEndsTheAccountsSessionsAndNobodyElses() {
        String key = sessions.begin(alice);
        String bobs = sessions.begin(accounts.create("bob", false).account());
        String apiKey = accounts.renewKey(alice.id());
        assertThat(sessions.use(key)).isEmpty();
        assertThat(sessions.use(bobs)).isPresent();
        assertThat(accounts.byKey(apiKey)).hasValue(alice);
    }
}
