package io.novasolve.examples.server;

import io.novasolve.core.model.Job;
import io.novasolve.core.model.JobState;
import io.novasolve.core.model.SubmissionState;
import io.novasolve.core.spi.SubmissionProgress;
import io.novasolve.examples.server.db.Database;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** What lists show of submissions and their pictures: it takes a few statements, however many they are. */
public final class Listings {

    /**
     * A picture, and how its job stands.
     *
     * @param begun whether its search has ever begun
     */
    public record Picture(int imageId, int jobId, int submissionId, String fileName, JobState state, boolean begun) {

        public static Picture of(Job job) {
            return new Picture(
                    job.image().id(),
                    job.id(),
                    job.submissionId(),
                    job.image().fileName(),
                    job.state(),
                    job.state() != JobState.QUEUED || job.startedAt() != null);
        }
    }

    /**
     * A submission with its pictures, in their order; none if it is not opened yet or could not be.
     *
     * @param error why it could not be opened; empty if it was, or is not yet
     */
    public record Entry(
            int submissionId, String fileName, SubmissionState state, String error, List<Picture> pictures) {}

    /** What the server's own table says of a submission. */
    private record Row(int id, String fileName, boolean recorded, String state, String error) {}

    /** So many numbers in one statement. */
    private static final int BATCH = 500;

    private static final String PICTURE = "i.id, i.job_id, i.submission_id, i.file_name, i.state";

    private final Backend backend;
    private final Database db;

    public Listings(Backend backend, Database db) {
        this.backend = backend;
        this.db = db;
    }

    /** In the order of the numbers; without those that the store has forgotten. */
    public List<Entry> of(List<Integer> submissionIds) {
        List<Entry> entries = new ArrayList<>();
        for (int from = 0; from < submissionIds.size(); from += BATCH) {
            entries.addAll(batch(submissionIds.subList(from, Math.min(from + BATCH, submissionIds.size()))));
        }
        return entries;
    }

    private List<Entry> batch(List<Integer> ids) {
        Map<Integer, SubmissionProgress> known = backend.store().progress(ids);
        Map<Integer, Row> rows = rows(ids);
        List<Integer> open = ids.stream()
                .filter(id -> known.containsKey(id)
                        && !(rows.containsKey(id) && rows.get(id).recorded()))
                .toList();
        Map<Integer, List<Picture>> pictures = recorded(ids);
        pictures.keySet().removeAll(open);
        // These change: the store is asked for them.
        pictures.putAll(backend.store().jobs(open).stream()
                .map(Picture::of)
                .collect(Collectors.groupingBy(Picture::submissionId)));
        List<Entry> entries = new ArrayList<>();
        for (int id : ids) {
            SubmissionProgress progress = known.get(id);
            if (progress != null) {
                Row row = rows.getOrDefault(id, new Row(id, "", false, "", ""));
                entries.add(new Entry(
                        id,
                        row.fileName(),
                        row.recorded() ? SubmissionState.valueOf(row.state()) : progress.state(),
                        row.error(),
                        pictures.getOrDefault(id, List.of())));
            }
        }
        return entries;
    }

    private Map<Integer, Row> rows(List<Integer> ids) {
        return db.read(h -> h
                .createQuery("select id, file_name, recorded, state, error from server_submission where id in (<ids>)")
                .bindList("ids", ids)
                .map((r, c) -> new Row(r.getInt(1), r.getString(2), r.getInt(3) != 0, r.getString(4), r.getString(5)))
                .stream()
                .collect(Collectors.toMap(Row::id, row -> row)));
    }

    private Map<Integer, List<Picture>> recorded(List<Integer> ids) {
        return db.read(h -> h
                .createQuery(
                        "select " + PICTURE + " from server_image i where i.submission_id in (<ids>) order by i.job_id")
                .bindList("ids", ids)
                .map((r, c) -> picture(r))
                .stream()
                .flatMap(Optional::stream)
                .collect(Collectors.groupingBy(Picture::submissionId)));
    }

    /** Empty if its job was open when it was written down. */
    private static Optional<Picture> picture(ResultSet row) throws SQLException {
        String state = row.getString(5);
        return state.isEmpty()
                ? Optional.empty()
                : Optional.of(new Picture(
                        row.getInt(1), row.getInt(2), row.getInt(3), row.getString(4), JobState.valueOf(state), true));
    }

    /** The pictures of jobs, in the order of the jobs; without those that the store has forgotten. */
    public List<Picture> pictures(Collection<Records.JobOfSubmission> jobs) {
        Map<Integer, Picture> pictures = new LinkedHashMap<>();
        List<Records.JobOfSubmission> all = List.copyOf(jobs);
        for (int from = 0; from < all.size(); from += BATCH) {
            pictures.putAll(batchOfJobs(all.subList(from, Math.min(from + BATCH, all.size()))));
        }
        return List.copyOf(pictures.values());
    }

    private Map<Integer, Picture> batchOfJobs(List<Records.JobOfSubmission> jobs) {
        Map<Integer, SubmissionProgress> known = backend.store()
                .progress(jobs.stream()
                        .map(Records.JobOfSubmission::submissionId)
                        .distinct()
                        .toList());
        Map<Integer, Picture> now = new HashMap<>();
        db.read(h -> {
            h.createQuery("select " + PICTURE + " from server_image i where i.job_id in (<ids>)")
                    .bindList(
                            "ids",
                            jobs.stream().map(Records.JobOfSubmission::jobId).toList())
                    .map((r, c) -> picture(r))
                    .forEach(found -> found.ifPresent(picture -> now.put(picture.jobId(), picture)));
            return now;
        });
        backend.store()
                .jobs(jobs.stream()
                        .filter(job -> !now.containsKey(job.jobId()))
                        .map(Records.JobOfSubmission::submissionId)
                        .distinct()
                        .toList())
                .forEach(job -> now.putIfAbsent(job.id(), Picture.of(job)));
        Map<Integer, Picture> pictures = new LinkedHashMap<>();
        for (Records.JobOfSubmission job : jobs) {
            Picture picture = now.get(job.jobId());
            if (picture != null && known.containsKey(job.submissionId())) {
                pictures.put(job.jobId(), picture);
            }
        }
        return pictures;
    }
}
