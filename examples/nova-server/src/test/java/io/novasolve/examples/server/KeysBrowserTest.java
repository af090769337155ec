package io.novasolve.examples.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.Keys;

/** The pages with a keyboard alone. */
@InBrowser
class KeysBrowserTest {

    private static final String ADMIN_KEY = "administratorkey";

    @TempDir
    private static Path data;

    private static TestServer server;
    private static PictureHost host;

    @BeforeAll
    static void start() throws IOException {
        host = new PictureHost(TestServer.sample("by keys"));
        server = TestServer.start(data, "api-key", ADMIN_KEY, "fetch-private-addresses", "true");
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

    @Test
    void everythingCanBeDoneWithKeysAlone(Browser browser) throws IOException {
        browser.open(server.url("/signin"));
        browser.tabTo(".skip");
        browser.press(Keys.ENTER);
        browser.tabTo("[name=apikey]");
        browser.press(ADMIN_KEY, Keys.ENTER);
        browser.await("keys-signed-in", () -> browser.has("nav a[href='/admin']"));

        browser.tabTo(".brand");
        browser.press(Keys.ENTER);
        browser.await("keys-home", () -> browser.has("#submit"));
        browser.tabTo("[name=url]");
        browser.press(host.url("/sky.jpg"));
        browser.tabTo("#submit summary");
        browser.press(Keys.ENTER);
        browser.tabTo("[name=parity]");
        browser.press(Keys.ARROW_DOWN, Keys.ARROW_DOWN);
        browser.tabTo("#submit > .primary");
        browser.press(Keys.ENTER);
        browser.awaitSolved("keys-solved");

        browser.tabTo("nav [href='/images']");
        browser.press(Keys.ENTER);
        browser.await("keys-list", () -> browser.isAt("/images"));
        browser.tabTo(".cards a");
        browser.press(Keys.ENTER);
        browser.awaitSolved("keys-opened");
        boolean before = browser.shows("matched");
        browser.tabTo("#layer-matched");
        browser.press(Keys.SPACE);
        browser.await("keys-layer", () -> browser.shows("matched") != before);
        browser.tabTo("[data-zoom=in]");
        browser.press(Keys.ENTER);
        browser.await("keys-zoomed-in", () -> browser.transform().contains("scale(1.5)"));
        browser.tabTo(".stage");
        String middle = browser.transform();
        browser.press(Keys.ARROW_RIGHT);
        browser.await("keys-moved", () -> !browser.transform().equals(middle));
        browser.press("-");
        browser.await("keys-zoomed-out", () -> browser.transform().contains("scale(1)"));
        browser.allowClipboard();
        browser.tabTo(".copy");
        browser.press(Keys.ENTER);
        browser.await("keys-copied", () -> !browser.text("#copied").isEmpty());
        browser.tabTo(":has(> .log) > summary");
        browser.press(Keys.ENTER);
        browser.tabTo(".log");
        browser.screenshot("keys-result");

        browser.open(server.url("/"));
        browser.tabTo("[name=url]");
        browser.press(host.url("/endless/keys.jpg"), Keys.ENTER);
        browser.await("keys-cancellable", () -> browser.has("form[action$=cancel]"));
        browser.tabTo("form[action$=cancel] button");
        browser.press(Keys.SPACE);
        browser.await("keys-cancelled", () -> "true"
                .equals(browser.script("document.getElementById('progress')?.dataset.over")));
        assertThat(browser.text("#now")).isEqualTo("Cancelled.");
    }
}
