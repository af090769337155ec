package io.novasolve.store.jdbc;

import java.sql.SQLException;

/** Where the databases differ. */
enum Dialect {
    POSTGRESQL(
            "postgresql",
            "cast(extract(epoch from statement_timestamp()) * 1000000 as bigint)",
            " for update",
            " for update skip locked"),

    /** One writer at a time, so rows need no locks; the file's host is the database's host, so its clock is ours. */
    SQLITE("sqlite", ":now", "", ""),

    MARIADB(
            "mariadb",
            // In UTC: local time is the same twice when summer ends.
            "timestampdiff(microsecond, '1970-01-01', utc_timestamp(6))",
            " for update",
            " for update skip locked"),

    /** Like MariaDB, but an insert tells no more than the key it has made. */
    MYSQL("mariadb", MARIADB.now, MARIADB.forUpdate, MARIADB.skipLocked);

    private static final int SQLITE_BUSY = 5;
    private static final int SQLITE_LOCKED = 6;
    private static final int SQLITE_TOOBIG = 18;
    private static final int SQLITE_CONSTRAINT = 19;
    private static final int SQLITE_MISMATCH = 20;

    private final String folder;
    private final String now;
    private final String forUpdate;
    private final String skipLocked;

    Dialect(String folder, String now, String forUpdate, String skipLocked) {
        this.folder = folder;
        this.now = now;
        this.forUpdate = forUpdate;
        this.skipLocked = skipLocked;
    }

    /**
     * The dialect of a database.
     *
     * @param product as its driver calls it
     * @throws IllegalArgumentException if there is none
     */
    static Dialect of(String product) {
        return switch (product) {
            case "PostgreSQL" -> POSTGRESQL;
            case "SQLite" -> SQLITE;
            case "MariaDB" -> MARIADB;
            case "MySQL" -> MYSQL;
            default ->
                throw new IllegalArgumentException(
                        "there is no store on " + product + "; use PostgreSQL, SQLite, MariaDB or MySQL");
        };
    }

    /** Of the migrations. */
    String folder() {
        return folder;
    }

    /** Microseconds since 1970 by the clock that leases are measured with. */
    String now() {
        return now;
    }

    String forUpdate() {
        return forUpdate;
    }

    String skipLocked() {
        return skipLocked;
    }

    /** Whether {@code insert … returning} gives the new row. */
    boolean hasReturning() {
        return this != MYSQL;
    }

    /** What the name of a column is put between if it may be a word of SQL. */
    String quote() {
        return this == MARIADB || this == MYSQL ? "`" : "\"";
    }

    /** Whether the same transaction may succeed if it is done again: somebody else was faster, or locks crossed. */
    boolean isCollision(SQLException e) {
        String state = e.getSQLState() == null ? "" : e.getSQLState();
        return switch (this) {
            case POSTGRESQL -> state.equals("40001") || state.equals("40P01") || state.equals("23505");
            case MARIADB, MYSQL -> state.equals("40001") || e.getErrorCode() == 1205 || e.getErrorCode() == 1062;
            case SQLITE -> {
                int code = e.getErrorCode() & 0xff;
                yield code == SQLITE_BUSY || code == SQLITE_LOCKED || code == SQLITE_CONSTRAINT;
            }
        };
    }

    /** Whether a database refuses what it was given, and may take something else: too long, not of the type, in the way. */
    boolean isAboutValues(SQLException e) {
        String state = e.getSQLState() == null ? "" : e.getSQLState();
        int code = e.getErrorCode() & 0xff;
        return this == SQLITE
                ? code == SQLITE_CONSTRAINT || code == SQLITE_TOOBIG || code == SQLITE_MISMATCH
                : state.startsWith("22") || state.startsWith("23");
    }
}
