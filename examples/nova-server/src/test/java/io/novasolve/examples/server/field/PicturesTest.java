package io.novasolve.examples.server.field;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PicturesTest {

    @Test
    void whoWaitsTooLongForOthersIsToldSo(@TempDir Path folder) throws Exception {
        Pictures pictures = new Pictures(null, folder, 1000, Duration.ofMillis(50), InstantSource.system());
        CountDownLatch begun = new CountDownLatch(2);
        CountDownLatch end = new CountDownLatch(1);
        Pictures.Writing slow = out -> {
            begun.countDown();
            try {
                end.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        };
        ExecutorService others = Executors.newFixedThreadPool(2);
        try {
            List<Future<Pictures.Ready>> two = Stream.generate(
                            () -> others.submit(() -> pictures.passing("text/plain", slow)))
                    .limit(2)
                    .toList();
            begun.await();
            assertThatThrownBy(() -> pictures.passing("text/plain", out -> {}))
                    .isInstanceOf(BusyException.class)
                    .hasMessageContaining("try again");
            end.countDown();
            for (Future<Pictures.Ready> other : two) {
                other.get().bytes().close();
            }
            // There is room again, and nothing is left of what was refused.
            pictures.passing("text/plain", out -> out.write(1)).bytes().close();
            try (Stream<Path> left = Files.list(folder)) {
                assertThat(left).isEmpty();
            }
        } finally {
            end.countDown();
            others.shutdownNow();
        }
    }
}
