package io.novasolve.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.novasolve.core.memory.InMemoryContentStore;
import io.novasolve.core.model.Content;
import io.novasolve.core.model.ContentHash;
import io.novasolve.core.model.Job;
import io.novasolve.core.model.JobState;
import io.novasolve.core.spi.ContentStore;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** How often and how far content is read until its job has ended; who unpacks looks at the beginning, too. */
class ReadOnceTest {

    private static final int LARGE = 1 << 20;
    private static final long UNPACKED = 1 << 14;

    private final Counting content = new Counting();

    @Test
    void aPictureIsOpenedOnce() throws Exception {
        byte[] picture = Pictures.noise(600, 400);
        assertThat(picture.length).isGreaterThan(1 << 16);

        assertThat(solve(picture, "picture.png").state()).isEqualTo(JobState.UNSOLVED);

        assertThat(content.opened).hasValue(2);
        assertThat(content.read.get()).isBetween((long) picture.length, picture.length + UNPACKED);
    }

    @Test
    void ofWhatIsNoPictureTheBeginningIsRead() throws Exception {
        byte[] video = new byte[LARGE];
        new Random(7).nextBytes(video);

        Job job = solve(video, "video.mp4");

        assertThat(job.state()).isEqualTo(JobState.FAILED);
        assertThat(job.outcome()).asString().contains("video.mp4 is not a picture");
        assertThat(content.read.get()).isLessThan(1 << 17);
    }

    private Job solve(byte[] bytes, String name) throws Exception {
        try (Nova nova = Nova.builder(new ScriptedTransport()).content(content).start()) {
            return nova.submit(SubmissionRequest.of(bytes, name))
                    .result()
                    .get(20, TimeUnit.SECONDS)
                    .jobs()
                    .get(0);
        }
    }

    private static final class Counting implements ContentStore {

        final InMemoryContentStore store = new InMemoryContentStore();
        final AtomicInteger opened = new AtomicInteger();
        final AtomicLong read = new AtomicLong();

        @Override
        public Content put(InputStream bytes) throws IOException {
            return store.put(bytes);
        }

        @Override
        public InputStream open(ContentHash hash) throws IOException {
            opened.incrementAndGet();
            return new FilterInputStream(store.open(hash)) {
                @Override
                public int read() throws IOException {
                    int b = super.read();
                    read.addAndGet(b < 0 ? 0 : 1);
                    return b;
                }

                @Override
                public int read(byte[] target, int offset, int length) throws IOException {
                    int n = super.read(target, offset, length);
                    read.addAndGet(Math.max(0, n));
                    return n;
                }
            };
        }

        @Override
        public boolean contains(ContentHash hash) {
            return store.contains(hash);
        }

        @Override
        public boolean touch(ContentHash hash) {
            return store.touch(hash);
        }

        @Override
        public List<ContentHash> contents(@Nullable ContentHash after, int limit) {
            return store.contents(after, limit);
        }

        @Override
        public boolean delete(ContentHash hash, Duration notPutFor) {
            return store.delete(hash, notPutFor);
        }
    }
}
