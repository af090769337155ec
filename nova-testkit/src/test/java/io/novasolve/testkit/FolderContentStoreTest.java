package io.novasolve.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.novasolve.core.disk.FolderContentStore;
import io.novasolve.core.model.Content;
import io.novasolve.core.spi.ContentStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FolderContentStoreTest extends ContentStoreContract {

    private final SettableClock clock = new SettableClock();

    @TempDir
    private Path root;

    private Path folder;

    @Override
    protected ContentStore open(Path where) throws IOException {
        folder = where;
        return FolderContentStore.in(where, clock);
    }

    @Override
    protected void letPass(Duration time) {
        clock.advance(time);
    }

    /** Counts every file, so that a forgotten temporary one is found too. */
    @Override
    protected int stored(ContentStore store) throws IOException {
        return files(folder).size();
    }

    private static List<Path> files(Path below) throws IOException {
        try (Stream<Path> all = Files.walk(below)) {
            return all.filter(Files::isRegularFile).toList();
        }
    }

    @Test
    void spreadsFilesOverFolders() throws IOException {
        Content content = store().put(new byte[] {1, 2, 3});
        String hex = content.hash().hex();

        assertThat(files(folder))
                .containsExactly(folder.resolve(hex.substring(0, 2))
                        .resolve(hex.substring(2, 4))
                        .resolve(hex));
    }

    @Test
    void contentOutlivesTheStore() throws IOException {
        Path shared = root.resolve("shared by many");
        Content content = FolderContentStore.in(shared).put(new byte[] {4, 5});

        assertThat(FolderContentStore.in(shared).open(content.hash()).readAllBytes())
                .isEqualTo(new byte[] {4, 5});
    }

    @Test
    void aTemporaryStoreLeavesNothingBehindAndRemovesWhatDeadProcessesLeft() throws IOException {
        Path temporary = Path.of(System.getProperty("java.io.tmpdir"));
        // No process has an id of so many digits.
        Path left = Files.createDirectories(temporary.resolve("nova-content-99999999999-left/ab/cd"));
        Files.write(left.resolve("abcd"), new byte[] {1});
        String mine = "nova-content-" + ProcessHandle.current().pid() + "-";

        try (FolderContentStore store = FolderContentStore.temporary(clock)) {
            Content content = store.put(new byte[] {1, 2, 3});
            assertThat(store.open(content.hash())).hasBinaryContent(new byte[] {1, 2, 3});
            assertThat(named(temporary, mine)).isNotEmpty();
            assertThat(left.getParent().getParent()).doesNotExist();
        }

        assertThat(named(temporary, mine)).isEmpty();
    }

    private static List<Path> named(Path folder, String prefix) throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.filter(p -> p.getFileName().toString().startsWith(prefix))
                    .toList();
        }
    }
}
