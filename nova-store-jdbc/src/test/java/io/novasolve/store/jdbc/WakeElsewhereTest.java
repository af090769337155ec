package io.novasolve.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.novasolve.core.model.Content;
import io.novasolve.core.model.ContentHash;
import io.novasolve.core.model.SolveOptions;
import io.novasolve.core.spi.NewSubmission;
import io.novasolve.core.spi.SubmissionQueue;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Work that one process queues wakes a worker of another one at once, long before it would look by itself. */
@Timeout(120)
@Tag("once")
class WakeElsewhereTest {

    private static final Duration LEASE = Duration.ofMinutes(1);

    /** Waits for as long as nobody tells it of work. */
    public static final class Waiting {
        private Waiting() {}

        public static void main(String[] args) throws Exception {
            try (JdbcStore store = JdbcStore.open(args[0])) {
                SubmissionQueue queue = store.submissionQueue();
                // From its first wait on it listens.
                queue.awaitWork(Duration.ofMillis(1));
                System.out.println("found " + queue.claim(1, "w", LEASE).size());
                queue.awaitWork(Duration.ofHours(1));
                System.out.println("found " + queue.claim(1, "w", LEASE).size());
            }
        }
    }

    @Test
    void onPostgres() throws Exception {
        Postgres database = new Postgres();
        Process waiting = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Waiting.class.getName(),
                        database.url()))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (JdbcStore store = database.builder().build();
                BufferedReader said =
                        new BufferedReader(new InputStreamReader(waiting.getInputStream(), StandardCharsets.UTF_8))) {
            assertThat(said.readLine()).isEqualTo("found 0");
            Content content = new Content(new ContentHash("0".repeat(64)), "0".repeat(40), 1);

            long begin = System.nanoTime();
            store.create(new NewSubmission("anna", "f", content, SolveOptions.defaults(), null));
            String found = said.readLine();

            System.out.println("another process was woken and had claimed after "
                    + Duration.ofNanos(System.nanoTime() - begin).toMillis() + " ms");
            assertThat(found).isEqualTo("found 1");
        } finally {
            waiting.destroyForcibly().waitFor();
        }
    }
}
