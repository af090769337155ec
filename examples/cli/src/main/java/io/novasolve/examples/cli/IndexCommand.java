package io.novasolve.examples.cli;

import io.novasolve.engine.index.Index;
import io.novasolve.index.tools.FieldOfView;
import io.novasolve.index.tools.IndexAdvice;
import io.novasolve.index.tools.IndexCatalog;
import io.novasolve.index.tools.IndexFolder;
import io.novasolve.index.tools.IndexSeries;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code nova index}: which indexes there are, which are needed, and how to get them. */
@Command(
        name = "index",
        description = "Lists, fetches, checks and builds index files.",
        mixinStandardHelpOptions = true,
        subcommands = {IndexInstallCommand.class, IndexBuildCommand.class},
        exitCodeListHeading = "Exit status:%n",
        exitCodeList = {
            "0:done",
            "1:a file is not sound, could not be fetched or could not be built",
            "2:the usage is wrong, or an input could not be read"
        })
final class IndexCommand implements Callable<Integer> {

    private static final int FIRST_BUNDLED = 11;
    private static final int LAST_BUNDLED = 19;

    @Spec
    private CommandSpec spec;

    @SuppressWarnings("NullAway.Init") // picocli sets the fields
    IndexCommand() {}

    /** Where indexes are installed unless told otherwise. */
    static Path defaultFolder() {
        String data = System.getenv("XDG_DATA_HOME");
        Path base = data == null || data.isEmpty()
                ? Path.of(System.getProperty("user.home"), ".local", "share")
                : Path.of(data);
        return base.resolve("nova").resolve("indexes");
    }

    @Override
    public Integer call() {
        spec.commandLine().usage(spec.commandLine().getErr());
        return NovaCommand.USAGE;
    }

    @Command(
            name = "list",
            mixinStandardHelpOptions = true,
            description = "Index files that are installed, and series that are published.")
    Integer list(
            @Option(names = "--dir", paramLabel = "DIR", description = "Folder with index files.") @Nullable Path dir,
            @Option(names = "--json", description = "One JSON object a line.") boolean json)
            throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        Path folder = dir == null ? defaultFolder() : dir;
        if (dir != null && !Files.isDirectory(dir)) {
            return refuse("there is no folder " + dir);
        }
        List<IndexFolder.Entry> installed = Files.isDirectory(folder) ? IndexFolder.list(folder) : List.of();
        if (!json) {
            out.println("Bundled: tycho2, scales 11-19");
            out.println("Installed in " + folder + ":" + (installed.isEmpty() ? " nothing" : ""));
        }
        installed.forEach(entry -> print(entry, json, out));
        for (IndexSeries series : IndexCatalog.published().series()) {
            print(series, json, out);
        }
        out.flush();
        return NovaCommand.OK;
    }

    @Command(
            name = "verify",
            mixinStandardHelpOptions = true,
            description = "Checks every quad of every index file in a folder.")
    Integer verify(
            @Parameters(paramLabel = "DIR") Path dir,
            @Option(names = "--json", description = "One JSON object a line.") boolean json)
            throws IOException {
        if (!Files.isDirectory(dir)) {
            return refuse("there is no folder " + dir);
        }
        List<IndexFolder.Entry> entries = IndexFolder.verify(dir);
        PrintWriter out = spec.commandLine().getOut();
        entries.forEach(entry -> print(entry, json, out));
        out.flush();
        if (entries.isEmpty()) {
            return refuse("there are no index files (*.fits) in " + dir);
        }
        return entries.stream().allMatch(IndexFolder.Entry::isOk) ? NovaCommand.OK : NovaCommand.NOT_SOLVED;
    }

    /** An optics, or the field it shows. */
    static final class Optics {
        @ArgGroup(exclusive = false)
        private @Nullable Lens lens;

        @Option(
                names = "--field",
                paramLabel = "WxH",
                required = true,
                description = "Field in degrees, such as 2x1.5.")
        private @Nullable String field;

        /** Focal length and sensor. */
        static final class Lens {
            @Option(names = "--focal", paramLabel = "MM", required = true, description = "Focal length, millimetres.")
            private double focal;

            @Option(
                    names = "--sensor",
                    paramLabel = "WxH",
                    required = true,
                    description = "Sensor in millimetres, such as 36x24.")
            private String sensor = "";
        }

        FieldOfView toField() {
            if (lens != null) {
                double[] size = pair(lens.sensor, "--sensor");
                return FieldOfView.ofOptics(lens.focal, size[0], size[1]);
            }
            double[] size = pair(field == null ? "" : field, "--field");
            return new FieldOfView(size[0], size[1]);
        }

        private static double[] pair(String text, String option) {
            String[] cells = text.toLowerCase(Locale.ROOT).split("x", -1);
            try {
                if (cells.length == 2) {
                    return new double[] {Double.parseDouble(cells[0]), Double.parseDouble(cells[1])};
                }
            } catch (NumberFormatException e) {
                throw new IllegalArgumentException(option + " is two numbers such as 36x24, not " + text, e);
            }
            throw new IllegalArgumentException(option + " is two numbers such as 36x24, not " + text);
        }
    }

    @Command(
            name = "advise",
            mixinStandardHelpOptions = true,
            description = "Tells which index scales an optics needs, and how to get those that are missing.")
    Integer advise(
            @ArgGroup(multiplicity = "1") Optics optics,
            @Option(names = "--dir", paramLabel = "DIR", description = "Folders with index files that are there.")
                    @Nullable
                    List<Path> dirs,
            @Option(names = "--json", description = "One JSON object.") boolean json)
            throws IOException {
        FieldOfView field;
        try {
            field = optics.toField();
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
        }
        Set<Integer> there = new TreeSet<>(
                IntStream.rangeClosed(FIRST_BUNDLED, LAST_BUNDLED).boxed().toList());
        for (Path dir : dirs == null ? List.of(defaultFolder()) : dirs) {
            if (Files.isDirectory(dir)) {
                there.addAll(IndexFolder.scales(IndexFolder.list(dir)));
            } else if (dirs != null) {
                return refuse("there is no folder " + dir);
            }
        }
        IndexAdvice advice = IndexAdvice.of(field, there, IndexCatalog.published());
        PrintWriter out = spec.commandLine().getOut();
        out.println(json ? json(advice) : advice.sentence());
        out.flush();
        return NovaCommand.OK;
    }

    private int refuse(String sentence) {
        spec.commandLine().getErr().println("nova: " + sentence);
        return NovaCommand.USAGE;
    }

    private static String json(IndexAdvice advice) {
        List<String> commands = new ArrayList<>();
        for (IndexAdvice.Install install : advice.installs()) {
            commands.add(JsonLine.of(g -> {
                g.writeStringField("series", install.series());
                scales(g, "scales", install.scales());
            }));
        }
        return JsonLine.of(g -> {
            g.writeNumberField("field_width_deg", advice.field().widthDeg());
            g.writeNumberField("field_height_deg", advice.field().heightDeg());
            scales(g, "useful", advice.useful());
            scales(g, "best", advice.best());
            scales(g, "missing", advice.missing());
            g.writeFieldName("install");
            g.writeRawValue("[" + String.join(",", commands) + "]");
            g.writeStringField("sentence", advice.sentence());
        });
    }

    private static void scales(com.fasterxml.jackson.core.JsonGenerator g, String name, Set<Integer> scales)
            throws IOException {
        g.writeFieldName(name);
        int[] numbers = scales.stream().sorted().mapToInt(i -> i).toArray();
        g.writeArray(numbers, 0, numbers.length);
    }

    private static void print(IndexFolder.Entry entry, boolean json, PrintWriter out) {
        Index index = entry.index();
        if (json) {
            out.println(JsonLine.of(g -> {
                g.writeStringField("kind", "installed");
                g.writeStringField("file", entry.file().toString());
                g.writeBooleanField("ok", index != null);
                g.writeStringField("problem", entry.problem());
                if (index != null) {
                    g.writeNumberField("min_arcmin", 60 * Math.toDegrees(index.minAbRad()));
                    g.writeNumberField("max_arcmin", 60 * Math.toDegrees(index.maxAbRad()));
                    g.writeNumberField("stars_per_quad", index.quadSize());
                    g.writeNumberField("quads", index.quadCount());
                    g.writeNumberField("stars", index.starCount());
                }
            }));
        } else {
            out.println(index != null ? "ok   " + entry.file() + ": " + index : "BAD  " + entry.problem());
        }
    }

    private static void print(IndexSeries series, boolean json, PrintWriter out) {
        if (!json) {
            out.println("Published: " + series.name() + " (" + series.catalogue() + "; " + series.licence() + ")");
        }
        for (IndexSeries.Scale scale : series.scales()) {
            if (json) {
                out.println(JsonLine.of(g -> {
                    g.writeStringField("kind", "published");
                    g.writeStringField("series", series.name());
                    g.writeNumberField("scale", scale.number());
                    g.writeNumberField("min_arcmin", scale.minArcmin());
                    g.writeNumberField("max_arcmin", scale.maxArcmin());
                    g.writeNumberField("files", scale.tiles());
                    g.writeFieldName("megabytes");
                    g.writeRawValue(scale.size().isPresent() ? String.valueOf(scale.megabytes()) : "null");
                    g.writeStringField(
                            "url", series.url() == null ? null : series.url().toString());
                }));
            } else {
                String size = scale.size().isPresent()
                        ? String.format(Locale.ROOT, "%8.1f MB", scale.megabytes())
                        : "      ? MB";
                out.println(String.format(
                        Locale.ROOT,
                        "  scale %02d  %6.4g′ to %6.4g′  %2d file%s %s",
                        scale.number(),
                        scale.minArcmin(),
                        scale.maxArcmin(),
                        scale.tiles(),
                        scale.tiles() == 1 ? " " : "s",
                        size));
            }
        }
    }
}
