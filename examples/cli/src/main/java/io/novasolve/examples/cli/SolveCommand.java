package io.novasolve.examples.cli;

import io.novasolve.core.Nova;
import io.novasolve.core.NovaBuilder;
import io.novasolve.core.SubmissionHandle;
import io.novasolve.core.SubmissionResult;
import io.novasolve.core.UnreadableSubmissionException;
import io.novasolve.core.model.SolveOptions;
import io.novasolve.core.spi.SolverTransport;
import io.novasolve.core.spi.TransportException;
import io.novasolve.fetch.HttpFetcher;
import io.novasolve.products.CatalogueFile;
import io.novasolve.products.Product;
import io.novasolve.products.SkyObject;
import io.novasolve.sky.UnreadableInputException;
import io.novasolve.store.jdbc.JdbcStore;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code nova solve}: pictures or star lists in, their places on the sky out, in the order given. */
@Command(
        name = "solve",
        description = "Tells where pictures or star lists point.",
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "Exit status:%n",
        exitCodeList = {
            "0:everything is solved",
            "1:something is not solved",
            "2:the usage is wrong, or an input could not be read",
            "130:interrupted"
        })
final class SolveCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Mixin
    private HintOptions hints = new HintOptions();

    @Mixin
    private TransportOptions transport = new TransportOptions();

    @Mixin
    private StoreOptions store = new StoreOptions();

    @Option(names = "--out", paramLabel = "DIR", description = "Write result files and a drawing for each file there.")
    private @Nullable Path out;

    @Option(
            names = "--products",
            paramLabel = "LIST",
            description =
                    "What to write there besides: all, none, or some of new-fits, objects, tags, moc, kmz, kml, overlay,"
                            + " annotated, grid, sources, red-green, display, thumbnail (default: objects,tags,moc).")
    private @Nullable String products;

    @Option(
            names = "--catalogue",
            paramLabel = "FILE",
            description = "Objects of yours for products: a table with the columns name, ra, dec; may be repeated.")
    private List<Path> catalogues = List.of();

    @Option(names = "--jobs", paramLabel = "N", defaultValue = "1", description = "Files at once (default 1).")
    private int jobs;

    @Option(names = "--threads", paramLabel = "N", description = "Cores for one file (default: all).")
    private @Nullable Integer threads;

    @Option(names = "--json", description = "One JSON object a line for each file.")
    private boolean json;

    @Option(names = "--progress", description = "Tell on stderr what happens, even if it is no terminal.")
    private boolean progress;

    @Parameters(
            arity = "1..*",
            paramLabel = "FILE|URL",
            description = "Pictures, star lists, archives of them, or links to such.")
    private List<String> files = List.of();

    private final List<AutoCloseable> own = new ArrayList<>();
    private final List<SkyObject> objects = new ArrayList<>();
    private Set<Product> wanted = Set.of();

    @SuppressWarnings("NullAway.Init") // picocli sets the fields
    SolveCommand() {}

    /** A file on its way: submitted, or refused already. */
    private record Pending(String file, @Nullable SubmissionHandle handle, String error) {}

    @Override
    public Integer call() throws TransportException {
        SolveOptions options = checkedOptions();
        try {
            return solve(options);
        } finally {
            closeOwn();
        }
    }

    private int solve(SolveOptions options) throws TransportException {
        try (Nova nova = start()) {
            Thread stop = new Thread(nova::close, "nova-interrupted");
            Runtime.getRuntime().addShutdownHook(stop);
            try {
                return solve(nova, options);
            } finally {
                removeHook(stop);
            }
        }
    }

    private static void removeHook(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The JVM is on its way down: the hook does what close would do.
            return;
        }
    }

    private SolveOptions checkedOptions() {
        try {
            if (jobs < 1 || threads != null && threads < 1) {
                throw new IllegalArgumentException("--jobs and --threads are 1 or more");
            }
            if (products != null && out == null) {
                throw new IllegalArgumentException("--products needs --out DIR, where to write them");
            }
            if (!catalogues.isEmpty() && out == null) {
                throw new IllegalArgumentException("--catalogue needs --out DIR, where to write what is made with it");
            }
            for (Path catalogue : catalogues) {
                objects.addAll(CatalogueFile.read(catalogue));
            }
            wanted = ProductOptions.of(products);
            return hints.toSolveOptions();
        } catch (IllegalArgumentException | UnreadableInputException e) {
            throw wrongUsage(e);
        }
    }

    private ParameterException wrongUsage(Exception e) {
        return new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
    }

    private Nova start() throws TransportException {
        int cores = threads == null ? Runtime.getRuntime().availableProcessors() : threads;
        Console console = console();
        SolverTransport solver;
        try {
            solver = transport.open(cores, console::error);
        } catch (IllegalArgumentException e) {
            throw wrongUsage(e);
        }
        NovaBuilder builder = Nova.builder(solver)
                .jobWorkers(jobs)
                .submissionWorkers(1)
                .extractionThreads(cores)
                // A file that is listed twice is solved twice: scripts measure warm times that way.
                .reuseSolutions(false);
        if (!store.isMemory()) {
            JdbcStore opened = own(store.open());
            builder.name("solve-" + UUID.randomUUID()).store(opened).content(own(store.openContent(opened)));
        }
        // In a shared store others may have submitted links.
        if (!store.isMemory() || files.stream().anyMatch(Inputs::isLink)) {
            builder.linkFetcher(own(HttpFetcher.create()));
        }
        return builder.start();
    }

    /** Nova leaves open what it was handed. */
    private <T extends AutoCloseable> T own(T part) {
        own.add(part);
        return part;
    }

    private void closeOwn() {
        for (AutoCloseable part : own) {
            try {
                part.close();
            } catch (Exception e) {
                console().error("the store did not close: " + e.getMessage());
            }
        }
    }

    private Console console() {
        return new Console(spec.commandLine().getErr(), progress || Boolean.getBoolean("nova.terminal"));
    }

    private int solve(Nova nova, SolveOptions options) {
        PrintWriter answers = spec.commandLine().getOut();
        Report report = json ? new JsonReport(answers) : new TextReport(answers);
        Console console = console();
        ResultFolder results = out == null ? null : new ResultFolder(out, wanted, objects);
        Deque<Pending> pending = new ArrayDeque<>();
        int status = NovaCommand.OK;
        for (String file : files) {
            // A few files ahead keep the workers busy; more would only fill the memory.
            if (pending.size() > jobs) {
                status = Math.max(status, answer(nova, pending.remove(), report, results, console));
            }
            pending.add(submit(nova, file, options));
        }
        while (!pending.isEmpty()) {
            status = Math.max(status, answer(nova, pending.remove(), report, results, console));
        }
        return status;
    }

    private static Pending submit(Nova nova, String file, SolveOptions options) {
        try {
            return new Pending(file, nova.submit(Inputs.request(file).withOptions(options)), "");
        } catch (UnreadableSubmissionException | IllegalArgumentException e) {
            return new Pending(file, null, String.valueOf(e.getMessage()));
        }
    }

    private int answer(Nova nova, Pending pending, Report report, @Nullable ResultFolder results, Console console) {
        SubmissionHandle handle = pending.handle();
        List<Answer> answers;
        if (handle == null) {
            answers = List.of(Answer.refused(pending.file(), pending.error()));
        } else {
            SubmissionResult result = console.await(handle, pending.file());
            answers = Answer.of(pending.file(), result);
            if (results != null) {
                try {
                    results.write(nova, pending.file(), result);
                } catch (IOException | RuntimeException e) {
                    console.error(
                            pending.file() + ": the results could not be written to " + out + ": " + e.getMessage());
                    answers.forEach(report::add);
                    return NovaCommand.NOT_SOLVED;
                }
            }
        }
        answers.forEach(report::add);
        return answers.stream().mapToInt(Answer::exitStatus).max().orElse(NovaCommand.OK);
    }
}
