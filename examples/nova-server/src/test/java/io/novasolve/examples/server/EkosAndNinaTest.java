package io.novasolve.examples.server;

import static io.novasolve.examples.server.ClientRequests.assertNumbers;
import static io.novasolve.examples.server.ClientRequests.concat;
import static io.novasolve.examples.server.ClientRequests.json;
import static io.novasolve.examples.server.ClientRequests.poll;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.novasolve.core.axy.JobFile;
import io.novasolve.core.model.SolveOptions;
import io.novasolve.sky.wcs.Wcs;
import io.novasolve.sky.wcs.WcsFile;
import io.novasolve.testkit.StarField;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The programs that steer telescopes, as their requests byte for byte, with what each needs of the replies. */
class EkosAndNinaTest {

    @TempDir
    private static Path data;

    private static TestServer server;
    private static ClientRequests requests;
    private static byte[] picture;

    @BeforeAll
    static void start() throws IOException {
        server = TestServer.start(data);
        requests = new ClientRequests(server);
        picture = fits(ImageIO.read(TestServer.sample().toFile()));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    /** As cameras write them: 16 bits, offset, the first row at the bottom. */
    private static byte[] fits(BufferedImage picture) {
        int width = picture.getWidth();
        int height = picture.getHeight();
        StringBuilder header = new StringBuilder();
        for (String card : List.of(
                "SIMPLE  =                    T",
                "BITPIX  =                   16",
                "NAXIS   =                    2",
                "NAXIS1  = %20d".formatted(width),
                "NAXIS2  = %20d".formatted(height),
                "BZERO   =                32768",
                "EXTEND  =                    T",
                "END")) {
            header.append("%-80s".formatted(card));
        }
        int bytes = 2 * width * height;
        ByteBuffer file = ByteBuffer.allocate(2880 + (bytes + 2879) / 2880 * 2880);
        file.put("%-2880s".formatted(header).getBytes(StandardCharsets.US_ASCII));
        for (int y = height - 1; y >= 0; y--) {
            for (int x = 0; x < width; x++) {
                file.putShort((short) (picture.getRaster().getSample(x, y, 0) * 200 - 32768));
            }
        }
        return file.array();
    }

    // KStars: Qt forms, nothing escaped, polls that hang on words they do not know.

    private static String kstarsLogin() throws IOException {
        RawHttp.Response reply = requests.post(
                """
                POST /api/login HTTP/1.1
                Content-Type: application/x-www-form-urlencoded
                User-Agent: Mozilla/5.0""",
                concat("request-json={\"apikey\":\"abcdefghijklmnop\"}"));
        assertThat(reply.text())
                .matches("\\{\"status\": \"success\", \"message\": \"authenticated user: anonymous\","
                        + " \"session\": \"[a-z0-9]{32}\"}");
        return (String) json(reply).get("session");
    }

    private static int kstarsUpload(String arguments, String fileName, byte[] file) throws IOException {
        String boundary = "boundary_.oOo._NjM1MzQ4NTQ0Mjc3NTMxNjk=";
        byte[] body = concat(
                "--",
                boundary,
                "\r\nContent-Type: application/text/plain\r\n",
                "Content-Disposition: form-data; name=\"request-json\"\r\n\r\n",
                arguments,
                "\r\n--",
                boundary,
                "\r\nContent-Type: application/octet-stream\r\n",
                "Content-Disposition: form-data; name=\"file\"; filename=\"",
                fileName,
                "\"\r\n\r\n",
                file,
                "\r\n--",
                boundary,
                "--\r\n");
        return ClientRequests.submission(requests.post(
                """
                POST /api/upload HTTP/1.1
                Content-Type: multipart/form-data; boundary="%s"
                MIME-Version: 1.0
                User-Agent: Mozilla/5.0"""
                        .formatted(boundary),
                body));
    }

    /** It sends the picture, and knows no other word for a job that goes on than this one. */
    @Test
    void kstarsWithItsOlderParser() throws IOException {
        String session = kstarsLogin();
        int submission = kstarsUpload(
                "{\"allow_commercial_use\":\"n\",\"allow_modifications\":\"n\",\"center_dec\":-1.5,\"center_ra\":83.7,"
                        + "\"crpix_center\":true,\"downsample_factor\":2,\"parity\":2,\"publicly_visible\":\"n\","
                        + "\"radius\":15,\"scale_lower\":60,\"scale_type\":\"ul\",\"scale_units\":\"arcminwidth\","
                        + "\"scale_upper\":6000,\"session\":\"" + session + "\"}",
                "/tmp/kstars/fits_1.fits",
                picture);
        int job = requests.awaitFirstJob(submission);
        requests.awaitSuccess(job, "solving");
        assertCalibrated(job, "parity", "orientation", "ra", "dec", "pixscale");
    }

    /** Where the sample is on the sky. */
    private static void assertCalibrated(int job, String... numbers) throws IOException {
        Map<String, Object> calibration = requests.get("/api/jobs/" + job + "/calibration");
        assertNumbers(calibration, numbers);
        assertThat((Double) calibration.get("ra")).isCloseTo(83.7, within(1.0));
        assertThat((Double) calibration.get("dec")).isCloseTo(-1.5, within(1.0));
    }

    /** Its current parser looks when the submission was opened, then for the job, then also at the size on the sky. */
    private static Wcs stellarSolver(int submission) throws IOException {
        poll(900, () -> {
            Object finished = requests.get("/api/submissions/" + submission).get("processing_finished");
            assertThat(finished).isInstanceOf(String.class);
            return !finished.equals("None") && !finished.equals("");
        });
        int job = requests.awaitFirstJob(submission);
        requests.awaitSuccess(job, "solving", "processing");
        assertNumbers(
                requests.get("/api/jobs/" + job + "/calibration"),
                "parity",
                "orientation",
                "ra",
                "dec",
                "pixscale",
                "width_arcsec",
                "height_arcsec");
        assertThat(requests.file("/joblog/" + job).status()).isEqualTo(200);
        return WcsFile.read(requests.file("/wcs_file/" + job).body(), "wcs.fits");
    }

    @Test
    void kstarsByStellarSolverWithStars() throws IOException {
        int submission = kstarsUpload(
                "{\"allow_commercial_use\":\"n\",\"allow_modifications\":\"n\",\"crpix_center\":true,"
                        + "\"image_height\":900,\"image_width\":1200,\"parity\":2,\"publicly_visible\":\"n\",\"session\":\""
                        + kstarsLogin() + "\"}",
                "stars.fits",
                new JobFile(StarField.known(4).stars(), SolveOptions.defaults()).toBytes());
        Wcs solution = stellarSolver(submission);
        assertThat(solution.width()).isEqualTo(1200);
        // It asked for the reference pixel in the middle.
        assertThat(solution.crpix().x()).isCloseTo(600.5, within(1e-6));
        assertThat(solution.crpix().y()).isCloseTo(450.5, within(1e-6));
    }

    @Test
    void kstarsByStellarSolverWithAPicture() throws IOException {
        int submission = kstarsUpload(
                "{\"allow_commercial_use\":\"n\",\"allow_modifications\":\"n\",\"crpix_center\":true,"
                        + "\"downsample_factor\":2,\"parity\":2,\"publicly_visible\":\"n\",\"scale_lower\":1,"
                        + "\"scale_type\":\"ul\",\"scale_units\":\"degwidth\",\"scale_upper\":90,\"session\":\""
                        + kstarsLogin() + "\"}",
                "sky.fits",
                picture);
        Wcs solution = stellarSolver(submission);
        assertThat(solution.centre().raDeg()).isCloseTo(83.7, within(1.0));
        assertThat(solution.crpix().x()).isCloseTo((solution.width() + 1) / 2.0, within(1e-6));
    }

    // N.I.N.A.: .NET forms with unquoted names, blind.

    @Test
    void nina() throws IOException {
        Map<String, Object> login = json(requests.post(
                """
                POST /api/login/ HTTP/1.1
                Content-Type: application/x-www-form-urlencoded; charset=utf-8""",
                concat("request-json=%7B%22apikey%22%3A%22abcdefghijklmnop%22%7D")));
        assertThat(login.get("status")).isEqualTo("success");
        String boundary = "1b9ed2e0-7a4f-4d0c-8f3a-0b6d3c1d2f50";
        byte[] body = concat(
                "--",
                boundary,
                "\r\nContent-Type: text/plain; charset=utf-8\r\n",
                "Content-Disposition: form-data; name=request-json\r\n\r\n",
                "{\"publicly_visible\":\"n\",\"allow_modifications\":\"d\",\"session\":\"",
                login.get("session"),
                "\",\"allow_commercial_use\":\"d\"}",
                "\r\n--",
                boundary,
                "\r\n",
                "Content-Disposition: form-data; name=file; filename=sky.fits; filename*=utf-8''sky.fits\r\n\r\n",
                picture,
                "\r\n--",
                boundary,
                "--\r\n");
        int submission = ClientRequests.submission(requests.post(
                """
                POST /api/upload HTTP/1.1
                Content-Type: multipart/form-data; boundary="%s\""""
                        .formatted(boundary),
                body));
        int job = requests.awaitFirstJob(submission);
        requests.awaitSuccess(job, "solving");
        assertCalibrated(job, "parity", "orientation", "pixscale", "radius", "ra", "dec");
        Map<String, Object> calibration = requests.get("/api/jobs/" + job + "/calibration/");
        // Older ones look there.
        @SuppressWarnings("unchecked")
        Map<String, Object> inInfo = (Map<String, Object>)
                requests.get("/api/jobs/" + job + "/info/").get("calibration");
        assertThat(inInfo)
                .containsOnlyKeys("ra", "dec", "radius", "pixscale", "orientation", "parity")
                .allSatisfy((key, value) -> assertThat(value).isEqualTo(calibration.get(key)));
    }
}
