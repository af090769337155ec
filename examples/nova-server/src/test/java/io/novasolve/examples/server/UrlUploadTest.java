package io.novasolve.examples.server;

import static io.novasolve.examples.server.TestServer.json;
import static io.novasolve.examples.server.TestServer.text;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pictures that the server fetches itself, from a host that it is allowed to trust. */
@Tag("once")
class UrlUploadTest {

    @TempDir
    private static Path data;

    private static TestServer server;
    private static PictureHost host;
    private static PictureHost large;
    private static String session;

    @BeforeAll
    static void start() throws Exception {
        server = TestServer.start(data, "fetch-private-addresses", "true", "fetch-max-bytes", "3000000");
        session = server.login("anything");
        host = new PictureHost(Files.readAllBytes(TestServer.sample()));
        large = new PictureHost(new byte[3_000_001]);
    }

    @AfterAll
    static void stop() {
        server.close();
        host.close();
        large.close();
    }

    private static int submit(String url) {
        Map<String, Object> reply =
                json(server.call("/api/url_upload", "{\"session\": \"" + session + "\", \"url\": \"" + url + "\"}"));
        assertThat(reply).containsEntry("status", "success").doesNotContainKey("hash");
        return TestServer.submission(reply);
    }

    private static String error(int submission) {
        return (String)
                server.await("/api/submissions/" + submission, s -> !"None".equals(s.get("processing_finished")))
                        .get("error_message");
    }

    @Test
    void aPictureIsFetchedThroughRedirectsAndSolved() {
        int job = server.awaitJob(submit(host.url("/moved/3")));
        assertThat(server.awaitEnd(job)).isEqualTo("success");
        assertThat(host.asked()).contains("/moved/3", "/moved/2", "/moved/1", "/sky.jpg");
        assertThat(json(server.get("/api/jobs/" + job + "/info"))).containsEntry("original_filename", "3");
    }

    @Test
    void aLinkThatGoesRoundForEverIsGivenUp() {
        assertThat(error(submit(host.url("/moved/100")))).contains("/moved/100", "redirect");
    }

    @Test
    void whatIsTooLargeIsNotFetched() {
        assertThat(error(submit(large.url("/endless.fits")))).contains("/endless.fits", "3000000");
    }

    @Test
    void whatIsNotThereFailsTheSubmissionWithASentence() {
        assertThat(error(submit(host.url("/missing/sky.jpg")))).contains(host.url("/missing/sky.jpg"), "404");
    }

    /** As the server is without settings: what is a number is refused at once, what is a name as soon as it is looked up. */
    @Test
    void whatIsNotOnThePublicInternetIsNeverAsked(@TempDir Path folder) throws Exception {
        int before = host.asked().size();
        try (TestServer careful = TestServer.start(folder)) {
            String who = careful.login("anything");
            for (String name :
                    List.of("127.0.0.1", "[::1]", "[::ffff:127.0.0.1]", "0.0.0.0", "2130706433", "localhost")) {
                String url = "http://" + name + ":" + host.port() + "/secret";
                Map<String, Object> reply = json(
                        careful.call("/api/url_upload", "{\"session\": \"" + who + "\", \"url\": \"" + url + "\"}"));
                Object error = "error".equals(reply.get("status"))
                        ? reply.get("errormessage")
                        : careful.await(
                                        "/api/submissions/" + TestServer.submission(reply),
                                        s -> s.containsKey("error_message"))
                                .get("error_message");
                assertThat(String.valueOf(error)).as(url).contains("public internet");
            }
        }
        assertThat(host.asked()).hasSize(before);
    }

    @Test
    void thePageTakesAnAddressToo() {
        HttpResponse<byte[]> page = server.get("/");
        Matcher token =
                Pattern.compile("name=\"token\" value=\"([a-z0-9]{32})\"").matcher(text(page));
        assertThat(token.find()).isTrue();
        String cookie = page.headers().firstValue("Set-Cookie").orElseThrow().split(";", 2)[0];
        HttpResponse<byte[]> sent = server.send(HttpRequest.newBuilder(URI.create(server.url("/upload")))
                .headers("Content-Type", "application/x-www-form-urlencoded", "Cookie", cookie)
                .POST(HttpRequest.BodyPublishers.ofString("token=" + token.group(1) + "&url="
                        + URLEncoder.encode(host.url("/from-the-page.jpg"), StandardCharsets.UTF_8))));
        assertThat(sent.statusCode()).isEqualTo(303);
        String status = sent.headers().firstValue("Location").orElseThrow();
        int submission = Integer.parseInt(status.substring(status.lastIndexOf('/') + 1));
        assertThat(server.awaitEnd(server.awaitJob(submission))).isEqualTo("success");
        assertThat(host.asked()).contains("/from-the-page.jpg");
    }
}
