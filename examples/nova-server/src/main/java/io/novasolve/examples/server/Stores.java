package io.novasolve.examples.server;

import io.novasolve.core.spi.Store;
import io.novasolve.examples.server.db.Database;
import io.novasolve.store.jdbc.JdbcStore;
import java.io.IOException;

/** Where submissions are kept: in memory, or in the database that the server's own tables are in. */
final class Stores {

    private Stores() {}

    /** The server's own tables; beside a store in memory they are in a file of the data folder all the same. */
    static Database database(ServerConfig config) throws IOException {
        String store = config.store();
        if (store == null || store.equals("memory")) {
            return Database.open("jdbc:sqlite:" + config.data().resolve("nova.db"), null, null);
        }
        String url = store.startsWith("sqlite:") ? "jdbc:" + store : store;
        return Database.open(url, config.storeUser(), config.storePassword());
    }

    /** On the connections of the server's own tables. */
    static Store open(Database db) {
        return JdbcStore.on(db.dataSource()).build();
    }
}
