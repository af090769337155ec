package io.novasolve.examples.server.page;

import io.novasolve.core.model.Job;
import io.novasolve.core.model.JobState;
import io.novasolve.core.model.Submission;
import io.novasolve.core.model.SubmissionState;
import io.novasolve.core.spi.SolveProgress;
import io.novasolve.core.watch.JobProgress;
import io.novasolve.examples.server.Backend;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * How far a submission has come, for people.
 *
 * @param steps what is done, what goes on, what is to come
 * @param now a sentence
 * @param over whether nothing more will happen
 * @param next the page to go to then
 */
record Progress(List<Step> steps, String now, boolean over, String next) {

    private static final int MOST_AHEAD = 1000;

    /** @param state {@code done}, {@code active}, {@code wrong} or empty */
    record Step(String state, String text) {
        Map<String, Object> json() {
            return Map.of("state", state, "text", text);
        }
    }

    Map<String, Object> json() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("steps", steps.stream().map(Step::json).toList());
        json.put("now", now);
        json.put("over", over);
        json.put("next", next);
        return json;
    }

    static Progress of(Backend backend, Submission submission) {
        List<Job> jobs = backend.store().jobs(submission.id());
        boolean failed = submission.state() == SubmissionState.FAILED;
        boolean cancelled = submission.state() == SubmissionState.CANCELLED;
        boolean unpacked = submission.state().isFinal();
        boolean useless = unpacked && jobs.isEmpty();
        boolean begun = jobs.stream().anyMatch(job -> job.state() != JobState.QUEUED);
        boolean over = unpacked && jobs.stream().allMatch(job -> job.state().isFinal());
        boolean allSolved = jobs.stream().allMatch(job -> job.state() == JobState.SOLVED);
        List<Step> steps = List.of(
                new Step("done", "Received"),
                new Step(
                        failed || cancelled ? "wrong" : unpacked ? "done" : "active",
                        submission.link() == null ? "Opened" : "Fetched and opened"),
                new Step(useless ? "" : begun || over ? "done" : unpacked ? "active" : "", "In the queue"),
                new Step(useless ? "" : over ? allSolved ? "done" : "wrong" : begun ? "active" : "", "Searched"));
        String next =
                over && jobs.size() == 1 ? "/user_images/" + jobs.get(0).image().id() : "/status/" + submission.id();
        return new Progress(steps, sentence(backend, submission, jobs, over), over, next);
    }

    private static String sentence(Backend backend, Submission submission, List<Job> jobs, boolean over) {
        if (submission.state() == SubmissionState.CANCELLED) {
            return "Cancelled.";
        } else if (submission.state() == SubmissionState.FAILED) {
            return "It could not be opened.";
        } else if (!submission.state().isFinal()) {
            return submission.link() == null
                    ? "Waiting to be opened."
                    : submission.state() == SubmissionState.QUEUED
                            ? "Waiting to be fetched."
                            : "Fetching and opening it.";
        }
        long ended = jobs.stream().filter(job -> job.state().isFinal()).count();
        if (over) {
            return jobs.size() == 1 && jobs.get(0).outcome() != null
                    ? PageText.outcome(jobs.get(0).outcome())
                    : ended + " of " + jobs.size() + " pictures are done.";
        }
        Optional<Job> running =
                jobs.stream().filter(job -> job.state() == JobState.RUNNING).findFirst();
        String of = jobs.size() == 1 ? "" : ended + " of " + jobs.size() + " pictures are done. ";
        return of + (running.isPresent() ? search(backend, running.get()) : ahead(backend, jobs));
    }

    /** The place in the queue of what of a submission comes next. */
    private static String ahead(Backend backend, List<Job> jobs) {
        int ahead = jobs.stream()
                .filter(job -> job.state() == JobState.QUEUED)
                .findFirst()
                .map(job -> backend.store().jobQueue().ahead(job.id(), MOST_AHEAD))
                .orElse(0);
        return switch (ahead) {
            case 0 -> "It is next in the queue.";
            case 1 -> "About one job comes first.";
            case MOST_AHEAD -> "More than " + MOST_AHEAD + " jobs come first.";
            default -> "About " + ahead + " jobs come first.";
        };
    }

    private static String search(Backend backend, Job job) {
        JobProgress progress = backend.nova().progress(job);
        SolveProgress search = progress.search();
        return switch (progress.stage()) {
            case QUEUED -> "It begins any moment.";
            case READING -> "Reading the picture.";
            case EXTRACTING -> "Finding its stars.";
            case SEARCHING, ELSEWHERE, ENDED ->
                search == null || search.depth() == 0
                        ? "Searching."
                        : "Searching: the " + search.depth() + " brightest stars" + tried(search) + ".";
        };
    }

    private static String tried(SolveProgress search) {
        String quads = search.quadsTried() == 0 ? "" : ", " + search.quadsTried() + " patterns tried";
        return search.bestLogOdds() > 0
                ? quads + String.format(Locale.ROOT, ", best odds so far e^%.0f", search.bestLogOdds())
                : quads;
    }
}
