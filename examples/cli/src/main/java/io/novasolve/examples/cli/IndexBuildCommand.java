package io.novasolve.examples.cli;

import io.novasolve.engine.build.IndexBuilder;
import io.novasolve.engine.build.IndexRecipe;
import io.novasolve.engine.build.StarTable;
import io.novasolve.engine.build.StarTableReader;
import io.novasolve.sky.UnreadableInputException;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code nova index build}: an index out of a star table. */
@Command(
        name = "build",
        mixinStandardHelpOptions = true,
        description = "Makes an index file out of a star table (FITS or CSV with RA, DEC in degrees and MAG).")
final class IndexBuildCommand implements Callable<Integer> {

    private static final int INTERRUPTED = 130;

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "STARS", description = "Star table.")
    private Path stars;

    @Option(names = "-o", paramLabel = "INDEX", required = true, description = "The index file to write.")
    private Path output;

    @ArgGroup(multiplicity = "1")
    private Size size;

    /** One of the customary scales, or bounds of one's own. */
    static final class Size {
        @Option(names = "--scale", paramLabel = "N", required = true, description = "0 (2′–2.8′) to 19 (1400′–2000′).")
        private @Nullable Integer scale;

        @ArgGroup(exclusive = false)
        private @Nullable Bounds bounds;

        /** Sizes of quads. */
        static final class Bounds {
            @Option(names = "--scale-low", paramLabel = "ARCMIN", required = true, description = "Smallest quads.")
            private double low;

            @Option(names = "--scale-high", paramLabel = "ARCMIN", required = true, description = "Largest quads.")
            private double high;
        }
    }

    @Option(names = "--stars-per-quad", paramLabel = "N", description = "3, 4 or 5 (default: 4 below 85′, else 3).")
    private @Nullable Integer starsPerQuad;

    @Option(names = "--nside", paramLabel = "N", description = "HEALPix side of the cells (default: by the scale).")
    private @Nullable Integer side;

    @Option(names = "--stars-per-cell", paramLabel = "N", defaultValue = "10", description = "Default 10.")
    private int starsPerCell;

    @Option(names = "--quads-per-cell", paramLabel = "N", defaultValue = "16", description = "Default 16.")
    private int quadsPerCell;

    @Option(names = "--reuse", paramLabel = "N", defaultValue = "8", description = "Quads a star may be in (8).")
    private int reuse;

    @Option(names = "--dedup", paramLabel = "ARCSEC", defaultValue = "1", description = "Closer stars are one (1).")
    private double dedup;

    @Option(names = "--jitter", paramLabel = "ARCSEC", defaultValue = "1", description = "Positional error (1).")
    private double jitter;

    @Option(names = "--id", paramLabel = "N", defaultValue = "0", description = "Number of the index family.")
    private int id;

    @Option(names = "--mag-column", paramLabel = "NAME", description = "Column of magnitudes.")
    private @Nullable String magnitude;

    @Option(names = "--epoch", paramLabel = "YEAR", description = "Epoch of the positions, with --to-epoch.")
    private @Nullable Double epoch;

    @Option(names = "--to-epoch", paramLabel = "YEAR", description = "Move the stars to this year (PMRA, PMDEC).")
    private @Nullable Double toEpoch;

    @SuppressWarnings("NullAway.Init") // picocli sets the fields
    IndexBuildCommand() {}

    @Override
    public Integer call() throws IOException {
        IndexRecipe recipe;
        try {
            recipe = recipe();
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
        }
        try {
            StarTable table = read();
            IndexBuilder.Summary made = new IndexBuilder(recipe).build(table, output);
            spec.commandLine()
                    .getOut()
                    .println(output + ": " + made.quads() + " quads of " + recipe.starsPerQuad() + " stars, "
                            + made.stars() + " stars, " + made.bytes() + " bytes"
                            + (table.skipped() == 0 ? "" : "; " + table.skipped() + " rows were unusable"));
            return NovaCommand.OK;
        } catch (NoSuchFileException e) {
            return fail("there is no file " + e.getMessage(), NovaCommand.USAGE);
        } catch (UnreadableInputException e) {
            return fail(String.valueOf(e.getMessage()), NovaCommand.USAGE);
        } catch (IllegalArgumentException e) {
            return fail(String.valueOf(e.getMessage()), NovaCommand.NOT_SOLVED);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return INTERRUPTED;
        }
    }

    private StarTable read() throws IOException {
        StarTable table = new StarTableReader(magnitude).read(stars);
        return epoch == null || toEpoch == null ? table : table.atEpoch(epoch, toEpoch);
    }

    private IndexRecipe recipe() {
        if ((epoch == null) != (toEpoch == null)) {
            throw new IllegalArgumentException("--epoch and --to-epoch go together");
        }
        IndexRecipe recipe = size.scale != null
                ? IndexRecipe.preset(size.scale)
                : size.bounds != null ? IndexRecipe.of(size.bounds.low, size.bounds.high) : IndexRecipe.preset(0);
        recipe = starsPerQuad == null ? recipe : recipe.withStarsPerQuad(starsPerQuad);
        recipe = side == null ? recipe : recipe.withCellsPerSide(side);
        return recipe.withDensity(starsPerCell, quadsPerCell, reuse)
                .withPrecision(dedup, jitter)
                .withId(id);
    }

    private int fail(String sentence, int status) {
        spec.commandLine().getErr().println("nova: " + sentence);
        return status;
    }
}
