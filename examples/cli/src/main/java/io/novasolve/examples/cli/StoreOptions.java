package io.novasolve.examples.cli;

import io.novasolve.core.disk.FolderContentStore;
import io.novasolve.store.jdbc.JdbcStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which shared store, and where its content lies. */
final class StoreOptions {

    static final String MEMORY = "memory";
    private static final String SQLITE = "sqlite:";

    @Option(
            names = "--store",
            paramLabel = "URL",
            description = "sqlite:PATH, jdbc:postgresql:… or jdbc:mariadb:…; memory is the default of solve alone.")
    private String store = MEMORY;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "Folder of the content, shared by all who share the store (default: beside a SQLite file"
                    + " with the ending .content, else .nova/content in the home folder).")
    private @Nullable Path data;

    @Option(
            names = "--password-file",
            paramLabel = "FILE",
            description = "File with the database password; else NOVA_DB_PASSWORD is used.")
    private @Nullable Path passwordFile;

    boolean isMemory() {
        return store.equals(MEMORY);
    }

    /** @throws IllegalArgumentException if there is no such kind of store, or the password cannot be read */
    JdbcStore open() {
        if (isMemory()) {
            throw new IllegalArgumentException("--store is needed: sqlite:PATH, jdbc:postgresql:… or jdbc:mariadb:…");
        }
        return JdbcStore.at(store).password(password()).build();
    }

    /**
     * A store that somebody has made before.
     *
     * @throws IllegalArgumentException as {@link #open}, or if it is a SQLite file that is not there
     */
    JdbcStore openExisting() {
        if (store.startsWith(SQLITE) && !Files.exists(Path.of(store.substring(SQLITE.length())))) {
            throw new IllegalArgumentException(
                    "--store: there is no " + store.substring(SQLITE.length()) + "; 'nova submit' makes a store");
        }
        return open();
    }

    private @Nullable String password() {
        if (passwordFile == null) {
            return System.getenv("NOVA_DB_PASSWORD");
        }
        try {
            return Files.readString(passwordFile).replaceFirst("\\R\\z", "");
        } catch (IOException e) {
            throw new IllegalArgumentException("--password-file: cannot read " + passwordFile, e);
        }
    }

    /**
     * The content of a store.
     *
     * @throws IllegalArgumentException if the folder cannot be used
     */
    FolderContentStore openContent(JdbcStore opened) {
        try {
            return FolderContentStore.of(folder(), opened);
        } catch (IOException e) {
            throw new IllegalArgumentException("--data: " + e.getMessage(), e);
        }
    }

    /** @throws IllegalArgumentException if the folder is not there */
    FolderContentStore openExistingContent() {
        try {
            return FolderContentStore.existing(folder());
        } catch (IOException e) {
            throw new IllegalArgumentException("--data: " + e.getMessage(), e);
        }
    }

    /** Whether the folder of the content is this store's by its name, not one that all stores of a user may share. */
    boolean hasFolderOfItsOwn() {
        return data != null || store.startsWith(SQLITE);
    }

    private Path folder() {
        if (data != null) {
            return data;
        }
        if (store.startsWith(SQLITE)) {
            return Path.of(store.substring(SQLITE.length()) + ".content");
        }
        return Path.of(System.getProperty("user.home"), ".nova", "content");
    }
}
