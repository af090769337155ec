package io.novasolve.examples.server.page;

import io.novasolve.core.model.Job;
import io.novasolve.core.model.JobState;
import io.novasolve.core.model.Submission;
import io.novasolve.core.model.SubmissionState;
import io.novasolve.core.spi.SolveProgress;
import io.novasolve.core.spi.SubmissionProgress;
import io.novasolve.core.watch.JobProgress;
import io.novasolve.examples.server.Backend;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How far a submission has come, for people.
 *
 * @param steps what is done, what goes on, what is to come
 * @param stage what goes on, without numbers that change all the time: for whoever has it read aloud
 * @param now a sentence
 * @param over whether nothing more will happen
 * @param next the page to go to then
 */
record Progress(List<Step> steps, String stage, String now, boolean over, String next) {

    private static final int MOST_AHEAD = 1000;

    /** @param state {@code done}, {@code active}, {@code wrong} or empty */
    record Step(String state, String text) {
        Map<String, Object> json() {
            return Map.of("state", state, "text", text);
        }
    }

    /** @param stage the sentence, or what of it lasts for a while */
    record Told(String stage, String sentence) {
        Told(String sentence) {
            this(sentence, sentence);
        }

        Told behind(String beginning) {
            return new Told(beginning + stage, beginning + sentence);
        }
    }

    Map<String, Object> json() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("steps", steps.stream().map(Step::json).toList());
        json.put("stage", stage);
        json.put("now", now);
        json.put("over", over);
        json.put("next", next);
        return json;
    }

    /**
     * Of a submission, by numbers and a few jobs.
     *
     * @param counts how far it has come
     * @param jobs all of it if it has ended; otherwise some that have not, in their order, if there are any
     */
    static Progress of(Backend backend, Submission submission, SubmissionProgress counts, List<Job> jobs) {
        SubmissionState state = counts.state();
        boolean stopped = state == SubmissionState.FAILED || state == SubmissionState.CANCELLED;
        boolean unpacked = state.isFinal();
        boolean useless = unpacked && counts.images() == 0;
        boolean over = counts.isFinal();
        boolean begun = counts.ended() > 0 || jobs.stream().anyMatch(job -> job.state() != JobState.QUEUED);
        boolean allSolved = jobs.stream().allMatch(job -> job.state() == JobState.SOLVED);
        List<Step> steps = List.of(
                new Step("done", "Received"),
                new Step(
                        stopped ? "wrong" : unpacked ? "done" : "active",
                        submission.link() == null ? "Opened" : "Fetched and opened"),
                new Step(useless ? "" : begun || over ? "done" : unpacked ? "active" : "", "In the queue"),
                new Step(useless ? "" : over ? allSolved ? "done" : "wrong" : begun ? "active" : "", "Searched"));
        String next =
                over && jobs.size() == 1 ? "/user_images/" + jobs.get(0).image().id() : "/status/" + submission.id();
        Told told = tell(backend, submission, counts, jobs);
        return new Progress(steps, told.stage, told.sentence, over, next);
    }

    private static Told tell(Backend backend, Submission submission, SubmissionProgress counts, List<Job> jobs) {
        if (counts.state() == SubmissionState.CANCELLED) {
            return new Told("Cancelled.");
        } else if (counts.state() == SubmissionState.FAILED) {
            return new Told("It could not be opened.");
        } else if (!counts.state().isFinal()) {
            return new Told(
                    submission.link() == null
                            ? "Waiting to be opened."
                            : counts.state() == SubmissionState.QUEUED
                                    ? "Waiting to be fetched."
                                    : "Fetching and opening it.");
        }
        String done = counts.ended() + " of " + counts.images() + " pictures are done.";
        if (counts.isFinal()) {
            return new Told(
                    jobs.size() == 1 && jobs.get(0).outcome() != null
                            ? PageText.outcome(jobs.get(0).outcome())
                            : done);
        }
        Told told = jobs.stream()
                .filter(job -> job.state() == JobState.RUNNING)
                .findFirst()
                .map(job -> search(backend.nova().progress(job)))
                .orElseGet(() -> jobs.isEmpty() ? new Told("") : ahead(backend, jobs.get(0)));
        return counts.images() == 1 ? told : told.behind(done + " ");
    }

    /** The place of a job in the queue. */
    private static Told ahead(Backend backend, Job job) {
        int ahead = backend.store().jobQueue().ahead(job.id(), MOST_AHEAD);
        return switch (ahead) {
            case 0 -> new Told("It is next in the queue.");
            case 1 -> new Told("In the queue.", "About one job comes first.");
            case MOST_AHEAD -> new Told("In the queue.", "More than " + MOST_AHEAD + " jobs come first.");
            default -> new Told("In the queue.", "About " + ahead + " jobs come first.");
        };
    }

    static Told search(JobProgress progress) {
        return switch (progress.stage()) {
            case QUEUED, ENDED -> new Told("Any moment.");
            case READING -> new Told("Reading the picture.");
            case EXTRACTING -> new Told("Finding its stars.");
            case ELSEWHERE -> new Told("Another process works on it; how far it has come is not known here.");
            case SEARCHING -> new Told("Searching.", "Searching" + depth(progress.search()) + ".");
        };
    }

    private static String depth(@Nullable SolveProgress search) {
        if (search == null || search.depth() == 0) {
            return "";
        }
        return ": the " + search.depth() + " brightest stars"
                + (search.quadsTried() == 0 ? "" : ", " + search.quadsTried() + " patterns tried")
                + (search.bestLogOdds() > 0
                        ? String.format(Locale.ROOT, ", best odds so far e^%.0f", search.bestLogOdds())
                        : "");
    }
}
