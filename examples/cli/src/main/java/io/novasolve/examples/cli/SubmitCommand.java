package io.novasolve.examples.cli;

import io.novasolve.core.SubmissionRequest;
import io.novasolve.core.disk.FolderContentStore;
import io.novasolve.core.model.Content;
import io.novasolve.core.model.SolveOptions;
import io.novasolve.core.model.Submission;
import io.novasolve.core.spi.NewSubmission;
import io.novasolve.fetch.HttpFetcher;
import io.novasolve.store.jdbc.JdbcStore;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code nova submit}: hands files and links to whoever works on the store; durable when it returns. */
@Command(
        name = "submit",
        description = "Stores files as submissions; workers on the same store solve them.",
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "Exit status:%n",
        exitCodeList = {"0:everything is submitted", "2:the usage is wrong, or an input could not be read"})
final class SubmitCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Mixin
    private StoreOptions store = new StoreOptions();

    @Mixin
    private HintOptions hints = new HintOptions();

    @Option(names = "--user", paramLabel = "NAME", description = "Who the submissions belong to (default: anonymous).")
    private String user = "";

    @Option(names = "--json", description = "One JSON object a line for each submission.")
    private boolean json;

    @Parameters(
            arity = "1..*",
            paramLabel = "FILE|URL",
            description = "Pictures, star lists or archives; workers fetch URLs.")
    private List<String> inputs = List.of();

    @SuppressWarnings("NullAway.Init") // picocli sets the fields
    SubmitCommand() {}

    @Override
    public Integer call() {
        SolveOptions options = hints.toSolveOptions();
        PrintWriter out = spec.commandLine().getOut();
        int status = NovaCommand.OK;
        try (JdbcStore opened = store.open();
                FolderContentStore content = store.openContent(opened)) {
            for (String input : inputs) {
                try {
                    print(out, input, submit(opened, content, input, options));
                } catch (IOException | IllegalArgumentException e) {
                    spec.commandLine()
                            .getErr()
                            .println("nova: " + input + " cannot be submitted: "
                                    + (e.getMessage() == null ? e.toString() : e.getMessage()));
                    status = NovaCommand.USAGE;
                }
            }
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        return status;
    }

    private Submission submit(JdbcStore opened, FolderContentStore content, String input, SolveOptions options)
            throws IOException {
        SubmissionRequest request = request(input);
        Content bytes;
        try (InputStream in = request.source().open()) {
            bytes = content.put(in);
        }
        return opened.create(new NewSubmission(
                user,
                request.fileName(),
                bytes,
                options,
                null,
                request.link(),
                request.labels(),
                request.imageOptions()));
    }

    /** A file, or a link, which a worker fetches. */
    private static SubmissionRequest request(String input) throws IOException {
        if (Inputs.isLink(input)) {
            try (HttpFetcher fetcher = HttpFetcher.create()) {
                fetcher.check(URI.create(input));
            }
        } else if (!Files.isRegularFile(Path.of(input))) {
            throw new IOException(Files.exists(Path.of(input)) ? "it is no file" : "there is no such file");
        }
        return Inputs.request(input);
    }

    private void print(PrintWriter out, String input, Submission submission) {
        if (json) {
            out.println(JsonLine.of(g -> {
                g.writeNumberField("submission", submission.id());
                g.writeStringField("file", input);
                g.writeStringField("user", submission.submitter());
            }));
        } else {
            out.println("submission " + submission.id() + ": " + input);
        }
        out.flush();
    }
}
