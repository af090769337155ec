package io.novasolve.examples.cli;

import io.novasolve.core.model.Calibration;
import io.novasolve.core.model.ImageOutcome;
import io.novasolve.core.model.Job;
import io.novasolve.core.model.JobState;
import io.novasolve.core.model.Submission;
import io.novasolve.core.spi.Store;
import io.novasolve.store.jdbc.JdbcStore;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code nova status}: how submissions and their jobs stand. */
@Command(
        name = "status",
        description = "Tells how submissions and their jobs stand: those given, or all.",
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "Exit status:%n",
        exitCodeList = {
            "0:everything listed is solved",
            "1:something listed is not solved",
            "2:the usage is wrong, or there is no such submission"
        })
final class StatusCommand implements Callable<Integer> {

    /** Submissions whose jobs are asked for at once. */
    private static final int PAGE = 500;

    @Spec
    private CommandSpec spec;

    @Mixin
    private StoreOptions store = new StoreOptions();

    @Option(names = "--json", description = "One JSON object a line for each job.")
    private boolean json;

    @Parameters(arity = "0..*", paramLabel = "SUBMISSION", description = "Ids of submissions (default: all).")
    private List<Integer> ids = List.of();

    @SuppressWarnings("NullAway.Init") // picocli sets the fields
    StatusCommand() {}

    /** A job, or a submission that has none. */
    private record Line(
            Submission submission, @Nullable Job job, String status, @Nullable String reason, @Nullable String error) {

        static Line of(Submission s) {
            return switch (s.state()) {
                case QUEUED -> new Line(s, null, "queued", null, null);
                case UNPACKING -> new Line(s, null, "running", null, null);
                case CANCELLED -> new Line(s, null, "cancelled", "cancelled", null);
                case FAILED -> new Line(s, null, "failed", "unreadable", s.error());
                case UNPACKED -> new Line(s, null, "failed", "unreadable", "it holds no image");
            };
        }

        static Line of(Submission s, Job job) {
            ImageOutcome outcome = job.outcome();
            String reason = null;
            String error = null;
            if (outcome instanceof ImageOutcome.Unsolved unsolved) {
                reason = unsolved.reason().word();
                error = unsolved.detail();
            } else if (outcome instanceof ImageOutcome.Failed failed) {
                reason = failed.reason().word();
                error = failed.message();
            } else if (outcome instanceof ImageOutcome.Cancelled) {
                reason = "cancelled";
            }
            return new Line(s, job, job.state().word(), reason, error);
        }
    }

    @Override
    public Integer call() {
        try (JdbcStore opened = store.openExisting()) {
            return print(opened);
        }
    }

    /** Prints what was asked for, and says how it stands as an exit status. */
    int print(Store opened) {
        PrintWriter out = spec.commandLine().getOut();
        List<Submission> submissions = new ArrayList<>();
        int status = NovaCommand.OK;
        if (ids.isEmpty()) {
            submissions.addAll(opened.submissions(Integer.MAX_VALUE));
            Collections.reverse(submissions);
        }
        for (int id : ids) {
            Optional<Submission> submission = opened.submission(id);
            if (submission.isEmpty()) {
                spec.commandLine().getErr().println("nova: there is no submission " + id);
                status = NovaCommand.USAGE;
            }
            submission.ifPresent(submissions::add);
        }
        for (int at = 0; at < submissions.size(); at += PAGE) {
            for (Line line : lines(opened, submissions.subList(at, Math.min(submissions.size(), at + PAGE)))) {
                print(out, line);
                if (!line.status.equals(JobState.SOLVED.word())) {
                    status = Math.max(status, NovaCommand.NOT_SOLVED);
                }
            }
        }
        out.flush();
        return status;
    }

    private static List<Line> lines(Store opened, List<Submission> submissions) {
        Map<Integer, List<Job>> jobs = opened
                .jobs(submissions.stream().map(Submission::id).toList())
                .stream()
                .collect(Collectors.groupingBy(Job::submissionId));
        return submissions.stream()
                .flatMap(s -> jobs.containsKey(s.id())
                        ? jobs.get(s.id()).stream().map(job -> Line.of(s, job))
                        : Stream.of(Line.of(s)))
                .toList();
    }

    private void print(PrintWriter out, Line line) {
        Job job = line.job;
        String file = job == null ? line.submission.fileName() : job.image().fileName();
        if (!json) {
            out.printf(
                    "submission %d%s %s: %s%s%n",
                    line.submission.id(),
                    job == null ? "" : ", job " + job.id() + ",",
                    file,
                    line.status,
                    line.reason == null ? "" : " (" + line.reason + ")");
            return;
        }
        Calibration calibration =
                job != null && job.outcome() instanceof ImageOutcome.Solved solved ? solved.calibration() : null;
        out.println(JsonLine.of(g -> {
            g.writeNumberField("submission", line.submission.id());
            JsonReport.number(
                    g, "image", job == null ? null : (double) job.image().id());
            JsonReport.number(g, "job", job == null ? null : (double) job.id());
            g.writeStringField("file", file);
            g.writeStringField("user", line.submission.submitter());
            g.writeStringField("status", line.status);
            g.writeNumberField("attempts", job == null ? 0 : job.attempts());
            JsonReport.text(g, "reason", line.reason);
            JsonReport.text(g, "error", line.error);
            JsonReport.calibration(g, calibration);
        }));
    }
}
