package io.novasolve.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.novasolve.core.model.Content;
import io.novasolve.core.model.ContentHash;
import io.novasolve.core.model.Job;
import io.novasolve.core.model.JobTimings;
import io.novasolve.core.model.SolveOptions;
import io.novasolve.core.model.Submission;
import io.novasolve.core.model.UnsolvedReason;
import io.novasolve.core.spi.Claim;
import io.novasolve.core.spi.JobReport;
import io.novasolve.core.spi.NewImage;
import io.novasolve.core.spi.NewSubmission;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** How many statements each step costs on PostgreSQL, however many images a submission has. */
class StatementBudgetTest {

    private static final Duration LEASE = Duration.ofMinutes(1);
    private static final Content CONTENT = new Content(new ContentHash("0".repeat(64)), "0".repeat(40), 1);

    private final CountedStatements statements = new CountedStatements();

    private int cost(Runnable step) {
        int before = statements.count();
        step.run();
        return statements.count() - before;
    }

    @Test
    void eachStepHasItsBudget() throws SQLException {
        Postgres database = new Postgres();
        org.postgresql.ds.PGSimpleDataSource real = new org.postgresql.ds.PGSimpleDataSource();
        real.setUrl(database.url());
        try (JdbcStore store = JdbcStore.on(statements.of(real)).build()) {
            for (int images : new int[] {1, 400}) {
                assertThat(cost(() -> store.create(
                                new NewSubmission("anna", "f", CONTENT, SolveOptions.defaults(), "key " + images))))
                        .as("submit")
                        .isLessThanOrEqualTo(5);
                List<Claim<Submission>> submission = new ArrayList<>();
                assertThat(cost(() -> submission.addAll(store.submissionQueue().claim(1, "w", LEASE))))
                        .as("claim a submission")
                        .isEqualTo(1);
                List<NewImage> all = new ArrayList<>();
                for (int i = 0; i < images; i++) {
                    all.add(new NewImage("image " + i, CONTENT));
                }
                assertThat(cost(() -> store.submissionQueue().complete(submission.get(0), all)))
                        .as("make " + images + " images and jobs")
                        .isLessThanOrEqualTo(9);
                List<Claim<Job>> jobs = new ArrayList<>();
                assertThat(cost(() -> jobs.addAll(store.jobQueue().claim(images, "w", LEASE))))
                        .as("claim " + images + " jobs")
                        .isEqualTo(1);
                assertThat(jobs).hasSize(images);
                assertThat(cost(() -> store.jobQueue().heartbeat(jobs.get(0), LEASE)))
                        .as("heartbeat")
                        .isLessThanOrEqualTo(2);
                JobReport unsolved =
                        new JobReport(new JobReport.Unsolved(UnsolvedReason.NO_MATCH, "no"), JobTimings.NONE, Map.of());
                JobReport withLog =
                        new JobReport(unsolved.result(), JobTimings.NONE, Map.of("log", CONTENT, "wcs", CONTENT));
                assertThat(cost(() -> store.jobQueue().complete(jobs.get(0), images == 1 ? withLog : unsolved)))
                        .as("record a result")
                        .isLessThanOrEqualTo(images == 1 ? 3 : 1);
                assertThat(cost(() -> store.jobs(submission.get(0).id())))
                        .as("list " + images + " jobs")
                        .isEqualTo(2);
            }
            List<Integer> many = IntStream.rangeClosed(1, 400).boxed().toList();
            assertThat(cost(() -> assertThat(store.jobs(many)).hasSize(401)))
                    .as("list the jobs of 400 submissions")
                    .isEqualTo(2);
            assertThat(cost(() -> store.progress(many)))
                    .as("look how 400 submissions stand")
                    .isEqualTo(1);
        }
    }
}
