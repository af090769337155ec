package io.novasolve.examples.server.field;

import io.novasolve.core.model.ImageOutcome;
import io.novasolve.core.model.Job;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What happened to a job, for people, a line each. */
public final class JobText {

    private JobText() {}

    public static byte[] of(Job job) {
        StringBuilder text = new StringBuilder();
        line(text, job.queuedAt(), "job " + job.id() + " is queued");
        line(text, job.startedAt(), "attempt " + job.attempts() + " begins");
        if (job.outcome() != null) {
            line(text, job.endedAt(), outcome(job.outcome()));
            line(
                    text,
                    job.endedAt(),
                    "decoding took " + job.timings().decode().toMillis() + " ms, extraction "
                            + job.timings().extract().toMillis() + " ms, the search "
                            + job.timings().solve().toMillis() + " ms");
        }
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** What a stranger may know of a hidden picture's job: a failure's message may name its file, or where it came from. */
    public static byte[] forStrangers(Job job) {
        StringBuilder text = new StringBuilder();
        line(text, job.queuedAt(), "job " + job.id() + " is queued");
        line(text, job.startedAt(), "attempt " + job.attempts() + " begins");
        line(text, job.endedAt(), job.state().word());
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static void line(StringBuilder text, @Nullable Instant at, String what) {
        if (at != null) {
            text.append(at).append(' ').append(what).append('\n');
        }
    }

    /** One sentence for an outcome. */
    public static String outcome(ImageOutcome outcome) {
        if (outcome instanceof ImageOutcome.Solved solved) {
            return "solved: " + solved.calibration().matchedStars() + " stars matched in "
                    + solved.calibration().index();
        } else if (outcome instanceof ImageOutcome.Unsolved unsolved) {
            return "not solved (" + unsolved.reason().word() + "): " + unsolved.detail();
        } else if (outcome instanceof ImageOutcome.Failed failed) {
            return "failed (" + failed.reason().word() + "): " + failed.message();
        }
        return "cancelled";
    }
}
