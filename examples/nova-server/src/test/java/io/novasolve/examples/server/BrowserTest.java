package io.novasolve.examples.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.deque.html.axecore.selenium.AxeBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
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
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.support.ui.WebDriverWait;

/** The page in a real browser: submit, watch, look at the result. Screenshots are kept in {@code target/screenshots}. */
class BrowserTest {

    private static final Path CHROMIUM = Path.of("/usr/bin/chromium");
    private static final Path DRIVER = Path.of("/usr/bin/chromedriver");
    private static final Path SCREENSHOTS = Path.of("target/screenshots");

    private static final int STARTS = 5;

    @TempDir
    private static Path data;

    private static TestServer server;
    private static final List<ChromeDriverService> SERVICES = new ArrayList<>();

    @BeforeAll
    static void start() throws IOException {
        if (!Files.isExecutable(CHROMIUM) || !Files.isExecutable(DRIVER)) {
            String what = "there is no " + CHROMIUM + " or no " + DRIVER
                    + "; install the Debian packages chromium and chromium-driver";
            System.out.println("SKIPPED BrowserTest: " + what);
            Assumptions.abort(what);
        }
        server = TestServer.start(data);
        Files.createDirectories(SCREENSHOTS);
    }

    @AfterAll
    static void stop() {
        if (server != null) {
            server.close();
        }
        SERVICES.forEach(ChromeDriverService::stop);
    }

    private static ChromeDriver browser(boolean scripts) throws IOException {
        ChromeOptions options = new ChromeOptions();
        options.setBinary(CHROMIUM.toFile());
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
        if (!scripts) {
            options.setExperimentalOption(
                    "prefs", java.util.Map.of("profile.managed_default_content_settings.javascript", 2));
        }
        ChromeDriver driver = start(options);
        driver.manage().timeouts().pageLoadTimeout(Duration.ofMinutes(2));
        return driver;
    }

    /** On a busy machine a driver or a browser may not come up in time; another one does. */
    private static ChromeDriver start(ChromeOptions options) throws IOException {
        for (int attempt = 1; ; attempt++) {
            ChromeDriverService service = new ChromeDriverService.Builder()
                    .usingDriverExecutable(DRIVER.toFile())
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
            new WebDriverWait(driver, Duration.ofMinutes(3)).until(d -> {
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
                assertAccessible(driver);
                screenshot(driver, name + path.replaceAll("[^a-z]", "-"));
            }
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
