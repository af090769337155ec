package io.novasolve.examples.server;

import io.novasolve.examples.server.accounts.Account;
import io.novasolve.examples.server.db.Database;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Who did what, and from where. No key and no session is ever written here. */
public final class Audit {

    /** One deed. */
    public record Entry(Instant at, @Nullable Integer accountId, String address, String action, String detail) {}

    static final Duration KEPT = Duration.ofDays(365);

    private final Database db;
    private final InstantSource clock;

    public Audit(Database db, InstantSource clock) {
        this.db = db;
        this.clock = clock;
    }

    /** @param account null if it is unknown */
    public void add(@Nullable Account account, String address, String action, String detail) {
        db.write(h -> h.createUpdate("insert into server_audit (happened_at, account_id, address, action, detail)"
                        + " values (:now, :account, :address, :action, :detail)")
                .bind("now", Database.micros(clock.instant()))
                .bind("account", account == null ? null : account.id())
                .bind("address", address)
                .bind("action", action)
                .bind("detail", detail.length() <= 500 ? detail : detail.substring(0, 500))
                .execute());
    }

    /** What is older goes. */
    public void forgetOld() {
        db.write(h -> h.createUpdate("delete from server_audit where happened_at < :before")
                .bind("before", Database.micros(clock.instant().minus(KEPT)))
                .execute());
    }

    /** The newest first. */
    public List<Entry> newest(int limit) {
        return db.read(h -> h.createQuery("select happened_at, account_id, address, action, detail from server_audit"
                        + " order by happened_at desc limit :limit")
                .bind("limit", limit)
                .map((r, c) -> new Entry(
                        Database.instant(r.getLong(1)),
                        (Integer) r.getObject(2),
                        r.getString(3),
                        r.getString(4),
                        r.getString(5)))
                .list());
    }
}
