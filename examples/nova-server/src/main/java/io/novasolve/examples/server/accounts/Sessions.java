package io.novasolve.examples.server.accounts;

import io.novasolve.examples.server.db.Database;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/** Sessions in the database: they survive a restart, and end 14 days after they were last used. */
public final class Sessions {

    public static final Duration LIFE = Duration.ofDays(14);

    /** Using a session writes only if it is this much older than when it was last written. */
    private static final Duration COARSE = Duration.ofMinutes(10);

    private final Database db;
    private final Keys keys;
    private final InstantSource clock;

    public Sessions(Database db, Keys keys, InstantSource clock) {
        this.db = db;
        this.keys = keys;
        this.clock = clock;
    }

    /** Begins a session and gives its key; nobody can look it up later. */
    public String begin(Account account) {
        String key = keys.session();
        Instant now = clock.instant();
        db.write(h -> {
            h.createUpdate("delete from server_session where expires_at < :now")
                    .bind("now", Database.micros(now))
                    .execute();
            return h.createUpdate("insert into server_session (key_hash, account_id, expires_at)"
                            + " values (:hash, :account, :expires)")
                    .bind("hash", Keys.hash(key))
                    .bind("account", account.id())
                    .bind("expires", Database.micros(now.plus(LIFE)))
                    .execute();
        });
        return key;
    }

    private record Row(Session session, long expires) {}

    /** The session of a key, if it has not ended; its life begins anew. */
    public Optional<Session> use(String key) {
        String hash = Keys.hash(key);
        long now = Database.micros(clock.instant());
        Optional<Row> row = db.read(h -> h.createQuery("select a.id, a.name, a.is_admin, a.commercial,"
                        + " a.modifications, s.expires_at from server_session s"
                        + " join server_account a on a.id = s.account_id"
                        + " where s.key_hash = :hash and s.expires_at > :now")
                .bind("hash", hash)
                .bind("now", now)
                .map((r, c) -> new Row(new Session(Accounts.account(r)), r.getLong("expires_at")))
                .findOne());
        long fresh = now + LIFE.toMillis() * 1000;
        if (row.isPresent() && row.get().expires < fresh - COARSE.toMillis() * 1000) {
            db.write(h -> h.createUpdate("update server_session set expires_at = :expires where key_hash = :hash")
                    .bind("expires", fresh)
                    .bind("hash", hash)
                    .execute());
        }
        return row.map(Row::session);
    }

    public void end(String key) {
        db.write(h -> h.createUpdate("delete from server_session where key_hash = :hash")
                .bind("hash", Keys.hash(key))
                .execute());
    }
}
