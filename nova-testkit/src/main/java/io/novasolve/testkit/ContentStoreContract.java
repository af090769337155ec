package io.novasolve.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.novasolve.core.model.Content;
import io.novasolve.core.model.ContentHash;
import io.novasolve.core.spi.ContentStore;
import io.novasolve.sky.UnreadableInputException;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What every {@link ContentStore} promises. */
public abstract class ContentStoreContract {

    private static final byte[] ABC = "abc".getBytes(StandardCharsets.US_ASCII);
    private static final Duration AN_HOUR = Duration.ofHours(1);

    @TempDir
    @Nullable
    Path temporary;

    private @Nullable ContentStore opened;

    @Test
    void aFileOfAContentHasItsBytes() throws Exception {
        byte[] bytes = new byte[100_000];
        Arrays.fill(bytes, (byte) 7);
        Content content = store().put(bytes);
        Optional<Path> file = store().file(content.hash());
        if (file.isPresent()) {
            assertThat(file.get()).hasBinaryContent(bytes);
        }
        assertThat(store().file(new ContentHash("0".repeat(64)))).isEmpty();
    }

    @Test
    void contentTooLargeForAnArrayIsRefusedBeforeItIsRead() throws Exception {
        Content content = store().put(ABC);
        Content larger = new Content(content.hash(), content.sha1(), 3L << 30);
        assertThatThrownBy(() -> store().read(larger))
                .isInstanceOf(UnreadableInputException.class)
                .hasMessageContaining("has 3221225472 bytes: 2 GiB and more are not held in memory");
    }

    /** An empty store; it may keep its bytes in a folder, whose name has blanks. It is closed after the test. */
    protected abstract ContentStore open(Path folder) throws Exception;

    /** Lets time pass as the store sees it. */
    protected abstract void letPass(Duration time) throws Exception;

    /** How many pieces of content are stored. */
    protected abstract int stored(ContentStore store) throws Exception;

    @BeforeEach
    void openStore() throws Exception {
        if (temporary != null) {
            opened = open(temporary.resolve("a folder with blanks é 🌌"));
        }
    }

    @AfterEach
    void closeStore() throws IOException {
        if (opened != null) {
            opened.close();
        }
    }

    final ContentStore store() {
        if (opened == null) {
            throw new IllegalStateException("the store is open during a test only");
        }
        return opened;
    }

    private byte[] read(ContentHash hash) throws IOException {
        try (InputStream in = store().open(hash)) {
            return in.readAllBytes();
        }
    }

    /** The hashes of “abc” as FIPS 180 gives them. */
    @Test
    void namesBytesByTheirHash() throws Exception {
        Content content = store().put(ABC);

        assertThat(content.hash().hex()).isEqualTo("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        assertThat(content.sha1()).isEqualTo("a9993e364706816aba3e25717850c26c9cd0d89d");
        assertThat(content.size()).isEqualTo(3);
        assertThat(read(content.hash())).isEqualTo(ABC);
        assertThat(store().contains(content.hash())).isTrue();
    }

    @Test
    void keepsNothingAtAllToo() throws Exception {
        Content empty = store().put(new byte[0]);

        assertThat(empty.size()).isZero();
        assertThat(read(empty.hash())).isEmpty();
    }

    @Test
    void givesAllBytesOfAContentAndOnlyOfTheSizeItHas() throws Exception {
        Content content = store().put(ABC);

        assertThat(store().read(content)).isEqualTo(ABC);
        for (long wrong : new long[] {2, 4}) {
            Content other = new Content(content.hash(), content.sha1(), wrong);
            assertThatThrownBy(() -> store().read(other))
                    .isInstanceOf(EOFException.class)
                    .hasMessageContaining(content.hash().hex());
        }
    }

    @Test
    void keepsTheSameBytesOnce() throws Exception {
        Content first = store().put(ABC);
        Content second = store().put(new ByteArrayInputStream(ABC));

        assertThat(second).isEqualTo(first);
        assertThat(stored(store())).isEqualTo(1);
    }

    @Test
    void whatIsPutDoesNotChangeWithTheArray() throws Exception {
        byte[] bytes = ABC.clone();
        Content content = store().put(bytes);
        bytes[0] = 'x';

        assertThat(read(content.hash())).isEqualTo(ABC);
    }

    @Test
    void doesNotCloseTheStream() throws Exception {
        AtomicBoolean closed = new AtomicBoolean();
        store().put(new ByteArrayInputStream(ABC) {
            @Override
            public void close() {
                closed.set(true);
            }
        });

        assertThat(closed).isFalse();
    }

    @Test
    void saysThatContentIsMissing() throws Exception {
        ContentHash unknown = new ContentHash("0".repeat(64));

        assertThat(store().contains(unknown)).isFalse();
        assertThatThrownBy(() -> store().open(unknown))
                .isInstanceOf(NoSuchFileException.class)
                .hasMessageContaining(unknown.hex())
                .hasMessageContaining("no content");
        assertThat(store().delete(unknown, Duration.ZERO)).isTrue();
        assertThat(store().delete(unknown, AN_HOUR)).isTrue();
    }

    @Test
    void aStreamThatFailsLeavesNothing() throws Exception {
        InputStream failing = new InputStream() {
            private int given;

            @Override
            public int read() throws IOException {
                if (given == 100_000) {
                    throw new IOException("the network is gone");
                }
                given++;
                return 'x';
            }
        };

        assertThatIOException().isThrownBy(() -> store().put(failing)).withMessage("the network is gone");
        assertThat(stored(store())).isZero();
    }

    @Test
    void deletes() throws Exception {
        Content content = store().put(ABC);
        Content other = store().put(new byte[] {1, 2});

        assertThat(store().delete(content.hash(), Duration.ZERO)).isTrue();

        assertThat(store().contains(content.hash())).isFalse();
        assertThatThrownBy(() -> store().open(content.hash())).isInstanceOf(NoSuchFileException.class);
        assertThat(store().contains(other.hash())).isTrue();
        assertThat(stored(store())).isEqualTo(1);
        assertThat(read(store().put(ABC).hash())).isEqualTo(ABC);
    }

    @Test
    void doesNotDeleteWhatSomebodyHasJustPutAgain() throws Exception {
        Content content = store().put(ABC);
        letPass(AN_HOUR.multipliedBy(2));
        store().put(ABC);

        assertThat(store().delete(content.hash(), AN_HOUR)).isFalse();
        assertThat(read(content.hash())).isEqualTo(ABC);

        letPass(AN_HOUR.plusSeconds(5));
        assertThat(store().delete(content.hash(), AN_HOUR)).isTrue();
        assertThat(store().contains(content.hash())).isFalse();
    }

    @Test
    void doesNotDeleteWhatSomebodyIsAboutToReferTo() throws Exception {
        Content content = store().put(ABC);
        letPass(AN_HOUR.multipliedBy(2));

        assertThat(store().touch(content.hash())).isTrue();
        assertThat(store().delete(content.hash(), AN_HOUR)).isFalse();
        assertThat(read(content.hash())).isEqualTo(ABC);

        assertThat(store().touch(new ContentHash("0".repeat(64)))).isFalse();
        assertThat(stored(store())).isEqualTo(1);
    }

    @Test
    void listsWhatItHoldsPageByPage() throws Exception {
        List<ContentHash> all = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            all.add(store().put(new byte[] {(byte) i}).hash());
        }
        all.sort(Comparator.comparing(ContentHash::hex));

        assertThat(store().contents(null, 1000)).isEqualTo(all);
        List<ContentHash> listed = new ArrayList<>();
        ContentHash last = null;
        for (List<ContentHash> page = store().contents(last, 7); !page.isEmpty(); page = store().contents(last, 7)) {
            assertThat(page).hasSizeLessThanOrEqualTo(7);
            listed.addAll(page);
            last = page.get(page.size() - 1);
        }
        assertThat(listed).isEqualTo(all);

        store().delete(all.get(50), Duration.ZERO);
        assertThat(store().contents(all.get(49), 1)).containsExactly(all.get(51));
        assertThat(store().contents(all.get(50), 1)).containsExactly(all.get(51));
        assertThat(store().contents(new ContentHash("f".repeat(64)), 1)).isEmpty();
    }

    @Test
    @Timeout(120)
    void manyMayPutTheSameBytesAtOnce() throws Exception {
        inParallel(8, 25, round -> {
            byte[] bytes = ("round " + round).getBytes(StandardCharsets.US_ASCII);
            Content content = store().put(new ByteArrayInputStream(bytes));
            assertThat(read(content.hash())).isEqualTo(bytes);
        });
        assertThat(stored(store())).isEqualTo(25);
    }

    @Test
    @Timeout(120)
    void whatWasJustPutIsNeverDeletedByOthers() throws Exception {
        ContentHash hash = store().put(ABC).hash();
        AtomicInteger arrivals = new AtomicInteger();
        CyclicBarrier all = new CyclicBarrier(6);
        inParallel(6, 60, round -> {
            int turn = arrivals.getAndIncrement() % 6;
            if (turn == 0) {
                letPass(AN_HOUR.multipliedBy(2));
            }
            all.await();
            if (turn % 2 == 0) {
                store().put(ABC);
            } else {
                store().delete(hash, AN_HOUR);
            }
            all.await();
            assertThat(read(hash)).isEqualTo(ABC);
        });
    }

    private interface Step {
        void run(int round) throws Exception;
    }

    private static void inParallel(int threads, int rounds, Step step) throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        CyclicBarrier barrier = new CyclicBarrier(threads);
        try {
            List<Future<Object>> ends = new ArrayList<>();
            for (int t = 0; t < threads; t++) {
                Callable<Object> all = () -> {
                    for (int round = 0; round < rounds; round++) {
                        barrier.await();
                        step.run(round);
                    }
                    return "done";
                };
                ends.add(pool.submit(all));
            }
            for (Future<Object> end : ends) {
                assertThat(end.get()).isEqualTo("done");
            }
        } finally {
            pool.shutdownNow();
        }
    }

    /** Whether much more than the heap can be put; false for stores that are on the heap. */
    protected boolean takesMoreThanMemory() {
        return true;
    }

    @Test
    @Timeout(300)
    void takesAStreamOfAnyLength() throws Exception {
        long length = takesMoreThanMemory() ? 300_000_000L : 3_000_000L;
        long before = used();
        long[] peak = {0};
        InputStream endless = new InputStream() {
            private long left = length;

            @Override
            public int read() {
                return left-- > 0 ? 'x' : -1;
            }

            @Override
            public int read(byte[] bytes, int offset, int count) {
                if (left <= 0) {
                    return -1;
                }
                int n = (int) Math.min(count, left);
                left -= n;
                Arrays.fill(bytes, offset, offset + n, (byte) left);
                peak[0] = Math.max(peak[0], n);
                return n;
            }
        };

        Content content = store().put(endless);

        assertThat(content.size()).isEqualTo(length);
        assertThat(peak[0]).as("largest piece asked for").isLessThan(10_000_000);
        if (takesMoreThanMemory()) {
            assertThat(used() - before).as("growth of the heap").isLessThan(length / 2);
        }
        try (InputStream in = store().open(content.hash())) {
            assertThat(in.skip(10)).isEqualTo(10);
        }
    }

    private static long used() {
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }
}
