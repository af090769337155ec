package io.novasolve.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.novasolve.core.model.Job;
import io.novasolve.core.spi.Claim;
import io.novasolve.core.spi.WorkOrder;
import io.novasolve.sky.SkyPosition;
import io.novasolve.sky.region.SkyCells;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.Query;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a claim or a search of the sky costs does not depend on how much has ended, nor on how much waits: no table is read from end to end. */
@Tag("once")
class QueryPlanTest {

    private static final int FINISHED = Integer.getInteger("nova.plan.finished", 30_000);
    private static final int WAITING = Integer.getInteger("nova.plan.waiting", 10_000);
    private static final int SUBMITTERS = Integer.getInteger("nova.plan.submitters", 1_000);

    @Test
    void aClaimReadsByIndexAlone() throws SQLException {
        Postgres database = new Postgres();
        try (JdbcStore store = database.builder().build()) {
            BigStore.fill(database, FINISHED, WAITING, SUBMITTERS);
            Jdbi.create(database::connect).useHandle(h -> h.execute("vacuum analyze"));
            String plan = plan(database, store);
            System.out.println("plan of a claim with " + FINISHED + " finished and " + WAITING + " waiting jobs of "
                    + SUBMITTERS + " submitters:\n" + plan);

            assertThat(plan).doesNotContain("Seq Scan", "Sort").contains("nova_job_queue_claim");
            List<Claim<Job>> claims = store.jobQueue().claim(10, "w", Duration.ofMinutes(1));
            assertThat(claims)
                    .extracting(c -> c.work().submissionId())
                    .hasSize(10)
                    .doesNotHaveDuplicates();
        }
    }

    @Test
    void anEndReadsByIndexAlone() throws SQLException {
        Postgres database = new Postgres();
        try (JdbcStore store = database.builder().build();
                Handle handle = Jdbi.create(database::connect).open()) {
            BigStore.fill(database, FINISHED, WAITING, SUBMITTERS);
            handle.execute("vacuum analyze");
            String[] statements = store.endSql(20).split("; ", 2);
            String plan = handle.inTransaction(h -> {
                h.createQuery(statements[0]).mapTo(String.class).list();
                return String.join(
                        "\n",
                        h.createQuery("explain " + withNumbers(statements[1]))
                                .mapTo(String.class)
                                .list());
            });
            System.out.println(
                    "plan of 20 ends with " + FINISHED + " finished and " + WAITING + " waiting jobs:\n" + plan);

            assertThat(plan)
                    .contains("nova_job_queue_pkey", "nova_job_pkey")
                    .doesNotContain("Seq Scan", "Sort", "Bitmap");
            assertThat(plan.split("Index Cond", -1)).as(plan).hasSameSizeAs(plan.split("Index Scan", -1));
        }
    }

    /** A statement with another number for each of its parameters, as text where it wants text. */
    private static String withNumbers(String sql) {
        StringBuilder text = new StringBuilder();
        String[] parts = sql.split("\\?", -1);
        for (int i = 0; i < parts.length; i++) {
            boolean number = parts[i].endsWith("cast(");
            text.append(parts[i]).append(i == parts.length - 1 ? "" : number ? "" + (FINISHED + i) : "'" + i + "'");
        }
        return text.toString();
    }

    /** Until the database looks at a queue again, its statistics say what it was like before: empty, for instance. */
    @ParameterizedTest
    @ValueSource(ints = {0, 100})
    void aQueueThatHasJustBeenFilledIsReadByIndexAllTheSame(int pagesWhenItWasEmpty) throws SQLException {
        Postgres database = new Postgres();
        try (JdbcStore store = database.builder().build();
                Handle handle = Jdbi.create(database::connect).open()) {
            handle.execute("vacuum analyze");
            BigStore.fill(database, 0, WAITING, SUBMITTERS);
            if (pagesWhenItWasEmpty > 0) {
                handle.execute(
                        "update pg_class set reltuples = 0, relpages = ? where relname like 'nova_job_queue%'",
                        pagesWhenItWasEmpty);
            }

            String plan = plan(database, store);

            assertThat(plan).doesNotContain("Seq Scan", "Sort", "Bitmap");
            // Every look at a table is by the value of an index.
            assertThat(plan.split("Index Cond", -1)).as(plan).hasSameSizeAs(plan.split("Index Scan", -1));
        }
    }

    @Test
    void theNewestWorkOfASubmitterIsFoundByItsOwnIndex() throws SQLException {
        Postgres database = new Postgres();
        try (JdbcStore store = database.builder().build();
                Handle handle = Jdbi.create(database::connect).open()) {
            BigStore.fill(database, 0, WAITING, 1);
            store.setOrder("user 1", WorkOrder.NEWEST_FIRST);
            handle.execute("vacuum analyze");
            String plan = String.join(
                    "\n",
                    handle.createQuery("explain select * from nova_job_queue" + Claiming.NEWEST)
                            .bind("submitter", "user 1")
                            .bind("id", 1)
                            .mapTo(String.class)
                            .list());
            assertThat(plan).contains("nova_job_queue_newest").doesNotContain("Sort");
            assertThat(store.jobQueue().claim(1, "w", Duration.ofMinutes(1)))
                    .singleElement()
                    .satisfies(claim -> assertThat(claim.id()).isEqualTo(WAITING));
        }
    }

    @Test
    void theSkyIsSearchedByIndexAlone() throws SQLException {
        Postgres database = new Postgres();
        SkyPosition here = new SkyPosition(83.6, -5.4);
        long[] cells = SkyCells.around(here);
        List<SkyCells.Range> ranges = SkyCells.near(here, 0.05);
        try (JdbcStore store = database.builder().build();
                Handle handle = Jdbi.create(database::connect).open()) {
            BigStore.fill(database, FINISHED, 0, SUBMITTERS);
            handle.execute(
                    "insert into nova_calibration (job_id, crval_ra_deg, crval_dec_deg, crpix_x, crpix_y, cd11, cd12,"
                            + " cd21, cd22, width_px, height_px, log_odds, matched_stars, index_name, place)"
                            + " select id, 0, 0, 1, 1, 1, 0, 0, 1, 1, 1, 99, 20, 'index', (12 * 2.0 ^ 58 * id / "
                            + FINISHED
                            + ")::bigint from nova_job");
            handle.execute("insert into nova_sky_cell (cell, job_id) select 4 + id % 1000 * 10 + n, id"
                    + " from nova_job, generate_series(1, 10) n");
            handle.execute("vacuum analyze");

            Query near = handle.createQuery("explain " + store.nearSql(ranges.size()));
            for (int i = 0; i < ranges.size(); i++) {
                near.bind("a" + i, ranges.get(i).first())
                        .bind("b" + i, ranges.get(i).last());
            }
            Query showing = handle.createQuery("explain " + store.showingSql(cells.length))
                    .bind("before", Integer.MAX_VALUE)
                    .bind("limit", 100);
            for (int i = 0; i < cells.length; i++) {
                showing.bind("c" + i, cells[i]);
            }

            assertThat(String.join("\n", near.mapTo(String.class).list()))
                    .contains("nova_calibration_place")
                    .doesNotContain("Seq Scan");
            assertThat(String.join("\n", showing.mapTo(String.class).list()))
                    .contains("nova_sky_cell_pkey")
                    .doesNotContain("Seq Scan");
        }
    }

    private static String plan(Postgres database, JdbcStore store) {
        String sql = store.claimSql(20)
                .replaceFirst("\\?", "array_fill(30000000, array[20])")
                .replaceFirst("\\?", "array_fill('w'::text, array[20])");
        List<String> lines = Jdbi.create(database::connect).inTransaction(h -> {
            h.createQuery(Claiming.SETTINGS).mapTo(String.class).list();
            return h.createQuery("explain " + sql).mapTo(String.class).list();
        });
        return String.join("\n", lines);
    }

    /** Rows made by the database itself. */
    static final class BigStore {
        private BigStore() {}

        static void fill(TestDatabase database, int finished, int waiting, int submitters) throws SQLException {
            String hash = "'" + "0".repeat(64) + "', '" + "0".repeat(40) + "', 1";
            try (Connection c = database.connect();
                    Statement s = c.createStatement()) {
                s.execute(
                        "insert into nova_submission (submitter, file_name, content_sha256, content_sha1, content_size,"
                                + " options, state, submitted_us, ended_us) select 'user ' || n, 'f', " + hash
                                + ", '', 'unpacked', 1, 1 from generate_series(1, " + submitters + ") n");
                s.execute(
                        "insert into nova_image (submission_id, file_name, content_sha256, content_sha1, content_size)"
                                + " select 1 + n % " + submitters + ", 'f', " + hash + " from generate_series(1, "
                                + (finished + waiting) + ") n");
                s.execute("insert into nova_job (submission_id, image_id, queued_us, state, ended_us, reason)"
                        + " select submission_id, id, 1, case when id <= " + finished
                        + " then 'unsolved' else 'open' end, case when id <= " + finished
                        + " then 1 end, case when id <= " + finished + " then 'no_match' end from nova_image");
                s.execute("insert into nova_job_queue (id, submitter, turn) select j.id, s.submitter,"
                        + " 2 * (row_number() over (partition by s.id order by j.id) - 1)"
                        + " from nova_job j join nova_submission s on s.id = j.submission_id where j.state = 'open'");
            }
        }
    }
}
