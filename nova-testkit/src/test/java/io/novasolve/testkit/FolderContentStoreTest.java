package io.novasolve.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.novasolve.core.disk.FolderContentStore;
import io.novasolve.core.disk.TemporaryFolder;
import io.novasolve.core.model.Content;
import io.novasolve.core.model.ContentHash;
import io.novasolve.core.spi.ContentStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert;
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

    /** Processes were killed while they put bytes, and while they deleted some. */
    @Test
    void whatKilledProcessesLeftHalfDoneIsRemovedOrUndone() throws IOException {
        Path shared = root.resolve("shared by many");
        FolderContentStore store = FolderContentStore.in(shared, clock);
        ContentHash half = store.put(new byte[] {1}).hash();
        Path place = shared.resolve(half.hex().substring(0, 2))
                .resolve(half.hex().substring(2, 4))
                .resolve(half.hex());
        Path incoming = shared.resolve("incoming");
        Files.move(place, incoming.resolve(half.hex() + "-4711.deleted"));
        Path part = Files.write(incoming.resolve("put-4711.part"), new byte[] {1, 2});
        Files.setLastModifiedTime(part, FileTime.from(clock.instant()));

        clock.advance(Duration.ofHours(23));
        store = FolderContentStore.existing(shared, clock);
        assertThat(part).as("somebody may still be putting it").exists();
        assertThat(store.contents(null, 10)).containsExactly(half);

        clock.advance(Duration.ofHours(2));
        store = FolderContentStore.in(shared, clock);
        assertThat(files(shared)).containsExactly(place);
        assertThat(store.delete(half, Duration.ofDays(1))).isTrue();
        assertThat(files(shared)).isEmpty();
    }

    @Test
    void aStrangeFileInTheFolderIsLeftAlone() throws IOException {
        Path shared = root.resolve("shared by many");
        FolderContentStore.in(shared);
        Path strange =
                Files.createFile(shared.resolve("incoming").resolve("a file of somebody ".repeat(4) + ".deleted"));

        assertThat(FolderContentStore.in(shared).contents(null, 10)).isEmpty();
        assertThat(strange).exists();
    }

    @Test
    void aFolderThatIsNotThereIsNotTakenForAnEmptyOne() throws IOException {
        Path shared = root.resolve("mounted");
        FolderContentStore store = FolderContentStore.in(shared, clock);
        ContentHash hash = store.put(new byte[] {1}).hash();
        Files.move(shared, root.resolve("elsewhere"));

        List<ThrowableAssert.ThrowingCallable> questions = List.of(
                () -> store.contains(hash),
                () -> store.open(hash),
                () -> store.touch(hash),
                () -> store.delete(hash, Duration.ZERO),
                () -> store.contents(null, 1),
                () -> store.put(new byte[] {1}),
                () -> FolderContentStore.existing(shared, clock));
        for (ThrowableAssert.ThrowingCallable question : questions) {
            assertThatThrownBy(question)
                    .isInstanceOf(IOException.class)
                    .isNotInstanceOf(NoSuchFileException.class)
                    .hasMessageContaining(shared.toString());
        }
        assertThat(shared).doesNotExist();

        Files.move(root.resolve("elsewhere"), shared);
        assertThat(store.contains(hash)).isTrue();
    }

    @Test
    void aTemporaryStoreLeavesNothingBehind(@TempDir Path parent) throws IOException {
        try (FolderContentStore store = FolderContentStore.temporary(TemporaryFolder.in(parent), clock)) {
            Content content = store.put(new byte[] {1, 2, 3});
            assertThat(store.open(content.hash())).hasBinaryContent(new byte[] {1, 2, 3});
            assertThat(files(parent)).hasSizeGreaterThan(1);
        }
        assertThat(parent).isEmptyDirectory();
    }
}
