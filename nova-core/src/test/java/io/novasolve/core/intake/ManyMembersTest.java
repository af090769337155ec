package io.novasolve.core.intake;

import static org.assertj.core.api.Assertions.assertThat;

import io.novasolve.core.disk.FolderContentStore;
import io.novasolve.core.model.Content;
import io.novasolve.core.spi.NewImage;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A tar of many pictures takes no more memory than a tar of few: {@code -Dnova.tar.members=10000} for the full count. */
@Tag("once")
class ManyMembersTest {

    private static final int MEMBERS = Integer.getInteger("nova.tar.members", 500);
    private static final int SIZE = 40_000;

    @TempDir
    private Path folder;

    @Test
    void theHeapStaysFlat() throws Exception {
        Path tar = folder.resolve("many.tar");
        writeTar(tar);
        AtomicLong most = new AtomicLong();
        AtomicLong first = new AtomicLong();
        AtomicInteger seen = new AtomicInteger();
        List<NewImage> images;
        try (FolderContentStore content = FolderContentStore.temporary(InstantSource.system())) {
            Content stored;
            try (var in = Files.newInputStream(tar)) {
                stored = content.put(in);
            }
            images = new Unpacker(content, UnpackLimits.DEFAULT).unpack(stored, "many.tar", () -> {
                if (seen.incrementAndGet() % (MEMBERS / 10) == 1) {
                    long used = used();
                    first.compareAndSet(0, used);
                    most.accumulateAndGet(used, Math::max);
                }
            });
        }

        assertThat(images).hasSize(MEMBERS).allMatch(i -> i.ended() == null);
        long grown = most.get() - first.get();
        System.out.println("ManyMembersTest: " + MEMBERS + " members of " + SIZE + " bytes, live heap grew by "
                + grown / 1024 + " KiB");
        // What is kept of a member is its name, its hashes and its size.
        assertThat(grown).isLessThan((4L << 20) + 1500L * MEMBERS);
    }

    private static long used() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    private static void writeTar(Path file) throws Exception {
        byte[] picture = new byte[SIZE];
        new Random(1).nextBytes(picture);
        try (OutputStream out = Files.newOutputStream(file);
                TarArchiveOutputStream tar = new TarArchiveOutputStream(out, "UTF-8")) {
            for (int i = 0; i < MEMBERS; i++) {
                picture[i % SIZE]++;
                TarArchiveEntry entry = new TarArchiveEntry("night/" + i + ".fits");
                entry.setSize(SIZE);
                tar.putArchiveEntry(entry);
                tar.write(picture);
                tar.closeArchiveEntry();
            }
        }
    }
}
