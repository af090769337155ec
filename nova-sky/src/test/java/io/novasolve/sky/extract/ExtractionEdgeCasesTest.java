package io.novasolve.sky.extract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.novasolve.sky.extract.SyntheticSky.Rendered;
import io.novasolve.sky.picture.Picture;
import io.novasolve.sky.stars.StarList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExtractionEdgeCasesTest {

    private final ExecutorService pool = Executors.newFixedThreadPool(4);

    @AfterEach
    void stop() {
        pool.shutdownNow();
    }

    @ParameterizedTest
    @ValueSource(floats = {0, 255, 65535, 0.1f, -3e-7f, 1e20f, Float.NaN, Float.POSITIVE_INFINITY, Float.MAX_VALUE})
    void aConstantPictureHoldsNoStars(float value) throws Exception {
        Picture constant = new Rendered(301, 157, (y, row) -> Arrays.fill(row, value));
        for (ExtractionSettings settings : List.of(ExtractionSettings.standard(), ExtractionSettings.second())) {
            assertThat(extract(constant, settings).isEmpty()).isTrue();
            assertThat(extract(constant, settings.withInvert(true)).isEmpty()).isTrue();
            assertThat(extract(constant, settings.withDownsample(4)).isEmpty()).isTrue();
        }
    }

    @Test
    void picturesOfFewPixelsGiveNoFailure() throws Exception {
        for (int width = 1; width < 12; width++) {
            for (int height = 1; height < 12; height++) {
                StarList found = extract(
                        new SyntheticSky(width, height, width + 100L * height)
                                .noise(5)
                                .picture(),
                        ExtractionSettings.standard());
                assertThat(found.width()).isEqualTo(width);
                assertThat(found.size()).isLessThanOrEqualTo(4);
            }
        }
    }

    @Test
    void aStripIsAPictureToo() throws Exception {
        Picture strip = new Rendered(200_000, 3, (y, row) -> {
            Arrays.fill(row, 10);
            for (int x = 999; x <= 1001; x++) {
                row[x] += (y == 1 ? 5000 : 3000) / (x == 1000 ? 1 : 2);
            }
        });
        StarList found = extract(strip, ExtractionSettings.standard());
        assertThat(found.size()).isEqualTo(1);
        assertThat(found.x(0)).isEqualTo(1001);
        assertThat(found.y(0)).isEqualTo(2);
    }

    @Test
    void aBlockLargerThanThePictureLeavesOnePixelAndNoStars() throws Exception {
        Picture picture = new SyntheticSky(50, 40, 1).noise(3).picture();
        assertThat(extract(picture, ExtractionSettings.standard().withDownsample(1000))
                        .isEmpty())
                .isTrue();
        assertThat(extract(picture, ExtractionSettings.standard().withDownsample(Integer.MAX_VALUE))
                        .isEmpty())
                .isTrue();
    }

    @Test
    void theListDoesNotDependOnTheNumberOfThreads() throws Exception {
        Picture picture = new SyntheticSky(1100, 900, 7)
                .stars(300, 500, 40_000, 1.5, 8)
                .sky(100, 50, 80)
                .noise(6)
                .quantise(255)
                .enlarged(2);
        for (ExtractionSettings settings : List.of(
                ExtractionSettings.standard(), ExtractionSettings.second().withDownsample(1))) {
            StarList alone = new SourceExtractor(Runnable::run, 1).extract(picture, settings.withMaxStars(400));
            assertThat(alone.size()).isGreaterThan(90);
            for (int threads = 2; threads <= 5; threads++) {
                StarList together = new SourceExtractor(pool, threads).extract(picture, settings.withMaxStars(400));
                assertThat(rows(together)).isEqualTo(rows(alone));
            }
        }
    }

    @Test
    void anExecutorThatNeverRunsAnythingOrRefusesDoesNotStopIt() throws Exception {
        Picture picture = new SyntheticSky(300, 300, 3)
                .stars(30, 900, 9000, 1.5, 12)
                .noise(2)
                .picture();
        Executor refusing = task -> {
            throw new RejectedExecutionException("closed");
        };
        for (Executor executor : List.<Executor>of(task -> {}, refusing)) {
            assertThat(new SourceExtractor(executor, 4)
                            .extract(picture, ExtractionSettings.standard())
                            .size())
                    .isGreaterThan(20);
        }
    }

    @Test
    void anInterruptEndsItAndNobodyReadsThePictureAfterwards() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        AtomicInteger reads = new AtomicInteger();
        Picture endless = new Rendered(100, 10_000_000, (y, row) -> {
            begun.countDown();
            reads.incrementAndGet();
        });
        Throwable[] thrown = new Throwable[1];
        Thread caller = new Thread(() -> {
            try {
                new SourceExtractor(pool, 3)
                        .extract(endless, ExtractionSettings.standard().withDownsample(10));
            } catch (InterruptedException | RuntimeException e) {
                thrown[0] = e;
            }
        });
        caller.start();
        begun.await();
        caller.interrupt();
        caller.join();
        int readsAtEnd = reads.get();
        assertThat(thrown[0]).isInstanceOf(InterruptedException.class);
        assertThat(readsAtEnd).isLessThan(10_000_000);
        pool.shutdown();
        assertThat(pool.awaitTermination(1, java.util.concurrent.TimeUnit.MINUTES))
                .isTrue();
        assertThat(reads.get()).isEqualTo(readsAtEnd);
    }

    @Test
    void aPictureThatFailsFailsTheExtraction() {
        Picture failing = new Rendered(400, 400, (y, row) -> {
            if (y == 333) {
                throw new IllegalStateException("row 333 is gone");
            }
        });
        assertThatIllegalStateException()
                .isThrownBy(() -> new SourceExtractor(pool, 3).extract(failing, ExtractionSettings.standard()))
                .withMessage("row 333 is gone");
    }

    @Test
    void anInterruptBeforehandIsHonouredToo() {
        Thread.currentThread().interrupt();
        assertThatExceptionOfType(InterruptedException.class)
                .isThrownBy(() -> extract(new SyntheticSky(50, 50, 1).picture(), ExtractionSettings.standard()));
        assertThat(Thread.interrupted()).isFalse();
    }

    @Test
    void settingsRefuseWhatMakesNoSense() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ExtractionSettings.standard().withDownsample(-1))
                .withMessageContaining("-1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ExtractionSettings.standard().withMaxStars(0))
                .withMessageContaining("0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new SourceExtractor(pool, 0))
                .withMessageContaining("0");
    }

    private static List<String> rows(StarList list) {
        return java.util.stream.IntStream.range(0, list.size())
                .mapToObj(i -> list.x(i) + " " + list.y(i) + " " + list.flux(i) + " " + list.background(i))
                .toList();
    }

    private StarList extract(Picture picture, ExtractionSettings settings) throws InterruptedException {
        return new SourceExtractor(pool, 2).extract(picture, settings);
    }
}
