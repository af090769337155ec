package io.novasolve.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.novasolve.core.disk.FolderContentStore;
import io.novasolve.core.model.Job;
import io.novasolve.core.model.JobState;
import io.novasolve.core.spi.SolveContext;
import io.novasolve.core.spi.SolveOutcome;
import io.novasolve.core.spi.SolveTask;
import io.novasolve.core.spi.SolverTransport;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A tar of many pictures, from its unpacking to its last solution: {@code -Dnova.tar.members=10000} for the full count. */
@Tag("once")
class ManyPicturesTest {

    private static final int PICTURES = Integer.getInteger("nova.tar.members", 200);

    /** What the store in memory keeps of a job: image, hashes, solution. */
    private static final long BYTES_OF_A_JOB = 4000;

    private final AtomicInteger solved = new AtomicInteger();
    private final AtomicLong first = new AtomicLong();
    private final AtomicLong most = new AtomicLong();

    private final SolverTransport transport = new SolverTransport() {
        @Override
        public String name() {
            return "counting";
        }

        @Override
        public SolveOutcome solve(SolveTask task, SolveContext context) {
            if (solved.incrementAndGet() % (PICTURES / 10) == 1) {
                long used = used();
                first.compareAndSet(0, used);
                most.accumulateAndGet(used, Math::max);
            }
            return ScriptedTransport.solved(task);
        }
    };

    @Test
    void areSolvedInAFlatHeap(@TempDir Path folder) throws Exception {
        Path tar = folder.resolve("many.tar");
        writeTar(tar);
        List<Job> jobs;
        try (FolderContentStore content = FolderContentStore.temporary(InstantSource.system());
                Nova nova =
                        Nova.builder(transport).content(content).jobWorkers(2).start()) {
            jobs = nova.submit(tar).result().get(30, TimeUnit.MINUTES).jobs();
        }
        assertThat(jobs).hasSize(PICTURES).noneMatch(job -> job.state() == JobState.FAILED);
        // In some of them stars hide each other, and too few are left.
        assertThat(solved).hasValueGreaterThan(PICTURES * 9 / 10);
        long grown = most.get() - first.get();
        System.out.println("ManyPicturesTest: " + PICTURES + " pictures, live heap grew by " + grown / 1024 + " KiB");
        assertThat(grown).isLessThan((4L << 20) + BYTES_OF_A_JOB * PICTURES);
    }

    private static long used() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    private static void writeTar(Path file) throws Exception {
        try (OutputStream out = Files.newOutputStream(file);
                TarArchiveOutputStream tar = new TarArchiveOutputStream(out, "UTF-8")) {
            for (int i = 0; i < PICTURES; i++) {
                byte[] picture = Pictures.stars(96, 64, 12, i);
                TarArchiveEntry entry = new TarArchiveEntry("night/" + i + ".png");
                entry.setSize(picture.length);
                tar.putArchiveEntry(entry);
                tar.write(picture);
                tar.closeArchiveEntry();
            }
        }
    }
}
