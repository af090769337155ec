package io.novasolve.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.novasolve.core.Nova;
import io.novasolve.core.SubmissionRequest;
import io.novasolve.core.disk.FolderArchive;
import io.novasolve.core.disk.FolderContentStore;
import io.novasolve.core.model.UnsolvedReason;
import io.novasolve.core.spi.SolveContext;
import io.novasolve.core.spi.SolveOutcome;
import io.novasolve.core.spi.SolveTask;
import io.novasolve.core.spi.SolverTransport;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two processes archive what is old and let go of it while they work. */
@Timeout(180)
@Tag("once")
class RetentionTest {

    private static final int COUNT = 250;

    @TempDir
    Path temp;

    private static final class AtOnce implements SolverTransport {
        @Override
        public String name() {
            return "at once";
        }

        @Override
        public SolveOutcome solve(SolveTask task, SolveContext context) {
            return new SolveOutcome.Unsolved(UnsolvedReason.NO_MATCH, "not searched", Map.of());
        }
    }

    private Nova nova(String name, JdbcStore store, FolderContentStore content) throws IOException {
        return Nova.builder(new AtOnce())
                .name(name)
                .store(store)
                .content(content)
                .forgetAfter(Duration.ofMillis(300))
                .archive(FolderArchive.in(temp.resolve("archive")))
                .pollInterval(Duration.ofMillis(20))
                .start();
    }

    private void forgetsBesideWork(TestDatabase database) throws Exception {
        try (JdbcStore one = database.builder().build();
                JdbcStore two = database.builder().build();
                FolderContentStore content = FolderContentStore.in(temp.resolve("content"));
                Nova first = nova("first", one, content);
                Nova second = nova("second", two, content)) {
            for (int i = 0; i < COUNT; i++) {
                byte[] stars =
                        ("100 100\n200 150\n300 120\n400 420\n500 9" + i + "\n").getBytes(StandardCharsets.UTF_8);
                (i % 2 == 0 ? first : second).submit(SubmissionRequest.of(stars, "stars.txt"));
            }
            while (!one.isIdle() || !one.submissions(1).isEmpty()) {
                TimeUnit.MILLISECONDS.sleep(10);
            }
            assertThat(two.counts().unsolved()).isZero();
            assertThat(two.contents(null, 10)).isEmpty();
        }
        assertThatAllAreArchived();
    }

    private void assertThatAllAreArchived() throws IOException {
        List<Path> archived;
        try (Stream<Path> files = Files.walk(temp.resolve("archive"))) {
            archived = files.filter(Files::isRegularFile).toList();
        }
        assertThat(archived).hasSize(COUNT);
        for (Path file : archived) {
            try (ZipFile zip = new ZipFile(file.toFile())) {
                Properties record = new Properties();
                record.load(zip.getInputStream(zip.getEntry("record.properties")));
                assertThat(record).as(file.toString()).containsEntry("jobs.1.state", "UNSOLVED");
                assertThat(zip.getEntry("submitted/stars.txt")).isNotNull();
                assertThat(zip.getEntry("job-" + record.getProperty("jobs.1.id") + "/log"))
                        .isNotNull();
            }
        }
    }

    @Test
    void onPostgres() throws Exception {
        forgetsBesideWork(new Postgres());
    }

    @Test
    void onSqlite() throws Exception {
        Sqlite database = new Sqlite();
        try {
            forgetsBesideWork(database);
        } finally {
            database.close();
        }
    }
}
