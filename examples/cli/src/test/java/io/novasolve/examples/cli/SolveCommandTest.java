package io.novasolve.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.novasolve.products.Product;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.apache.commons.compress.archivers.ArchiveEntry;
import org.apache.commons.compress.archivers.ArchiveOutputStream;
import org.apache.commons.compress.archivers.ArchiveStreamFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class SolveCommandTest {

    /** Rendered from catalogue positions; its centre is in the README. */
    private static final Path SAMPLE = Path.of("../../docs/sample.jpg");

    private static final List<String> FIELDS = List.of(
            ("file status reason ra_deg dec_deg pixscale_arcsec orientation_deg orientation_centre_deg parity radius_deg "
                            + "width_px height_px field_width_deg field_height_deg log_odds matched_stars index "
                            + "extract_ms solve_ms total_ms error")
                    .split(" "));

    @TempDir
    Path temp;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int nova(Object... args) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        CommandLine command = NovaCommand.commandLine();
        command.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
        return command.execute(Arrays.stream(args).map(String::valueOf).toArray(String[]::new));
    }

    private int solve(Object... args) {
        List<Object> all = new ArrayList<>(List.of("solve", "--json"));
        all.addAll(List.of(args));
        return nova(all.toArray());
    }

    /** Fails unless all output is one flat JSON object a line. */
    private List<Map<String, @Nullable String>> answers() throws IOException {
        List<Map<String, @Nullable String>> answers = new ArrayList<>();
        for (String line : out.toString().lines().toList()) {
            Map<String, @Nullable String> answer = new LinkedHashMap<>();
            try (JsonParser json = new JsonFactory().createParser(line)) {
                assertThat(json.nextToken()).isEqualTo(JsonToken.START_OBJECT);
                while (json.nextToken() == JsonToken.FIELD_NAME) {
                    String name = json.currentName();
                    answer.put(name, json.nextToken() == JsonToken.VALUE_NULL ? null : json.getText());
                }
                assertThat(json.nextToken()).isNull();
            }
            answers.add(answer);
        }
        return answers;
    }

    private List<@Nullable String> column(String field) throws IOException {
        List<@Nullable String> column = new ArrayList<>();
        for (Map<String, @Nullable String> answer : answers()) {
            column.add(answer.get(field));
        }
        return column;
    }

    private static double number(Map<String, @Nullable String> answer, String field) {
        return Double.parseDouble(String.valueOf(answer.get(field)));
    }

    private Path bytes(String name, byte[] bytes) throws IOException {
        return Files.write(temp.resolve(name), bytes);
    }

    private Path picture(String name, int width, int height, Color colour) throws IOException {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        Graphics2D g = image.createGraphics();
        g.setColor(colour);
        g.fillRect(0, 0, width, height);
        g.dispose();
        Path file = temp.resolve(name);
        ImageIO.write(image, "png", file.toFile());
        return file;
    }

    private Path fits(String name, long side, byte[] data) throws IOException {
        StringBuilder header = new StringBuilder();
        for (String card : List.of(
                "SIMPLE  =                    T",
                "BITPIX  =                  -32",
                "NAXIS   =                    2",
                String.format(Locale.ROOT, "NAXIS1  = %20d", side),
                String.format(Locale.ROOT, "NAXIS2  = %20d", side),
                "END")) {
            header.append(String.format(Locale.ROOT, "%-80s", card));
        }
        byte[] head = String.format(Locale.ROOT, "%-2880s", header).getBytes(StandardCharsets.US_ASCII);
        byte[] all = Arrays.copyOf(head, head.length + (data.length + 2879) / 2880 * 2880);
        System.arraycopy(data, 0, all, head.length, data.length);
        return bytes(name, all);
    }

    @Test
    void oneObjectALineForEachFileInOrder() throws Exception {
        Path black = picture("black.png", 300, 200, Color.BLACK);

        assertThat(solve("--jobs", 2, SAMPLE, black, SAMPLE)).as(err.toString()).isEqualTo(1);

        assertThat(answers()).hasSize(3);
        assertThat(answers()).allSatisfy(a -> assertThat(a.keySet().stream().filter(FIELDS::contains))
                .containsExactlyElementsOf(FIELDS));
        assertThat(column("file")).containsExactly(SAMPLE.toString(), black.toString(), SAMPLE.toString());
        assertThat(column("status")).containsExactly("solved", "unsolved", "solved");
        assertThat(column("reason")).containsExactly(null, "no_stars", null);
        Map<String, @Nullable String> solved = answers().get(0);
        assertThat(number(solved, "ra_deg")).isBetween(83.69, 83.71);
        assertThat(number(solved, "dec_deg")).isBetween(-1.51, -1.49);
        assertThat(number(solved, "orientation_centre_deg")).isBetween(171.8, 172.2);
        assertThat(solved).containsEntry("parity", "neg").containsEntry("error", null);
        assertThat(solved.get("index")).startsWith("index-tycho2-").doesNotContain("fits", "endian");
        assertThat(number(solved, "total_ms")).isGreaterThanOrEqualTo(number(solved, "solve_ms"));
        assertThat(answers().get(1)).containsEntry("ra_deg", null).containsEntry("index", null);
    }

    @Test
    void badInputDoesNotStopTheOthers() throws Exception {
        byte[] sample = Files.readAllBytes(SAMPLE);
        List<Path> unreadable = List.of(
                bytes("empty.jpg", new byte[0]),
                bytes("not an image.jpg", "this is no picture".getBytes(StandardCharsets.UTF_8)),
                fits("huge.fits", 100_000, new byte[0]),
                temp.resolve("missing.jpg"),
                Files.createDirectory(temp.resolve("folder")));
        byte[] nan = new byte[4 * 64 * 64];
        for (int i = 0; i < nan.length; i += 4) {
            nan[i] = 0x7f;
            nan[i + 1] = (byte) 0xc0;
        }
        List<Path> starless = List.of(
                picture("one.png", 1, 1, Color.GRAY),
                picture("black.png", 64, 64, Color.BLACK),
                picture("white.png", 64, 64, Color.WHITE),
                fits("nan.fits", 64, nan));
        List<Object> files = new ArrayList<>();
        files.add(SAMPLE);
        files.addAll(unreadable);
        files.addAll(starless);
        files.add(bytes("wrong extension.png", sample));

        assertThat(solve(files.toArray())).as(err.toString()).isEqualTo(2);

        List<Map<String, @Nullable String>> answers = answers();
        assertThat(answers).hasSameSizeAs(files);
        for (int i = 0; i < files.size(); i++) {
            Map<String, @Nullable String> a = answers.get(i);
            String expected = unreadable.contains(files.get(i))
                    ? "failed unreadable"
                    : starless.contains(files.get(i)) ? "unsolved no_stars" : "solved null";
            assertThat(a.get("status") + " " + a.get("reason"))
                    .as("%s: %s", files.get(i), a.get("error"))
                    .isEqualTo(expected);
            assertThat(a.get("error") == null).isEqualTo(expected.startsWith("solved"));
        }
    }

    @Test
    void aTruncatedPictureEndsOneWayOrTheOther() throws Exception {
        Path cut = bytes("cut.jpg", Arrays.copyOf(Files.readAllBytes(SAMPLE), 400));

        assertThat(solve(cut)).isEqualTo(2);
        assertThat(column("reason")).containsExactly("unreadable");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--scale-low -1",
                "--scale-low 10 --scale-high 5",
                "--ra 400 --dec 0 --radius 5",
                "--ra 10 --dec 95 --radius 5",
                "--ra 10 --dec 5",
                "--radius 5",
                "--scale-units furlongs --scale-low 1",
                "--parity up",
                "--transport pigeon",
                "--store oracle:x",
                "--tweak-order 10",
                "--jobs 0",
                "--timeout 0",
                "--products kmz",
                "--products flowers --out results",
                "--no-such-option"
            })
    void wrongUsage(String options) {
        List<Object> args = new ArrayList<>(List.of((Object[]) options.split(" ")));
        args.add(SAMPLE);

        assertThat(solve(args.toArray())).as(err.toString()).isEqualTo(2);
        assertThat(out.toString()).isEmpty();
        assertThat(err.toString()).isNotBlank();
    }

    @Test
    void starListsWithTheirOwnSettings() throws Exception {
        Path results = temp.resolve("results ü");
        Path picture = Files.copy(SAMPLE, temp.resolve("Orion ö 1.jpg"));
        assertThat(solve("--out", results, picture)).as(err.toString()).isZero();
        for (String extension : List.of(
                ".wcs", ".axy", ".corr.fits", ".rdls.fits", ".png", ".objects.json", ".tags.txt", ".moc.fits")) {
            assertThat(results.resolve("Orion ö 1" + extension)).isNotEmptyFile();
        }

        Path axy = results.resolve("Orion ö 1.axy");
        assertThat(solve(axy)).as(err.toString()).isZero();
        double width = number(answers().get(0), "width_px");

        // Flags win over the settings in the file.
        assertThat(solve("--scale-units", "degwidth", "--scale-low", 40, "--scale-high", 50, axy))
                .isEqualTo(1);
        assertThat(column("status")).containsExactly("unsolved");
        assertThat(number(answers().get(0), "total_ms")).isPositive();
        assertThat(width).isPositive();
    }

    @Test
    void productsAreWrittenAsAskedAndOldOnesRemoved() throws Exception {
        Path results = temp.resolve("results");

        assertThat(solve("--out", results, "--products", "all", SAMPLE))
                .as(err.toString())
                .isZero();
        for (Product product : Product.values()) {
            Path file = results.resolve("sample" + product.suffix());
            assertThat(file).isNotEmptyFile();
            if (file.toString().endsWith(".jpg") || file.toString().endsWith(".png")) {
                assertThat(ImageIO.read(file.toFile())).as("%s", file).isNotNull();
            } else if (file.toString().endsWith(".fits") || product == Product.WCS || product == Product.AXY) {
                assertThat(Files.readAllBytes(file)).startsWith("SIMPLE  =".getBytes(StandardCharsets.US_ASCII));
            }
        }
        assertThat(Files.readString(results.resolve("sample.kml"))).contains("<href>sample.overlay.png</href>");
        assertThat(Files.readString(results.resolve("sample.objects.json")))
                .contains("\"constellation\"", "\"border\"");
        assertThat(Files.readString(results.resolve("sample.tags.txt"))).contains("The star Rigel (βOri)");

        assertThat(solve("--out", results, "--products", "tags", SAMPLE))
                .as(err.toString())
                .isZero();
        assertThat(results.resolve("sample.tags.txt")).isNotEmptyFile();
        assertThat(results.resolve("sample.kmz")).doesNotExist();
        assertThat(results.resolve("sample.kml")).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(strings = {"night.zip", "night.tar"})
    void eachPictureOfAnArchiveHasItsAnswerAndFiles(String name) throws Exception {
        Path results = temp.resolve("results");
        Map<String, byte[]> members = new LinkedHashMap<>();
        members.put("a/orion.jpg", Files.readAllBytes(SAMPLE));
        members.put("a_orion.jpg", Files.readAllBytes(SAMPLE));
        members.put("black.png", Files.readAllBytes(picture("b.png", 64, 64, Color.BLACK)));
        members.put("notes.jpg", "no picture".getBytes(StandardCharsets.US_ASCII));
        Path archive = temp.resolve(name);
        try (ArchiveOutputStream<ArchiveEntry> out = new ArchiveStreamFactory()
                .createArchiveOutputStream(name.substring(6), Files.newOutputStream(archive))) {
            for (Map.Entry<String, byte[]> member : members.entrySet()) {
                Path file = bytes("member", member.getValue());
                out.putArchiveEntry(out.createArchiveEntry(file.toFile(), member.getKey()));
                out.write(member.getValue());
                out.closeArchiveEntry();
            }
        }

        assertThat(solve("--out", results, "--products", "tags,new-fits", archive))
                .as(err.toString())
                .isEqualTo(2);

        assertThat(column("file"))
                .containsExactlyElementsOf(
                        members.keySet().stream().map(m -> archive + "/" + m).toList());
        assertThat(column("status")).containsExactly("solved", "solved", "unsolved", "failed");
        try (Stream<Path> files = Files.list(results)) {
            assertThat(files.map(f -> f.getFileName().toString()).filter(f -> f.endsWith(".wcs")))
                    .containsExactlyInAnyOrder(name + "_a_orion.wcs", name + "_a_orion.jpg.wcs");
        }
        assertThat(results.resolve(name + "_a_orion.new.fits")).isNotEmptyFile();
        assertThat(results.resolve(name + "_black.axy")).doesNotExist();
        assertThat(results.resolve(name + "_black.log")).isNotEmptyFile();
    }

    @Test
    void objectsOfYoursAreAmongTheProducts() throws Exception {
        Path results = temp.resolve("results");
        Path targets = bytes("targets.csv", "name,ra,dec\nMy comet,83.7,-1.5\n".getBytes(StandardCharsets.UTF_8));
        Path wrong = bytes("wrong.csv", "name,ra,dec\nMy comet,83.7,-1.5\nX,1,99\n".getBytes(StandardCharsets.UTF_8));

        assertThat(solve("--out", results, "--catalogue", wrong, SAMPLE)).isEqualTo(2);
        assertThat(err.toString()).contains("wrong.csv, line 3: '99' is no declination");
        assertThat(solve("--catalogue", targets, SAMPLE)).isEqualTo(2);
        assertThat(err.toString()).contains("--catalogue needs --out");
        assertThat(solve("--out", results, "--catalogue", targets, "--catalogue", targets, SAMPLE))
                .as(err.toString())
                .isZero();
        assertThat(Files.readString(results.resolve("sample.objects.json"))).containsOnlyOnce("My comet");
    }

    /** What is behind one is fetched as by any other host of the library, so not from this machine. */
    @Test
    void linksAreTakenAsFilesAre() throws Exception {
        String link = "http://127.0.0.1:9/orion.jpg";

        assertThat(solve(link, "http://", SAMPLE)).isEqualTo(2);

        assertThat(column("file")).containsExactly(link, "http://", SAMPLE.toString());
        assertThat(column("status")).containsExactly("failed", "failed", "solved");
        assertThat(answers().get(0).get("error")).contains("127.0.0.1");
    }

    @Test
    void filesOfTheSameNameDoNotOverwriteEachOther() throws Exception {
        Path results = temp.resolve("results");
        Path one = Files.copy(SAMPLE, Files.createDirectory(temp.resolve("one")).resolve("m42.jpg"));
        Path two = Files.copy(SAMPLE, Files.createDirectory(temp.resolve("two")).resolve("m42.jpg"));
        Path three =
                Files.copy(SAMPLE, Files.createDirectory(temp.resolve("three")).resolve("m42.jpg"));

        assertThat(solve("--out", results, one, two, one, three))
                .as(err.toString())
                .isZero();

        assertThat(results.resolve("m42.wcs")).exists();
        assertThat(results.resolve("m42.jpg.wcs")).exists();
        assertThat(results.resolve("m42.jpg-2.wcs")).exists();
        try (var files = Files.list(results)) {
            assertThat(files.filter(f -> f.toString().endsWith(".wcs"))).hasSize(3);
        }
    }

    @Test
    void aTextListNeedsTheSizeOfItsPicture() throws Exception {
        Path list = bytes("stars.txt", "10,20\n100.5,40\n60,70\n90,95\n20,80\n".getBytes(StandardCharsets.UTF_8));

        assertThat(solve("--width", 120, "--height", 100, list)).isEqualTo(1);
        assertThat(column("reason")).containsExactly("no_stars");
    }

    @ParameterizedTest
    @ValueSource(strings = {"tr-TR", "fr-FR"})
    void anyLocale(String tag) throws Exception {
        Locale before = Locale.getDefault();
        Locale.setDefault(Locale.forLanguageTag(tag));
        try {
            assertThat(solve("--scale-units", "ARCMINWIDTH", "--scale-low", "900.5", SAMPLE))
                    .isZero();
            assertThat(number(answers().get(0), "ra_deg")).isBetween(83.69, 83.71);
            assertThat(nova("solve", SAMPLE)).isZero();
            assertThat(out.toString()).contains("RA 83.");
        } finally {
            Locale.setDefault(before);
        }
    }

    @Test
    void aTimeLimitEndsASearch() throws Exception {
        assertThat(solve("--timeout", "0.000001", SAMPLE)).isEqualTo(1);
        assertThat(column("reason")).containsExactly("timeout");
    }

    @Test
    void plainTanAndCentredReferencePixel() throws Exception {
        Path results = temp.resolve("results");

        assertThat(solve("--no-tweak", "--crpix-center", "--out", results, SAMPLE))
                .isZero();

        String wcs = Files.readString(results.resolve("sample.wcs"), StandardCharsets.US_ASCII);
        assertThat(wcs).contains("'RA---TAN'").doesNotContain("A_ORDER");
        // At the centre, orientation at the reference pixel is that of the middle.
        Map<String, @Nullable String> answer = answers().get(0);
        assertThat(number(answer, "orientation_deg")).isEqualTo(number(answer, "orientation_centre_deg"));
    }
}
