package io.novasolve.core.axy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.novasolve.core.model.PositionHint;
import io.novasolve.core.model.ScaleHint;
import io.novasolve.core.model.ScaleUnits;
import io.novasolve.core.model.SolveOptions;
import io.novasolve.sky.Fuzz;
import io.novasolve.sky.Parity;
import io.novasolve.sky.UnreadableInputException;
import io.novasolve.sky.stars.StarList;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class JobFileTest {

    private static final StarList STARS = stars(40);

    @Test
    void keepsEveryDigitOfTheStars() throws Exception {
        StarList read = roundTrip(STARS, SolveOptions.defaults()).stars();

        assertThat(read.size()).isEqualTo(STARS.size());
        assertThat(read.width()).isEqualTo(1381.5);
        assertThat(read.height()).isEqualTo(1024);
        for (int i = 0; i < STARS.size(); i++) {
            assertThat(read.x(i)).isEqualTo(STARS.x(i));
            assertThat(read.y(i)).isEqualTo(STARS.y(i));
            assertThat(read.flux(i)).isEqualTo(STARS.flux(i));
            assertThat(read.background(i)).isEqualTo(STARS.background(i));
        }
    }

    static Stream<SolveOptions> optionsThatSurvive() {
        return Stream.of(
                        options().scale(ScaleHint.between(ScaleUnits.ARCSEC_PER_PIX, 0.1 + 0.2, 1.0 / 3)),
                        options().scale(ScaleHint.between(ScaleUnits.ARCSEC_PER_PIX, 1e-3 / 3, 123456.789012345)),
                        options().position(PositionHint.of(0, 0, 1e-3)),
                        options().position(PositionHint.of(1.0 / 3, -90, 180)),
                        options().parity(Parity.POS),
                        options().parity(Parity.NEG),
                        options().depth(1),
                        options().depth(10),
                        options().depth(25),
                        options().depthFrom(11).depth(25),
                        options().depth(5000),
                        options().positionalErrorPx(0.1 + 0.7),
                        options().oddsToSolve(1.5),
                        options().oddsToSolve(1e9),
                        options().oddsToSolve(1e300),
                        options().tweakOrder(0),
                        options().tweakOrder(5),
                        options().crpixCentre(true),
                        options().cpuLimit(Duration.ofSeconds(7)),
                        options().timeout(Duration.ofHours(2)),
                        options()
                                .scale(ScaleHint.between(ScaleUnits.ARCSEC_PER_PIX, 2, 3))
                                .position(PositionHint.of(359.99999999999994, 89.5, 5))
                                .parity(Parity.NEG)
                                .depth(100)
                                .positionalErrorPx(2.0)
                                .oddsToSolve(1e12)
                                .tweakOrder(3)
                                .crpixCentre(true)
                                .cpuLimit(Duration.ofMinutes(1))
                                .timeout(Duration.ofMinutes(2)))
                .map(SolveOptions.Builder::build);
    }

    @ParameterizedTest
    @MethodSource("optionsThatSurvive")
    void givesBackTheOptions(SolveOptions options) throws Exception {
        SolveOptions defaultsMadePlain = SolveOptions.builder().tweakOrder(2).build();

        assertThat(roundTrip(STARS, options).options()).isEqualTo(options.orElse(defaultsMadePlain));
    }

    @Test
    void cutsTheListToTheStarsAskedFor() throws Exception {
        assertThat(roundTrip(STARS, options().maxStars(7).build()).stars().size())
                .isEqualTo(7);
    }

    @Test
    void turnsScaleUnitsIntoArcsecPerPixelOfTheListsWidth() throws Exception {
        StarList stars = StarList.of(1000, 500, new double[] {1}, new double[] {1});

        assertThat(roundTrip(
                                stars,
                                options()
                                        .scale(new ScaleHint(ScaleUnits.DEG_WIDTH, 1.0, 2.0))
                                        .build())
                        .options()
                        .scale())
                .isEqualTo(new ScaleHint(ScaleUnits.ARCSEC_PER_PIX, 3.6, 7.2));
    }

    @Test
    void roundsTimeLimitsUpToWholeSeconds() {
        Map<String, String> cards = cards(new JobFile(
                STARS,
                options()
                        .cpuLimit(Duration.ofMillis(20))
                        .timeout(Duration.ofMillis(2001))
                        .build()));

        assertThat(cards).containsEntry("ANCLIM", "1").containsEntry("ANTLIM", "3");
    }

    @Test
    void searchesInStepsOfTenStars() {
        Map<String, String> cards = cards(new JobFile(STARS, options().depth(25).build()));

        assertThat(cards)
                .containsEntry("ANDPL1", "1")
                .containsEntry("ANDPU1", "10")
                .containsEntry("ANDPL3", "21")
                .containsEntry("ANDPU3", "25")
                .doesNotContainKey("ANDPL4");
    }

    @Test
    void beginsWhereAnEarlierSearchEnded() {
        JobFile job = new JobFile(STARS, options().depthFrom(21).depth(35).build());

        assertThat(cards(job))
                .containsEntry("ANDPL1", "21")
                .containsEntry("ANDPU1", "30")
                .containsEntry("ANDPL2", "31")
                .containsEntry("ANDPU2", "35")
                .doesNotContainKey("ANDPL3");
        assertThat(cards(new JobFile(STARS, options().depthFrom(21).build()))).containsEntry("ANDPU18", "200");
    }

    @Test
    void namesTheMarkerAsItIsTold() {
        JobFile job = new JobFile(STARS, SolveOptions.defaults());

        assertThat(new String(job.toBytes("solved-7"), StandardCharsets.ISO_8859_1))
                .contains("ANSOLVED= 'solved-7'", "ANSOLVIN= 'solved-7'");
        assertThat(job.toBytes(JobFile.SOLVED)).isEqualTo(job.toBytes());
        for (String name : new String[] {"", "a/b", "..", "a'b", "%s"}) {
            assertThatThrownBy(() -> job.toBytes(name)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void saysWhereResultsGoInRelativeNamesWithoutTemplates() {
        Map<String, String> cards = cards(new JobFile(STARS, SolveOptions.defaults()));

        assertThat(cards)
                .containsEntry("ANWCS", "'wcs.fits'")
                .containsEntry("ANSOLVED", "'solved  '")
                .containsEntry("ANSOLVIN", "'solved  '")
                .containsEntry("ANVERUNI", "T")
                .containsEntry("ANVERDUP", "F")
                .containsEntry("ANRUN", "T")
                .doesNotContainKeys("ANAPPL1", "ANERA", "ANPARITY", "ANDPL1", "ANCLIM", "ANTLIM", "ANPOSERR");
        assertThat(cards.values()).noneMatch(value -> value.contains("%") || value.contains("/"));
    }

    @Test
    void isTheSameToTheByteEachTime() throws Exception {
        byte[] first = new JobFile(STARS, SolveOptions.defaults()).toBytes();
        // The library would date the file to the second.
        long until = System.nanoTime() + 1_100_000_000L;
        while (System.nanoTime() < until) {
            Thread.onSpinWait();
        }

        assertThat(new JobFile(STARS, SolveOptions.defaults()).toBytes()).isEqualTo(first);
        assertThat(first.length % 2880).isZero();
    }

    @Test
    void leavesTheCallersStreamOpen() throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream() {
            @Override
            public void close() {
                throw new AssertionError("closed");
            }
        };

        new JobFile(STARS, SolveOptions.defaults()).write(bytes);

        assertThat(bytes.toByteArray()).isEqualTo(new JobFile(STARS, SolveOptions.defaults()).toBytes());
    }

    @Test
    void writesAnEmptyList() throws Exception {
        StarList none = StarList.of(10, 10, new double[0], new double[0]);

        assertThat(roundTrip(none, SolveOptions.defaults()).stars().isEmpty()).isTrue();
    }

    @Test
    void itsOptionsAreReadWithoutItsStars(@TempDir Path folder) throws Exception {
        SolveOptions options = SolveOptions.builder().depth(40).build();
        byte[] job = new JobFile(STARS, options).toBytes();
        Path file = Files.write(folder.resolve("job.axy"), job);

        assertThat(JobFile.optionsOf(file, "job"))
                .contains(JobFile.read(job, "job").options());
        Files.writeString(
                file,
                new String(job, StandardCharsets.ISO_8859_1).replace("ANRUN ", "NORUN "),
                StandardCharsets.ISO_8859_1);
        assertThat(JobFile.optionsOf(file, "no job")).isEmpty();
        Files.write(file, new byte[0]);
        assertThatThrownBy(() -> JobFile.optionsOf(file, "nothing")).isInstanceOf(UnreadableInputException.class);
    }

    @Test
    void readsForeignCards() throws Exception {
        byte[] foreign = foreign(
                "ANAPPL1 = 2",
                "ANAPPU1 = 2.5",
                "ANAPPL2 = 7.5E0",
                "ANAPPU2 = 8",
                "ANERA   = -10.5",
                "ANEDEC  = 0",
                "ANERAD  = 3",
                "ANPARITY= 'NEG'",
                "ANTWEAK = F",
                "ANCLIM  = 0",
                "ANDPL1  = 1",
                "ANDPU1  = 30");

        SolveOptions read = JobFile.read(foreign, "foreign.axy").options();

        assertThat(read)
                .isEqualTo(options()
                        .scale(ScaleHint.between(ScaleUnits.ARCSEC_PER_PIX, 2, 8))
                        .position(PositionHint.of(349.5, 0, 3))
                        .parity(Parity.NEG)
                        .tweakOrder(0)
                        .depth(30)
                        .build());
    }

    @ParameterizedTest
    @CsvSource({
        "ANAPPL1 = 0, ANAPPU1 = 5, , 5",
        "ANAPPL1 = 3, ANAPPU1 = 0, 3,",
        "ANAPPL1 = 3, ANPARITY= 'BOTH', 3,",
    })
    void readsHalfOpenScales(String first, String second, Double low, Double high) throws Exception {
        assertThat(JobFile.read(foreign(first, second), "f").options().scale())
                .isEqualTo(new ScaleHint(ScaleUnits.ARCSEC_PER_PIX, low, high));
    }

    @Test
    void takesAHintWithoutRadiusForNoHintAsTheEngineDoes() throws Exception {
        assertThat(JobFile.read(foreign("ANERA   = 10", "ANEDEC  = 10"), "f")
                        .options()
                        .position())
                .isNull();
    }

    static Stream<List<String>> nonsense() {
        return Stream.of(
                List.of("ANAPPL1 = 3", "ANAPPU1 = 2"),
                List.of("ANAPPL1 = -3", "ANAPPU1 = 2"),
                List.of("ANAPPL1 = 'three'"),
                List.of("ANERA   = 400", "ANEDEC  = 95", "ANERAD  = 1"),
                List.of("ANERA   = 40", "ANEDEC  = 5", "ANERAD  = 0"),
                List.of("ANPARITY= 'UP'"),
                List.of("ANTWEAKO= 99"),
                List.of("ANPOSERR= 0"),
                List.of("ANODDSSL= 0"),
                List.of("ANDPL1  = 0", "ANDPU1  = 0"),
                List.of("ANFD1   = 0"),
                List.of("ANFD1   = 2"),
                List.of("ANXCOL  = 'X_IMAGE'"));
    }

    @ParameterizedTest
    @MethodSource("nonsense")
    void refusesInstructionsThatMakeNoSense(List<String> cards) {
        assertThatThrownBy(() -> JobFile.read(foreign(cards.toArray(String[]::new)), "odd.axy"))
                .isInstanceOf(UnreadableInputException.class)
                .hasMessageContaining("odd.axy")
                .hasMessageMatching("(?s).{40,}");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 79, 2879, 2880, 2881, 5759, 5760, 5761, 6000})
    void refusesCutFiles(int length) {
        byte[] whole = new JobFile(STARS, SolveOptions.defaults()).toBytes();

        assertThatThrownBy(() -> JobFile.read(Arrays.copyOf(whole, length), "cut.axy"))
                .isInstanceOf(UnreadableInputException.class)
                .hasMessageContaining("cut.axy");
    }

    @ParameterizedTest
    @CsvSource({
        "NAXIS1, 2000000000",
        "NAXIS2, 2000000000",
        "NAXIS1, 0",
        "NAXIS1, -5",
        "TFIELDS, 0",
        "TFORM1, 'Z'",
        "TFORM1, '999999999D'",
        "TFORM1, 'P'",
    })
    void refusesTablesThatLie(String key, String value) {
        byte[] lying = new JobFile(STARS, SolveOptions.defaults()).toBytes();
        String card = String.format(java.util.Locale.ROOT, "%-8s= %20s", key, value);
        for (int at = 2880; at < 5760; at += 80) {
            if (new String(lying, at, 8, StandardCharsets.US_ASCII).trim().equals(key)) {
                byte[] bytes = Arrays.copyOf(card.getBytes(StandardCharsets.US_ASCII), 80);
                Arrays.fill(bytes, card.length(), 80, (byte) ' ');
                System.arraycopy(bytes, 0, lying, at, 80);
            }
        }

        assertThatThrownBy(() -> JobFile.read(lying, "lying.axy")).isInstanceOf(UnreadableInputException.class);
    }

    @Test
    void refusesRandomDamageWithATypedErrorOrReadsIt() throws Exception {
        byte[] whole = new JobFile(STARS, optionsThatSurvive().toList().get(20)).toBytes();

        Fuzz.Counts counts = Fuzz.of(JobFileTest.class, 1000)
                .words("ANAPPL1 = 0", "ANDPU1  = 5", "ANODDSLV= NaN", "NEG", "P", "END")
                .run("job files", whole, content -> JobFile.read(content, "damaged.axy"));

        assertThat(counts.read()).isPositive();
        assertThat(counts.refused()).isPositive();
    }

    private static SolveOptions.Builder options() {
        return SolveOptions.builder();
    }

    private static JobFile roundTrip(StarList stars, SolveOptions options) throws Exception {
        return JobFile.read(new JobFile(stars, options).toBytes(), "job.axy");
    }

    private static StarList stars(int n) {
        Random random = new Random(n);
        double[] x = random.doubles(n, -5, 1400).toArray();
        double[] y = random.doubles(n, -5, 1100).toArray();
        float[] flux = new float[n];
        float[] background = new float[n];
        for (int i = 0; i < n; i++) {
            flux[i] = random.nextFloat() * 1000;
            background[i] = random.nextFloat();
        }
        return StarList.of(1381.5, 1024, x, y, flux, background);
    }

    /** The primary header's cards as text, read without any library. */
    private static Map<String, String> cards(JobFile job) {
        byte[] bytes = job.toBytes();
        Map<String, String> cards = new LinkedHashMap<>();
        for (int at = 0; at < bytes.length; at += 80) {
            String card = new String(bytes, at, 80, StandardCharsets.US_ASCII);
            if (card.startsWith("END ")) {
                return cards;
            }
            String value = card.substring(10).trim();
            int comment = value.indexOf(" /");
            cards.put(card.substring(0, 8).trim(), (comment < 0 ? value : value.substring(0, comment)).trim());
        }
        throw new AssertionError("no END");
    }

    private static byte[] foreign(String... cards) {
        byte[] job = new JobFile(STARS, SolveOptions.defaults()).toBytes();
        StringBuilder header = new StringBuilder();
        for (String card : List.of(
                "SIMPLE  = T",
                "BITPIX  = 8",
                "NAXIS   = 0",
                "EXTEND  = T",
                "IMAGEW  = 100",
                "IMAGEH  = 50.",
                "ANRUN   = T")) {
            header.append(card).append(" ".repeat(80 - card.length()));
        }
        for (String card : cards) {
            header.append(card).append(" ".repeat(80 - card.length()));
        }
        header.append("END");
        header.append(" ".repeat(2880 - header.length()));
        byte[] table = Arrays.copyOfRange(job, 2880, job.length);
        byte[] all = Arrays.copyOf(header.toString().getBytes(StandardCharsets.US_ASCII), 2880 + table.length);
        System.arraycopy(table, 0, all, 2880, table.length);
        return all;
    }
}
