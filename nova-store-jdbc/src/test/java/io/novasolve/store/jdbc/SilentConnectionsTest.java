package io.novasolve.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.novasolve.core.Nova;
import io.novasolve.core.SubmissionRequest;
import io.novasolve.core.disk.FolderContentStore;
import io.novasolve.core.model.Job;
import io.novasolve.core.model.JobState;
import io.novasolve.core.model.Submission;
import io.novasolve.core.spi.StoreException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Connections to PostgreSQL fall silent in mid-work, as when a cable is pulled or a firewall forgets them: nothing arrives any
 * more, on neither side, and neither side hears of an end. New connections are as good as ever.
 */
@Timeout(240)
@Tag("once")
class SilentConnectionsTest {

    private static final int JOBS = 150;

    @TempDir
    Path temp;

    private static boolean isIdle(JdbcStore store) {
        try {
            return store.isIdle();
        } catch (StoreException e) {
            return false;
        }
    }

    @Test
    void workGoesOnOverNewConnections() throws Exception {
        Postgres database = new Postgres();
        SlowTransport transport = new SlowTransport(Duration.ofMillis(5));
        try (Wire wire = new Wire(database.port());
                JdbcStore direct = database.builder().build();
                JdbcStore store = JdbcStore.at(database.url(wire.port()))
                        .connectionTimeout(Duration.ofSeconds(2))
                        .answerTimeout(Duration.ofSeconds(2))
                        .build();
                FolderContentStore content = FolderContentStore.in(temp.resolve("content"));
                Nova nova = Nova.builder(transport)
                        .store(store)
                        .content(content)
                        .lease(Duration.ofSeconds(3))
                        .jobWorkers(4)
                        .extractionThreads(1)
                        .retries(100, Duration.ofMillis(50))
                        .start()) {
            for (int i = 0; i < JOBS; i++) {
                String stars = "100 100\n200 150\n300 120\n400 420\n500 " + (i + 10) + "\n";
                nova.submit(SubmissionRequest.of(stars.getBytes(StandardCharsets.UTF_8), "stars.txt"));
            }
            int silenced = 0;
            for (int cut = 1; cut <= 3; cut++) {
                while (transport.answers.get() < cut * JOBS / 4) {
                    TimeUnit.MILLISECONDS.sleep(1);
                }
                silenced += wire.silence();
            }
            while (!isIdle(direct)) {
                TimeUnit.MILLISECONDS.sleep(10);
            }
            int attempts = 0;
            for (Submission submission : direct.submissions(JOBS + 1)) {
                Job job = direct.jobs(submission.id()).get(0);
                assertThat(job.state()).isEqualTo(JobState.UNSOLVED);
                attempts += job.attempts();
            }
            assertThat(direct.counts().unsolved()).isEqualTo(JOBS);
            assertThat(silenced).isPositive();
            System.out.println(silenced + " connections fell silent in 3 moments, " + JOBS
                    + " jobs ended once each after " + attempts + " attempts, none lost");
        }
    }
}
