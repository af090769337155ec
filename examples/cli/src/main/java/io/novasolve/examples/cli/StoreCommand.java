package io.novasolve.examples.cli;

import io.novasolve.core.StoreCheck;
import io.novasolve.core.disk.FolderContentStore;
import io.novasolve.store.jdbc.JdbcStore;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code nova store check}: is all content there, and undamaged? */
@Command(
        name = "store",
        description = "Looks after a store.",
        mixinStandardHelpOptions = true,
        subcommands = StoreCommand.CheckCommand.class)
final class StoreCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @SuppressWarnings("NullAway.Init") // picocli sets the fields
    StoreCommand() {}

    @Override
    public Integer call() {
        spec.commandLine().usage(spec.commandLine().getErr());
        return NovaCommand.USAGE;
    }

    /** Reads everything, and changes nothing but what it is asked to. */
    @Command(
            name = "check",
            description = "Reads all content: is what the store refers to there and undamaged, and what is not needed?",
            mixinStandardHelpOptions = true,
            exitCodeListHeading = "Exit status:%n",
            exitCodeList = {
                "0:all is well, or was made so",
                "1:content is missing, damaged or orphaned",
                "2:the usage is wrong"
            })
    static final class CheckCommand implements Callable<Integer> {

        @Spec
        private CommandSpec spec;

        @Mixin
        private StoreOptions options = new StoreOptions();

        @Option(
                names = "--remove-orphans",
                description = "Delete content that nothing in the store refers to, unless it was put lately. No other"
                        + " store may have its content in the folder.")
        private boolean removeOrphans;

        @Option(
                names = "--older-than",
                paramLabel = "HOURS",
                description =
                        "Orphans put later than that stay, for somebody may be about to refer to them (default 24).")
        private double olderThan = 24;

        @Option(names = "--json", description = "One JSON object a line for each fault.")
        private boolean json;

        @SuppressWarnings("NullAway.Init") // picocli sets the fields
        CheckCommand() {}

        @Override
        public Integer call() throws IOException {
            if (!(olderThan >= 0)) {
                throw new IllegalArgumentException("--older-than is 0 or more");
            }
            if (removeOrphans && !options.hasFolderOfItsOwn()) {
                throw new IllegalArgumentException(
                        "--remove-orphans needs --data: in the folder that is used without it may"
                                + " be the content of other stores");
            }
            PrintWriter out = spec.commandLine().getOut();
            AtomicLong faults = new AtomicLong();
            try (JdbcStore store = options.openExisting();
                    FolderContentStore content = options.openExistingContent()) {
                StoreCheck.Summary summary = new StoreCheck(store, content).run(finding -> {
                    boolean removed = removed(content, finding);
                    if (!removed) {
                        faults.incrementAndGet();
                    }
                    print(out, finding, removed);
                });
                String sentence = summary.referred() + " contents referred to, " + summary.stored() + " stored, "
                        + faults + " faults";
                (json ? spec.commandLine().getErr() : out).println(sentence);
            }
            out.flush();
            return faults.get() == 0 ? NovaCommand.OK : NovaCommand.NOT_SOLVED;
        }

        private boolean removed(FolderContentStore content, StoreCheck.Finding finding) {
            try {
                return removeOrphans
                        && finding.fault() == StoreCheck.Fault.ORPHAN
                        && content.delete(finding.content(), Duration.ofSeconds(Math.round(olderThan * 3600)));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private void print(PrintWriter out, StoreCheck.Finding finding, boolean removed) {
            String fault = removed ? "removed" : finding.fault().name().toLowerCase(Locale.ROOT);
            if (json) {
                out.println(JsonLine.of(g -> {
                    g.writeStringField("fault", fault);
                    g.writeStringField("content", finding.content().hex());
                    g.writeStringField("detail", finding.detail());
                }));
            } else {
                out.println(fault + " " + finding.content() + ": " + finding.detail());
            }
        }
    }
}
