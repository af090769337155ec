package io.novasolve.examples.server;

import static io.novasolve.examples.server.TestServer.json;
import static io.novasolve.examples.server.TestServer.text;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A list of many takes as many statements as a list of few. */
@Tag("once")
class ListingsTest {

    private static final byte[] STARS = "1 2\n3 4\n5 7\n".getBytes(StandardCharsets.US_ASCII);
    private static final int FEW = 2;
    private static final int MANY = 20;

    @TempDir
    private static Path data;

    private static CountedStatements statements;
    private static TestServer server;
    private static String few;
    private static String many;

    @BeforeAll
    static void start() throws Exception {
        statements = new CountedStatements();
        server = TestServer.start(data, "api-key", "administratorkey");
        Visitor admin = Visitor.signedIn(server, "administratorkey");
        few = admin.createAccount("few");
        many = admin.createAccount("many");
        submit(few, "few", FEW);
        submit(many, "many", MANY);
    }

    /** That many pictures with a tag, and one file that cannot be opened. */
    private static void submit(String session, String name, int pictures) throws SQLException {
        Visitor visitor = new Visitor(server, session);
        assertThat(visitor.submit("/albums", "title", name).statusCode()).isEqualTo(303);
        String arguments = "{\"session\": \"" + session + "\", \"album\": \"" + name + "\"}";
        int[] submissions = new int[pictures];
        for (int i = 0; i < pictures; i++) {
            submissions[i] = TestServer.submission(json(server.upload(arguments, name + " " + i + ".txt", STARS)));
        }
        int broken = server.submit(session, "broken.zip", "PK\003\004".getBytes(StandardCharsets.US_ASCII));
        for (int submission : submissions) {
            server.awaitEnd(server.awaitJob(submission));
            Object image = ((List<?>)
                            json(server.get("/api/submissions/" + submission)).get("images"))
                    .get(0);
            assertThat(visitor.submit("/user_images/" + image + "/tags", "tag", "tag of " + name)
                            .statusCode())
                    .isEqualTo(303);
        }
        server.await("/api/submissions/" + broken, s -> s.containsKey("error_message") && open() == 0);
    }

    /** How many submissions are not written down yet. */
    private static int open() {
        try (Connection c = DriverManager.getConnection("jdbc:sqlite:" + data.resolve("nova.db"));
                Statement s = c.createStatement()) {
            return s.executeQuery("select count(*) from server_submission where recorded = 0")
                    .getInt(1);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @AfterAll
    static void stop() throws SQLException {
        server.close();
        statements.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"/dashboard", "/albums?title=NAME", "/search?q=tag+of+NAME", "/api/jobs_by_tag?query=tag+of+NAME"
            })
    void aListOfManyTakesAsManyStatementsAsOneOfFew(String path) {
        int forFew = ask(few, path.replace("NAME", "few"), FEW);
        assertThat(ask(many, path.replace("NAME", "many"), MANY))
                .isEqualTo(forFew)
                .isBetween(1, 12);
    }

    private static int ask(String session, String path, int expected) {
        Visitor visitor = new Visitor(server, session);
        visitor.get("/signin");
        return statements.of(() -> assertThat(
                        text(visitor.get(path)).split(path.startsWith("/api") ? "\\d+" : "/thumbnail_of_image/"))
                .hasSize(expected + 1));
    }

    /** Files wait to be solved, links behind one that never comes. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void soDoesAListOfOpenOnes(boolean files, @TempDir Path folder) throws Exception {
        try (PictureHost host = new PictureHost(STARS);
                TestServer queue = TestServer.start(folder, "jobs", "0", "fetch-private-addresses", "true")) {
            String session = queue.login("any");
            Visitor visitor = new Visitor(queue, session);
            List<Integer> statements = new ArrayList<>();
            int submitted = 0;
            for (int many : List.of(FEW, MANY)) {
                for (; submitted < many; submitted++) {
                    String name = "waits" + submitted + ".txt";
                    if (files) {
                        int id = queue.submit(session, name, STARS);
                        queue.await("/api/submissions/" + id, s -> !List.of().equals(s.get("images")));
                    } else {
                        String url = host.url("/endless/" + name);
                        queue.call("/api/url_upload", "{\"session\": \"" + session + "\", \"url\": \"" + url + "\"}");
                    }
                }
                statements.add(ListingsTest.statements.of(() -> assertThat(text(visitor.get("/dashboard")))
                        .contains("waits0.txt", "waits" + (many - 1) + ".txt")));
            }
            assertThat(statements.get(1)).isEqualTo(statements.get(0)).isBetween(1, 12);
        }
    }

    /** Each of which has a broken file. */
    @Test
    void soDoTheFailuresThatTheAdministratorSees(@TempDir Path folder) throws Exception {
        try (TestServer broken = TestServer.start(folder, "api-key", "administratorkey")) {
            String session = broken.login("administratorkey");
            Visitor admin = new Visitor(broken, session);
            List<Integer> statements = new ArrayList<>();
            int submitted = 0;
            for (int many : List.of(FEW, MANY)) {
                for (; submitted < many; submitted++) {
                    byte[] zip = ("PK\003\004" + submitted).getBytes(StandardCharsets.US_ASCII);
                    broken.submit(session, "cut" + submitted + ".zip", zip);
                }
                String last =
                        "cut" + (many - 1) + ".zip</a>: cut" + (many - 1) + ".zip is a zip archive that is damaged";
                await(() -> text(admin.get("/admin")).contains(last));
                statements.add(ListingsTest.statements.of(() -> admin.get("/admin")));
            }
            assertThat(text(admin.get("/admin"))).contains("cut0.zip</a>: cut0.zip is a zip archive that is damaged");
            assertThat(statements.get(1)).isEqualTo(statements.get(0));
        }
    }

    private static void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(2);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime() - deadline).as("it is in time").isNegative();
            LockSupport.parkNanos(50_000_000);
        }
    }

    @Test
    void allJobsOfSomebodyTakeAsManyStatementsWhetherManyOrFew() {
        int forFew = statements.of(() -> assertThat(jobs(few)).hasSize(FEW));
        assertThat(statements.of(() -> assertThat(jobs(many)).hasSize(MANY))).isEqualTo(forFew);
    }

    private static List<?> jobs(String session) {
        return (List<?>) json(server.call("/api/myjobs", "{\"session\": \"" + session + "\"}"))
                .get("jobs");
    }

    /** More open ones than one look takes, and the newest is asked for. */
    @Test
    void aFreshPictureBehindALongQueueIsFoundAtOnce(@TempDir Path folder) throws Exception {
        try (TestServer queue = TestServer.start(folder, "jobs", "0")) {
            String session = queue.login("any");
            int submission = 0;
            for (int i = 0; i < 205; i++) {
                submission = queue.submit(session, i + ".txt", STARS);
            }
            List<?> images = (List<?>) queue.await(
                            "/api/submissions/" + submission, s -> !List.of().equals(s.get("images")))
                    .get("images");
            assertThat(queue.get("/user_images/" + images.get(0)).statusCode()).isEqualTo(200);
            // Of a list that nobody has read yet there is nothing to show; that is no fault of the server.
            HttpResponse<byte[]> picture = queue.get("/thumbnail_of_image/" + images.get(0));
            assertThat(picture.statusCode()).isEqualTo(404);
            assertThat(picture.headers().firstValue("Content-Type")).hasValue("image/svg+xml");
            assertThat(text(queue.get("/image/" + images.get(0)))).contains("has no picture");
        }
    }
}
