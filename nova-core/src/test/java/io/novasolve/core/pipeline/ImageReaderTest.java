package io.novasolve.core.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.novasolve.core.disk.FolderContentStore;
import io.novasolve.core.disk.TemporaryFolder;
import io.novasolve.core.memory.InMemoryContentStore;
import io.novasolve.core.model.Content;
import io.novasolve.core.model.SolveOptions;
import io.novasolve.core.spi.ContentStore;
import io.novasolve.sky.UnreadableInputException;
import io.novasolve.sky.picture.PictureMemory;
import io.novasolve.sky.picture.PictureReader;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageReaderTest {

    private static final SolveOptions OPTIONS = SolveOptions.defaults();

    @TempDir
    Path folder;

    private TemporaryFolder temporary;
    private ImageReader reader;

    @BeforeEach
    void open() {
        temporary = TemporaryFolder.in(folder.resolve("temporary"));
        // Room for one of the pictures below, of 8 bits a pixel.
        reader = new ImageReader(
                Runnable::run, 1, new PictureReader(1_000_000), new PictureMemory(300 * 200), temporary);
    }

    @AfterEach
    void close() throws IOException {
        temporary.close();
    }

    private static byte[] png(int width, int height) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ImageIO.write(new BufferedImage(width, height, BufferedImage.TYPE_BYTE_GRAY), "png", bytes);
        return bytes.toByteArray();
    }

    private long temporaryFiles() throws IOException {
        try (Stream<Path> all = Files.walk(folder.resolve("temporary"))) {
            return all.filter(file -> file.toString().endsWith(".picture")).count();
        }
    }

    @Test
    void contentWithoutAFileIsCopiedToOneUntilTheImageIsClosed() throws Exception {
        ContentStore store = new InMemoryContentStore();
        Content content = store.put(png(300, 200));
        try (ImageReader.Image image = reader.read(store, content, "a.png", OPTIONS)) {
            assertThat(image.passes()).isNotEmpty();
            assertThat(temporaryFiles()).isEqualTo(1);
        }
        assertThat(temporaryFiles()).isZero();
    }

    @Test
    void whatCannotBeReadLeavesNoFileAndNoMemoryBehind() throws Exception {
        ContentStore store = new InMemoryContentStore();
        byte[] whole = png(300, 200);
        Content damaged = store.put(java.util.Arrays.copyOf(whole, whole.length / 2));
        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(() -> reader.read(store, damaged, "half.png", OPTIONS))
                    .isInstanceOf(UnreadableInputException.class)
                    .hasMessageStartingWith("half.png begins as PNG");
        }
        assertThat(temporaryFiles()).isZero();
        reader.read(store, store.put(whole), "whole.png", OPTIONS).close();
    }

    @Test
    void damageOfTheStoreIsTheStores() throws Exception {
        try (FolderContentStore store = FolderContentStore.in(folder.resolve("content"))) {
            Content content = store.put(png(300, 200));
            Files.write(store.file(content.hash()).orElseThrow(), new byte[] {1}, StandardOpenOption.APPEND);
            assertThatThrownBy(() -> reader.read(store, content, "a.png", OPTIONS))
                    .isInstanceOf(IOException.class)
                    .isNotInstanceOf(UnreadableInputException.class)
                    .hasMessageContaining("is damaged: its bytes are not those that were put");
        }
    }

    @Test
    void onlyOneOfTwoPicturesThatNeedAllMemoryIsOpen() throws Exception {
        ContentStore store = new InMemoryContentStore();
        Content first = store.put(png(300, 200));
        Content larger = store.put(png(400, 300));
        CompletableFuture<ImageReader.Image> second;
        AtomicReference<Thread> thread = new AtomicReference<>();
        try (ImageReader.Image image = reader.read(store, first, "first.png", OPTIONS)) {
            second = inAnotherThread(store, larger, thread);
            awaitWaiting(thread);
            assertThat(second).isNotDone();
            assertThat(image.passes()).isNotEmpty();
        }
        // Larger than all there is, and alone.
        second.get(10, TimeUnit.SECONDS).close();
    }

    @Test
    void whoWaitsForMemoryCanBeInterruptedAndTakesNone() throws Exception {
        ContentStore store = new InMemoryContentStore();
        Content content = store.put(png(300, 200));
        AtomicReference<Thread> thread = new AtomicReference<>();
        try (ImageReader.Image image = reader.read(store, content, "first.png", OPTIONS)) {
            CompletableFuture<ImageReader.Image> second = inAnotherThread(store, content, thread);
            awaitWaiting(thread);
            thread.get().interrupt();
            assertThatThrownBy(() -> second.get(10, TimeUnit.SECONDS))
                    .isInstanceOf(ExecutionException.class)
                    .hasCauseInstanceOf(InterruptedException.class);
            assertThat(image.passes()).isNotEmpty();
        }
        reader.read(store, content, "third.png", OPTIONS).close();
        assertThat(temporaryFiles()).isZero();
    }

    @Test
    void listsTakeNoMemoryOfPictures() throws Exception {
        ContentStore store = new InMemoryContentStore();
        try (ImageReader.Image image = reader.read(store, store.put(png(300, 200)), "first.png", OPTIONS)) {
            assertThat(image.passes()).isNotEmpty();
            Content list = store.put("1 2\n3 4\n5 6\n".getBytes(StandardCharsets.US_ASCII));
            try (ImageReader.Image stars = reader.read(store, list, "list.txt", OPTIONS)) {
                assertThat(stars.passes().get(0).stars().get().size()).isEqualTo(3);
            }
        }
    }

    private CompletableFuture<ImageReader.Image> inAnotherThread(
            ContentStore store, Content content, AtomicReference<Thread> thread) {
        CompletableFuture<ImageReader.Image> result = new CompletableFuture<>();
        Thread started = new Thread(() -> {
            try {
                result.complete(reader.read(store, content, "second.png", OPTIONS));
            } catch (IOException | InterruptedException e) {
                result.completeExceptionally(e);
            }
        });
        thread.set(started);
        started.start();
        return result;
    }

    private static void awaitWaiting(AtomicReference<Thread> thread) {
        while (thread.get().getState() != Thread.State.WAITING) {
            assertThat(thread.get().isAlive()).isTrue();
            Thread.onSpinWait();
        }
    }
}
