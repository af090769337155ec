package io.novasolve.examples.server;

import static io.novasolve.examples.server.TestServer.json;
import static io.novasolve.examples.server.TestServer.text;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Stored cross-site scripting: what comes with uploads is text wherever it is shown. */
@Tag("once")
class StoredScriptsTest {

    private static final String KEY = "administratorkey";
    private static final byte[] TABLE = "1 2\n3 4\n5 6\n".getBytes(StandardCharsets.US_ASCII);

    @TempDir
    private static Path data;

    private static TestServer server;
    private static Visitor admin;
    private static Visitor visitor;
    private static String session;

    @BeforeAll
    static void start() throws Exception {
        server = TestServer.start(data, "api-key", KEY);
        admin = Visitor.signedIn(server, KEY);
        session = admin.createAccount("<script>alert(0)</script>");
        visitor = new Visitor(server, session);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static void assertHarmless(String path, HttpResponse<byte[]> shown) {
        assertThat(shown.statusCode()).as(path).isEqualTo(200);
        assertThat(shown.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
        if (shown.headers().firstValue("Content-Type").orElseThrow().startsWith("text/html")) {
            assertThat(text(shown).toLowerCase(Locale.ROOT))
                    .as(path)
                    .doesNotContain("<script>alert", "<img src=x", "' onload='");
            assertThat(shown.headers().firstValue("Content-Security-Policy").orElseThrow())
                    .contains("script-src 'self'")
                    .doesNotContain("unsafe-inline");
        } else {
            assertThat(shown.headers().firstValue("Content-Type").orElseThrow()).startsWith("text/plain");
        }
    }

    /** As browsers would read it: what was sent is there, as text. */
    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }

    private static int image(int submission) {
        return ((Number) ((List<?>) json(server.get("/api/submissions/" + submission))
                                .get("images"))
                        .get(0))
                .intValue();
    }

    /** The administrator's page tells of failures a little later. */
    private static void awaitFailure(int submission) {
        String link = "/user_images/" + image(submission) + "\"";
        server.await(
                "/api/submissions/" + submission, s -> text(admin.get("/admin")).contains(link));
    }

    /** Nothing is kept of a name before its last slash, so the names here have none. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "<script>alert(1)<!--.fits",
                "<script>alert`1`<script>.fits",
                "\"><img src=x onerror=alert(1)>.fits",
                "a' onload='x.fits"
            })
    void namesOfFiles(String name) {
        int submission = server.submit(session, name.replace("\"", "\\\""), TABLE);
        server.awaitEnd(server.awaitJob(submission));
        for (String path :
                List.of("/user_images/" + image(submission), "/status/" + submission, "/images", "/", "/dashboard")) {
            HttpResponse<byte[]> shown = visitor.get(path);
            assertHarmless(path, shown);
            assertThat(text(shown)).as(path).contains(escaped(name));
        }
        assertHarmless("/admin", admin.get("/admin"));
    }

    @Test
    void namesInArchives() throws Exception {
        String name = "<script>alert(2)<!--.jpg";
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            zip.putNextEntry(new ZipEntry(name));
            zip.write("no picture".getBytes(StandardCharsets.US_ASCII));
            zip.closeEntry();
        }
        int submission = server.submit(session, "pictures.zip", bytes.toByteArray());
        int job = server.awaitJob(submission);
        assertThat(server.awaitEnd(job)).isEqualTo("failure");
        awaitFailure(submission);
        for (String path : List.of("/user_images/" + image(submission), "/status/" + submission, "/admin")) {
            HttpResponse<byte[]> shown = admin.get(path);
            assertHarmless(path, shown);
            assertThat(text(shown)).as(path).contains("&lt;script&gt;alert(2)");
        }
        assertHarmless("/joblog", server.get("/joblog/" + job));
        assertHarmless("/joblog2", server.get("/joblog2/" + job));
    }

    @ParameterizedTest
    @ValueSource(strings = {"<script>alert(3)</script>", "\"><img src=x onerror=alert(3)>", "t' onload='x"})
    void tags(String tag) {
        int submission = server.submit(session, "tagged.txt", TABLE);
        int job = server.awaitJob(submission);
        server.awaitEnd(job);
        String page = "/user_images/" + image(submission);
        assertThat(visitor.submit(page + "/tags", "tag", tag).statusCode()).isEqualTo(303);
        assertThat(text(visitor.get(page))).contains(escaped(tag));
        for (String path : List.of(page, "/search?q=" + URLEncoder.encode(tag, StandardCharsets.UTF_8))) {
            assertHarmless(path, visitor.get(path));
        }
        assertThat(json(server.get("/api/jobs/" + job + "/tags")).get("tags").toString())
                .contains(tag);
    }

    private static String card(String text) {
        return String.format(Locale.ROOT, "%-80s", text);
    }

    private static String header(String... cards) {
        StringBuilder header = new StringBuilder();
        for (String one : cards) {
            header.append(card(one));
        }
        header.append(card("END"));
        return header.append(" ".repeat((2880 - header.length() % 2880) % 2880)).toString();
    }

    /** Headers with a block of data behind them. */
    private static byte[] fits(String headers) {
        return Arrays.copyOf(headers.getBytes(StandardCharsets.US_ASCII), headers.length() + 2880);
    }

    /** The sentence that says what is wrong with a table quotes its header. */
    @Test
    void theHeaderOfATableIsTextWhereItIsQuoted() {
        byte[] table = fits(header(
                        "SIMPLE  =                    T",
                        "BITPIX  =                    8",
                        "NAXIS   =                    0")
                + header(
                        "XTENSION= 'BINTABLE'",
                        "BITPIX  =                    8",
                        "NAXIS   =                    2",
                        "NAXIS1  =                    8",
                        "NAXIS2  =                    3",
                        "PCOUNT  =                    0",
                        "GCOUNT  =                    1",
                        "TFIELDS =                    2",
                        "TTYPE1  = 'X       '",
                        "TFORM1  = '<script>alert(5)</script>'",
                        "TTYPE2  = 'Y       '",
                        "TFORM2  = '\"><img src=x onerror=alert(5)>'"));
        int submission = server.submit(session, "table.fits", table);
        int job = server.awaitJob(submission);
        assertThat(server.awaitEnd(job)).isEqualTo("failure");
        awaitFailure(submission);
        for (String path : List.of("/user_images/" + image(submission), "/status/" + submission, "/admin")) {
            HttpResponse<byte[]> shown = admin.get(path);
            assertHarmless(path, shown);
            assertThat(text(shown).toLowerCase(Locale.ROOT)).as(path).contains("&lt;script&gt;alert(5)");
        }
        assertThat(text(server.get("/joblog2/" + job)).toLowerCase(Locale.ROOT)).contains("<script>alert(5)");
        assertHarmless("/joblog2", server.get("/joblog2/" + job));
    }

    /** No other value of a header is shown anywhere today; should one be, it is text. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "BITPIX  = '<script>alert(4)</script>'",
                "NAXIS   = '<script>alert(4)</script>'",
                "NAXIS1  = '<script>alert(4)</script>'",
                "BZERO   = '<script>alert(4)</script>'",
                "OBJECT  = '<script>alert(4)</script>'",
                "TELESCOP= '\"><img src=x onerror=alert(4)>'",
                "FOCALLEN= '<script>alert(4)</script>'",
                "CRVAL1  = '<script>alert(4)</script>'",
                "CTYPE1  = '<script>alert(4)</script>'",
                "COMMENT <script>alert(4)</script>",
                "<script>alert(4)</script>"
            })
    void headersOfFits(String evil) {
        String[] cards = {
            "SIMPLE  =                    T",
            "BITPIX  =                    8",
            "NAXIS   =                    2",
            "NAXIS1  =                    8",
            "NAXIS2  =                    8",
            evil
        };
        for (int i = 0; i < cards.length - 1; i++) {
            if (cards[i].substring(0, 8).equals(evil.substring(0, 8))) {
                cards[i] = evil;
            }
        }
        int submission = server.submit(session, "header.fits", fits(header(cards)));
        int job = server.awaitJob(submission);
        assertThat(server.awaitEnd(job)).isEqualTo("failure");
        for (String path : List.of(
                "/user_images/" + image(submission),
                "/status/" + submission,
                "/admin",
                "/joblog/" + job,
                "/joblog2/" + job)) {
            assertHarmless(path, admin.get(path));
        }
    }

    @Test
    void namesOfAccounts() {
        HttpResponse<byte[]> page = admin.get("/admin");
        assertHarmless("/admin", page);
        assertThat(text(page)).contains("&lt;script&gt;alert(0)");
        assertHarmless("/account", visitor.get("/account"));
        assertThat(text(visitor.get("/account"))).contains("&lt;script&gt;alert(0)");
    }
}
