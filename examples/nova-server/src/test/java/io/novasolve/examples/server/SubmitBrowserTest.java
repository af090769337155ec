package io.novasolve.examples.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openqa.selenium.By;

/** Submitting in a browser, and what the page tells meanwhile. */
@InBrowser
class SubmitBrowserTest {

    /** More than this cannot be sent in one go. */
    private static final int MOST_BYTES = 2_000_000;

    private static final String FILE = "data.items.add(new File(['1 2'], 'NAME'));";

    @TempDir
    private static Path data;

    private static TestServer server;
    private static PictureHost host;

    @BeforeAll
    static void start() throws IOException {
        host = new PictureHost(TestServer.sample("from a link"));
        server = TestServer.start(
                data, "fetch-private-addresses", "true", "max-upload-bytes", Integer.toString(MOST_BYTES));
    }

    @AfterAll
    static void stop() {
        if (server != null) {
            server.close();
        }
        if (host != null) {
            host.close();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void thePageLeadsFromThePictureToItsResult(boolean phone, Browser browser) throws IOException {
        String name = phone ? "phone" : "desktop";
        if (phone) {
            browser.phone();
        }
        browser.open(server.url("/"));
        browser.choose(TestServer.sample());
        assertThat(browser.text("#chosen")).contains("sample.jpg");
        browser.assertAccessible();
        browser.awaitFitting(name + "-submit");
        browser.screenshot(name + "-submit");
        browser.find("#submit > .primary").click();
        // The page follows by itself: first to the progress, then to the result.
        browser.awaitSolved(name + "-solved");
        browser.assertNoneAskedBut(server);
    }

    private static Path sample(Path folder, String name) throws IOException {
        return Files.write(folder.resolve(name), TestServer.sample(name));
    }

    @Test
    void severalPicturesAreSeveralSubmissions(Browser browser, @TempDir Path folder) throws IOException {
        browser.open(server.url("/"));
        browser.choose(sample(folder, "first.jpg"), sample(folder, "second.jpg"));
        assertThat(browser.text("#chosen")).contains("first.jpg", "second.jpg");
        browser.screenshot("desktop-two-chosen");
        browser.find("#submit > .primary").click();
        browser.await("two-sent", () -> browser.all(".cards li").size() == 2);
        assertThat(browser.text(".cards")).contains("first.jpg", "second.jpg");
        // The page looks again by itself.
        browser.await("two-solved", () -> browser.all(".cards .state.good").size() == 2);
        browser.awaitFitting("two-sent");
        browser.screenshot("desktop-two-sent");
    }

    @Test
    void picturesAreDroppedAnywhereOrPastedOrOnlyTheirAddressIs(Browser browser) throws IOException {
        browser.open(server.url("/"));
        for (String place : List.of(".drop", "h1")) {
            browser.give("drop", place, FILE.replace("NAME", "a.txt") + FILE.replace("NAME", place + ".txt"));
            assertThat(browser.text("#chosen")).contains("a.txt", place + ".txt");
        }
        for (String event : List.of("dragover", "drop")) {
            // Otherwise the browser would leave the page, and show the file.
            assertThat(browser.script("document.querySelector('header').dispatchEvent(new DragEvent('" + event
                            + "', { bubbles: true, cancelable: true, dataTransfer: new DataTransfer() }))"))
                    .as(event)
                    .isEqualTo(false);
        }
        browser.give("paste", "main", FILE.replace("NAME", "pasted.txt"));
        assertThat(browser.text("#chosen")).contains("pasted.txt").doesNotContain("a.txt");
        assertThat(browser.number("document.getElementById('file').files.length"))
                .isEqualTo(1);
        browser.give("paste", "main", "data.setData('text', '" + host.url("/sky.jpg") + "');");
        assertThat(browser.find("[name=url]").getDomProperty("value")).isEqualTo(host.url("/sky.jpg"));
        assertThat(browser.number("document.getElementById('file').files.length"))
                .isZero();
        browser.find("#submit > .primary").click();
        browser.awaitSolved("link-solved");
        assertThat(host.asked()).contains("/sky.jpg");
    }

    @Test
    void nothingIsSentTwiceOrAboveTheLimit(Browser browser) throws IOException {
        browser.open(server.url("/"));
        // Sends without an end.
        browser.driver()
                .executeScript("window.sent = 0; XMLHttpRequest.prototype.send = function () { window.sent++; };");
        browser.give(
                "drop", ".drop", "data.items.add(new File([new Uint8Array(" + (MOST_BYTES + 1) + ")], 'large.fits'));");
        assertThat(browser.text("#chosen")).contains("large.fits", "2.0 MB").contains("at most");
        browser.find("#submit > .primary").click();
        assertThat(browser.number("window.sent")).isZero();
        browser.screenshot("desktop-too-large");
        browser.give("drop", ".drop", FILE.replace("NAME", "small.txt"));
        browser.find("#submit > .primary").click();
        assertThat(browser.find("#submit > .primary").isEnabled()).isFalse();
        browser.driver().executeScript("document.getElementById('submit').requestSubmit()");
        assertThat(browser.number("window.sent")).isEqualTo(1);
    }

    @Test
    void whatIsRefusedIsSaidAndCanBeSentOnceMore(Browser browser) throws IOException {
        browser.open(server.url("/"));
        browser.give("drop", ".drop", FILE.replace("NAME", "refused.txt"));
        browser.find("#submit summary").click();
        browser.driver().findElement(By.name("album")).sendKeys("no such album");
        browser.find("#submit > .primary").click();
        browser.await("refused", () -> browser.text("#chosen").contains("no album with this title"));
        assertThat(browser.find("#submit > .primary").isEnabled()).isTrue();
    }

    @Test
    void whatIsStillFetchedCanBeCancelled(Browser browser) throws IOException {
        browser.open(server.url("/"));
        browser.driver().findElement(By.name("url")).sendKeys(host.url("/endless/sky.jpg"));
        browser.find("#submit > .primary").click();
        browser.await("cancellable", () -> browser.has("form[action$=cancel]"));
        browser.await("fetching", () -> browser.text("#now").equals("Fetching and opening it."));
        browser.find("form[action$=cancel] button").click();
        browser.await(
                "cancelled", () -> "true".equals(browser.script("document.getElementById('progress')?.dataset.over")));
        browser.dark(true);
        browser.awaitFitting("dark-cancelled");
        browser.assertAccessible();
        browser.screenshot("dark-cancelled");
    }

    @Test
    void thePageTellsOfQueueAndSearchInWords(Browser browser, @TempDir Path own) throws Exception {
        Searching transport = new Searching();
        try (TestServer slow = TestServer.start(own, transport, "jobs", "1")) {
            String session = slow.login("any");
            int first = slow.submit(session, "first.jpg", TestServer.sample("first"));
            transport.awaitBegun();
            int ahead = slow.submit(session, "ahead.jpg", TestServer.sample("ahead"));
            slow.await("/api/submissions/" + ahead, s -> s.get("jobs") instanceof List<?> jobs && !jobs.isEmpty());
            int waiting = slow.submit(session, "waiting.jpg", TestServer.sample("waiting"));
            browser.open(slow.url("/status/" + waiting));
            browser.await("queue", () -> browser.text("#now").equals("About one job comes first."));
            browser.assertAccessible();
            browser.awaitFitting("progress-queue");
            browser.screenshot("desktop-progress-queue");

            browser.open(slow.url("/status/" + first));
            transport.report(12, 3456);
            browser.await("depth", () -> browser.text("#now").contains("the 12 brightest stars, 3456 patterns tried"));
            browser.script("window.announced = document.getElementById('stage').textContent");
            transport.report(20, 9999);
            browser.await("deeper", () -> browser.text("#now").contains("the 20 brightest stars"));
            // Read aloud is the stage alone: the numbers change too often.
            assertThat(browser.all("#progress [role=status]")).hasSize(1);
            assertThat(String.valueOf(browser.script("document.querySelector('#progress [role=status]').textContent")))
                    .isNotEmpty()
                    .doesNotContain("20", "9999");
            browser.assertAccessible();
            browser.screenshot("desktop-progress-search");
            browser.phone();
            browser.dark(true);
            browser.awaitFitting("progress-phone");
            browser.assertAccessible();
            browser.screenshot("dark-phone-progress");
            transport.goOn();
            browser.awaitSolved("searched");
        }
    }

    /** Whoever follows too much at once is refused, and a page that is refused asks by itself. */
    @Test
    void aPageThatIsToldNothingAsks(Browser browser, @TempDir Path own) throws Exception {
        Searching transport = new Searching();
        List<InputStream> open = new ArrayList<>();
        try (TestServer busy = TestServer.start(own, transport)) {
            int submission = busy.submit(busy.login("any"), "a.jpg", TestServer.sample("asks"));
            transport.awaitBegun();
            for (int i = 0; i < 20; i++) {
                HttpResponse<InputStream> followed = busy.follow("/status/" + submission + "/events");
                open.add(followed.body());
                assertThat(followed.statusCode()).isEqualTo(200);
            }
            HttpResponse<InputStream> refused = busy.follow("/status/" + submission + "/events");
            open.add(refused.body());
            assertThat(refused.statusCode()).isEqualTo(429);
            browser.open(busy.url("/status/" + submission));
            transport.report(12, 3456);
            browser.await("asked", () -> browser.text("#now").contains("12 brightest stars"));
            transport.goOn();
            browser.awaitSolved("asked-solved");
        } finally {
            for (InputStream stream : open) {
                stream.close();
            }
        }
    }

    @Test
    void worksWithoutScripts(Browser browser) throws IOException {
        browser.scripts(false);
        browser.open(server.url("/"));
        browser.choose(TestServer.sample());
        browser.screenshot("plain-submit");
        browser.find("#submit > .primary").click();
        browser.await("plain-sent", () -> browser.isAt("/status/"));
        browser.await("plain-solved", () -> browser.has(".cards .state.good"));
        browser.find(".cards a").click();
        browser.await("plain-result", () -> browser.isAt("/user_images/"));
        assertThat(browser.all(".values tr")).hasSizeGreaterThan(5);
        browser.find("#layer-matched").click();
        assertThat(browser.find("svg g.matched").isDisplayed()).isTrue();
    }
}
