package io.novasolve.examples.cli;

import io.novasolve.core.spi.QueueCounts;
import io.novasolve.core.spi.Waiting;
import io.novasolve.store.jdbc.JdbcStore;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code nova queue}: how many jobs are in which state. */
@Command(
        name = "queue",
        description = "Tells how many jobs are in which state, and who waits.",
        mixinStandardHelpOptions = true)
final class QueueCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Mixin
    private StoreOptions store = new StoreOptions();

    @Option(names = "--json", description = "As one JSON object.")
    private boolean json;

    @SuppressWarnings("NullAway.Init") // picocli sets the fields
    QueueCommand() {}

    @Override
    public Integer call() {
        QueueCounts counts;
        Waiting waiting;
        try (JdbcStore opened = store.openExisting()) {
            counts = opened.counts();
            waiting = opened.waiting();
        }
        PrintWriter out = spec.commandLine().getOut();
        double oldest = waiting.oldest().toMillis() / 1000.0;
        if (json) {
            out.println(JsonLine.of(g -> {
                g.writeNumberField("queued", counts.queued());
                g.writeNumberField("running", counts.running());
                g.writeNumberField("solved", counts.solved());
                g.writeNumberField("unsolved", counts.unsolved());
                g.writeNumberField("failed", counts.failed());
                g.writeNumberField("cancelled", counts.cancelled());
                JsonReport.number(g, "oldest_wait_s", counts.queued() == 0 ? null : Double.valueOf(oldest));
                g.writeNumberField("users", waiting.submitters());
                g.writeNumberField("submissions", waiting.submissions());
                g.writeNumberField("unpacking", waiting.unpacking());
            }));
        } else {
            out.printf(
                    Locale.ROOT,
                    "queued %d, running %d, solved %d, unsolved %d, failed %d, cancelled %d; %d users wait, the oldest"
                            + " job for %.1f s; %d submissions wait to be unpacked, %d are%n",
                    counts.queued(),
                    counts.running(),
                    counts.solved(),
                    counts.unsolved(),
                    counts.failed(),
                    counts.cancelled(),
                    waiting.submitters(),
                    oldest,
                    waiting.submissions(),
                    waiting.unpacking());
        }
        out.flush();
        return NovaCommand.OK;
    }
}
