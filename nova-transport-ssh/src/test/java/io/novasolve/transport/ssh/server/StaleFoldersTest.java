package io.novasolve.transport.ssh.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a crash leaves behind. */
@Tag("once")
class StaleFoldersTest {

    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final Duration KEEP = Duration.ofHours(24);

    @TempDir
    Path base;

    private final StringBuilder met = new StringBuilder();

    private Path folder(String name, Duration age) throws IOException {
        Path folder = Files.createDirectories(base.resolve(name));
        Files.writeString(Files.createDirectories(folder.resolve("in")).resolve("job.axy"), "x");
        return Files.setLastModifiedTime(folder, FileTime.from(NOW.minus(age)));
    }

    private StaleFolders stale() {
        return new StaleFolders(base, KEEP, () -> NOW);
    }

    private List<String> left() throws IOException {
        try (Stream<Path> all = Files.list(base)) {
            return all.map(path -> path.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void removesOldFoldersOfJobsAndNothingElse() throws Exception {
        Duration old = KEEP.plusMinutes(1);
        folder("nova-job-1", old);
        folder("job-nova-2.abc", old);
        folder("job-nova-3.abc", KEEP.minusMinutes(1));
        folder("letters", old);
        Path elsewhere = folder("elsewhere", old);
        Files.createSymbolicLink(base.resolve("job-link"), elsewhere);
        Files.setLastModifiedTime(Files.writeString(base.resolve("job-file"), "x"), FileTime.from(NOW.minus(old)));

        stale().sweep();

        assertThat(left()).containsExactly("elsewhere", "job-file", "job-link", "job-nova-3.abc", "letters");
        assertThat(elsewhere.resolve("in/job.axy")).exists();
    }

    @Test
    void noFolderAtAllIsNoError() throws Exception {
        new StaleFolders(base.resolve("missing"), KEEP).sweep();
    }

    /** Two servers that start at once meet each other's removals. */
    @Test
    void twoSweepsAtOnceDoNotFail() throws Exception {
        for (int round = 0; round < 20; round++) {
            for (int i = 0; i < 20; i++) {
                folder("job-nova-" + i, KEEP.plusMinutes(1));
            }
            List<Thread> sweeps = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                Thread sweep = new Thread(() -> {
                    try {
                        stale().sweep();
                    } catch (IOException | RuntimeException e) {
                        synchronized (met) {
                            met.append(e).append('\n');
                        }
                    }
                });
                sweeps.add(sweep);
                sweep.start();
            }
            for (Thread sweep : sweeps) {
                sweep.join();
            }
            assertThat(met).isEmpty();
            stale().sweep();
            assertThat(left()).isEmpty();
        }
    }
}
