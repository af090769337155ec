package io.novasolve.examples.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.novasolve.core.spi.TransportHealth;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Lists, the search, accounts and the administrator's page in a browser. */
@InBrowser
class ListsBrowserTest {

    private static final String ADMIN_KEY = "administratorkey";

    @TempDir
    private static Path data;

    private static TestServer server;
    private static Searching transport;

    @BeforeAll
    static void start() throws Exception {
        transport = new Searching(
                new TransportHealth("solver1", true, "3 of 8 jobs"),
                new TransportHealth("solver2", false, "it does not answer since 07:15"));
        server = TestServer.start(data, transport, "api-key", ADMIN_KEY);
        transport.goOn();
        String session = server.login(ADMIN_KEY);
        int submission = server.submit(session, "sample.jpg", TestServer.sample("lists"));
        assertThat(server.awaitEnd(server.awaitJob(submission))).isEqualTo("success");
        int none = server.submit(session, "no picture.fits", "SIMPLE  = no".getBytes(StandardCharsets.US_ASCII));
        server.awaitEnd(server.awaitJob(none));
        new Visitor(server, session).submit("/albums", "title", "Winter");
        server.await("/api/jobs_by_tag?query=Rigel", s -> !List.of().equals(s.get("job_ids")));
    }

    @AfterAll
    static void stop() {
        if (server != null) {
            server.close();
        }
    }

    @Test
    void whoIsAskedToSignInComesBackToThePage(Browser browser) throws Exception {
        browser.open(server.url("/search?q=Rigel"));
        browser.find("nav a[href^='/signin']").click();
        browser.await("signin", () -> browser.isAt("/signin"));
        browser.find("[name=apikey]").sendKeys(ADMIN_KEY);
        browser.find("main .primary").click();
        browser.await("back", () -> browser.isAt("/search?q=Rigel"));
        assertThat(browser.find("nav a[href='/account']").getText()).isEqualTo("admin");
    }

    @Test
    void listsFitPhonesAndDesktops(Browser browser) throws Exception {
        List<String> pages = List.of("/images", "/search?q=Rigel", "/search?ra=84&dec=12&radius=30", "/signin");
        for (boolean phone : new boolean[] {false, true}) {
            String name = phone ? "phone" : "desktop";
            if (phone) {
                browser.phone();
            }
            for (String page : pages) {
                browser.open(server.url(page));
                browser.awaitFitting(name + page.replaceAll("[^a-z]+", "-"));
                // The same page at another width: one look for each is enough.
                if (!phone) {
                    browser.assertAccessible();
                }
                if (!page.equals("/signin")) {
                    assertThat(browser.text(".cards")).contains("sample.jpg");
                }
                browser.screenshot(name + page.replaceAll("[^a-z]+", "-"));
            }
        }
        browser.assertNoneAskedBut(server);
    }

    /** Pages of the dark, and whether there is more on them than cards, which have been looked at. */
    @Test
    void pagesOfAccountsAreDarkToo(Browser browser) throws Exception {
        browser.signIn(server, ADMIN_KEY);
        browser.dark(true);
        for (String page : List.of("/", "/account", "/admin", "/dashboard", "/users/2", "/albums?title=Winter")) {
            browser.open(server.url(page));
            String name = "dark" + page.replaceAll("[^a-z]+", "-");
            browser.awaitFitting(name);
            assertThat(browser.script("getComputedStyle(document.body).backgroundColor"))
                    .isEqualTo("rgb(12, 18, 34)");
            if (List.of("/account", "/admin", "/dashboard").contains(page)) {
                browser.assertAccessible();
            }
            browser.screenshot(name);
        }
        // Tables are wide, but the page is not.
        browser.phone();
        browser.open(server.url("/admin"));
        browser.awaitFitting("dark-admin-phone");
        browser.screenshot("dark-admin-phone");
    }

    @Test
    void theAdministratorSeesSolveServersAndWhatWasDone(Browser browser) throws Exception {
        browser.signIn(server, ADMIN_KEY);
        browser.open(server.url("/admin"));
        browser.awaitFitting("desktop-admin");
        browser.screenshot("desktop-admin");
        assertThat(browser.text("#solvers"))
                .contains("solver1", "3 of 8 jobs", "solver2", "it does not answer since 07:15");
        assertThat(browser.all("#solvers .state.good")).hasSize(1);
        assertThat(browser.all("#solvers .state.bad")).hasSize(1);
        // Two came and ended, of which one was solved: the bar of all is twice as high as that of the solved.
        assertThat(browser.text("#ended title")).isNotNull();
        assertThat(browser.number("document.querySelectorAll('#ended g').length"))
                .isBetween(1L, 2L);
        double all = height(browser, 0);
        assertThat(all).isGreaterThan(10);
        assertThat(height(browser, 1)).isEqualTo(all / 2);
    }

    private static double height(Browser browser, int bar) {
        return Double.parseDouble(String.valueOf(
                browser.script("[...document.querySelectorAll('#ended rect')][" + bar + "].getAttribute('height')")));
    }
}
