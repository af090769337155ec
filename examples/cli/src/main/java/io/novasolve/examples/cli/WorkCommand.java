package io.novasolve.examples.cli;

import io.novasolve.core.Nova;
import io.novasolve.core.disk.FolderContentStore;
import io.novasolve.core.spi.SolverTransport;
import io.novasolve.core.spi.StoreException;
import io.novasolve.core.spi.TransportException;
import io.novasolve.fetch.HttpFetcher;
import io.novasolve.store.jdbc.JdbcStore;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code nova work}: one worker process on a shared store. */
@Command(
        name = "work",
        description = "Works on the submissions and jobs of a store until it is stopped; stopped work goes back.",
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "Exit status:%n",
        exitCodeList = {
            "0:the store was idle (--until-idle), or it was asked to drain",
            "2:the usage is wrong",
            "130:interrupted"
        })
final class WorkCommand implements Callable<Integer> {

    private static final Duration LOOK_EVERY = Duration.ofMillis(200);
    private static final Duration LET_END = Duration.ofHours(1);

    @Spec
    private CommandSpec spec;

    @Mixin
    private StoreOptions store = new StoreOptions();

    @Mixin
    private TransportOptions transport = new TransportOptions();

    @Option(names = "--jobs", paramLabel = "N", description = "Images solved at once (default: half of the cores).")
    private int jobs = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);

    @Option(names = "--submissions", paramLabel = "N", description = "Submissions unpacked at once (default 1).")
    private int submissions = 1;

    @Option(names = "--threads", paramLabel = "N", description = "Cores for one image (default: all).")
    private int threads = Runtime.getRuntime().availableProcessors();

    @Option(
            names = "--lease",
            paramLabel = "SECONDS",
            description = "How long this process may be silent before others take over its work (default 30).")
    private double lease = 30;

    @Option(names = "--until-idle", description = "End when nothing in the store waits or runs any more.")
    private boolean untilIdle;

    @SuppressWarnings("NullAway.Init") // picocli sets the fields
    WorkCommand() {}

    @Override
    public Integer call() throws TransportException, IOException, InterruptedException {
        if (jobs < 0 || submissions < 0 || threads < 1 || !(lease >= 1)) {
            throw new IllegalArgumentException(
                    "--jobs and --submissions are 0 or more, --threads and --lease are 1 or more");
        }
        Console console = new Console(spec.commandLine().getErr(), false);
        try (JdbcStore opened = store.open();
                FolderContentStore content = store.openContent(opened)) {
            SolverTransport solver = transport.open(threads, console::error);
            try (Nova nova = Nova.builder(solver)
                    .namedAfterProcess()
                    .store(opened)
                    .content(content)
                    .linkFetcher(HttpFetcher.create())
                    .jobWorkers(jobs)
                    .submissionWorkers(submissions)
                    .extractionThreads(threads)
                    .lease(Duration.ofMillis(Math.round(lease * 1000)))
                    .start()) {
                Hook hook = new Hook(nova);
                try {
                    work(nova, opened, console);
                } finally {
                    hook.remove();
                }
            }
        }
        return NovaCommand.OK;
    }

    private void work(Nova nova, JdbcStore opened, Console console) throws InterruptedException {
        CountDownLatch never = new CountDownLatch(1);
        boolean reachable = true;
        while (!never.await(LOOK_EVERY.toMillis(), TimeUnit.MILLISECONDS)) {
            if (nova.isDraining()) {
                nova.close(LET_END);
                return;
            }
            try {
                if (untilIdle && opened.isIdle()) {
                    return;
                }
                reachable = true;
            } catch (StoreException e) {
                if (reachable) {
                    console.error(e.getMessage() + "; goes on trying");
                }
                reachable = false;
            }
        }
    }

    /** Gives work back when the process is asked to end. */
    private static final class Hook {
        private final Thread thread;

        Hook(Nova nova) {
            thread = new Thread(nova::close, "nova-stop");
            Runtime.getRuntime().addShutdownHook(thread);
        }

        void remove() {
            try {
                Runtime.getRuntime().removeShutdownHook(thread);
            } catch (IllegalStateException e) {
                // The JVM is on its way down: the hook does what close would do.
                return;
            }
        }
    }
}
