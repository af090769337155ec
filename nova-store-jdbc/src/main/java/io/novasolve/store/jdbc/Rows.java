package io.novasolve.store.jdbc;

import io.novasolve.core.model.Calibration;
import io.novasolve.core.model.Content;
import io.novasolve.core.model.ContentHash;
import io.novasolve.core.model.FailureReason;
import io.novasolve.core.model.ImageOutcome;
import io.novasolve.core.model.Job;
import io.novasolve.core.model.JobState;
import io.novasolve.core.model.JobTimings;
import io.novasolve.core.model.Labels;
import io.novasolve.core.model.Submission;
import io.novasolve.core.model.SubmissionState;
import io.novasolve.core.model.UnsolvedReason;
import io.novasolve.core.model.UserImage;
import io.novasolve.sky.PixelPosition;
import io.novasolve.sky.SkyPosition;
import io.novasolve.sky.wcs.Wcs;
import java.net.URI;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** From rows to nouns. */
final class Rows {

    /** Of a submission {@code s} and its place in the queue {@code q}, if it has one. */
    static final String SUBMISSION =
            """
            s.id as id, s.submitter as submitter, s.file_name as file_name, s.content_sha256 as content_sha256,
            s.content_sha1 as content_sha1, s.content_size as content_size, s.options as options, s.state as state,
            s.submitted_us as submitted_us, s.ended_us as ended_us, s.error as error, s.link as link,
            s.album as album, s.tags as tags, s.publicly_visible as publicly_visible,
            s.image_options as image_options""";

    /** Of a job {@code j} and its image {@code i}, without what only ended jobs have. */
    static final String OPEN_JOB =
            """
            j.id as id, j.submission_id as submission_id, j.queued_us as queued_us, i.id as image_id,
            i.file_name as file_name, i.content_sha256 as content_sha256, i.content_sha1 as content_sha1,
            i.content_size as content_size""";

    /** Of a calibration {@code c}. */
    static final String WCS =
            """
            c.crval_ra_deg as crval_ra_deg, c.crval_dec_deg as crval_dec_deg, c.crpix_x as crpix_x,
            c.crpix_y as crpix_y, c.cd11 as cd11, c.cd12 as cd12, c.cd21 as cd21, c.cd22 as cd22, c.sip as sip,
            c.width_px as width_px, c.height_px as height_px""";

    /** Of a job {@code j}, its image {@code i}, its place in the queue {@code q} and its calibration {@code c}. */
    static final String JOB = OPEN_JOB
            + """
            , j.state as state, j.ended_us as ended_us, j.reason as reason, j.detail as detail,
            j.decode_ns as decode_ns, j.extract_ns as extract_ns, j.solve_ns as solve_ns, j.total_ns as total_ns,
            coalesce(q.attempts, j.attempts) as attempts, coalesce(q.started_us, j.started_us) as started_us,
            q.worker as worker, c.id as calibration_id, c.log_odds as log_odds, c.matched_stars as matched_stars,
            c.rms_px as rms_px, c.index_name as index_name, """
            + WCS;

    private Rows() {}

    static Content content(ResultSet row) throws SQLException {
        return new Content(
                new ContentHash(row.getString("content_sha256")),
                row.getString("content_sha1"),
                row.getLong("content_size"));
    }

    static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        long micros = row.getLong(column);
        return row.wasNull() ? null : Database.instant(micros);
    }

    private static Instant required(ResultSet row, String column) throws SQLException {
        return Database.instant(row.getLong(column));
    }

    static <E extends Enum<E>> E word(Class<E> type, String word) {
        return Enum.valueOf(type, word.toUpperCase(Locale.ROOT));
    }

    /** With the columns {@link #SUBMISSION} and {@code worker}. */
    static Submission submission(ResultSet row) throws SQLException {
        String state = row.getString("state");
        SubmissionState known;
        if (state.equals("open")) {
            known = row.getString("worker") == null ? SubmissionState.QUEUED : SubmissionState.UNPACKING;
        } else {
            known = word(SubmissionState.class, state);
        }
        return submission(row, known);
    }

    static Submission submission(ResultSet row, SubmissionState state) throws SQLException {
        String link = row.getString("link");
        return new Submission(
                row.getInt("id"),
                row.getString("submitter"),
                row.getString("file_name"),
                content(row),
                OptionsText.read(row.getString("options")),
                state,
                required(row, "submitted_us"),
                instant(row, "ended_us"),
                row.getString("error"),
                link == null ? null : URI.create(link),
                new Labels(row.getString("album"), tags(row.getString("tags")), row.getBoolean("publicly_visible")),
                OptionsText.readByName(row.getString("image_options")));
    }

    /** A tag has no control character, so that each has a line of its own. */
    static @Nullable String tags(Set<String> tags) {
        return tags.isEmpty() ? null : String.join("\n", tags);
    }

    private static Set<String> tags(@Nullable String lines) {
        return lines == null ? Set.of() : new LinkedHashSet<>(Arrays.asList(lines.split("\n", -1)));
    }

    private static UserImage image(ResultSet row) throws SQLException {
        return new UserImage(
                row.getInt("image_id"), row.getInt("submission_id"), row.getString("file_name"), content(row));
    }

    /** A job that has just been claimed. */
    static Job claimed(ResultSet row, int attempts, Instant startedAt) throws SQLException {
        return new Job(
                row.getInt("id"),
                row.getInt("submission_id"),
                image(row),
                JobState.RUNNING,
                attempts,
                required(row, "queued_us"),
                startedAt,
                null,
                null,
                JobTimings.NONE,
                Map.of());
    }

    /** With the columns {@link #JOB}; an ended job gets its files. */
    static Job job(ResultSet row, Map<String, Content> files) throws SQLException {
        String state = row.getString("state");
        boolean open = state.equals("open");
        JobState known;
        if (open) {
            known = row.getString("worker") == null ? JobState.QUEUED : JobState.RUNNING;
        } else {
            known = word(JobState.class, state);
        }
        return new Job(
                row.getInt("id"),
                row.getInt("submission_id"),
                image(row),
                known,
                row.getInt("attempts"),
                required(row, "queued_us"),
                instant(row, "started_us"),
                instant(row, "ended_us"),
                outcome(row, known),
                open ? JobTimings.NONE : timings(row),
                open ? Map.of() : files);
    }

    private static JobTimings timings(ResultSet row) throws SQLException {
        return new JobTimings(
                Duration.ofNanos(row.getLong("decode_ns")),
                Duration.ofNanos(row.getLong("extract_ns")),
                Duration.ofNanos(row.getLong("solve_ns")),
                Duration.ofNanos(row.getLong("total_ns")));
    }

    private static @Nullable ImageOutcome outcome(ResultSet row, JobState state) throws SQLException {
        return switch (state) {
            case QUEUED, RUNNING -> null;
            case CANCELLED -> new ImageOutcome.Cancelled();
            case UNSOLVED ->
                new ImageOutcome.Unsolved(word(UnsolvedReason.class, row.getString("reason")), row.getString("detail"));
            case FAILED ->
                new ImageOutcome.Failed(word(FailureReason.class, row.getString("reason")), row.getString("detail"));
            case SOLVED -> new ImageOutcome.Solved(calibration(row));
        };
    }

    private static Calibration calibration(ResultSet row) throws SQLException {
        Wcs wcs = wcs(row);
        double rms = row.getDouble("rms_px");
        boolean unknown = row.wasNull();
        return new Calibration(
                row.getInt("calibration_id"),
                wcs,
                row.getDouble("log_odds"),
                row.getInt("matched_stars"),
                unknown ? Double.NaN : rms,
                row.getString("index_name"));
    }

    /** With the columns {@link #WCS}. */
    static Wcs wcs(ResultSet row) throws SQLException {
        String sip = row.getString("sip");
        return new Wcs(
                new SkyPosition(row.getDouble("crval_ra_deg"), row.getDouble("crval_dec_deg")),
                new PixelPosition(row.getDouble("crpix_x"), row.getDouble("crpix_y")),
                row.getDouble("cd11"),
                row.getDouble("cd12"),
                row.getDouble("cd21"),
                row.getDouble("cd22"),
                sip == null ? null : SipText.read(sip),
                row.getDouble("width_px"),
                row.getDouble("height_px"));
    }
}
