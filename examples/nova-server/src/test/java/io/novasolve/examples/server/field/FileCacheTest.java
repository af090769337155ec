package io.novasolve.examples.server.field;

import static org.assertj.core.api.Assertions.assertThat;

import io.novasolve.testkit.SettableClock;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileCacheTest {

    @TempDir
    private Path folder;

    private final SettableClock clock = new SettableClock();

    private FileCache cache(long most) throws IOException {
        return new FileCache(folder, most, clock);
    }

    private void keep(FileCache cache, String name, int size) throws IOException {
        clock.advance(Duration.ofSeconds(1));
        Path made = cache.unfinished();
        Files.write(made, new byte[size]);
        cache.keep(made, name).bytes().close();
    }

    private boolean use(FileCache cache, String name) throws IOException {
        clock.advance(Duration.ofSeconds(1));
        var found = cache.open(name);
        if (found.isPresent()) {
            found.get().bytes().close();
        }
        return found.isPresent();
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void whatWasNotUsedForLongestGoesFirst() throws IOException {
        FileCache cache = cache(1000);
        keep(cache, "a", 300);
        keep(cache, "b", 300);
        keep(cache, "c", 300);
        assertThat(use(cache, "a")).isTrue();
        keep(cache, "d", 300);
        // A tenth less than what fits, so that not every new one looks at all.
        assertThat(names()).containsExactly("a", "c", "d");
        assertThat(use(cache, "b")).isFalse();
    }

    @Test
    void aSmallerLimitHoldsFromTheStartAndWhatWasUnfinishedIsGone() throws IOException {
        FileCache before = cache(1000);
        keep(before, "a", 300);
        keep(before, "b", 300);
        assertThat(use(before, "a")).isTrue();
        before.unfinished();
        cache(400);
        assertThat(names()).containsExactly("a");
    }

    @Test
    void whoReadsGoesOnReadingWhatGoes() throws IOException {
        FileCache cache = cache(1000);
        keep(cache, "a", 900);
        try (InputStream in = cache.open("a").orElseThrow().bytes()) {
            keep(cache, "b", 900);
            assertThat(names()).containsExactly("b");
            assertThat(in.readAllBytes()).hasSize(900);
        }
    }

    @Test
    void whatIsLargerThanAllIsSentAndNotKept() throws IOException {
        FileCache cache = cache(100);
        Path made = cache.unfinished();
        Files.write(made, new byte[200]);
        try (InputStream in = cache.keep(made, "a").bytes()) {
            assertThat(names()).isEmpty();
            assertThat(in.readAllBytes()).hasSize(200);
        }
    }

    @Test
    void manyAtOnceReadWholeFilesOrMakeThemAgain() throws Exception {
        FileCache cache = cache(2000);
        ExecutorService readers = Executors.newFixedThreadPool(4);
        try {
            List<Future<Void>> all = new ArrayList<>();
            for (int reader = 0; reader < 4; reader++) {
                int first = reader;
                all.add(readers.submit(() -> {
                    for (int i = 0; i < 300; i++) {
                        String name = "f" + (first + i) % 10;
                        var found = cache.open(name);
                        if (found.isEmpty()) {
                            Path made = cache.unfinished();
                            Files.write(made, new byte[500]);
                            found = java.util.Optional.of(cache.keep(made, name));
                        }
                        try (InputStream in = found.get().bytes()) {
                            assertThat(in.readAllBytes()).hasSize(500);
                        }
                    }
                    return null;
                }));
            }
            for (Future<Void> reader : all) {
                reader.get();
            }
        } finally {
            readers.shutdownNow();
        }
        assertThat(names()).hasSizeBetween(1, 4);
    }
}
