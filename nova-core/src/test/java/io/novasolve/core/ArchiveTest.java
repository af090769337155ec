package io.novasolve.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.novasolve.core.disk.FolderArchive;
import io.novasolve.core.memory.InMemoryContentStore;
import io.novasolve.core.memory.InMemoryStore;
import io.novasolve.core.model.ContentHash;
import io.novasolve.core.model.Labels;
import io.novasolve.core.model.SolveOptions;
import io.novasolve.core.model.Submission;
import io.novasolve.core.spi.SubmissionArchive;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is forgotten is in the archive before. */
@Timeout(60)
class ArchiveTest {

    private static final byte[] STARS = Pictures.stars(30, 1);
    private static final String NAME = "../../étoile=\n🌌 #1.png";

    private final InMemoryStore store = new InMemoryStore(InstantSource.system());
    private final InMemoryContentStore content = new InMemoryContentStore();

    @TempDir
    Path folder;

    private NovaBuilder builder(SubmissionArchive archive, ScriptedTransport.Step... script) {
        return Nova.builder(new ScriptedTransport(script))
                .store(store)
                .content(content)
                .jobWorkers(1)
                .retries(3, Duration.ofMillis(1))
                .keepEnded(0)
                .pollInterval(Duration.ofMillis(5))
                .archive(archive);
    }

    private static Map<String, byte[]> unzip(Path file) throws IOException {
        Map<String, byte[]> entries = new HashMap<>();
        try (ZipFile zip = new ZipFile(file.toFile())) {
            for (var entry : zip.stream().toList()) {
                entries.put(entry.getName(), zip.getInputStream(entry).readAllBytes());
            }
        }
        return entries;
    }

    private static Properties record(Map<String, byte[]> entries) throws IOException {
        Properties record = new Properties();
        record.load(new StringReader(new String(entries.get("record.properties"), StandardCharsets.UTF_8)));
        return record;
    }

    @Test
    void holdsAllThatWasKnownAndAllBytes() throws Exception {
        FolderArchive archive = FolderArchive.in(folder);
        SubmissionRequest request = SubmissionRequest.of(STARS, NAME)
                .withSubmitter("anna")
                .withOptions(SolveOptions.builder().downsample(0).build())
                .withLabels(new Labels("winter", Set.of("nebula"), false));
        int id;
        try (Nova nova = builder(archive, ScriptedTransport.STUMBLES).start()) {
            id = nova.submit(request).id();
            Await.until(() -> store.submissions(1).isEmpty());
        }

        Map<String, byte[]> entries = unzip(archive.file(id));
        Properties record = record(entries);

        assertThat(entries)
                .containsOnlyKeys(
                        "record.properties", "submitted/" + safeStem() + ".png", "job-1/wcs.fits", "job-1/log");
        assertThat(entries.get("submitted/" + safeStem() + ".png")).isEqualTo(STARS);
        assertThat(entries.get("job-1/wcs.fits")).asString().isEqualTo("WCS");
        assertThat(record)
                .containsEntry("submission.submitter", "anna")
                .containsEntry("submission.fileName", NAME)
                .containsEntry("submission.options.downsample", "0")
                .containsEntry("submission.labels.album", "winter")
                .containsEntry("submission.labels.tags.1", "nebula")
                .containsEntry("submission.labels.publiclyVisible", "false")
                .containsEntry("jobs.1.state", "SOLVED")
                .containsEntry("jobs.1.attempts", "2")
                .containsEntry("jobs.1.outcome.calibration.wcs.crval.raDeg", "83.6")
                .containsEntry("attempts.1.1.accident", NAME + ": the engine crashed")
                .containsKey("jobs.1.files.wcs.fits.hash.hex");
        ContentHash submitted = new ContentHash(record.getProperty("submission.content.hash.hex"));
        assertThat(store.unreferenced(List.of(submitted))).containsExactly(submitted);
    }

    /** What is left of {@link #NAME}, one underscore for each UTF-16 unit that is not plain. */
    private static String safeStem() {
        return "_" + NAME.replaceAll("[^A-Za-z0-9._-]", "_").replaceAll("\\.png$", "");
    }

    @Test
    void whatItRefusesStaysAndHoldsUpNobody() throws Exception {
        AtomicLong ticks = new AtomicLong();
        AtomicBoolean refuses = new AtomicBoolean(true);
        FolderArchive archive = FolderArchive.in(folder);
        SubmissionArchive picky = (ended, bytes) -> {
            if (refuses.get() && ended.submission().id() <= 12) {
                throw new IOException("the archive does not want it");
            }
            archive.keep(ended, bytes);
        };
        try (Nova nova = builder(picky).ticker(ticks::get).start()) {
            for (int i = 0; i < 30; i++) {
                nova.submit(SubmissionRequest.of(Pictures.list(i), "list"));
            }
            Await.until(() -> store.isIdle() && store.submissions(100).size() == 12);
            assertThat(store.submissions(100)).extracting(Submission::id).allMatch(id -> id <= 12);

            refuses.set(false);
            ticks.addAndGet(Duration.ofMinutes(2).toNanos());
            Await.until(() -> store.submissions(1).isEmpty());
        }
        try (Stream<Path> files = Files.walk(folder)) {
            assertThat(files.filter(Files::isRegularFile))
                    .as("thirty archives, nothing half done")
                    .hasSize(30)
                    .allMatch(f -> f.toString().endsWith(".zip"));
        }
    }

    @Test
    void whatCannotBeReadWholeIsNotArchivedAndNotForgotten() throws Exception {
        FolderArchive archive = FolderArchive.in(folder);
        try (Nova nova = builder(archive).keepEnded(10).start()) {
            SubmissionHandle handle = nova.submit(SubmissionRequest.of(STARS, "m42.png"));
            Await.until(store::isIdle);
            assertThat(content.delete(handle.submission().content().hash(), Duration.ZERO))
                    .isTrue();
        }
        try (Nova nova = builder(archive).start()) {
            int later =
                    nova.submit(SubmissionRequest.of(Pictures.list(1), "list")).id();
            Await.until(() -> Files.exists(archive.file(later)));
        }
        assertThat(archive.file(1)).doesNotExist();
        assertThat(store.submission(1)).isPresent();
    }
}
