package io.novasolve.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.novasolve.core.disk.FolderContentStore;
import io.novasolve.core.memory.InMemoryStore;
import io.novasolve.core.model.ContentHash;
import io.novasolve.core.model.FailureReason;
import io.novasolve.core.model.ImageOutcome;
import io.novasolve.core.model.Job;
import io.novasolve.core.model.JobState;
import io.novasolve.core.model.SubmissionState;
import io.novasolve.core.spi.StoreException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The disk of the content store is full: on a real file system of two megabytes. */
@Timeout(120)
@Tag("once")
class FullDiskTest {

    private static final byte[] STARS = Pictures.stars(30, 1);

    @TempDir
    private Path temp;

    private Path disk;
    private FolderContentStore content;
    private final InMemoryStore store = new InMemoryStore(InstantSource.system());

    @BeforeEach
    void mount() throws Exception {
        disk = Files.createDirectory(temp.resolve("small disk"));
        String failure = run("mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", disk.toString());
        if (!failure.isEmpty()) {
            System.out.println("SKIPPED FullDiskTest: no small file system could be mounted (" + failure
                    + "); run the tests as root on Linux");
        }
        assumeTrue(failure.isEmpty(), failure);
        content = FolderContentStore.in(disk.resolve("content"));
    }

    @AfterEach
    void unmount() throws Exception {
        if (content != null) {
            assertThat(run("umount", disk.toString())).isEmpty();
        }
    }

    /** What a program complains about; empty if it has succeeded. */
    private static String run(String... command) throws InterruptedException {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            String said = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
            return process.waitFor() == 0 ? "" : command[0] + ": " + said.strip();
        } catch (IOException e) {
            return String.valueOf(e.getMessage());
        }
    }

    private Path filler() {
        return disk.resolve("somebody else's");
    }

    /** Fills the disk up to the last byte. */
    private void fill() throws IOException {
        byte[] block = new byte[4096];
        try (var out = Files.newOutputStream(filler(), StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            for (int i = 0; i < 1024; i++) {
                out.write(block);
            }
        } catch (IOException e) {
            assertThat(e).hasMessageContaining("space");
        }
        assertThat(content.usableBytes()).hasValue(0);
    }

    private void makeRoom() throws IOException {
        Files.delete(filler());
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> all = Files.walk(disk.resolve("content"))) {
            return all.filter(Files::isRegularFile).toList();
        }
    }

    private NovaBuilder builder(ScriptedTransport.Step... script) {
        return Nova.builder(new ScriptedTransport(script)).store(store).content(content);
    }

    private static SubmissionResult result(SubmissionHandle handle) throws Exception {
        return handle.result().get(60, TimeUnit.SECONDS);
    }

    @Test
    void aSubmissionThatDoesNotFitIsRefusedAndTheNextOneSolved() throws Exception {
        try (Nova nova = builder().start()) {
            byte[] large = new byte[3 << 20];
            assertThatThrownBy(() -> nova.submit(SubmissionRequest.of(large, "large.fits")))
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("large.fits")
                    .hasMessageContaining(disk.resolve("content").toString())
                    .hasMessageContaining("make room");
            assertThat(files()).isEmpty();
            assertThat(store.submissions(10)).isEmpty();

            fill();
            assertThatThrownBy(() -> nova.submit(SubmissionRequest.of(STARS, "m42.png")))
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("make room");
            assertThat(files()).isEmpty();

            makeRoom();
            assertThat(result(nova.submit(SubmissionRequest.of(STARS, "m42.png")))
                            .calibration())
                    .isNotNull();
        }
    }

    @Test
    void aJobWhoseFilesDoNotFitFailsAndTheNextOneIsSolved() throws Exception {
        ScriptedTransport.Step whenFull = (task, context) -> {
            try {
                fill();
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
            return ScriptedTransport.solved(task);
        };
        try (Nova nova = builder(whenFull)
                .reuseSolutions(false)
                .retries(2, Duration.ofMillis(1))
                .start()) {
            Job failed = result(nova.submit(SubmissionRequest.of(STARS, "m42.png")))
                    .jobs()
                    .get(0);

            assertThat(failed.outcome()).isInstanceOfSatisfying(ImageOutcome.Failed.class, f -> {
                assertThat(f.reason()).isEqualTo(FailureReason.STORAGE);
                assertThat(f.message())
                        .startsWith("m42.png: ")
                        .contains(disk.resolve("content").toString(), "make room");
            });
            assertThat(store.attempts(failed.id())).hasSize(2);
            assertThat(files()).as("the picture alone, no half file beside it").hasSize(1);

            makeRoom();
            assertThat(result(nova.submit(SubmissionRequest.of(STARS, "m42.png")))
                            .jobs()
                            .get(0)
                            .state())
                    .isEqualTo(JobState.SOLVED);
        }
    }

    @Test
    void aJobThatMeetsAFullDiskIsSolvedWhenThereIsRoomAgain() throws Exception {
        ScriptedTransport.Step whenFull = (task, context) -> {
            try {
                fill();
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
            return ScriptedTransport.solved(task);
        };
        ScriptedTransport.Step withRoom = (task, context) -> {
            try {
                makeRoom();
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
            return ScriptedTransport.solved(task);
        };
        try (Nova nova =
                builder(whenFull, withRoom).retries(3, Duration.ofMillis(1)).start()) {
            SubmissionResult result = result(nova.submit(SubmissionRequest.of(STARS, "m42.png")));

            assertThat(result.jobs().get(0).state()).isEqualTo(JobState.SOLVED);
            assertThat(result.jobs().get(0).attempts()).isEqualTo(2);
        }
    }

    @Test
    void anArchiveThatDoesNotFitUnpackedFails() throws Exception {
        try (Nova nova = builder().retries(2, Duration.ofMillis(1)).start()) {
            SubmissionResult result = result(nova.submit(SubmissionRequest.of(zipOfZeros(), "night.zip")));

            assertThat(result.submission().state()).isEqualTo(SubmissionState.FAILED);
            assertThat(result.submission().error()).startsWith("night.zip: ").contains("make room");
            for (Path file : files()) {
                ContentHash name = new ContentHash(file.getFileName().toString());
                try (InputStream whole = content.open(name)) {
                    // Whoever reads it to the end has compared it with its hash.
                    assertThat(whole.readAllBytes()).isNotEmpty();
                }
            }
        }
    }

    /** Two pictures of zeros, of which the first fits on the disk and both do not. */
    private static byte[] zipOfZeros() throws IOException {
        var bytes = new java.io.ByteArrayOutputStream();
        try (var zip = new java.util.zip.ZipOutputStream(bytes)) {
            for (String name : List.of("a.fits", "b.fits")) {
                zip.putNextEntry(new java.util.zip.ZipEntry(name));
                byte[] picture = new byte[1_500_000];
                picture[0] = (byte) name.charAt(0);
                zip.write(picture);
                zip.closeEntry();
            }
        }
        return bytes.toByteArray();
    }
}
