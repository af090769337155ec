package io.novasolve.transport.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import io.novasolve.core.axy.JobFile;
import io.novasolve.core.model.PositionHint;
import io.novasolve.core.model.ScaleHint;
import io.novasolve.core.model.ScaleRange;
import io.novasolve.core.model.ScaleUnits;
import io.novasolve.core.model.SolveOptions;
import io.novasolve.sky.Parity;
import io.novasolve.testkit.RequiresIndexes;
import io.novasolve.testkit.RequiresProgram;
import io.novasolve.testkit.StarField;
import io.novasolve.testkit.Surroundings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Job files of many combinations of options, before an independent reader and the real engine. */
@Timeout(300)
@Tag("once")
class JobFileEngineTest {

    /** Prints a line a file: its rows, the first star's x, the last one's y, and the cards of the job. */
    private static final String READER =
            """
            import sys, warnings
            try:
                from astropy.io import fits
            except ImportError:
                print("no astropy")
                sys.exit()
            warnings.simplefilter("error")
            for name in sys.argv[1:]:
                with fits.open(name) as hdus:
                    hdus.verify("exception")
                    cards, rows = hdus[0].header, hdus[1].data
                    words = [str(len(rows)), repr(float(rows["X"][0])), repr(float(rows["Y"][-1]))]
                    words += ["%s=%r" % (key, cards[key]) for key in cards if key[:2] in ("AN", "IM")]
                    print("@".join(words))
            """;

    @TempDir
    Path folder;

    private final StarField field = StarField.known(11);

    /** Every value of every option, in many combinations, by walking the lists at different speeds. */
    private static List<SolveOptions> table() {
        List<ScaleHint> scales = Arrays.asList(
                null,
                ScaleHint.between(ScaleUnits.DEG_WIDTH, 5, 7),
                ScaleHint.between(ScaleUnits.ARCMIN_WIDTH, 350, 370),
                ScaleHint.between(ScaleUnits.ARCSEC_PER_PIX, 17.1, 18.9),
                ScaleHint.between(ScaleUnits.FOCAL_MM, 300, 400),
                ScaleHint.estimate(ScaleUnits.DEG_WIDTH, 6, 100),
                new ScaleHint(ScaleUnits.DEG_WIDTH, 0.0, 6.5),
                new ScaleHint(ScaleUnits.DEG_WIDTH, 5.5, null));
        List<PositionHint> positions = Arrays.asList(
                null, PositionHint.of(84, 0, 10), PositionHint.of(0, 0, 1.0 / 3), PositionHint.of(359.9999, -90, 180));
        List<Parity> parities = Arrays.asList(null, Parity.POS, Parity.NEG);
        List<Integer> depths = Arrays.asList(null, 4, 25);
        List<Integer> counts = Arrays.asList(null, 12, 10_000);
        List<Double> errors = Arrays.asList(null, 0.7, 2.5);
        List<Double> odds = Arrays.asList(null, 1e6, 1e12);
        List<Integer> orders = Arrays.asList(null, 0, 1, 2, 3, 9);
        List<Boolean> centres = Arrays.asList(null, true, false);
        List<SolveOptions> table = new ArrayList<>();
        for (int i = 0; i < 48; i++) {
            table.add(SolveOptions.builder()
                    .scale(scales.get(i % 8))
                    .position(positions.get(i / 2 % 4))
                    .parity(parities.get(i % 3))
                    .depth(depths.get(i / 3 % 3))
                    .maxStars(counts.get((i + i / 3) % 3))
                    .positionalErrorPx(errors.get((i + i / 9) % 3))
                    .oddsToSolve(odds.get((i + i / 5) % 3))
                    .tweakOrder(orders.get(i % 6))
                    .crpixCentre(centres.get(i / 7 % 3))
                    .cpuLimit(Duration.ofSeconds(1))
                    .timeout(i % 2 == 0 ? null : Duration.ofSeconds(5))
                    .build());
        }
        return table;
    }

    @Test
    @RequiresProgram("python3")
    void anIndependentReaderFindsWhatWasMeant() throws Exception {
        List<SolveOptions> table = table();
        List<String> command = new ArrayList<>(List.of(python(), "-c", READER));
        for (int i = 0; i < table.size(); i++) {
            write(i, table.get(i));
            command.add(i + ".axy");
        }

        List<String> lines = run(command).lines().toList();

        if (lines.equals(List.of("no astropy"))) {
            System.out.println("SKIPPED JobFileEngineTest: no astropy; install the Debian package python3-astropy");
            abort("there is no astropy; install the Debian package python3-astropy");
        }
        assertThat(lines).hasSameSizeAs(table);
        for (int i = 0; i < lines.size(); i++) {
            assertMeans(lines.get(i).split("@", -1), table.get(i));
        }
    }

    private void assertMeans(String[] words, SolveOptions options) {
        int all = field.stars().size();
        int rows = options.maxStars() == null ? all : Math.min(options.maxStars(), all);
        assertThat(words[0]).isEqualTo("" + rows);
        assertThat(Double.parseDouble(words[1])).isEqualTo(field.stars().x(0));
        assertThat(Double.parseDouble(words[2])).isEqualTo(field.stars().y(rows - 1));
        Map<String, String> cards = new HashMap<>();
        for (String word : List.of(words).subList(3, words.length)) {
            cards.put(word.substring(0, word.indexOf('=')), word.substring(word.indexOf('=') + 1));
        }
        ScaleRange scale = options.scale() == null
                ? null
                : options.scaleRange(field.stars().width());
        assertNumber(cards, "ANAPPL1", scale == null ? null : scale.low());
        assertNumber(cards, "ANAPPU1", scale == null ? null : scale.high());
        PositionHint position = options.position();
        assertNumber(cards, "ANERA", position == null ? null : position.centre().raDeg());
        assertNumber(
                cards, "ANEDEC", position == null ? null : position.centre().decDeg());
        assertNumber(cards, "ANERAD", position == null ? null : position.radiusDeg());
        assertThat(cards.get("ANPARITY")).isEqualTo(options.parity() == null ? null : "'" + options.parity() + "'");
        assertNumber(cards, "ANPOSERR", options.positionalErrorPx());
        assertNumber(cards, "ANODDSSL", options.oddsToSolve());
        assertNumber(cards, "ANCLIM", 1.0);
        assertNumber(cards, "ANTLIM", options.timeout() == null ? null : 5.0);
        int order = options.tweakOrderOrDefault();
        assertThat(cards).containsEntry("ANTWEAK", order > 0 ? "True" : "False");
        assertNumber(cards, "ANTWEAKO", order > 0 ? Double.valueOf(order) : null);
        assertThat(cards.get("ANCRPIXC")).isEqualTo(Boolean.TRUE.equals(options.crpixCentre()) ? "True" : null);
        Integer depth = options.depth();
        assertNumber(cards, "ANDPU1", depth == null ? null : Double.valueOf(Math.min(10, depth)));
        assertNumber(cards, "ANDPU3", depth == null || depth < 21 ? null : Double.valueOf(depth));
    }

    private static void assertNumber(Map<String, String> cards, String key, Double expected) {
        if (expected == null) {
            assertThat(cards).doesNotContainKey(key);
        } else {
            assertThat(Double.parseDouble(cards.get(key))).as(key).isEqualTo(expected);
        }
    }

    @Test
    @RequiresProgram("astrometry-engine")
    @RequiresIndexes
    void theRealEngineAcceptsIt() throws Exception {
        List<SolveOptions> table = table();
        // One small index is enough for an engine to say whether it likes a job.
        Path config = Files.writeString(
                folder.resolve("engine.cfg"),
                "add_path " + Surroundings.indexFolder() + "\nindex index-tycho2-13.littleendian.fits\n");
        for (int i = 0; i < table.size(); i++) {
            write(i, table.get(i));

            String log = run(List.of("astrometry-engine", "-c", config.toString(), i + ".axy"));

            assertThat(log).as("%s: %s", i, table.get(i)).contains("Field 1").doesNotContainIgnoringCase("error");
        }
        assertThat(folder.resolve("wcs.fits")).as("some of them solve").exists();
    }

    private void write(int i, SolveOptions options) throws IOException {
        Files.deleteIfExists(folder.resolve(JobFile.SOLVED));
        Files.write(folder.resolve(i + ".axy"), new JobFile(field.stars(), options).toBytes());
    }

    /** Debian's own, which sees Debian's astropy, before any other on the PATH. */
    private static String python() {
        Path debian = Path.of("/usr/bin/python3");
        return Files.isExecutable(debian) ? debian.toString() : "python3";
    }

    /** What a command prints; it must succeed. */
    private String run(List<String> command) throws Exception {
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
        try {
            process.getOutputStream().close();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).as(output).isZero();
            return output;
        } finally {
            process.destroyForcibly();
        }
    }
}
