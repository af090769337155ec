package io.novasolve.examples.cli;

import io.novasolve.store.jdbc.JdbcStore;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code nova cancel}: what waits ends now, what runs is asked to stop. */
@Command(
        name = "cancel",
        description = "Cancels a submission or a job: what waits ends now, what runs is asked to stop.",
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "Exit status:%n",
        exitCodeList = {"0:done, or it had ended already", "2:the usage is wrong, or there is no such thing"})
final class CancelCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Mixin
    private StoreOptions store = new StoreOptions();

    @ArgGroup(exclusive = true, multiplicity = "1")
    private Target target = new Target();

    private static final class Target {
        @Parameters(index = "0", paramLabel = "SUBMISSION", description = "Id of a submission.")
        private @Nullable Integer submission;

        @Option(names = "--job", paramLabel = "JOB", description = "Id of a job.")
        private @Nullable Integer job;
    }

    @SuppressWarnings("NullAway.Init") // picocli sets the fields
    CancelCommand() {}

    @Override
    public Integer call() {
        Integer job = target.job;
        Integer submission = target.submission;
        try (JdbcStore opened = store.openExisting()) {
            boolean known = job != null
                    ? opened.cancelJob(job).known()
                    : submission != null && opened.cancelSubmission(submission).known();
            if (!known) {
                String what = job != null ? "job " + job : "submission " + submission;
                spec.commandLine().getErr().println("nova: there is no " + what);
                return NovaCommand.USAGE;
            }
        }
        return NovaCommand.OK;
    }
}
