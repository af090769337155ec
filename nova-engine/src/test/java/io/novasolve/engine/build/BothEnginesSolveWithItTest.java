package io.novasolve.engine.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.novasolve.engine.PlateSolver;
import io.novasolve.engine.SearchControl;
import io.novasolve.engine.SolveRequest;
import io.novasolve.engine.SolveResult;
import io.novasolve.engine.index.Index;
import io.novasolve.engine.index.IndexLibrary;
import io.novasolve.sky.SkyPosition;
import io.novasolve.sky.stars.StarList;
import io.novasolve.sky.stars.StarListReader;
import io.novasolve.sky.wcs.Tangent;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import nom.tam.fits.BinaryTable;
import nom.tam.fits.BinaryTableHDU;
import nom.tam.fits.Fits;
import nom.tam.fits.Header;
import nom.tam.fits.NullDataHDU;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A built index is one that this engine solves with, and the original one, which is the judge of the format. */
class BothEnginesSolveWithItTest {

    private static final Pattern ENGINE_CENTRE = Pattern.compile("RA,Dec = \\(([-0-9.]+),([-0-9.]+)\\)");
    private static final double SCALE_ARCSEC = 60;
    private static final int WIDTH = 1000;
    private static final int HEIGHT = 800;

    @TempDir
    Path temp;

    private static void needsTheProgram() throws Exception {
        boolean there;
        try {
            Process probe = new ProcessBuilder("astrometry-engine", "--help")
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            there = probe.waitFor(20, TimeUnit.SECONDS);
        } catch (IOException e) {
            there = false;
        }
        if (!there) {
            System.out.println("SKIPPED: no astrometry-engine; install astrometry.net");
        }
        Assumptions.assumeTrue(there, "astrometry-engine is installed");
    }

    @ParameterizedTest
    @CsvSource({"3, 83.8, -5.4", "4, 0.1, 89.2", "5, 359.9, -40"})
    void thisEngineFindsTheField(int starsPerQuad, double ra, double dec) throws Exception {
        SkyPosition aim = prepare(starsPerQuad, new SkyPosition(ra, dec));
        IndexLibrary library = IndexLibrary.of(List.of(Index.open(temp.resolve("index-built.fits"))));
        StarList stars = new StarListReader().read(Files.readAllBytes(temp.resolve("job.axy")), "job.axy");

        SolveResult result = PlateSolver.of(library)
                .solve(SolveRequest.blind(stars), SearchControl.within(System::nanoTime, 60_000_000_000L));

        assertThat(result).isInstanceOfSatisfying(SolveResult.Solved.class, solved -> assertThat(
                        solved.solution().wcs().centre().separationDeg(aim))
                .isCloseTo(0, within(0.01)));
    }

    /** Writes an index of an artificial sky and the sources of a picture of it; returns where the picture points. */
    private SkyPosition prepare(int starsPerQuad, SkyPosition centre) throws Exception {
        StarTable sky = IndexBuilderTest.cap(starsPerQuad, 3000, centre, 25);
        new IndexBuilder(IndexRecipe.preset(14).withStarsPerQuad(starsPerQuad))
                .build(sky, temp.resolve("index-built.fits"));
        SkyPosition aim = Tangent.at(centre).deproject(0.03, -0.02);
        writeJob(sky, aim);
        return aim;
    }

    @ParameterizedTest
    @CsvSource({"3, 83.8, -5.4", "4, 0.1, 89.2", "5, 359.9, -40"})
    void theOriginalEngineFindsTheField(int starsPerQuad, double ra, double dec) throws Exception {
        needsTheProgram();
        SkyPosition aim = prepare(starsPerQuad, new SkyPosition(ra, dec));
        Path index = temp.resolve("index-built.fits");
        Files.writeString(temp.resolve("engine.cfg"), "cpulimit 60\nindex " + index + "\n");

        String log = run();

        assertThat(temp.resolve("job.solved")).as(log).exists();
        Matcher found = ENGINE_CENTRE.matcher(log);
        assertThat(found.find()).as(log).isTrue();
        SkyPosition answer = new SkyPosition(Double.parseDouble(found.group(1)), Double.parseDouble(found.group(2)));
        // The engine logs the centre that the noisy quad alone gives.
        assertThat(answer.separationDeg(aim)).isCloseTo(0, within(0.2));
    }

    /** The brightest stars of the field, turned and shifted by a little noise, with a false star after every tenth. */
    private void writeJob(StarTable sky, SkyPosition aim) throws Exception {
        SplittableRandom random = new SplittableRandom(17);
        Tangent plane = Tangent.at(aim);
        double pixel = Math.toRadians(SCALE_ARCSEC / 3600);
        record Source(double x, double y, double mag) {}
        List<Source> sources = new ArrayList<>();
        double[] p = new double[2];
        for (int star = 0; star < sky.size(); star++) {
            if (plane.project(sky.coordinate(star, 0), sky.coordinate(star, 1), sky.coordinate(star, 2), p)) {
                double x = (WIDTH + 1) / 2.0 + (0.8 * p[0] - 0.6 * p[1]) / pixel + random.nextDouble(-0.3, 0.3);
                double y = (HEIGHT + 1) / 2.0 + (0.6 * p[0] + 0.8 * p[1]) / pixel + random.nextDouble(-0.3, 0.3);
                if (x > 1 && x < WIDTH && y > 1 && y < HEIGHT) {
                    sources.add(new Source(x, y, sky.magnitude(star)));
                }
            }
        }
        sources.sort(Comparator.comparingDouble(Source::mag));
        for (int i = 10; i < sources.size(); i += 10) {
            sources.add(i, new Source(random.nextDouble(1, WIDTH), random.nextDouble(1, HEIGHT), 0));
        }
        double[] x = sources.stream().mapToDouble(Source::x).toArray();
        double[] y = sources.stream().mapToDouble(Source::y).toArray();
        writeAxy(x, y);
    }

    private void writeAxy(double[] x, double[] y) throws Exception {
        NullDataHDU primary = new NullDataHDU();
        Header cards = primary.getHeader();
        cards.addValue("IMAGEW", WIDTH, "");
        cards.addValue("IMAGEH", HEIGHT, "");
        cards.addValue("ANRUN", true, "");
        cards.addValue("ANTWEAK", false, "");
        cards.addValue("ANSOLVED", "job.solved", "");
        cards.addValue("ANWCS", "job.wcs", "");
        BinaryTable data = new BinaryTable();
        data.addColumn(x);
        data.addColumn(y);
        BinaryTableHDU table = BinaryTableHDU.wrap(data);
        table.setColumnName(0, "X", null);
        table.setColumnName(1, "Y", null);
        try (Fits fits = new Fits()) {
            fits.addHDU(primary);
            fits.addHDU(table);
            fits.write(temp.resolve("job.axy").toFile());
        }
    }

    private String run() throws IOException, InterruptedException {
        Path log = temp.resolve("engine.log");
        ProcessBuilder builder = new ProcessBuilder(
                        "astrometry-engine",
                        "-c",
                        temp.resolve("engine.cfg").toString(),
                        "-d",
                        temp.toString(),
                        temp.resolve("job.axy").toString())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment().put("LC_ALL", "C");
        Process engine = builder.start();
        try {
            assertThat(engine.waitFor(90, TimeUnit.SECONDS))
                    .as("the engine ends")
                    .isTrue();
        } finally {
            engine.destroyForcibly();
        }
        return String.format(
                Locale.ROOT, "exit %d%n%s", engine.exitValue(), Files.readString(log, StandardCharsets.ISO_8859_1));
    }
}
