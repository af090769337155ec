package io.novasolve.examples.cli;

import io.novasolve.core.spi.WorkerStatus;
import io.novasolve.store.jdbc.JdbcStore;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code nova workers}: who works on a store. */
@Command(
        name = "workers",
        description = "Lists the worker processes of a store, or asks one to drain.",
        mixinStandardHelpOptions = true)
final class WorkersCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Mixin
    private StoreOptions store = new StoreOptions();

    @Option(names = "--drain", paramLabel = "WORKER", description = "Ask a worker to end its jobs and claim no more.")
    private @Nullable String drain;

    @Option(names = "--json", description = "One JSON object a line for each worker.")
    private boolean json;

    @SuppressWarnings("NullAway.Init") // picocli sets the fields
    WorkersCommand() {}

    @Override
    public Integer call() {
        List<WorkerStatus> workers;
        try (JdbcStore opened = store.openExisting()) {
            if (drain != null && !opened.drainWorker(drain)) {
                spec.commandLine().getErr().println("nova: there is no worker " + drain);
                return NovaCommand.USAGE;
            }
            workers = opened.workers();
        }
        PrintWriter out = spec.commandLine().getOut();
        workers.forEach(w -> print(out, w));
        out.flush();
        return NovaCommand.OK;
    }

    private void print(PrintWriter out, WorkerStatus w) {
        if (json) {
            out.println(JsonLine.of(g -> {
                g.writeStringField("worker", w.report().name());
                g.writeStringField("host", w.report().host());
                g.writeStringField("transports", w.report().transports());
                g.writeNumberField("capacity", w.report().capacity());
                g.writeNumberField("running", w.report().running());
                g.writeStringField("last_seen", w.lastSeen().toString());
                g.writeBooleanField("draining", w.draining());
            }));
        } else {
            out.println(w.report().name() + " on " + w.report().host() + " ("
                    + w.report().transports() + "): runs "
                    + w.report().running() + " of " + w.report().capacity() + ", last seen " + w.lastSeen()
                    + (w.draining() ? ", draining" : ""));
        }
    }
}
