package io.novasolve.core.pipeline;

import io.novasolve.core.model.JobTimings;
import io.novasolve.core.model.Submission;
import io.novasolve.core.model.UnsolvedReason;
import io.novasolve.core.spi.JobReport;
import io.novasolve.core.spi.NewImage;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What is said of work whose deadline is over. */
public final class OverdueReport {

    private OverdueReport() {}

    /** Of a job that was not searched. */
    public static JobReport of(@Nullable Instant deadline, JobTimings timings) {
        return report("its deadline, " + deadline + ", was over before its turn came", timings);
    }

    /** Of a submission that was not unpacked: it becomes one image of the same name, which nobody has searched. */
    public static NewImage of(Submission submission) {
        String detail =
                "its deadline, " + submission.options().deadline() + ", was over before it was fetched and unpacked";
        return new NewImage(submission.fileName(), submission.content(), report(detail, JobTimings.NONE));
    }

    private static JobReport report(String detail, JobTimings timings) {
        return new JobReport(new JobReport.Unsolved(UnsolvedReason.TIMEOUT, detail), timings, Map.of());
    }
}
