package io.novasolve.examples.server.accounts;

import io.novasolve.examples.server.db.Database;
import io.novasolve.examples.server.db.Names;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Who may submit, known by API keys. Of a key only its hash is kept. */
public final class Accounts {

    private static final String SELECT = "select id, name, is_admin, commercial, modifications from server_account ";

    /** Begins what stands in place of a hash where there is no key; no hash begins like this. */
    private static final String NO_HASH = "-";

    private final Database db;
    private final Keys keys;
    private final InstantSource clock;
    private final boolean open;

    /** Whose key the settings give; null for nobody. */
    private volatile @Nullable Integer configured;

    /** @param open whether any key will do, for the anonymous account, if nobody has it */
    public Accounts(Database db, Keys keys, InstantSource clock, boolean open) {
        this.db = db;
        this.keys = keys;
        this.clock = clock;
        this.open = open;
    }

    public boolean isOpen() {
        return open;
    }

    public Optional<Account> byKey(String apiKey) {
        Optional<Account> known = db.read(h -> h.createQuery(SELECT + "where key_hash = :hash")
                .bind("hash", Keys.hash(apiKey))
                .map((r, c) -> account(r))
                .findOne());
        return known.isPresent() || !open ? known : byId(Account.ANONYMOUS);
    }

    public Optional<Account> byId(int id) {
        return db.read(h -> h.createQuery(SELECT + "where id = :id")
                .bind("id", id)
                .map((r, c) -> account(r))
                .findOne());
    }

    /** Names by numbers. */
    public Map<Integer, String> names(Collection<Integer> ids) {
        if (ids.isEmpty()) {
            return Map.of();
        }
        return db.read(h -> h
                .createQuery("select id, name from server_account where id in (<ids>)")
                .bindList("ids", Set.copyOf(ids))
                .map((r, c) -> Map.entry(r.getInt(1), r.getString(2)))
                .stream()
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue)));
    }

    public List<Account> all() {
        return db.read(h ->
                h.createQuery(SELECT + "order by id").map((r, c) -> account(r)).list());
    }

    /** A new account, and its API key, which nobody can look up later. */
    public record Created(Account account, String apiKey) {}

    /** @throws IllegalArgumentException if the name is empty, too long or taken */
    public Created create(String name, boolean admin) {
        return create(name, admin, keys.apiKey());
    }

    /** The administrator, by a key that the configuration gives; an older key of his ends, and with it his sessions. */
    public void ensureAdmin(String apiKey) {
        Optional<Integer> admin =
                db.read(h -> h.createQuery("select id from server_account where name = 'admin' and is_admin = 1")
                        .mapTo(Integer.class)
                        .findOne());
        if (admin.isEmpty()) {
            configured = create("admin", true, apiKey).account().id();
            return;
        }
        configured = admin.get();
        if (byKey(apiKey).filter(a -> a.id() == admin.get()).isEmpty()) {
            setHash(admin.get(), Keys.hash(apiKey));
        }
    }

    /** Whether an account has a key that it, or an administrator, can change. */
    public boolean hasOwnKey(int accountId) {
        Integer fixed = configured;
        return accountId != Account.ANONYMOUS && accountId != Account.MACHINE && (fixed == null || accountId != fixed);
    }

    private Created create(String name, boolean admin, String apiKey) {
        Names.require("the name of an account", name, 100);
        return db.write(h -> {
            if (h.createQuery("select count(*) from server_account where name = :name")
                            .bind("name", name)
                            .mapTo(Integer.class)
                            .one()
                    > 0) {
                throw new IllegalArgumentException("there is an account '" + name + "' already");
            }
            Account account = new Account(nextId(h), name, admin, Licence.DEFAULT);
            insert(h, account, apiKey);
            return new Created(account, apiKey);
        });
    }

    private static int nextId(Handle h) {
        return h.createQuery("select max(id) + 1 from server_account")
                .mapTo(Integer.class)
                .one();
    }

    private void insert(Handle h, Account account, String apiKey) {
        h.createUpdate("insert into server_account"
                        + " (id, name, key_hash, is_admin, commercial, modifications, created_at)"
                        + " values (:id, :name, :hash, :admin, :commercial, :modifications, :now)")
                .bind("id", account.id())
                .bind("name", account.name())
                .bind("hash", Keys.hash(apiKey))
                .bind("admin", account.admin() ? 1 : 0)
                .bind("commercial", account.licence().commercial())
                .bind("modifications", account.licence().modifications())
                .bind("now", Database.micros(clock.instant()))
                .execute();
    }

    /** Of pictures that do not say it themselves. */
    public void setLicence(int accountId, Licence licence) {
        db.write(h -> h.createUpdate("update server_account set commercial = :commercial,"
                        + " modifications = :modifications where id = :id")
                .bind("commercial", licence.commercial())
                .bind("modifications", licence.modifications())
                .bind("id", accountId)
                .execute());
    }

    /**
     * A new API key; the old one ends, and with it the account's sessions.
     *
     * @throws IllegalArgumentException if the account has none of its own
     */
    public String renewKey(int accountId) {
        requireOwnKey(accountId);
        String apiKey = keys.apiKey();
        setHash(accountId, Keys.hash(apiKey));
        return apiKey;
    }

    /**
     * Ends an account's key and sessions, until it gets a new key.
     *
     * @throws IllegalArgumentException if the account has none of its own
     */
    public void lock(int accountId) {
        requireOwnKey(accountId);
        setHash(accountId, NO_HASH + accountId);
    }

    /** Accounts that nobody has a key of. */
    public Set<Integer> locked() {
        return db.read(h -> h.createQuery("select id from server_account where key_hash like :none")
                .bind("none", NO_HASH + "%")
                .mapTo(Integer.class)
                .set());
    }

    private void requireOwnKey(int accountId) {
        if (!hasOwnKey(accountId)) {
            throw new IllegalArgumentException(
                    accountId == Account.ANONYMOUS || accountId == Account.MACHINE
                            ? "This account has no key."
                            : "The key of this account is in the server's settings (api-key, api-key-file): change it there,"
                                    + " and start the server again. The old one ends then, with its sessions.");
        }
    }

    private void setHash(int accountId, String hash) {
        db.write(h -> {
            h.createUpdate("delete from server_session where account_id = :id")
                    .bind("id", accountId)
                    .execute();
            return h.createUpdate("update server_account set key_hash = :hash where id = :id")
                    .bind("hash", hash)
                    .bind("id", accountId)
                    .execute();
        });
    }

    static Account account(ResultSet row) throws SQLException {
        return new Account(
                row.getInt("id"),
                row.getString("name"),
                row.getInt("is_admin") != 0,
                new Licence(row.getString("commercial"), row.getString("modifications")));
    }
}
