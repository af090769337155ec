package io.novasolve.examples.server;

import static io.novasolve.examples.server.TestServer.json;
import static io.novasolve.examples.server.TestServer.text;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What somebody hides, on every route that the server has: strangers and other users against the owner. */
@Tag("once")
class HiddenPicturesTest {

    private static final String KEY = "administratorkey";
    private static final String NAME = "secret place.jpg";
    private static final String TAG = "my secret observatory";

    /** Refused to strangers as if there were no such thing; 200 for the owner, or a redirect to what surveys have of the place. */
    static final List<String> HIDDEN = List.of(
            "/image/IMAGE",
            "/wwt_image/IMAGE",
            "/thumbnail_of_image/IMAGE",
            "/display_of_image/IMAGE",
            "/user_images/IMAGE",
            "/status/SUBMISSION",
            "/sky_plot/zoom0/CALIBRATION",
            "/sdss_image_display/CALIBRATION",
            "/sdss_image_full/CALIBRATION",
            "/galex_image_display/CALIBRATION",
            "/galex_image_full/CALIBRATION",
            "/unwise_image_display/CALIBRATION",
            "/unwise_image_full/CALIBRATION",
            "/legacysurvey_image_display/CALIBRATION",
            "/legacysurvey_image_full/CALIBRATION",
            "/annotated_display/JOB",
            "/annotated_full/JOB",
            "/grid_display/JOB",
            "/grid_full/JOB",
            "/extraction_image_display/JOB",
            "/extraction_image_full/JOB",
            "/red_green_image_display/JOB",
            "/red_green_image_full/JOB",
            "/axy_file/JOB",
            "/rdls_file/JOB",
            "/corr_file/JOB",
            "/image_rd_file/JOB",
            "/new_fits_file/JOB",
            "/kml_file/JOB");

    /** What programs fetch that poll without a session: it must answer, and tell nothing of the picture. */
    static final List<String> OPEN = List.of(
            "/wcs_file/JOB",
            "/joblog/JOB",
            "/joblog2/JOB",
            "/api/submissions/SUBMISSION",
            "/api/jobs/JOB",
            "/api/jobs/JOB/calibration",
            "/api/jobs/JOB/info",
            "/api/jobs/JOB/tags",
            "/api/jobs/JOB/machine_tags",
            "/api/jobs/JOB/objects_in_field",
            "/api/jobs/JOB/annotations");

    /** Lists where the owner finds it, and nobody else does. */
    private static final List<String> LISTS = List.of(
            "/",
            "/images",
            "/users/OWNER",
            "/albums?title=Secrets",
            "/search?q=observatory",
            "/search?q=Orion",
            "/search?ra=83.7&dec=-1.5");

    /** Deeds of the owner alone. */
    private static final List<String> DEEDS = List.of(
            "/status/SUBMISSION/cancel",
            "/status/SUBMISSION/delete",
            "/user_images/IMAGE/tags",
            "/user_images/IMAGE/tags/remove",
            "/user_images/IMAGE/visibility",
            "/user_images/IMAGE/licence",
            "/user_images/IMAGE/retry");

    /**
     * A stream, which ends only with the submission, is looked at by itself; accounts are no pictures; albums and searches are
     * among the lists under other addresses.
     */
    private static final Set<String> OTHERS = Set.of(
            "/status/SUBMISSION/events",
            "/admin/accounts/{id}/key",
            "/admin/accounts/{id}/lock",
            "/albums/{id}",
            "/search/{kind}");

    @TempDir
    private static Path data;

    private static TestServer server;
    private static Visitor owner;
    private static Visitor bob;
    private static String ownerSession;
    private static String bobSession;
    private static int submission;
    private static int job;
    private static int image;
    private static int calibration;
    private static int account;

    @BeforeAll
    static void start() throws Exception {
        server = TestServer.start(data, "api-key", KEY);
        Visitor admin = Visitor.signedIn(server, KEY);
        ownerSession = admin.createAccount("alice");
        bobSession = admin.createAccount("bob");
        owner = new Visitor(server, ownerSession);
        bob = new Visitor(server, bobSession);
        assertThat(owner.submit("/albums", "title", "Secrets").statusCode()).isEqualTo(303);
        submission = TestServer.submission(json(server.upload(
                "{\"session\": \"" + ownerSession + "\", \"publicly_visible\": \"n\", \"album\": \"Secrets\"}",
                NAME,
                TestServer.sample(""))));
        job = server.awaitJob(submission);
        assertThat(server.awaitEnd(job)).isEqualTo("success");
        Map<String, Object> status = json(server.get("/api/submissions/" + submission));
        image = number(((List<?>) status.get("images")).get(0));
        account = number(status.get("user"));
        calibration = number(((List<?>) ((List<?>) status.get("job_calibrations")).get(0)).get(1));
        assertThat(owner.submit("/user_images/" + image + "/tags", "tag", TAG).statusCode())
                .isEqualTo(303);
        // The lists know it from here on, for those who may see it.
        server.await("/api/jobs_by_tag?query=Orion", r -> json(server.call(
                        "/api/jobs_by_tag?query=Orion", "{\"session\": \"" + ownerSession + "\"}"))
                .get("job_ids")
                .equals(List.of((long) job)));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static int number(Object value) {
        return Math.toIntExact(((Number) value).longValue());
    }

    private static String path(String template) {
        return template.replace("IMAGE", "" + image)
                .replace("JOB", "" + job)
                .replace("SUBMISSION", "" + submission)
                .replace("CALIBRATION", "" + calibration)
                .replace("OWNER", "" + account);
    }

    static List<String> hidden() {
        return HIDDEN;
    }

    static List<String> open() {
        return OPEN;
    }

    static List<String> lists() {
        return LISTS;
    }

    static List<String> deeds() {
        return DEEDS;
    }

    /** A route of which nobody thought here would not be looked at. */
    @Test
    void everyRouteWithANumberIsLookedAt() {
        Set<String> known = Stream.of(HIDDEN, OPEN, LISTS, DEEDS, OTHERS)
                .flatMap(paths -> paths.stream())
                .map(path -> path.replaceAll("IMAGE|JOB|SUBMISSION|CALIBRATION|OWNER", "{id}")
                        .replace("zoom0", "{zoom}"))
                .collect(Collectors.toSet());
        Set<String> routes = new TreeSet<>(server.routes("GET"));
        routes.addAll(server.routes("POST"));
        routes.removeIf(route -> !route.contains("{"));
        assertThat(routes).hasSizeGreaterThan(30).isSubsetOf(known);
    }

    @ParameterizedTest
    @MethodSource("hidden")
    void doesNotExistForOthers(String template) {
        String path = path(template);
        assertThat(owner.get(path).statusCode())
                .isEqualTo(template.matches("/[a-z]+_image_.*/CALIBRATION") ? 302 : 200);
        for (Visitor other : List.of(new Visitor(server), bob)) {
            assertThat(other.get(path).statusCode()).isEqualTo(404);
            assertThat(text(other.get(path))).doesNotContain("secret");
        }
        assertThat(server.call(path, "{}").statusCode()).isIn(404, 405);
    }

    @ParameterizedTest
    @MethodSource("open")
    void tellsNothingOfThePicture(String template) {
        String path = path(template);
        assertThat(owner.get(path).statusCode()).isEqualTo(200);
        for (String session : List.of("", "nobody's", bobSession)) {
            String asked = text(server.call(path, "{\"session\": \"" + session + "\"}"));
            assertThat(asked).isNotEmpty().doesNotContain("secret", "Orion", "M 42", "Rigel");
            assertThat(text(new Visitor(server, session).get(path))).doesNotContain("secret", "Orion", "M 42", "Rigel");
        }
    }

    @Test
    void theOwnerSeesWhatOthersDoNot() {
        String mine = "{\"session\": \"" + ownerSession + "\"}";
        assertThat(text(server.call(path("/api/jobs/JOB/info"), mine))).contains(NAME, TAG, "Rigel");
        assertThat(text(server.call(path("/api/jobs/JOB/tags"), mine))).contains(TAG, "Rigel");
        assertThat(text(server.call(path("/api/jobs/JOB/machine_tags"), mine))).contains("Rigel");
        assertThat(text(server.call(path("/api/jobs/JOB/objects_in_field"), mine)))
                .contains("Rigel");
        assertThat(text(server.call(path("/api/jobs/JOB/annotations"), mine))).contains("Rigel");
        assertThat(text(owner.get("/dashboard"))).contains(NAME);
    }

    @ParameterizedTest
    @MethodSource("lists")
    void isInNoListOfOthers(String template) {
        String path = path(template);
        String link = "/user_images/" + image + "\"";
        for (Visitor other : List.of(new Visitor(server), bob)) {
            assertThat(other.get(path).statusCode()).isEqualTo(200);
            assertThat(text(other.get(path))).doesNotContain(link, "secret place");
        }
        if (!template.equals("/") && !template.equals("/images")) {
            assertThat(text(owner.get(path))).contains(link, "secret place");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Orion", "observatory", "my secret observatory&exact=yes"})
    void isNotFoundByItsTags(String query) {
        String path = "/api/jobs_by_tag?query=" + query.replace(" ", "%20");
        assertThat(json(server.call(path, "{\"session\": \"" + ownerSession + "\"}"))
                        .get("job_ids"))
                .isEqualTo(List.of((long) job));
        assertThat(json(server.call(path, "{\"session\": \"" + bobSession + "\"}"))
                        .get("job_ids"))
                .isEqualTo(List.of());
        assertThat(json(server.get(path)).get("job_ids")).isEqualTo(List.of());
    }

    @Test
    void itsImagesAreNotListedForOthers() {
        String arguments = "\", \"subid\": " + submission + "}";
        assertThat(json(server.call("/api/submission_images", "{\"session\": \"" + bobSession + arguments)))
                .containsEntry("errormessage", "submission does not exist");
        assertThat(json(server.call("/api/submission_images", "{\"session\": \"" + ownerSession + arguments)))
                .containsEntry("image_ids", List.of((long) image));
    }

    @ParameterizedTest
    @MethodSource("deeds")
    void othersCanDoNothingWithIt(String template) {
        for (Visitor other : List.of(new Visitor(server), bob)) {
            assertThat(other.submit(path(template), "visible", "y", "tag", "seen")
                            .statusCode())
                    .isIn(403, 404);
        }
        assertThat(new Visitor(server).get(path("/user_images/IMAGE")).statusCode())
                .isEqualTo(404);
        assertThat(text(server.call(path("/api/jobs/JOB/tags"), "{\"session\": \"" + ownerSession + "\"}")))
                .doesNotContain("seen");
    }

    @Test
    void othersDoNotFollowIt() {
        String path = path("/status/SUBMISSION/events");
        HttpResponse<byte[]> others = server.get(path, "Accept", "text/event-stream");
        assertThat(others.statusCode()).isEqualTo(404);
        assertThat(text(others)).doesNotContain("event:", "progress");
        assertThat(text(server.get(path, "Accept", "text/event-stream", "Cookie", "NovaSession=" + ownerSession)))
                .contains("event: progress", "\"over\": true");
    }
}
