package io.novasolve.store.jdbc;

import io.novasolve.core.spi.WorkerReport;
import io.novasolve.core.spi.WorkerStatus;
import java.time.Duration;
import java.util.List;
import org.jdbi.v3.core.statement.Update;

/** Worker processes that have reported lately. */
final class Workers {

    /** A worker process that has been silent for so long is not listed any more. */
    private static final Duration WORKER_MEMORY = Duration.ofDays(1);

    private final Database db;

    Workers(Database db) {
        this.db = db;
    }

    boolean report(WorkerReport report) {
        return db.write("report a worker", h -> {
            int known = bind(
                            db.update(
                                    h,
                                    "update {worker} set host = :host, transports = :transports, capacity = :capacity,"
                                            + " running = :running, seen_us = {now} where name = :name"),
                            report)
                    .execute();
            if (known == 0) {
                db.update(h, "delete from {worker} where seen_us < {now} - :memory")
                        .bind("memory", Database.micros(WORKER_MEMORY))
                        .execute();
                bind(
                                db.update(
                                        h,
                                        "insert into {worker} (name, host, transports, capacity, running, seen_us)"
                                                + " values (:name, :host, :transports, :capacity, :running, {now})"),
                                report)
                        .execute();
                return true;
            }
            return !db.query(h, "select draining from {worker} where name = :name")
                    .bind("name", report.name())
                    .mapTo(Boolean.class)
                    .one();
        });
    }

    private static Update bind(Update update, WorkerReport report) {
        return update.bind("name", report.name())
                .bind("host", report.host())
                .bind("transports", report.transports())
                .bind("capacity", report.capacity())
                .bind("running", report.running());
    }

    void remove(String name) {
        db.write("remove a worker", h -> db.update(h, "delete from {worker} where name = :name")
                .bind("name", name)
                .execute());
    }

    boolean drain(String name) {
        return db.write(
                "drain a worker",
                h -> db.update(h, "update {worker} set draining = true where name = :name")
                                .bind("name", name)
                                .execute()
                        == 1);
    }

    List<WorkerStatus> list() {
        return db.read("list workers", h -> db.query(
                        h,
                        "select name, host, transports, capacity, running, draining, seen_us from {worker} order by name")
                .map((row, context) -> new WorkerStatus(
                        new WorkerReport(
                                row.getString("name"),
                                row.getString("host"),
                                row.getString("transports"),
                                row.getInt("capacity"),
                                row.getInt("running")),
                        Database.instant(row.getLong("seen_us")),
                        row.getBoolean("draining")))
                .list());
    }
}
