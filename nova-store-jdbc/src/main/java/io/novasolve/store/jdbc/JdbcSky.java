package io.novasolve.store.jdbc;

import io.novasolve.core.spi.JobReport;
import io.novasolve.sky.SkyPosition;
import io.novasolve.sky.region.Footprint;
import io.novasolve.sky.region.SkyCells;
import io.novasolve.sky.wcs.Wcs;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.StringJoiner;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jdbi.v3.core.statement.Query;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Solved pictures by where they are, for spatial searches. */
final class JdbcSky {

    private static final Logger LOG = LoggerFactory.getLogger(JdbcSky.class);

    private static final int BATCH = 1000;

    /** The first radius that is searched for what is near, in degrees, and by how much it grows. */
    private static final double FIRST_RADIUS_DEG = 0.05;

    private static final double GROWTH = 3;

    /** A job and where its picture is. */
    record Placed(int job, SkyPosition position) {}

    private final Database db;
    private final int atOnce;

    /** @param atOnce pictures of one part of the sky that are read at once, when looking for near ones */
    JdbcSky(Database db, int atOnce) {
        this.db = db;
        this.atOnce = atOnce;
    }

    /** Notes where the pictures of solved jobs are; their calibrations note the place. */
    void add(Handle handle, Map<Integer, JobReport> reports) {
        PreparedBatch insert = db.batch(handle, "insert into {sky_cell} (cell, job_id) values (:cell, :job)");
        reports.forEach((job, report) -> {
            if (report.result() instanceof JobReport.Solved solved) {
                addCells(insert, job, solved.wcs());
            }
        });
        if (insert.size() > 0) {
            insert.execute();
        }
    }

    private static void addCells(PreparedBatch insert, int job, Wcs wcs) {
        for (long cell : SkyCells.of(wcs)) {
            insert.bind("cell", cell).bind("job", job).add();
        }
    }

    /** Places the pictures that an older version left without one. */
    void placeOld() {
        while (!placeSome().isEmpty()) {
            LOG.debug("More pictures may be without a place");
        }
    }

    private record Solved(int job, Wcs wcs) {}

    private List<Solved> placeSome() {
        return db.write("place pictures on the sky", h -> {
            List<Solved> old = db.query(
                            h,
                            "select job_id, " + Rows.WCS + " from {calibration} c where c.place is null limit " + BATCH
                                    + "{for_update}")
                    .map((row, context) -> new Solved(row.getInt("job_id"), Rows.wcs(row)))
                    .list();
            if (!old.isEmpty()) {
                LOG.info("Placing {} solved pictures of an older version on the sky", old.size());
                PreparedBatch places = db.batch(h, "update {calibration} set place = :place where job_id = :job");
                PreparedBatch cells = db.batch(h, "insert into {sky_cell} (cell, job_id) values (:cell, :job)");
                for (Solved o : old) {
                    places.bind("place", SkyCells.place(o.wcs.centre()))
                            .bind("job", o.job)
                            .add();
                    addCells(cells, o.job, o.wcs);
                }
                places.execute();
                cells.execute();
            }
            return old;
        });
    }

    /**
     * The newest jobs whose picture may show a position.
     *
     * @param before only those with lower ids
     */
    List<Integer> covering(Handle handle, SkyPosition position, int before, int limit) {
        long[] around = SkyCells.around(position);
        Query query = db.query(handle, coveringSql(around.length))
                .bind("before", before)
                .bind("limit", limit);
        for (int i = 0; i < around.length; i++) {
            query.bind("c" + i, around[i]);
        }
        return query.mapTo(Integer.class).list();
    }

    /** With the cells from {@code :c0} on. */
    String coveringSql(int cells) {
        StringJoiner each = new StringJoiner(" union all ");
        for (int i = 0; i < cells; i++) {
            each.add("select job_id from (select job_id from {sky_cell} where cell = :c" + i
                    + " and job_id < :before order by job_id desc limit :limit) s" + i);
        }
        return each + " order by job_id desc limit :limit";
    }

    /** Those of some jobs, in their order, whose picture shows a position. */
    List<Integer> showing(Handle handle, SkyPosition position, List<Integer> jobs) {
        Set<Integer> showing = new HashSet<>();
        for (List<Integer> chunk : JdbcQueue.chunks(jobs)) {
            db
                    .query(
                            handle,
                            "select c.job_id as job_id, " + Rows.WCS
                                    + " from {calibration} c where c.job_id in (<ids>)")
                    .bindList("ids", chunk)
                    .map((row, context) -> new Solved(row.getInt("job_id"), Rows.wcs(row)))
                    .stream()
                    .filter(o -> Footprint.of(o.wcs).contains(position))
                    .forEach(o -> showing.add(o.job));
        }
        return jobs.stream().filter(showing::contains).toList();
    }

    /** Jobs whose picture's middle is near a position, the nearest first: looks farther until there are enough. */
    List<Placed> near(Handle handle, SkyPosition position, double radiusDeg, int limit) {
        for (double radius = Math.min(FIRST_RADIUS_DEG, radiusDeg); ; radius = Math.min(radius * GROWTH, radiusDeg)) {
            List<Placed> found = within(handle, position, radius, limit);
            if (found.size() >= limit || radius >= radiusDeg) {
                return found;
            }
        }
    }

    /** A range with more places than are read at once, and how near one of them may be. */
    private record Crowded(SkyCells.Range range, double distanceDeg) {}

    /** The nearest within a radius. Ranges that hold too many are looked at in parts, as long as those may hold nearer ones. */
    private List<Placed> within(Handle handle, SkyPosition position, double radiusDeg, int limit) {
        List<Placed> found = new ArrayList<>();
        PriorityQueue<Crowded> crowded = new PriorityQueue<>(Comparator.comparingDouble(Crowded::distanceDeg));
        List<SkyCells.Range> ranges = SkyCells.near(position, radiusDeg);
        while (!ranges.isEmpty()) {
            List<List<Placed>> inEach = inRanges(handle, ranges);
            for (int i = 0; i < ranges.size(); i++) {
                SkyCells.Range range = ranges.get(i);
                // Of many at the very same place any are the nearest.
                if (inEach.get(i).size() < atOnce || range.first() == range.last()) {
                    found.addAll(inEach.get(i));
                } else {
                    crowded.add(new Crowded(range, range.distanceDeg(position)));
                }
            }
            found.removeIf(p -> p.position.separationDeg(position) > radiusDeg);
            found.sort(Comparator.comparingDouble(p -> p.position.separationDeg(position)));
            found.subList(Math.min(limit, found.size()), found.size()).clear();
            double reach = found.size() < limit
                    ? radiusDeg
                    : found.get(limit - 1).position.separationDeg(position);
            Crowded next = crowded.poll();
            ranges = next == null || next.distanceDeg > reach ? List.of() : next.range.parts();
        }
        return found;
    }

    /** What is in each of some ranges, at most so many as are read at once. */
    private List<List<Placed>> inRanges(Handle handle, List<SkyCells.Range> ranges) {
        Query query = db.query(handle, inRangesSql(ranges.size()));
        List<List<Placed>> inEach = new ArrayList<>();
        for (int i = 0; i < ranges.size(); i++) {
            query.bind("a" + i, ranges.get(i).first())
                    .bind("b" + i, ranges.get(i).last());
            inEach.add(new ArrayList<>());
        }
        query.map((row, context) -> inEach.get(row.getInt("r"))
                        .add(new Placed(row.getInt("job_id"), SkyCells.position(row.getLong("place")))))
                .list();
        return inEach;
    }

    /** With the ends of ranges from {@code :a0} and {@code :b0} on. */
    String inRangesSql(int ranges) {
        StringJoiner each = new StringJoiner(" union all ");
        for (int i = 0; i < ranges; i++) {
            each.add("select " + i
                    + " as r, job_id, place from (select job_id, place from {calibration} where place between :a" + i
                    + " and :b" + i + " limit " + atOnce + ") r" + i);
        }
        return each.toString();
    }
}
