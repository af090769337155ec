package io.novasolve.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.novasolve.core.memory.InMemoryContentStore;
import io.novasolve.core.model.Content;
import io.novasolve.core.model.ContentHash;
import io.novasolve.core.model.Job;
import io.novasolve.core.model.JobState;
import io.novasolve.core.spi.ContentStore;
import java.io.ByteArrayOutputStream;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What ended long ago, and content that nothing refers to, is let go of, and nothing else. */
@Timeout(60)
class ForgettingTest extends NovasOnOneStore {

    @Test
    void contentThatNothingRefersToIsDeletedAfterADay() throws Exception {
        AtomicLong ticks = new AtomicLong();
        InMemoryContentStore aging = new InMemoryContentStore(() -> java.time.Instant.EPOCH.plusNanos(ticks.get()));
        // More than are looked at in one turn.
        for (int i = 0; i < 2500; i++) {
            aging.put(("left by somebody who died " + i).getBytes(StandardCharsets.UTF_8));
        }
        ticks.addAndGet(Retention.ABANDONED.plusMinutes(5).toNanos());
        ContentHash young = aging.put("about to be submitted".getBytes(StandardCharsets.UTF_8))
                .hash();
        Nova nova = start(
                builder().content(aging).ticker(ticks::get).sweepContent(true).pollInterval(Duration.ofMillis(5)));
        SubmissionHandle handle = nova.submit(SubmissionRequest.of(Pictures.list(1), "list"));
        assertThat(job(handle).state()).isEqualTo(JobState.SOLVED);

        int kept = store.contents(null, 100).size();
        assertThat(kept).as("the picture and what was solved").isPositive();
        Await.until(() -> aging.size() == kept + 1);
        assertThat(aging.contains(young)).isTrue();

        Await.until(() -> {
            ticks.addAndGet(Retention.ABANDONED.plusMinutes(5).toNanos());
            return !aging.contains(young);
        });
        assertThat(aging.contents(null, 100)).hasSize(kept);
    }

    /** It may be another store's: only who says that it is not gets it deleted. */
    @Test
    void contentThatNothingRefersToIsKeptUnlessAskedOtherwise() throws Exception {
        AtomicLong ticks = new AtomicLong();
        InMemoryContentStore aging = new InMemoryContentStore(() -> java.time.Instant.EPOCH.plusNanos(ticks.get()));
        ContentHash strange =
                aging.put("of another store".getBytes(StandardCharsets.UTF_8)).hash();
        ticks.addAndGet(Retention.ABANDONED.plusMinutes(5).toNanos());
        Nova nova =
                start(builder().content(aging).ticker(ticks::get).keepEnded(0).pollInterval(Duration.ofMillis(5)));
        SubmissionHandle handle = nova.submit(SubmissionRequest.of(Pictures.list(1), "list"));
        handle.result().get(20, TimeUnit.SECONDS);

        // Its own is forgotten and deleted; by then the other's would be gone as well.
        Await.until(() -> {
            ticks.addAndGet(Retention.ABANDONED.plusMinutes(5).toNanos());
            return aging.size() == 1;
        });
        assertThat(aging.contains(strange)).isTrue();
    }

    /** As when the same bytes, of a submission that is just being forgotten, have nobody else who refers to them. */
    @Test
    void whatIsDeletedWhileAnArchiveIsUnpackedIsUnpackedAgain() throws Exception {
        AtomicReference<ContentHash> first = new AtomicReference<>();
        AtomicInteger puts = new AtomicInteger();
        ContentStore deleting = (ContentStore) Proxy.newProxyInstance(
                ContentStore.class.getClassLoader(), new Class<?>[] {ContentStore.class}, (self, method, arguments) -> {
                    Object result = method.invoke(content, arguments);
                    if (method.getName().equals("put")) {
                        int put = puts.incrementAndGet();
                        if (put == 2) {
                            first.set(((Content) result).hash());
                        } else if (put == 3) {
                            assertThat(content.delete(first.get(), Duration.ZERO))
                                    .isTrue();
                        }
                    }
                    return result;
                });
        ByteArrayOutputStream archive = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(archive)) {
            for (int i = 1; i <= 2; i++) {
                zip.putNextEntry(new ZipEntry(i + ".txt"));
                zip.write(Pictures.list(i));
            }
        }
        Nova nova = start(builder().content(deleting).retries(2, Duration.ofMillis(1)));

        SubmissionHandle handle = nova.submit(SubmissionRequest.of(archive.toByteArray(), "night.zip"));

        assertThat(handle.result().get(20, TimeUnit.SECONDS).jobs())
                .hasSize(2)
                .extracting(Job::state)
                .containsOnly(JobState.SOLVED);
        assertThat(puts.get()).as("the archive, and its members twice").isGreaterThanOrEqualTo(5);
    }

    @Test
    void forgetsOldSubmissionsAndLaterTheirBytes() throws Exception {
        AtomicLong ticks = new AtomicLong();
        InMemoryContentStore aging = new InMemoryContentStore(() -> java.time.Instant.EPOCH.plusNanos(ticks.get()));
        Nova nova =
                start(builder().content(aging).ticker(ticks::get).keepEnded(2).pollInterval(Duration.ofMillis(5)));
        List<Content> contents = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            SubmissionHandle handle = nova.submit(SubmissionRequest.of(Pictures.list(i), "list"));
            assertThat(job(handle).state()).isEqualTo(JobState.SOLVED);
            contents.add(handle.submission().content());
        }
        Await.until(() -> store.submissions(1000).size() == 2);
        assertThat(aging.contains(contents.get(0).hash()))
                .as("somebody may be about to refer to it")
                .isTrue();

        ticks.addAndGet(Retention.GRACE.plusSeconds(5).toNanos());
        Await.until(() -> !aging.contains(contents.get(0).hash()));
        ticks.addAndGet(Retention.GRACE.plusSeconds(5).toNanos());
        Await.until(
                () -> contents.stream().filter(c -> aging.contains(c.hash())).count() == 2);
        assertThat(store.unreferenced(Set.of(contents.get(299).hash()))).isEmpty();
    }
}
