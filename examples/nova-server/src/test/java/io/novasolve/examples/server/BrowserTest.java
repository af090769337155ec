package io.novasolve.examples.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.deque.html.axecore.selenium.AxeBuilder;
import io.novasolve.testkit.RequiresProgram;
import io.novasolve.testkit.Surroundings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.logging.Level;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openqa.selenium.By;
import org.openqa.selenium.Dimension;
import org.openqa.selenium.Keys;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.TimeoutException;
import org.openqa.selenium.WebDriverException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.interactions.Actions;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;
import org.openqa.selenium.support.ui.WebDriverWait;

/** The page in a real browser: submit, watch, look at the result. Screenshots are kept in {@code target/screenshots}. */
@RequiresProgram("chromium")
@RequiresProgram("chromedriver")
@Tag("once")
class BrowserTest {

    /** So many of the dark pages are of a kind of their own. */
    private static final int UNLIKE_OTHERS = 4;

    private static final Pattern REQUESTED =
            Pattern.compile("\"request\":\\{[^{}]*(?:\\{[^{}]*}[^{}]*)*\"url\":\"([^\"]*)\"");
    private static final Path SCREENSHOTS = Path.of("target/screenshots");

    private static final String ADMIN_KEY = "administratorkey";

    /** A second start is for a machine so busy that the first did not come up in time. */
    private static final int STARTS = 2;

    @TempDir
    private static Path data;

    private static TestServer server;
    private static PictureHost host;
    private static final List<ChromeDriverService> SERVICES = new ArrayList<>();

    @BeforeAll
    static void start() throws IOException {
        host = new PictureHost(TestServer.sample("from a link"));
        server = TestServer.start(
                data,
                "api-key",
                ADMIN_KEY,
                "anonymous-uploads",
                "true",
                "fetch-private-addresses",
                "true",
                "failed-logins-per-minute",
                "0");
        Files.createDirectories(SCREENSHOTS);
    }

    @AfterAll
    static void stop() {
        if (server != null) {
            server.close();
        }
        if (host != null) {
            host.close();
        }
        SERVICES.forEach(ChromeDriverService::stop);
    }

    private static ChromeDriver browser(boolean scripts) throws IOException {
        ChromeOptions options = new ChromeOptions();
        options.setBinary(Surroundings.program("chromium").orElseThrow().toFile());
        options.addArguments(
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--disable-dev-shm-usage",
                "--disable-extensions",
                "--disable-background-timer-throttling",
                "--disable-renderer-backgrounding",
                "--disable-features=Translate,OptimizationHints,MediaRouter",
                "--user-data-dir=" + Files.createTempDirectory(data, "profile"));
        LoggingPreferences logs = new LoggingPreferences();
        logs.enable(LogType.PERFORMANCE, Level.ALL);
        logs.enable(LogType.BROWSER, Level.ALL);
        options.setCapability(ChromeOptions.LOGGING_PREFS, logs);
        if (!scripts) {
            options.setExperimentalOption("prefs", Map.of("profile.managed_default_content_settings.javascript", 2));
        }
        ChromeDriver driver = start(options);
        driver.manage().timeouts().pageLoadTimeout(Duration.ofMinutes(2));
        return driver;
    }

    private static ChromeDriver start(ChromeOptions options) throws IOException {
        for (int attempt = 1; ; attempt++) {
            ChromeDriverService service = new ChromeDriverService.Builder()
                    .usingDriverExecutable(
                            Surroundings.program("chromedriver").orElseThrow().toFile())
                    .usingAnyFreePort()
                    .build();
            SERVICES.add(service);
            try {
                service.start();
                return new ChromeDriver(service, options);
            } catch (WebDriverException e) {
                System.out.println("BrowserTest: start " + attempt + " of a browser failed: " + e.getMessage());
                if (attempt == STARTS) {
                    throw e;
                }
            }
        }
    }

    /** Waits; if it is in vain, tells and shows what there was instead. */
    private static void await(ChromeDriver driver, String name, Predicate<ChromeDriver> condition) throws IOException {
        try {
            new WebDriverWait(driver, Duration.ofMinutes(3), Duration.ofMillis(250)).until(d -> {
                try {
                    return condition.test(driver);
                } catch (StaleElementReferenceException e) {
                    // The page was just replaced: look at the new one.
                    return false;
                }
            });
        } catch (TimeoutException e) {
            screenshot(driver, "failed-" + name);
            throw new AssertionError(
                    name + ": waited in vain at " + driver.getCurrentUrl() + ", which says:\n"
                            + driver.findElement(By.tagName("body")).getText() + "\nconsole: "
                            + driver.manage().logs().get(LogType.BROWSER).getAll(),
                    e);
        }
    }

    private static void screenshot(ChromeDriver driver, String name) throws IOException {
        Files.write(SCREENSHOTS.resolve(name + ".png"), driver.getScreenshotAs(OutputType.BYTES));
    }

    private static long number(ChromeDriver driver, String script) {
        return ((Number) driver.executeScript("return " + script)).longValue();
    }

    /** Nothing serious that a checker of accessibility finds. */
    private static void assertAccessible(ChromeDriver driver) {
        assertThat(new AxeBuilder()
                        .analyze(driver).getViolations().stream()
                                .filter(rule -> List.of("serious", "critical").contains(rule.getImpact()))
                                .map(rule -> rule.getId() + ": "
                                        + rule.getNodes().stream()
                                                .map(n -> n.getHtml())
                                                .toList())
                                .toList())
                .as(driver.getCurrentUrl())
                .isEmpty();
    }

    /** Waits until all pictures are there; nothing is wider than the window then. */
    private static void awaitFitting(ChromeDriver driver, String name) throws IOException {
        await(
                driver,
                name,
                d -> Boolean.TRUE.equals(d.executeScript("return document.readyState === 'complete'"
                        + " && [...document.images].every(i => i.complete || i.loading === 'lazy')"
                        + " && document.documentElement.scrollWidth <= document.documentElement.clientWidth")));
    }

    /** Nobody but the server was asked for anything since the last look. */
    private static void assertNoneOutsideAsked(ChromeDriver driver) {
        List<String> asked = driver.manage().logs().get(LogType.PERFORMANCE).getAll().stream()
                .map(entry -> entry.getMessage())
                .filter(message -> message.contains("\"Network.requestWillBeSent\""))
                .flatMap(message -> REQUESTED.matcher(message).results().map(found -> found.group(1)))
                .toList();
        // The browser's own first tab asks for pieces of the browser.
        assertThat(asked)
                .anyMatch(url -> url.startsWith(server.url("/assets/")))
                .allMatch(url -> url.startsWith(server.url("/"))
                        || url.startsWith("data:")
                        || url.startsWith("blob:")
                        || url.startsWith("chrome:"));
    }

    private static boolean isAt(ChromeDriver driver, String path) {
        return String.valueOf(driver.getCurrentUrl()).contains(path);
    }

    private static boolean isShown(ChromeDriver driver, String layer) {
        return !"none"
                .equals(driver.executeScript(
                        "return getComputedStyle(document.querySelector('svg g." + layer + "')).display"));
    }

    @ParameterizedTest
    @CsvSource({"desktop, 1280, 1000", "phone, 390, 844"})
    void submitWatchAndLook(String name, int width, int height) throws IOException {
        ChromeDriver driver = browser(true);
        try {
            driver.manage().window().setSize(new Dimension(width, height));
            driver.get(server.url("/"));
            driver.findElement(By.id("file"))
                    .sendKeys(TestServer.sample().toAbsolutePath().toString());
            assertThat(driver.findElement(By.id("chosen")).getText()).contains("sample.jpg");
            assertAccessible(driver);
            screenshot(driver, name + "-submit");
            driver.findElement(By.cssSelector("#submit > .primary")).click();
            // The page follows by itself: first to the progress, then to the result.
            await(driver, name + "-sent", d -> isAt(d, "/status/") || isAt(d, "/user_images/"));
            screenshot(driver, name + "-progress");
            await(driver, name + "-solved", d -> isAt(d, "/user_images/"));
            await(
                    driver,
                    name + "-good",
                    d -> d.findElements(By.cssSelector(".state.good")).size() == 1);
            await(
                    driver,
                    name + "-picture",
                    d -> number(d, "document.querySelector('.canvas img')?.naturalWidth ?? 0") > 0);
            assertThat(isShown(driver, "matched")).isFalse();
            WebElement matched = driver.findElement(By.id("layer-matched"));
            matched.sendKeys(Keys.SPACE);
            await(driver, name + "-matched", d -> isShown(d, "matched"));
            assertThat(driver.findElements(By.cssSelector("svg g.matched circle")))
                    .isNotEmpty();
            driver.findElement(By.cssSelector(".stage")).sendKeys("+");
            await(driver, name + "-zoomed", d -> String.valueOf(
                            d.findElement(By.cssSelector(".canvas")).getDomAttribute("style"))
                    .contains("scale(1.5)"));
            driver.findElement(By.cssSelector(".stage")).sendKeys("0");
            awaitFitting(driver, name + "-result-fits");
            assertAccessible(driver);
            screenshot(driver, name + "-result");
            for (String path : List.of("/images", "/search?q=Orion", "/signin")) {
                driver.get(server.url(path));
                awaitFitting(driver, name + path.replaceAll("[^a-z]", "-") + "-fits");
                // The same page at another width: one look for each is enough.
                if (name.equals("desktop")) {
                    assertAccessible(driver);
                }
                screenshot(driver, name + path.replaceAll("[^a-z]", "-"));
            }
            assertNoneOutsideAsked(driver);
        } finally {
            driver.quit();
        }
    }

    /** Hands something over at the place of a selector, as a person would by dropping or pasting it. */
    private static void give(ChromeDriver driver, String type, String selector, String item) {
        driver.executeScript("const data = new DataTransfer(); " + item
                + "const at = document.querySelector('" + selector + "');"
                + "const how = { bubbles: true, cancelable: true };"
                + ("paste".equals(type)
                        ? "at.dispatchEvent(new ClipboardEvent('paste', { ...how, clipboardData: data }));"
                        : "at.dispatchEvent(new DragEvent('drop', { ...how, dataTransfer: data }));"));
    }

    private static String transform(ChromeDriver driver) {
        return String.valueOf(driver.executeScript("return document.querySelector('.canvas').style.transform"));
    }

    private static String solved(ChromeDriver driver, String name) throws IOException {
        await(
                driver,
                name,
                d -> isAt(d, "/user_images/")
                        && d.findElements(By.cssSelector(".state.good")).size() == 1);
        return String.valueOf(driver.getCurrentUrl());
    }

    @Test
    void everythingElseThatSomebodySignedInDoes() throws IOException {
        ChromeDriver driver = browser(true);
        try {
            driver.manage().window().setSize(new Dimension(1280, 1000));
            driver.get(server.url("/signin"));
            driver.findElement(By.name("apikey")).sendKeys(ADMIN_KEY + Keys.ENTER);
            await(driver, "signed-in", d -> !d.findElements(By.linkText("admin"))
                    .isEmpty());

            // A picture is dropped, or pasted, or only its address.
            String file = "data.items.add(new File(['1 2'], 'NAME'));";
            give(driver, "drop", ".drop", file.replace("NAME", "dropped.txt"));
            assertThat(driver.findElement(By.id("chosen")).getText()).contains("dropped.txt");
            give(driver, "paste", "main", file.replace("NAME", "pasted.txt"));
            assertThat(driver.findElement(By.id("chosen")).getText()).contains("pasted.txt");
            assertThat(number(driver, "document.getElementById('file').files.length"))
                    .isEqualTo(1);
            give(driver, "paste", "main", "data.setData('text', '" + host.url("/sky.jpg") + "');");
            assertThat(driver.findElement(By.name("url")).getDomProperty("value"))
                    .isEqualTo(host.url("/sky.jpg"));
            assertThat(number(driver, "document.getElementById('file').files.length"))
                    .isZero();
            driver.findElement(By.cssSelector("#submit > .primary")).click();
            String result = solved(driver, "link-solved");
            assertThat(host.asked()).contains("/sky.jpg");

            // Buttons zoom, and what is zoomed can be moved by hand.
            driver.findElement(By.cssSelector("[data-zoom=in]")).click();
            await(driver, "zoomed-in", d -> transform(d).contains("scale(1.5)"));
            String before = transform(driver);
            new Actions(driver)
                    .clickAndHold(driver.findElement(By.cssSelector(".stage")))
                    .moveByOffset(40, 30)
                    .release()
                    .perform();
            await(
                    driver,
                    "moved",
                    d -> !transform(d).equals(before) && transform(d).contains("scale(1.5)"));
            driver.findElement(By.cssSelector("[data-zoom=out]")).click();
            await(driver, "zoomed-out", d -> transform(d).contains("scale(1)"));
            driver.findElement(By.cssSelector("[data-zoom=in]")).click();
            driver.findElement(By.cssSelector("[data-zoom=reset]")).click();
            await(driver, "fitted", d -> transform(d).contains("scale(1)"));

            // What a button copies is what is written beside it.
            driver.executeCdpCommand(
                    "Browser.grantPermissions",
                    Map.of("permissions", List.of("clipboardReadWrite", "clipboardSanitizedWrite")));
            WebElement copy = driver.findElement(By.cssSelector(".copy"));
            copy.click();
            String wanted = String.valueOf(copy.getDomAttribute("data-copy"));
            await(
                    driver,
                    "copied",
                    d -> wanted.equals(d.executeAsyncScript("const done = arguments[0];"
                            + "navigator.clipboard.readText().then(done, e => done('' + e))")));

            // Again with other options: another submission, whose page tells how it ended.
            driver.findElement(By.xpath("//summary[starts-with(., 'Try again')]"))
                    .click();
            driver.findElement(By.name("downsample_factor")).clear();
            driver.findElement(By.name("downsample_factor")).sendKeys("2");
            driver.findElement(By.xpath("//button[. = 'Solve again']")).click();
            await(driver, "again", d -> !isAt(d, result));
            assertThat(driver.getCurrentUrl()).contains("/status/");
            String again = String.valueOf(driver.getCurrentUrl()).replaceAll("#.*", "");
            await(
                    driver,
                    "again-solved",
                    d -> isAt(d, "/user_images/")
                            || !d.findElements(By.cssSelector(".cards .state.good"))
                                    .isEmpty());
            // One event at least comes as such, and the last says where to go.
            driver.manage().timeouts().scriptTimeout(Duration.ofMinutes(2));
            assertThat(String.valueOf(driver.executeAsyncScript("const done = arguments[0];"
                            + "const events = new EventSource('" + again + "/events');"
                            + "events.addEventListener('progress', e => { events.close(); done(e.data); });")))
                    .contains("\"over\": true", "/user_images/");

            // What is still being fetched can be given up.
            driver.get(server.url("/"));
            driver.findElement(By.name("url")).sendKeys(host.url("/endless/sky.jpg"));
            driver.findElement(By.cssSelector("#submit > .primary")).click();
            await(driver, "cancellable", d -> !d.findElements(By.xpath("//button[. = 'Cancel']"))
                    .isEmpty());
            driver.findElement(By.xpath("//button[. = 'Cancel']")).click();
            await(driver, "cancelled", d -> "true"
                    .equals(d.executeScript("return document.getElementById('progress')?.dataset.over")));
            String cancelled = String.valueOf(driver.getCurrentUrl()).replaceAll("#.*", "");

            new Visitor(server, server.login(ADMIN_KEY)).submit("/albums", "title", "Winter");
            driver.executeCdpCommand(
                    "Emulation.setEmulatedMedia",
                    Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", "dark"))));
            List<String> pages = List.of(
                    result,
                    cancelled,
                    server.url("/account"),
                    server.url("/admin"),
                    server.url("/dashboard"),
                    server.url("/users/2"),
                    server.url("/albums?title=Winter"),
                    server.url("/search?ra=84&dec=0&radius=10"));
            for (String page : pages) {
                driver.get(page);
                String name = "dark" + page.substring(server.url("").length()).replaceAll("[^a-z]+", "-");
                awaitFitting(driver, name);
                assertThat(driver.executeScript("return getComputedStyle(document.body).backgroundColor"))
                        .isEqualTo("rgb(12, 18, 34)");
                // Lists are made of the cards that /images and the search have shown already.
                if (pages.indexOf(page) < UNLIKE_OTHERS) {
                    assertAccessible(driver);
                }
                screenshot(driver, name);
            }
            // Tables are wide, but the page is not.
            driver.manage().window().setSize(new Dimension(390, 844));
            driver.get(server.url("/admin"));
            awaitFitting(driver, "dark-admin-phone");
            screenshot(driver, "dark-admin-phone");
            assertNoneOutsideAsked(driver);
        } finally {
            driver.quit();
        }
    }

    /**
     * What has the focus: whether it is the one looked for, and why one does not see that it has the focus. The ring must differ
     * from what is behind it as WCAG 2.2 asks (1.4.11), three to one.
     */
    private static final String FOCUS =
            """
            const e = document.activeElement, style = getComputedStyle(e), box = e.getBoundingClientRect();
            const numbers = colour => colour.match(/[\\d.]+/g).map(Number);
            const light = colour => numbers(colour).slice(0, 3)
              .map(c => c / 255).map(c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
              .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0.05);
            let behind = e.parentElement ?? e;
            while (behind.parentElement && numbers(getComputedStyle(behind).backgroundColor)[3] === 0) {
              behind = behind.parentElement;
            }
            const pair = [light(style.outlineColor), light(getComputedStyle(behind).backgroundColor)].sort((a, b) => b - a);
            const what = e === document.body ? '' : style.outlineStyle === 'none' || parseFloat(style.outlineWidth) < 2
              ? 'has no ring' : pair[0] / pair[1] < 3 ? 'has a ring of little contrast, ' + pair[0] / pair[1]
              : box.width < 2 || box.height < 2 || box.right <= 0 || box.bottom <= 0 || box.top >= innerHeight
              ? 'is out of sight' : '';
            return [e.matches(arguments[0]), what && e.outerHTML.slice(0, 100) + ' ' + what];
            """;

    /** Presses the tabulator until something has the focus; one always sees where it is. */
    private static void tabTo(ChromeDriver driver, String selector) {
        for (int i = 0; i < 150; i++) {
            new Actions(driver).sendKeys(Keys.TAB).perform();
            List<?> focus = (List<?>) driver.executeScript(FOCUS, selector);
            assertThat(focus).element(1).as(driver.getCurrentUrl()).isEqualTo("");
            if (Boolean.TRUE.equals(focus.get(0))) {
                return;
            }
        }
        throw new AssertionError("the tabulator does not lead to " + selector + " at " + driver.getCurrentUrl());
    }

    private static void press(ChromeDriver driver, CharSequence... keys) {
        new Actions(driver).sendKeys(keys).perform();
    }

    @Test
    void everythingCanBeDoneWithKeysAlone() throws IOException {
        ChromeDriver driver = browser(true);
        try {
            driver.manage().window().setSize(new Dimension(1280, 1000));
            driver.get(server.url("/signin"));
            tabTo(driver, ".skip");
            press(driver, Keys.ENTER);
            tabTo(driver, "[name=apikey]");
            press(driver, ADMIN_KEY, Keys.ENTER);
            await(driver, "keys-signed-in", d -> !d.findElements(By.linkText("Admin"))
                    .isEmpty());

            tabTo(driver, ".brand");
            press(driver, Keys.ENTER);
            await(driver, "keys-home", d -> !d.findElements(By.id("submit")).isEmpty());
            tabTo(driver, "[name=url]");
            press(driver, host.url("/sky.jpg"));
            tabTo(driver, "#submit summary");
            press(driver, Keys.ENTER);
            tabTo(driver, "[name=parity]");
            press(driver, Keys.ARROW_DOWN, Keys.ARROW_DOWN);
            tabTo(driver, "#submit > .primary");
            press(driver, Keys.ENTER);
            solved(driver, "keys-solved");

            tabTo(driver, "nav [href='/images']");
            press(driver, Keys.ENTER);
            await(driver, "keys-list", d -> isAt(d, "/images"));
            tabTo(driver, ".cards a");
            press(driver, Keys.ENTER);
            solved(driver, "keys-opened");
            boolean before = isShown(driver, "matched");
            tabTo(driver, "#layer-matched");
            press(driver, Keys.SPACE);
            await(driver, "keys-layer", d -> isShown(d, "matched") != before);
            tabTo(driver, "[data-zoom=in]");
            press(driver, Keys.ENTER);
            await(driver, "keys-zoomed-in", d -> transform(d).contains("scale(1.5)"));
            tabTo(driver, ".stage");
            String middle = transform(driver);
            press(driver, Keys.ARROW_RIGHT);
            await(driver, "keys-moved", d -> !transform(d).equals(middle));
            press(driver, "-");
            await(driver, "keys-zoomed-out", d -> transform(d).contains("scale(1)"));
            driver.executeCdpCommand(
                    "Browser.grantPermissions",
                    Map.of("permissions", List.of("clipboardReadWrite", "clipboardSanitizedWrite")));
            tabTo(driver, ".copy");
            press(driver, Keys.ENTER);
            await(driver, "keys-copied", d -> !d.findElement(By.id("copied"))
                    .getText()
                    .isEmpty());
            tabTo(driver, ":has(> .log) > summary");
            press(driver, Keys.ENTER);
            tabTo(driver, ".log");
            screenshot(driver, "keys-result");

            driver.get(server.url("/"));
            tabTo(driver, "[name=url]");
            press(driver, host.url("/endless/keys.jpg"), Keys.ENTER);
            await(driver, "keys-cancellable", d -> !d.findElements(By.xpath("//button[. = 'Cancel']"))
                    .isEmpty());
            tabTo(driver, "form[action$=cancel] button");
            press(driver, Keys.SPACE);
            await(driver, "keys-cancelled", d -> "true"
                    .equals(d.executeScript("return document.getElementById('progress')?.dataset.over")));
        } finally {
            driver.quit();
        }
    }

    @Test
    void worksWithoutScripts() throws IOException {
        ChromeDriver driver = browser(false);
        try {
            driver.get(server.url("/"));
            driver.findElement(By.id("file"))
                    .sendKeys(TestServer.sample().toAbsolutePath().toString());
            driver.findElement(By.cssSelector("#submit > .primary")).click();
            await(driver, "plain-sent", d -> isAt(d, "/status/"));
            await(driver, "plain-solved", d -> !d.findElements(By.cssSelector(".cards .state.good"))
                    .isEmpty());
            driver.findElement(By.cssSelector(".cards a")).click();
            assertThat(driver.findElements(By.cssSelector(".values tr"))).hasSizeGreaterThan(5);
            driver.findElement(By.id("layer-matched")).click();
            assertThat(driver.findElement(By.cssSelector("svg g.matched")).isDisplayed())
                    .isTrue();
        } finally {
            driver.quit();
        }
    }
}
