package io.novasolve.examples.server;

import static io.novasolve.examples.server.TestServer.json;
import static io.novasolve.examples.server.TestServer.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.novasolve.core.axy.JobFile;
import io.novasolve.core.model.SolveOptions;
import io.novasolve.testkit.StarField;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipInputStream;
import javax.imageio.ImageIO;
import nom.tam.fits.BinaryTableHDU;
import nom.tam.fits.Fits;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Result files and pictures: their types, names and contents. */
class FilesTest {

    @TempDir
    private static Path data;

    private static TestServer server;
    private static String session;

    /** The sample picture. */
    private static int job;

    private static int image;
    private static int calibration;

    @BeforeAll
    static void start() throws Exception {
        server = TestServer.start(data);
        session = server.login("abcdefghijklmnop");
        int submission = server.submit(session, "sample.jpg", Files.readAllBytes(TestServer.sample()));
        job = server.awaitJob(submission);
        assertThat(server.awaitEnd(job)).isEqualTo("success");
        Map<String, Object> status = json(server.get("/api/submissions/" + submission));
        image = number(((List<?>) status.get("images")).get(0));
        calibration = number(((List<?>) ((List<?>) status.get("job_calibrations")).get(0)).get(1));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static int number(Object value) {
        return Math.toIntExact(((Number) value).longValue());
    }

    @ParameterizedTest
    @CsvSource({
        "/wcs_file, application/fits, wcs.fits",
        "/rdls_file, application/fits, rdls.fits",
        "/axy_file, application/fits, axy.fits",
        "/corr_file, application/fits, corr.fits",
        "/image_rd_file, application/fits, image-radec.fits",
        "/new_fits_file, application/fits, new-image.fits"
    })
    void fitsFiles(String path, String type, String name) {
        for (String slash : List.of("", "/")) {
            HttpResponse<byte[]> response = server.get(path + "/" + job + slash);
            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(response.headers().firstValue("Content-Type")).hasValue(type);
            assertThat(response.headers().firstValue("Content-Disposition")).hasValue("attachment; filename=" + name);
            assertThat(response.headers().firstValue("Content-Length")).hasValue("" + response.body().length);
            assertThat(response.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
            assertThat(response.body().length % 2880).isZero();
            assertThat(text(response)).startsWith("SIMPLE  =");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "/image, image/jpeg",
        "/wwt_image, image/jpeg",
        "/thumbnail_of_image, image/jpeg",
        "/annotated_display, image/jpeg",
        "/annotated_full, image/jpeg",
        "/grid_display, image/jpeg",
        "/grid_full, image/jpeg",
        "/extraction_image_display, image/png",
        "/extraction_image_full, image/png",
        "/red_green_image_display, image/png",
        "/red_green_image_full, image/png"
    })
    void pictures(String path, String type) throws Exception {
        int id = List.of("/image", "/wwt_image", "/thumbnail_of_image").contains(path) ? image : job;
        HttpResponse<byte[]> response = server.get(path + "/" + id);
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("Content-Type")).hasValue(type);
        var picture = ImageIO.read(new ByteArrayInputStream(response.body()));
        var sample = ImageIO.read(TestServer.sample().toFile());
        int longest = Math.max(sample.getWidth(), sample.getHeight());
        int wanted = path.contains("thumbnail")
                ? Math.min(256, longest)
                : path.contains("display") ? Math.min(640, longest) : longest;
        assertThat(Math.max(picture.getWidth(), picture.getHeight())).isEqualTo(wanted);
    }

    @Test
    void aMapForGlobes() throws Exception {
        HttpResponse<byte[]> response = server.get("/kml_file/" + job + "/?ignore=.kmz");
        assertThat(response.headers().firstValue("Content-Type")).hasValue("application/x-zip-compressed");
        assertThat(response.headers().firstValue("Content-Disposition")).hasValue("attachment; filename=image.kmz");
        try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(response.body()))) {
            assertThat(zip.getNextEntry().getName()).isEqualTo("doc.kml");
        }
    }

    @Test
    void mapsOfTheSky() throws Exception {
        for (int zoom = 0; zoom < 4; zoom++) {
            HttpResponse<byte[]> response = server.get("/sky_plot/zoom" + zoom + "/" + calibration);
            assertThat(response.headers().firstValue("Content-Type")).hasValue("image/png");
            assertThat(ImageIO.read(new ByteArrayInputStream(response.body()))).isNotNull();
        }
        assertThat(server.get("/sky_plot/zoom4/" + calibration).statusCode()).isEqualTo(404);
    }

    @Test
    void picturesOfSurveysAreElsewhere() throws Exception {
        for (String survey : List.of("sdss", "galex", "unwise", "legacysurvey")) {
            HttpResponse<byte[]> response = server.get("/" + survey + "_image_display/" + calibration);
            assertThat(response.statusCode()).as(survey).isEqualTo(302);
            assertThat(response.headers().firstValue("Location").orElseThrow())
                    .startsWith("https://www.legacysurvey.org/viewer/jpeg-cutout?layer=")
                    .contains("&ra=83.7", "&dec=-1.5", "&width=640&height=480");
        }
        assertThat(server.get("/sdss_image_full/" + calibration)
                        .headers()
                        .firstValue("Location")
                        .orElseThrow())
                .contains("&width=1200&height=900");
        assertThat(server.get("/sdss_image_full/4711").statusCode()).isEqualTo(404);
    }

    @Test
    void logsAreTexts() {
        for (String path : List.of("/joblog/", "/joblog2/")) {
            HttpResponse<byte[]> response = server.get(path + job);
            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(response.headers().firstValue("Content-Type").orElseThrow())
                    .startsWith("text/plain");
            assertThat(text(response)).isNotBlank();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "/corr_file, 'field_x, field_y, field_ra, field_dec, index_x, index_y, index_ra, index_dec, index_id, field_id,"
                + " match_weight'",
        "/image_rd_file, 'RA, DEC, X, Y'",
        "/rdls_file, 'RA, DEC'",
        "/axy_file, 'X, Y'"
    })
    void tablesHaveTheirColumns(String path, String names) throws Exception {
        try (Fits fits =
                new Fits(new ByteArrayInputStream(server.get(path + "/" + job).body()))) {
            BinaryTableHDU table = (BinaryTableHDU) fits.getHDU(1);
            List<String> columns = new ArrayList<>();
            for (int i = 0; i < table.getNCols(); i++) {
                columns.add(table.getColumnName(i));
            }
            List<String> wanted = Arrays.asList(names.split(", "));
            assertThat(columns).containsAll(wanted);
            assertThat(columns.subList(0, 2)).isEqualTo(wanted.subList(0, 2));
            assertThat(table.getNRows()).isGreaterThan(4);
            if (columns.contains("RA")) {
                // Where the picture is: it shows Orion.
                assertThat(Arrays.stream((double[]) table.getColumn("RA"))).allMatch(ra -> Math.abs(ra - 83.7) < 40);
            }
        }
    }

    private static byte[] encoded(String format) throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ImageIO.write(new BufferedImage(64, 48, BufferedImage.TYPE_BYTE_GRAY), format, out);
        return out.toByteArray();
    }

    private static byte[] fits() {
        StringBuilder cards = new StringBuilder();
        for (String card :
                List.of("SIMPLE  = T", "BITPIX  = 8", "NAXIS   = 2", "NAXIS1  = 64", "NAXIS2  = 48", "END")) {
            int equals = card.indexOf('=');
            cards.append(
                    equals < 0
                            ? String.format("%-80s", card)
                            : String.format(
                                    "%-10s%20s%50s", card.substring(0, equals + 1), card.substring(equals + 2), ""));
        }
        byte[] file = Arrays.copyOf(cards.toString().getBytes(StandardCharsets.US_ASCII), 2 * 2880 + 2880);
        Arrays.fill(file, cards.length(), 2880, (byte) ' ');
        return file;
    }

    private static byte[] file(String kind) throws Exception {
        return switch (kind) {
            case "FITS" -> fits();
            case "table" -> new JobFile(StarField.known(3).stars(), SolveOptions.defaults()).toBytes();
            case "text" -> ClientRequests.textList(StarField.known(3).stars()).getBytes(StandardCharsets.US_ASCII);
            case "script" -> "GIF89a<script>alert(1)</script>".getBytes(StandardCharsets.US_ASCII);
            default -> encoded(kind);
        };
    }

    @ParameterizedTest
    @CsvSource({
        "jpeg, image/jpeg, true",
        "png, image/png, true",
        "gif, image/gif, true",
        "script, image/gif, true",
        "bmp, image/jpeg, false",
        "FITS, image/jpeg, false",
        "table, image/png, false",
        "text, image/png, false"
    })
    void aPictureIsServedByWhatItIs(String kind, String type, boolean asItIs) throws Exception {
        byte[] file = file(kind);
        int submission = server.submit(session, "a <b>.html", file);
        server.awaitEnd(server.awaitJob(submission));
        int number = number(
                ((List<?>) json(server.get("/api/submissions/" + submission)).get("images")).get(0));
        for (String path : List.of("/image/", "/wwt_image/")) {
            HttpResponse<byte[]> response = server.get(path + number);
            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(response.headers().firstValue("Content-Type")).hasValue(type);
            assertThat(response.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
            assertThat(response.headers().firstValue("Content-Disposition")).isEmpty();
            ZonedDateTime expires = ZonedDateTime.parse(
                    response.headers().firstValue("Expires").orElseThrow(), DateTimeFormatter.RFC_1123_DATE_TIME);
            assertThat(Duration.between(ZonedDateTime.now(), expires))
                    .isBetween(Duration.ofDays(7).minusMinutes(5), Duration.ofDays(7));
            if (asItIs) {
                assertThat(response.body()).isEqualTo(file);
            } else {
                assertThat(ImageIO.read(new ByteArrayInputStream(response.body())))
                        .isNotNull();
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "orion.jpg, orion.jpg",
        "../../etc/passwd, passwd",
        "my%20sky.jpg, my_sky.jpg",
        "a%22%0d%0aSet-Cookie:%20x=y, a___Set-Cookie__x_y",
        "%C3%84lg%3Cb%3E.png, _lg_b_.png"
    })
    void aPictureTakesTheNameItIsAskedFor(String asked, String name) {
        HttpResponse<byte[]> response = server.get("/image/" + image + "?filename=" + asked);
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("Content-Disposition")).hasValue("attachment; filename=" + name);
        assertThat(response.headers().firstValue("Set-Cookie")).isEmpty();
    }
}
