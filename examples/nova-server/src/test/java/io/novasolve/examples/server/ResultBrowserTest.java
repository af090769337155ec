package io.novasolve.examples.server;

import static io.novasolve.examples.server.TestServer.json;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.interactions.Actions;

/** The page of a picture in a browser. */
@InBrowser
class ResultBrowserTest {

    @TempDir
    private static Path data;

    private static TestServer server;
    private static String result;

    @BeforeAll
    static void start() throws IOException {
        server = TestServer.start(data);
        int submission = server.submit(server.login("any"), "sample.jpg", TestServer.sample("result"));
        assertThat(server.awaitEnd(server.awaitJob(submission))).isEqualTo("success");
        result = server.url("/user_images/"
                + ((List<?>) json(server.get("/api/submissions/" + submission)).get("user_images")).get(0));
    }

    @AfterAll
    static void stop() {
        if (server != null) {
            server.close();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void layersAndMapsShowWhatIsKnown(boolean phone, Browser browser) throws IOException {
        String name = phone ? "phone" : "desktop";
        if (phone) {
            browser.phone();
        }
        browser.open(result);
        browser.await(
                name + "-picture",
                () -> browser.number("document.querySelector('.canvas img')?.naturalWidth ?? 0") > 0);
        browser.awaitFitting(name + "-result");
        browser.screenshot(name + "-result");
        for (String layer : List.of("stars", "index", "matched", "objects", "grid")) {
            assertThat(browser.all("svg g." + layer + " > *")).as(layer).isNotEmpty();
            boolean before = browser.shows(layer);
            browser.find("#layer-" + layer).sendKeys(Keys.SPACE);
            assertThat(browser.shows(layer)).as(layer).isNotEqualTo(before);
            browser.find("#layer-" + layer).sendKeys(Keys.SPACE);
        }
        assertThat(browser.all("svg g.objects text"))
                .extracting(text -> text.getDomProperty("textContent"))
                .anyMatch(text -> text.contains("Rigel"));
        assertThat(browser.all("svg g.grid text")).isNotEmpty();
        browser.script("document.querySelector('.maps').scrollIntoView()");
        browser.await(
                name + "-maps",
                () -> browser.number(
                                "[...document.querySelectorAll('.maps img')].filter(i => i.naturalWidth > 0).length")
                        == 3);
        browser.awaitFitting(name + "-maps");
        browser.screenshot(name + "-maps");
        browser.assertAccessible();
        browser.assertNoneAskedBut(server);
    }

    @Test
    void thePictureIsZoomedAndMoved(Browser browser) throws IOException {
        browser.open(result);
        browser.find(".stage").sendKeys("+");
        browser.await("zoomed", () -> browser.transform().contains("scale(1.5)"));
        browser.find(".stage").sendKeys("0");
        browser.await("fitted-by-key", () -> browser.transform().contains("scale(1)"));
        browser.find("[data-zoom=in]").click();
        browser.await("zoomed-in", () -> browser.transform().contains("scale(1.5)"));
        String before = browser.transform();
        new Actions(browser.driver())
                .clickAndHold(browser.find(".stage"))
                .moveByOffset(40, 30)
                .release()
                .perform();
        browser.await(
                "moved",
                () -> !browser.transform().equals(before) && browser.transform().contains("scale(1.5)"));
        browser.find("[data-zoom=out]").click();
        browser.await("zoomed-out", () -> browser.transform().contains("scale(1)"));
        browser.find("[data-zoom=in]").click();
        browser.find("[data-zoom=reset]").click();
        browser.await("fitted", () -> browser.transform().contains("scale(1)"));
    }

    @Test
    void whatAButtonCopiesIsWhatIsWrittenBesideIt(Browser browser) throws IOException {
        browser.open(result);
        browser.allowClipboard();
        var copy = browser.find(".copy");
        copy.click();
        String wanted = String.valueOf(copy.getDomAttribute("data-copy"));
        browser.await("copied", () -> wanted.equals(browser.promised("navigator.clipboard.readText()")));
    }

    @Test
    void theLogIsThereAndAnotherTryEndsOnAPageOfItsOwn(Browser browser) throws IOException {
        browser.dark(true);
        browser.open(result);
        String first = browser.url();
        browser.find(":has(> .log) > summary").click();
        assertThat(browser.text(".log"))
                .containsPattern("job \\d+ is queued")
                .containsPattern("nova: \\d+ stars, ")
                .containsPattern("solved: \\d+ stars matched in index-");
        browser.awaitFitting("dark-result");
        browser.assertAccessible();
        browser.screenshot("dark-result");

        browser.driver()
                .findElement(By.xpath("//summary[starts-with(., 'Try again')]"))
                .click();
        browser.find("[name=downsample_factor]").clear();
        browser.find("[name=downsample_factor]").sendKeys("2");
        browser.screenshot("dark-again");
        browser.driver().findElement(Browser.button("Solve again")).click();
        // The page of its progress may be over before anybody looks.
        browser.await(
                "again-solved",
                () -> browser.isAt("/user_images/") && !browser.url().equals(first));
        String again = browser.find(".sub a[href^='/status/']").getDomProperty("href");
        // One event at least comes as such, and the last says where to go.
        assertThat(String.valueOf(browser.promised("new Promise(told => {"
                        + "const events = new EventSource('" + again + "/events');"
                        + "events.addEventListener('progress', e => { events.close(); told(e.data); }); })")))
                .contains("\"over\": true", "/user_images/");
    }
}
