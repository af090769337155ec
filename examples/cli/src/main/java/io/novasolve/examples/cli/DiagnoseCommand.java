package io.novasolve.examples.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import io.novasolve.core.Nova;
import io.novasolve.core.SubmissionRequest;
import io.novasolve.core.SubmissionResult;
import io.novasolve.core.UnreadableSubmissionException;
import io.novasolve.core.model.SolveOptions;
import io.novasolve.core.spi.TransportException;
import io.novasolve.sky.UnreadableInputException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code nova diagnose}: looks at a file's stars, tries it as it is and with one thing changed at a time. */
@Command(
        name = "diagnose",
        description = "Tells why a picture or star list does not solve: what was found in it, and what helps.",
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "Exit status:%n",
        exitCodeList = {
            "0:it solves as it is",
            "1:it does not, or only with something changed",
            "2:the usage is wrong, or the file could not be read"
        })
final class DiagnoseCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Mixin
    private HintOptions hints = new HintOptions();

    @Mixin
    private TransportOptions transport = new TransportOptions();

    @Option(names = "--json", description = "One JSON object.")
    private boolean json;

    @Parameters(paramLabel = "FILE", description = "A picture or a star list.")
    private @Nullable Path file;

    @SuppressWarnings("NullAway.Init") // picocli sets the fields
    DiagnoseCommand() {}

    @Override
    public Integer call() throws TransportException, InterruptedException {
        Path input = Objects.requireNonNull(file);
        SolveOptions given;
        try {
            given = hints.toSolveOptions();
        } catch (IllegalArgumentException e) {
            throw wrongUsage(e);
        }
        InputFindings findings;
        try {
            findings = InputFindings.of(input, given);
        } catch (UnreadableInputException e) {
            spec.commandLine().getErr().println(e.getMessage());
            return NovaCommand.USAGE;
        }
        List<Tried> tried = new ArrayList<>();
        try (Nova nova = start()) {
            for (Trial trial : Trial.of(given, findings.isPicture())) {
                Tried outcome = attempt(nova, input, trial);
                tried.add(outcome);
                if (outcome.answer().exitStatus() == NovaCommand.OK) {
                    break;
                }
            }
        }
        String advice = Advice.of(findings, given, tried);
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(JsonLine.of(generator -> write(generator, input, findings, tried, advice)));
        } else {
            print(out, input, findings, tried, advice);
        }
        out.flush();
        return tried.get(0).answer().exitStatus();
    }

    /** A trial and how it ended. */
    record Tried(Trial trial, Answer answer) {}

    private Nova start() throws TransportException {
        int cores = Runtime.getRuntime().availableProcessors();
        Console console = new Console(spec.commandLine().getErr(), false);
        try {
            return Nova.builder(transport.open(cores, console::error))
                    .jobWorkers(1)
                    .extractionThreads(cores)
                    .reuseSolutions(false)
                    .start();
        } catch (IllegalArgumentException e) {
            throw wrongUsage(e);
        }
    }

    private ParameterException wrongUsage(IllegalArgumentException e) {
        return new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
    }

    private static Tried attempt(Nova nova, Path input, Trial trial) {
        try {
            SubmissionResult result = nova.submit(SubmissionRequest.of(input).withOptions(trial.options()))
                    .result()
                    .join();
            return new Tried(trial, Answer.of(input.toString(), result).get(0));
        } catch (UnreadableSubmissionException e) {
            return new Tried(trial, Answer.refused(input.toString(), String.valueOf(e.getMessage())));
        }
    }

    private static void print(PrintWriter out, Path input, InputFindings findings, List<Tried> tried, String advice) {
        out.println(input);
        findings.sentences().forEach(sentence -> out.println("  found    " + sentence));
        TextReport report = new TextReport(out);
        for (Tried t : tried) {
            out.println("  tried    " + t.trial().name() + ": "
                    + t.answer().state().word()
                    + (t.answer().error() == null ? "" : ", " + t.answer().error()));
        }
        out.println("  so       " + advice);
        Answer last = tried.get(tried.size() - 1).answer();
        if (last.calibration() != null) {
            report.add(last);
        }
    }

    private static void write(
            JsonGenerator generator, Path input, InputFindings findings, List<Tried> tried, String advice)
            throws IOException {
        generator.writeStringField("file", input.toString());
        generator.writeNumberField("width_px", findings.width());
        generator.writeNumberField("height_px", findings.height());
        generator.writeNumberField("stars", findings.stars());
        generator.writeNumberField("parts_with_stars", findings.partsWithStars());
        generator.writeStringField("header", findings.header().isEmpty() ? null : findings.header());
        generator.writeArrayFieldStart("tried");
        for (Tried t : tried) {
            generator.writeStartObject();
            generator.writeStringField("what", t.trial().name());
            generator.writeStringField("status", t.answer().state().word());
            generator.writeStringField("reason", t.answer().reason());
            generator.writeStringField("error", t.answer().error());
            generator.writeEndObject();
        }
        generator.writeEndArray();
        generator.writeStringField("advice", advice);
    }
}
