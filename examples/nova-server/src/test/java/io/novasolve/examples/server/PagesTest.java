package io.novasolve.examples.server;

import static io.novasolve.examples.server.TestServer.json;
import static io.novasolve.examples.server.TestServer.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.novasolve.testkit.StarField;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What people find on the pages. */
@Tag("once")
class PagesTest {

    private static final byte[] STARS = "1 2\n3 4\n5 7\n".getBytes(StandardCharsets.US_ASCII);

    @TempDir
    private static Path data;

    private static TestServer server;
    private static Visitor alice;
    private static String link;

    @BeforeAll
    static void start() throws Exception {
        server = TestServer.start(data, "api-key", "administratorkey", "fetch-private-addresses", "true");
        String session = Visitor.signedIn(server, "administratorkey").createAccount("alice");
        alice = new Visitor(server, session);
        assertThat(alice.submit("/albums", "title", "Winter").statusCode()).isEqualTo(303);
        int submission = TestServer.submission(json(server.upload(
                "{\"session\": \"" + session + "\", \"scale_units\": \"arcminwidth\", \"scale_lower\": 60,"
                        + " \"scale_upper\": 6000, \"center_ra\": 84, \"center_dec\": -1, \"radius\": 30,"
                        + " \"tweak_order\": 3, \"positional_error\": 2, \"album\": \"Winter\","
                        + " \"allow_modifications\": \"sa\"}",
                "my sky.jpg",
                TestServer.sample("pages"))));
        assertThat(server.awaitEnd(server.awaitJob(submission))).isEqualTo("success");
        link = "/user_images/"
                + ((List<?>) server.await("/api/submissions/" + submission, s -> true)
                                .get("images"))
                        .get(0);
        // From here on searches know it.
        server.await("/api/jobs_by_tag?query=Rigel", s -> !List.of().equals(s.get("job_ids")));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"rigel", "M42", "ngc1976", "HIP 24436", "β Ori"})
    void picturesAreFoundByWhatTheyShow(String name) {
        assertThat(search("q", name)).contains(link);
    }

    @ParameterizedTest
    @CsvSource({"5:35:17,-5:23", "5h 35m 17s,-5° 23′ 28″", "83.8,-5.4", "83.8°,−5.4", "05 35,-5 23 28"})
    void picturesAreFoundByThePlacesTheyShow(String ra, String dec) {
        assertThat(search("ra", ra, "dec", dec)).contains(link);
    }

    @ParameterizedTest
    @CsvSource({"83.8,'',needs both", "83.8,95,This is no Dec", "5:75,1,This is no RA", "Orion,1,This is no RA"})
    void whatIsNoPlaceIsSaid(String ra, String dec, String complaint) {
        assertThat(search("ra", ra, "dec", dec)).contains(complaint).doesNotContain("Nothing found", link);
    }

    @Test
    void tagsAreFoundInAnyCaseOfAnyLetters() {
        assertThat(alice.submit(link + "/tags", "tag", "Älg över Ö").statusCode())
                .isEqualTo(303);
        for (String query : List.of("Älg över Ö", "älg", "ÄLG ÖVER")) {
            assertThat(search("q", query)).contains(link);
        }
        assertThat(search("q", "alg")).contains("Nothing found");
    }

    private static String search(String... fields) {
        return text(server.get("/search?" + Visitor.encoded(fields)));
    }

    @Test
    void picturesTellWhoseTheyAre() {
        assertThat(text(server.get("/images"))).contains("by alice");
        assertThat(text(server.get(link))).containsPattern("Submitted by <a href=\"/users/\\d+\">alice</a>");
    }

    @Test
    void listsGoOnPastWhatMayNotBeSeenAndShowTheirOwnerWhatCouldNotBeOpened() throws Exception {
        String session = Visitor.signedIn(server, "administratorkey").createAccount("carol");
        Visitor carol = new Visitor(server, session);
        String hidden = "{\"session\": \"" + session + "\", \"publicly_visible\": \"n\"}";
        int shown = server.submit(session, "shown.txt", STARS);
        int last = 0;
        for (int i = 0; i < 26; i++) {
            last = TestServer.submission(json(server.upload(hidden, "hidden " + i + ".txt", STARS)));
        }
        int broken = server.submit(session, "broken.zip", "PK\003\004 no archive".getBytes(StandardCharsets.US_ASCII));
        Map<String, Object> opened =
                server.await("/api/submissions/" + shown, s -> ((List<?>) s.get("jobs")).size() == 1);
        server.await("/api/submissions/" + last, s -> ((List<?>) s.get("jobs")).size() == 1);
        String page = "/users/" + opened.get("user");
        assertThat(text(server.get(page))).contains("shown.txt").doesNotContain("hidden 2", "broken", "before=");
        assertThat(text(carol.get(page))).contains("hidden 25.txt").doesNotContain("shown.txt");
        server.await("/api/submissions/" + broken, s -> s.containsKey("error_message"));
        String mine = text(carol.get("/dashboard"));
        assertThat(mine).contains("broken.zip", "could not be opened", "/status/" + broken, "hidden 25.txt");
        Matcher older = Pattern.compile("/dashboard\\?before=\\d+").matcher(mine);
        assertThat(older.find()).isTrue();
        assertThat(text(carol.get(older.group()))).contains("shown.txt").doesNotContain("hidden 25.txt");
    }

    @Test
    void anotherTryBeginsWithTheOptionsOfTheFirst() {
        assertThat(text(alice.get(link)))
                .contains("<option value=\"arcminwidth\" selected>")
                .contains("name=\"scale_lower\" value=\"60\"", "name=\"scale_upper\" value=\"6000\"")
                .contains("name=\"tweak_order\" value=\"3\"", "name=\"radius\" value=\"30\"");
        HttpResponse<byte[]> sent = alice.submit(
                link + "/retry",
                "scale_upper",
                "7000",
                "center_ra",
                "83",
                "center_dec",
                "-1",
                "radius",
                "40",
                "parity",
                "1");
        String status = sent.headers().firstValue("Location").orElseThrow();
        int submission = Integer.parseInt(status.substring(status.lastIndexOf('/') + 1));
        server.awaitEnd(server.awaitJob(submission));
        Object image =
                ((List<?>) json(server.get("/api/submissions/" + submission)).get("images")).get(0);
        assertThat(text(alice.get("/user_images/" + image)))
                .contains("name=\"scale_upper\" value=\"7000\"", "name=\"center_ra\" value=\"83\"")
                .contains("name=\"tweak_order\" value=\"\"", "<option value=\"1\" selected>mirrored");
        assertThat(text(server.get("/albums?title=Winter"))).contains("/user_images/" + image, link);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/search", "/search/images", "/search/images/"})
    void theSearchIsWhereTheOriginalHasItToo(String path) {
        assertThat(text(server.get(path + "?q=rigel"))).contains(link);
    }

    /** The middle of the sample lies some degrees off, and outside of its field nothing is shown. */
    @Test
    void whatIsNearAPlaceIsFoundWithinTheDistanceAskedFor() {
        assertThat(search("ra", "84", "dec", "30")).contains("Nothing found");
        assertThat(search("ra", "84", "dec", "30", "radius", "1")).contains("Nothing found");
        assertThat(search("ra", "84", "dec", "30", "radius", "40")).contains(link, "name=\"radius\" value=\"40\"");
        for (String none : List.of("0", "181", "-1", "far", "1e3")) {
            assertThat(search("ra", "84", "dec", "30", "radius", none)).contains("This is no distance");
        }
    }

    @Test
    void albumsHaveTheirTitleOnPicturesAndANumberOfTheirOwn() {
        Matcher album = Pattern.compile("In the album <a href=\"(/albums/\\d+)\">Winter</a>")
                .matcher(text(server.get(link)));
        assertThat(album.find()).isTrue();
        assertThat(text(server.get(album.group(1)))).contains("<h1>Winter</h1>", link);
        assertThat(text(server.get(album.group(1) + "/"))).contains(link);
        assertThat(text(server.get("/albums?title=Winter"))).contains(link);
        assertThat(text(alice.get("/account"))).contains("href=\"" + album.group(1) + "\">Winter");
        assertThat(server.get("/albums/999").statusCode()).isEqualTo(404);
    }

    @Test
    void anEmptyAlbumTellsStrangersNothing() {
        Visitor admin = Visitor.signedIn(server, "administratorkey");
        Visitor owner = new Visitor(server, admin.createAccount("frank"));
        owner.submit("/albums", "title", "Secret places");
        Matcher album = Pattern.compile("href=\"(/albums/\\d+)\">Secret places").matcher(text(owner.get("/account")));
        assertThat(album.find()).isTrue();
        assertThat(owner.get(album.group(1)).statusCode()).isEqualTo(200);
        assertThat(admin.get(album.group(1)).statusCode()).isEqualTo(200);
        assertThat(server.get(album.group(1)).statusCode()).isEqualTo(404);
    }

    @Test
    void dashboardsOfTheOriginalLeadToOurs() {
        for (String path : List.of("/dashboard", "/dashboard/submissions", "/dashboard/user_images")) {
            assertThat(text(alice.get(path))).as(path).contains(link);
        }
        assertThat(alice.get("/dashboard/profile")
                        .headers()
                        .firstValue("Location")
                        .orElseThrow())
                .endsWith("/account");
    }

    private static List<String> files(String page) {
        String list = page.substring(page.indexOf("<ul class=\"files\">"));
        return Pattern.compile("<a href=\"([^\"]+)\"")
                .matcher(list.substring(0, list.indexOf("</ul>")))
                .results()
                .map(found -> found.group(1))
                .toList();
    }

    @Test
    void everyFileThatAPageOffersIsThere() throws Exception {
        List<String> files = files(text(server.get(link)));
        assertThat(files).hasSize(9).anyMatch(file -> file.startsWith("/new_fits_file/"));
        StringBuilder stars = new StringBuilder();
        StarField field = StarField.known(Seed.random().nextLong());
        for (int i = 0; i < field.stars().size(); i++) {
            stars.append(field.stars().x(i))
                    .append(' ')
                    .append(field.stars().y(i))
                    .append('\n');
        }
        String session = server.login("administratorkey");
        int submission = server.submit(session, "stars.txt", stars.toString().getBytes(StandardCharsets.US_ASCII));
        assertThat(server.awaitEnd(server.awaitJob(submission))).isEqualTo("success");
        Object image =
                ((List<?>) json(server.get("/api/submissions/" + submission)).get("user_images")).get(0);
        List<String> ofStars = files(text(server.get("/user_images/" + image)));
        assertThat(ofStars).hasSize(8);
        for (String file : Stream.concat(files.stream(), ofStars.stream()).toList()) {
            assertThat(server.get(file).statusCode()).as(file).isEqualTo(200);
        }
    }

    private static double up(String page) {
        Matcher up =
                Pattern.compile("Up is</th><td>([0-9.]+)°<small>east of north").matcher(page);
        assertThat(up.find()).as(page).isTrue();
        return Double.parseDouble(up.group(1));
    }

    /** What one sees on the sample: by two of its stars, whose places on the sky are known. */
    @Test
    void upIsWhatIsUpOnThePage() throws Exception {
        String page = text(server.get(link));
        double[] rigel = onPicture("Rigel");
        double[] alnitak = onPicture("Alnitak");
        // From Rigel (78.634, -8.202) to Alnitak (85.190, -1.943): position angle, east of north.
        double along = bearing(78.634, -8.202, 85.190, -1.943);
        // On the screen, where y grows downwards, counter-clockwise from up to that line.
        double turned = Math.toDegrees(Math.atan2(-(alnitak[0] - rigel[0]), -(alnitak[1] - rigel[1])));
        assertThat(page).contains("as one sees the sky");
        assertThat(Math.IEEEremainder(up(page) - (along - turned), 360)).isBetween(-3.0, 3.0);

        // The same picture as FITS, whose first row is the lowest one, stands on its head on the page.
        String session = server.login("administratorkey");
        int submission = server.submit(
                session, "sample.fits", fits(ImageIO.read(TestServer.sample().toFile())));
        assertThat(server.awaitEnd(server.awaitJob(submission))).isEqualTo("success");
        Object image =
                ((List<?>) json(server.get("/api/submissions/" + submission)).get("user_images")).get(0);
        String ofFits = text(server.get("/user_images/" + image));
        assertThat(ofFits).contains("<td>mirrored</td>");
        assertThat(Math.IEEEremainder(up(ofFits) - up(page) - 180, 360)).isBetween(-0.5, 0.5);
    }

    private static double bearing(double ra1, double dec1, double ra2, double dec2) {
        double turn = Math.toRadians(ra2 - ra1);
        double from = Math.toRadians(dec1);
        double to = Math.toRadians(dec2);
        return Math.toDegrees(Math.atan2(
                Math.sin(turn) * Math.cos(to),
                Math.cos(from) * Math.sin(to) - Math.sin(from) * Math.cos(to) * Math.cos(turn)));
    }

    /** Where a star is on the sample, x and y in pixels. */
    private static double[] onPicture(String star) {
        Matcher job = Pattern.compile("/wcs_file/(\\d+)").matcher(text(server.get(link)));
        assertThat(job.find()).isTrue();
        List<?> all = (List<?>)
                json(server.get("/api/jobs/" + job.group(1) + "/annotations")).get("annotations");
        return all.stream()
                .map(one -> (Map<?, ?>) one)
                .filter(one -> ((List<?>) one.get("names")).contains(star))
                .map(one -> new double[] {(double) one.get("pixelx"), (double) one.get("pixely")})
                .findFirst()
                .orElseThrow(() -> new AssertionError(star + " is not among " + all));
    }

    private static byte[] fits(BufferedImage picture) throws IOException {
        int width = picture.getWidth();
        int height = picture.getHeight();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        StringBuilder header = new StringBuilder();
        for (String card : List.of(
                "SIMPLE  =                    T",
                "BITPIX  =                    8",
                "NAXIS   =                    2",
                String.format(Locale.ROOT, "NAXIS1  = %20d", width),
                String.format(Locale.ROOT, "NAXIS2  = %20d", height),
                "END")) {
            header.append(String.format(Locale.ROOT, "%-80s", card));
        }
        bytes.write(String.format(Locale.ROOT, "%-2880s", header).getBytes(StandardCharsets.US_ASCII));
        for (int y = height - 1; y >= 0; y--) {
            for (int x = 0; x < width; x++) {
                bytes.write(picture.getRGB(x, y) >> 8);
            }
        }
        bytes.write(new byte[(2880 - width * height % 2880) % 2880]);
        return bytes.toByteArray();
    }

    @Test
    void widthAndHeightOfAStarListCanBeGiven() {
        HttpResponse<byte[]> sent = alice.submit(link + "/retry", "image_width", "5000", "image_height", "4000");
        String status = sent.headers().firstValue("Location").orElseThrow();
        int submission = Integer.parseInt(status.substring(status.lastIndexOf('/') + 1));
        server.awaitEnd(server.awaitJob(submission));
        Object image =
                ((List<?>) json(server.get("/api/submissions/" + submission)).get("images")).get(0);
        assertThat(text(alice.get("/user_images/" + image)))
                .contains("name=\"image_width\" value=\"5000\"", "name=\"image_height\" value=\"4000\"");
    }

    @ParameterizedTest
    @CsvSource({
        "/search?q=M%2042&ra=, /search?q=M%2042&ra=",
        "/user_images/1, /user_images/1",
        "/, /",
        "'', /",
        "//evil.example/, /",
        "/\\evil.example/, /",
        "/a\\b, /",
        "https://evil.example/, /",
        "evil.example, /",
        "/%09//evil.example, /%09//evil.example",
        "'/\t/evil.example', /",
        "'/a\nSet-Cookie: x=y', /"
    })
    void whoSignsInComesBackButToNoOtherSite(String next, String to) {
        HttpResponse<byte[]> signedIn =
                new Visitor(server).submit("/signin", "apikey", "administratorkey", "next", next);
        assertThat(signedIn.statusCode()).isEqualTo(303);
        assertThat(signedIn.headers().firstValue("Location").orElseThrow().replaceAll("^http://[^/]+", ""))
                .isEqualTo(to);
        assertThat(text(new Visitor(server).get("/signin?" + Visitor.encoded("next", next))))
                .doesNotContain("value=\"//", "value=\"https:", "value=\"/\\");
    }

    @Test
    void aWrongKeyIsSaidOnTheFormItselfWhichStillLeadsBack() {
        HttpResponse<byte[]> wrong = new Visitor(server).submit("/signin", "apikey", "wrong", "next", link);
        assertThat(wrong.statusCode()).isEqualTo(403);
        assertThat(text(wrong)).contains("There is no such API key.", "name=\"next\" value=\"" + link + "\"");
        assertThat(text(server.get(link))).contains("href=\"/signin?next=" + link.replace("/", "%2F"));
    }

    @Test
    void manyPicturesOfOneSubmissionHavePages() throws Exception {
        ByteArrayOutputStream zip = new ByteArrayOutputStream();
        try (ZipOutputStream out = new ZipOutputStream(zip)) {
            for (int i = 1; i <= 30; i++) {
                out.putNextEntry(new ZipEntry("list " + i + ".txt"));
                out.write((i + " 2\n3 4\n5 7\n").getBytes(StandardCharsets.US_ASCII));
            }
        }
        int submission = server.submit(server.login("administratorkey"), "many.zip", zip.toByteArray());
        server.await("/api/submissions/" + submission, s -> ((List<?>) s.get("jobs")).size() == 30);
        String first = text(server.get("/status/" + submission));
        assertThat(first).contains("Pictures 1 to 24 of 30", "list 24.txt").doesNotContain("list 25.txt");
        Matcher more = Pattern.compile("href=\"(/status/\\d+\\?page=2)\"").matcher(first);
        assertThat(more.find()).isTrue();
        assertThat(text(server.get(more.group(1))))
                .contains("Pictures 25 to 30 of 30", "list 25.txt", "list 30.txt")
                .doesNotContain("list 24.txt", "page=3");
        assertThat(server.get("/status/" + submission + "?page=9").statusCode()).isEqualTo(200);
    }

    @Test
    void whatWasSentTogetherIsShownTogetherButNothingHidden() {
        String session = server.login("administratorkey");
        int shown = server.submit(session, "shown together.txt", STARS);
        int hidden = TestServer.submission(json(server.upload(
                "{\"session\": \"" + session + "\", \"publicly_visible\": \"n\"}", "hidden together.txt", STARS)));
        String page = "/submissions?ids=" + hidden + "," + shown;
        assertThat(text(server.get(page))).contains("shown together.txt").doesNotContain("hidden together.txt");
        assertThat(text(new Visitor(server, session).get(page))).contains("shown together.txt", "hidden together.txt");
        assertThat(text(server.get("/submissions?ids=1;drop"))).contains("There is nothing here yet.");
    }

    @Test
    void picturesTellTheirLicence() {
        assertThat(text(server.get(link))).contains("Changed copies are allowed under the same licence.");
        assertThat(alice.submit("/account/licence", "allow_commercial_use", "n", "allow_modifications", "y")
                        .statusCode())
                .isEqualTo(303);
        assertThat(text(server.get(link)))
                .contains("Commercial use is not allowed. Changed copies are allowed under the same licence.");
        assertThat(text(alice.get("/account"))).contains("<option value=\"n\" selected>not allowed");
        assertThat(alice.submit("/account/licence", "allow_commercial_use", "perhaps")
                        .statusCode())
                .isEqualTo(403);
    }

    @Test
    void theLicenceOfAPictureIsItsOwnersToChange() {
        Visitor stranger =
                new Visitor(server, Visitor.signedIn(server, "administratorkey").createAccount("eve"));
        for (Visitor other : List.of(stranger, new Visitor(server))) {
            assertThat(text(other.get(link))).doesNotContain(link + "/licence");
            assertThat(other.submit(link + "/licence", "allow_modifications", "y")
                            .statusCode())
                    .isEqualTo(403);
        }
        assertThat(alice.submit(link + "/licence", "allow_modifications", "perhaps")
                        .statusCode())
                .isEqualTo(403);
        assertThat(text(alice.get(link)))
                .contains(link + "/licence", "Changed copies are allowed under the same licence.")
                .contains("<option value=\"sa\" selected>");
        assertThat(alice.submit(link + "/licence", "allow_commercial_use", "y", "allow_modifications", "n")
                        .statusCode())
                .isEqualTo(303);
        assertThat(text(stranger.get(link))).contains("Commercial use is allowed. Changed copies are not allowed.");
        assertThat(alice.submit(link + "/licence", "allow_modifications", "sa").statusCode())
                .isEqualTo(303);
    }

    /** Whether its sender has a session is not known before it is on disk. */
    @Test
    void aFileBeforeItsArgumentsIsNotKept() {
        String session = server.login("administratorkey");
        String body =
                "--bb\r\nContent-Disposition: form-data; name=\"file\"; filename=\"stars.txt\"\r\n\r\n1 2\r\n--bb\r\n"
                        + "Content-Disposition: form-data; name=\"request-json\"\r\n\r\n{\"session\": \"" + session
                        + "\"}\r\n--bb--\r\n";
        assertThat(json(server.post(
                                "/api/upload",
                                "multipart/form-data; boundary=bb",
                                body.getBytes(StandardCharsets.US_ASCII)))
                        .get("errormessage"))
                .asString()
                .contains("behind the arguments");
    }

    @Test
    void administratorsSeeWhatHappened() throws Exception {
        Visitor admin = Visitor.signedIn(server, "administratorkey");
        String session = admin.createAccount("dora");
        Visitor dora = new Visitor(server, session);
        int refused;
        try (PictureHost host = new PictureHost(new byte[1])) {
            refused = TestServer.submission(json(server.call(
                    "/api/url_upload",
                    "{\"session\": \"" + session + "\", \"url\": \"" + host.url("/missing/a.jpg") + "\"}")));
            server.await("/api/submissions/" + refused, s -> s.containsKey("error_message"));
        }
        int unreadable =
                server.submit(session, "no picture.fits", "SIMPLE  = nothing".getBytes(StandardCharsets.US_ASCII));
        assertThat(server.awaitEnd(server.awaitJob(unreadable))).isEqualTo("failure");
        int submission = server.submit(session, "stars.txt", STARS);
        int job = server.awaitJob(submission);
        Object image =
                ((List<?>) json(server.get("/api/submissions/" + submission)).get("images")).get(0);
        server.awaitEnd(job);
        dora.submit("/user_images/" + image + "/tags", "tag", "three stars");
        dora.submit("/user_images/" + image + "/visibility", "visible", "n");
        dora.submit("/user_images/" + image + "/retry");
        dora.submit("/albums", "title", "Of Dora");
        assertThat(server.send(HttpRequest.newBuilder(URI.create(server.url("/albums")))
                                .header("Cookie", "NovaSession=" + session)
                                .header("Content-Type", "application/x-www-form-urlencoded")
                                .POST(HttpRequest.BodyPublishers.ofString("title=Forged")))
                        .statusCode())
                .isEqualTo(403);
        dora.submit("/signout");

        server.await(
                "/api/submissions/" + submission, s -> text(admin.get("/admin")).contains("no picture.fits"));
        String page = text(admin.get("/admin"));
        assertThat(page)
                .contains("no picture.fits", "jobs ended in the last 24 hours", "submissions received", "h UTC");
        assertThat(page).containsPattern(" h UTC: [1-9]\\d* jobs ended, [1-9]\\d* solved");
        for (String action : List.of("create account", "tag", "hide", "retry", "album", "sign out", "form refused")) {
            assertThat(page).contains("<td>" + action + "</td>");
        }
        assertThat(page).contains("three stars", "Of Dora").doesNotContain(session);
    }
}
