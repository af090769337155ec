package io.novasolve.examples.cli;

import io.novasolve.index.tools.IndexCatalog;
import io.novasolve.index.tools.IndexInstallException;
import io.novasolve.index.tools.IndexInstaller;
import io.novasolve.index.tools.IndexSeries;
import io.novasolve.index.tycho2.Tycho2Indexes;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code nova index install}: downloads that continue where they stopped. */
@Command(
        name = "install",
        mixinStandardHelpOptions = true,
        description = "Fetches the index files of a series, or copies the bundled ones (tycho2).")
final class IndexInstallCommand implements Callable<Integer> {

    private static final int INTERRUPTED = 130;
    private static final String BUNDLED = "tycho2";

    @Spec
    private CommandSpec spec;

    @Parameters(
            paramLabel = "SERIES",
            description = "4100, 4200, 5200, 5200_LITE or tycho2; or one scale of it, such as 4107.")
    private String series = "";

    @Option(names = "--scales", paramLabel = "LIST", description = "Scales such as 07-09,11 (default: all).")
    private @Nullable String scales;

    @Option(names = "--dir", paramLabel = "DIR", description = "Where to put the files.")
    private @Nullable Path dir;

    @Option(names = "--base-url", paramLabel = "URL", description = "Of a mirror with a folder for each series.")
    private @Nullable URI baseUrl;

    @Option(names = "--progress", description = "Tell on stderr what happens, even if it is no terminal.")
    private boolean progress;

    @SuppressWarnings("NullAway.Init") // picocli sets the fields
    IndexInstallCommand() {}

    /** Scales of a series. */
    private record Wanted(IndexSeries series, Set<Integer> scales) {}

    @Override
    public Integer call() throws IOException {
        Path folder = dir == null ? IndexCommand.defaultFolder() : dir;
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        if (series.equalsIgnoreCase(BUNDLED)) {
            int count = Tycho2Indexes.open(folder).indexes().size();
            out.println("tycho2: " + count + " files are in " + folder);
            return NovaCommand.OK;
        }
        Wanted wanted = wanted();
        try {
            IndexInstaller.Result result = installer(err).install(wanted.series(), wanted.scales(), folder);
            out.println(wanted.series().name() + ": " + result.fetched().size() + " files fetched, "
                    + result.present().size() + " were there; solve with --index " + folder);
            return NovaCommand.OK;
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
        } catch (IndexInstallException e) {
            err.println("nova: " + e.getMessage());
            return NovaCommand.NOT_SOLVED;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return INTERRUPTED;
        }
    }

    private IndexInstaller installer(PrintWriter err) {
        HttpClient client = HttpClient.newBuilder()
                .followRedirects(HttpClient.Redirect.NORMAL)
                .connectTimeout(Duration.ofSeconds(30))
                .build();
        boolean show = progress || System.console() != null;
        return new IndexInstaller(client, baseUrl, IndexInstaller.Patience.DEFAULT, (file, bytes, total) -> {
            if (show) {
                err.printf(
                        Locale.ROOT,
                        "%s: %.1f of %s MB%n",
                        file,
                        bytes / 1e6,
                        total < 0 ? "?" : String.format(Locale.ROOT, "%.1f", total / 1e6));
                err.flush();
            }
        });
    }

    private Wanted wanted() {
        IndexCatalog catalog = IndexCatalog.published();
        IndexSeries whole = catalog.find(series).orElse(null);
        Set<Integer> chosen;
        if (whole != null) {
            chosen = scales == null
                    ? whole.scales().stream()
                            .map(IndexSeries.Scale::number)
                            .collect(Collectors.toCollection(TreeSet::new))
                    : parse(scales);
            return new Wanted(whole, chosen);
        }
        // 4107 is scale 07 of 4100, and 5203_LITE scale 03 of 5200_LITE.
        if (series.matches("(?i)\\d{4}(_LITE)?")) {
            String name = series.substring(0, 2) + "00" + series.substring(4);
            IndexSeries one = catalog.find(name).orElse(null);
            if (one != null) {
                return new Wanted(one, Set.of(Integer.parseInt(series.substring(2, 4))));
            }
        }
        String known = catalog.series().stream().map(IndexSeries::name).collect(Collectors.joining(", "));
        throw new ParameterException(spec.commandLine(), "there is no series " + series + "; known are " + known);
    }

    private Set<Integer> parse(String list) {
        Set<Integer> numbers = new TreeSet<>();
        for (String item : list.split(",", -1)) {
            if (!item.matches("\\d{1,2}(-\\d{1,2})?")) {
                throw new ParameterException(spec.commandLine(), "--scales is a list such as 07-09,11, not " + list);
            }
            String[] ends = item.split("-", -1);
            int last = Integer.parseInt(ends[ends.length - 1]);
            for (int i = Integer.parseInt(ends[0]); i <= last; i++) {
                numbers.add(i);
            }
        }
        return numbers;
    }
}
