package io.novasolve.store.jdbc;

import io.novasolve.core.model.Job;
import io.novasolve.sky.PixelPosition;
import io.novasolve.sky.SkyPosition;
import io.novasolve.sky.region.SkyCells;
import io.novasolve.sky.wcs.Wcs;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.function.Function;

/**
 * How long a spatial search takes among many solved images: {@code -Dnova.sky.images=1000000}. One in ten lies in one of a
 * hundred places that everybody photographs, the others anywhere; fields of 0.1° to 10°. Run it as a program.
 */
public final class SkySearchReport {

    private static final int IMAGES = Integer.getInteger("nova.sky.images", 1_000_000);
    private static final int SEARCHES = Integer.getInteger("nova.sky.searches", 1_000);
    private static final int LIMIT = 50;
    private static final long SEED = Long.getLong("nova.test.seed", 20261124);

    private SkySearchReport() {}

    /** Prints a table. */
    public static void main(String[] args) throws SQLException {
        System.out.println(
                IMAGES + " solved images, " + SEARCHES + " searches for at most " + LIMIT + ", seed " + SEED);
        report("SQLite", new Sqlite());
        report("PostgreSQL", new Postgres());
    }

    private static SkyPosition anywhere(Random random) {
        return new SkyPosition(random.nextDouble() * 360, Math.toDegrees(Math.asin(2 * random.nextDouble() - 1)));
    }

    private static SkyPosition place(Random random, List<SkyPosition> favourites) {
        return random.nextInt(10) == 0 ? favourites.get(random.nextInt(favourites.size())) : anywhere(random);
    }

    private static Wcs picture(Random random, SkyPosition at) {
        double scale = 0.0001 * Math.pow(100, random.nextDouble());
        return new Wcs(at, new PixelPosition(500.5, 350.5), -scale, 0, 0, scale, null, 1000, 700);
    }

    private static void report(String name, TestDatabase database) throws SQLException {
        try (JdbcStore store = database.builder().build()) {
            Random random = new Random(SEED);
            List<SkyPosition> favourites = java.util.stream.Stream.generate(() -> anywhere(random))
                    .limit(100)
                    .toList();
            long begin = System.nanoTime();
            fill(database, random, favourites);
            System.out.printf(Locale.ROOT, "%s: filled in %.0f s%n", name, (System.nanoTime() - begin) / 1e9);
            time(name, "showing a position anywhere", random, r -> store.showing(anywhere(r), LIMIT));
            time(name, "showing a favourite", random, r -> store.showing(favourites.get(r.nextInt(100)), LIMIT));
            time(name, "near a position, 2°", random, r -> store.near(anywhere(r), 2, LIMIT));
            time(name, "near a favourite, 2°", random, r -> store.near(favourites.get(r.nextInt(100)), 2, LIMIT));
        }
    }

    private static void time(String name, String what, Random random, Function<Random, List<Job>> search) {
        long warm = 0;
        long found = 0;
        for (int i = 0; i < SEARCHES / 5; i++) {
            warm += search.apply(random).size();
        }
        long[] nanos = new long[SEARCHES];
        for (int i = 0; i < SEARCHES; i++) {
            long begin = System.nanoTime();
            found += search.apply(random).size();
            nanos[i] = System.nanoTime() - begin;
        }
        Arrays.sort(nanos);
        System.out.printf(
                Locale.ROOT,
                "%s: %s: median %.2f ms, p99 %.2f ms, longest %.2f ms, %.1f found (%d in the searches before)%n",
                name,
                what,
                nanos[SEARCHES / 2] / 1e6,
                nanos[SEARCHES * 99 / 100] / 1e6,
                nanos[SEARCHES - 1] / 1e6,
                found / (double) SEARCHES,
                warm);
    }

    /** Row by row as the store writes them, but without queueing and claiming a million jobs. */
    private static void fill(TestDatabase database, Random random, List<SkyPosition> favourites) throws SQLException {
        String content = "'" + "0".repeat(64) + "', '" + "0".repeat(40) + "', 1";
        try (Connection c = database.connect()) {
            if (database instanceof Sqlite) {
                try (Statement s = c.createStatement()) {
                    s.execute("pragma cache_size = -400000");
                    s.execute("pragma synchronous = off");
                }
            }
            c.setAutoCommit(false);
            try (PreparedStatement submission = c.prepareStatement(
                            "insert into nova_submission (submitter, file_name, content_sha256, content_sha1,"
                                    + " content_size, options, state, submitted_us, ended_us) values ('a', 'f', "
                                    + content
                                    + ", '', 'unpacked', 1, 2)");
                    PreparedStatement image = c.prepareStatement(
                            "insert into nova_image (submission_id, file_name, content_sha256, content_sha1,"
                                    + " content_size) values (?, 'f', " + content + ")");
                    PreparedStatement job = c.prepareStatement("insert into nova_job (submission_id, image_id, state,"
                            + " queued_us, ended_us) values (?, ?, 'solved', 1, 2)");
                    PreparedStatement calibration = c.prepareStatement(
                            "insert into nova_calibration (job_id, crval_ra_deg, crval_dec_deg, crpix_x, crpix_y, cd11,"
                                    + " cd12, cd21, cd22, width_px, height_px, log_odds, matched_stars, index_name, place)"
                                    + " values (?, ?, ?, ?, ?, ?, 0, 0, ?, ?, ?, 99, 20, 'index', ?)");
                    PreparedStatement cell =
                            c.prepareStatement("insert into nova_sky_cell (cell, job_id) values (?, ?)")) {
                for (int id = 1; id <= IMAGES; id++) {
                    Wcs wcs = picture(random, place(random, favourites));
                    submission.addBatch();
                    image.setInt(1, id);
                    image.addBatch();
                    job.setInt(1, id);
                    job.setInt(2, id);
                    job.addBatch();
                    calibration.setInt(1, id);
                    calibration.setDouble(2, wcs.crval().raDeg());
                    calibration.setDouble(3, wcs.crval().decDeg());
                    calibration.setDouble(4, wcs.crpix().x());
                    calibration.setDouble(5, wcs.crpix().y());
                    calibration.setDouble(6, wcs.cd11());
                    calibration.setDouble(7, wcs.cd22());
                    calibration.setDouble(8, wcs.width());
                    calibration.setDouble(9, wcs.height());
                    calibration.setLong(10, SkyCells.place(wcs.centre()));
                    calibration.addBatch();
                    for (long number : SkyCells.of(wcs)) {
                        cell.setLong(1, number);
                        cell.setInt(2, id);
                        cell.addBatch();
                    }
                    if (id % 10_000 == 0 || id == IMAGES) {
                        for (PreparedStatement s : List.of(submission, image, job, calibration, cell)) {
                            s.executeBatch();
                        }
                        c.commit();
                    }
                }
            }
            c.setAutoCommit(true);
            try (Statement s = c.createStatement()) {
                s.execute("analyze");
            }
        }
    }
}
