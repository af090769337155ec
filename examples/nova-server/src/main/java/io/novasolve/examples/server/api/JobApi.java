package io.novasolve.examples.server.api;

import io.novasolve.core.model.Calibration;
import io.novasolve.core.model.ImageOutcome;
import io.novasolve.core.model.Job;
import io.novasolve.examples.server.Backend;
import io.novasolve.examples.server.ContentKind;
import io.novasolve.examples.server.FieldCatalogue;
import io.novasolve.examples.server.Records;
import io.novasolve.examples.server.Submissions;
import io.novasolve.examples.server.accounts.Account;
import io.novasolve.examples.server.field.JobText;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The calls of the nova API about one job. */
public final class JobApi {

    private final Backend backend;
    private final Submissions submissions;
    private final Records records;
    private final FieldCatalogue catalogue;

    public JobApi(Backend backend, Submissions submissions, Records records, FieldCatalogue catalogue) {
        this.backend = backend;
        this.submissions = submissions;
        this.records = records;
        this.catalogue = catalogue;
    }

    static @Nullable Calibration calibration(Job job) {
        return job.outcome() instanceof ImageOutcome.Solved solved ? solved.calibration() : null;
    }

    public Optional<Job> job(int id) {
        return backend.store().job(id);
    }

    /** Whether somebody may see what a job's picture shows; its state and calibration anybody may who knows its id. */
    public boolean isVisible(Job job, @Nullable Account viewer) {
        return submissions.owned(job.submissionId()).isVisibleTo(viewer);
    }

    public static String state(Job job) {
        return switch (job.state()) {
            case QUEUED, RUNNING -> "solving";
            case SOLVED -> "success";
            case UNSOLVED, FAILED, CANCELLED -> "failure";
        };
    }

    /** Of a failure its reason too, for those who may see the picture: it may name its file. */
    public Map<String, Object> status(Job job, Viewer viewer) {
        Map<String, Object> reply = new LinkedHashMap<>();
        reply.put("status", state(job));
        ImageOutcome outcome = job.outcome();
        if (outcome != null && !(outcome instanceof ImageOutcome.Solved) && isVisible(job, viewer.account())) {
            reply.put("error_message", JobText.outcome(outcome));
        }
        return reply;
    }

    public Map<String, Object> calibrationReply(Job job) throws IOException {
        Calibration calibration = calibration(job);
        return calibration == null
                ? Map.of("error", "no calibration data available for job " + job.id())
                : numbers(job, calibration).full();
    }

    private CalibrationReply numbers(Job job, Calibration calibration) throws IOException {
        ContentKind kind = backend.kind(job.image().content());
        return new CalibrationReply(calibration.wcs(), kind.isWeb(), kind.isFromTop());
    }

    public Map<String, Object> tags(Job job, Viewer viewer) {
        return Map.of("tags", isVisible(job, viewer.account()) ? allTags(job) : List.of());
    }

    private List<String> allTags(Job job) {
        return Stream.concat(records.humanTags(job.id()).stream(), objects(job).stream())
                .toList();
    }

    public Map<String, Object> machineTags(Job job, Viewer viewer) {
        return Map.of("tags", isVisible(job, viewer.account()) ? objects(job) : List.of());
    }

    public Map<String, Object> objectsInField(Job job, Viewer viewer) {
        return Map.of("objects_in_field", isVisible(job, viewer.account()) ? objects(job) : List.of());
    }

    private List<String> objects(Job job) {
        Calibration calibration = calibration(job);
        return calibration == null ? List.of() : catalogue.tags(calibration.wcs());
    }

    /** @param bright so many bright stars at most; null for all */
    public Map<String, Object> annotations(Job job, @Nullable Integer bright, Viewer viewer) {
        Calibration calibration = calibration(job);
        if (calibration == null) {
            return Map.of("error", "no calibration data available for job " + job.id());
        }
        if (!isVisible(job, viewer.account())) {
            return Map.of("annotations", List.of());
        }
        return Map.of("annotations", catalogue.annotations(calibration.wcs(), bright));
    }

    /** Of a hidden picture strangers learn what clients need that poll without a session: state and calibration. */
    public Map<String, Object> info(Job job, Viewer viewer) throws IOException {
        boolean visible = isVisible(job, viewer.account());
        List<String> objects = visible ? objects(job) : List.of();
        Map<String, Object> reply = new LinkedHashMap<>();
        reply.put("objects_in_field", objects);
        reply.put("machine_tags", objects);
        reply.put("tags", visible ? allTags(job) : List.of());
        reply.put("status", state(job));
        reply.put("original_filename", visible ? job.image().fileName() : "");
        Calibration calibration = calibration(job);
        if (calibration != null) {
            reply.put("calibration", numbers(job, calibration).brief());
        }
        return reply;
    }
}
