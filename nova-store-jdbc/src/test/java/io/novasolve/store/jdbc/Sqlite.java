package io.novasolve.store.jdbc;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;

/** A SQLite file in a folder whose name has a blank. */
final class Sqlite implements TestDatabase {

    private final Path folder;

    Sqlite() {
        try {
            folder = Files.createTempDirectory("nova sqlite ");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Path file() {
        return folder.resolve("nova.db");
    }

    @Override
    public JdbcStoreBuilder builder() {
        return JdbcStore.at("sqlite:" + file());
    }

    @Override
    public Connection connect() throws SQLException {
        return DriverManager.getConnection("jdbc:sqlite:" + file());
    }

    @Override
    public void close() {
        for (File file : folder.toFile().listFiles()) {
            if (!file.delete()) {
                file.deleteOnExit();
            }
        }
        if (!folder.toFile().delete()) {
            folder.toFile().deleteOnExit();
        }
    }
}
