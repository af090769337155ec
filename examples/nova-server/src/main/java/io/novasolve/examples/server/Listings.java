package io.novasolve.examples.server;

import io.novasolve.core.model.Job;
import io.novasolve.core.model.JobState;
import io.novasolve.core.model.Submission;
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

/**
 * What lists show of submissions and their pictures. Of those that have ended it takes a few statements, however many they
 * are; the few that are still open are asked for one by one, because they change.
 */
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

    /** A submission with its pictures, in their order; none if it is not opened yet or could not be. */
    public record Entry(int submissionId, String fileName, SubmissionState state, List<Picture> pictures) {}

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
        Map<Integer, Entry> recorded = recorded(ids);
        List<Entry> entries = new ArrayList<>();
        for (int id : ids) {
            SubmissionProgress progress = known.get(id);
            if (progress != null) {
                Entry entry = recorded.get(id);
                entries.add(entry != null ? entry : open(id, progress));
            }
        }
        return entries;
    }

    private Map<Integer, Entry> recorded(List<Integer> ids) {
        return db.read(h -> {
            Map<Integer, Entry> entries = h
                    .createQuery(
                            "select id, file_name, state from server_submission where recorded = 1 and id in (<ids>)")
                    .bindList("ids", ids)
                    .map((r, c) -> new Entry(
                            r.getInt(1), r.getString(2), SubmissionState.valueOf(r.getString(3)), new ArrayList<>()))
                    .stream()
                    .collect(Collectors.toMap(Entry::submissionId, entry -> entry));
            h.createQuery("select " + PICTURE
                            + " from server_image i where i.submission_id in (<ids>) order by i.job_id")
                    .bindList("ids", ids)
                    .map((r, c) -> picture(r))
                    .forEach(found -> found.ifPresent(picture -> {
                        Entry entry = entries.get(picture.submissionId());
                        if (entry != null) {
                            entry.pictures().add(picture);
                        }
                    }));
            return entries;
        });
    }

    /** Empty if its job was open when it was written down. */
    private static Optional<Picture> picture(ResultSet row) throws SQLException {
        String state = row.getString(5);
        return state.isEmpty()
                ? Optional.empty()
                : Optional.of(new Picture(
                        row.getInt(1), row.getInt(2), row.getInt(3), row.getString(4), JobState.valueOf(state), true));
    }

    private Entry open(int id, SubmissionProgress progress) {
        List<Picture> pictures =
                backend.store().jobs(id).stream().map(Picture::of).toList();
        String name = pictures.isEmpty()
                ? backend.store().submission(id).map(Submission::fileName).orElse("")
                : "";
        return new Entry(id, name, progress.state(), pictures);
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
        Map<Integer, Picture> ended = new HashMap<>();
        db.read(h -> {
            h.createQuery("select " + PICTURE + " from server_image i where i.job_id in (<ids>)")
                    .bindList(
                            "ids",
                            jobs.stream().map(Records.JobOfSubmission::jobId).toList())
                    .map((r, c) -> picture(r))
                    .forEach(found -> found.ifPresent(picture -> ended.put(picture.jobId(), picture)));
            return ended;
        });
        Map<Integer, Picture> pictures = new LinkedHashMap<>();
        for (Records.JobOfSubmission job : jobs) {
            if (known.containsKey(job.submissionId())) {
                Optional.ofNullable(ended.get(job.jobId()))
                        .or(() -> backend.store().job(job.jobId()).map(Picture::of))
                        .ifPresent(picture -> pictures.put(job.jobId(), picture));
            }
        }
        return pictures;
    }
}
