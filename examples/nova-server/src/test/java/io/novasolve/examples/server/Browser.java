package io.novasolve.examples.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.deque.html.axecore.selenium.AxeBuilder;
import io.novasolve.testkit.Surroundings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.logging.Level;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
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

/**
 * A real browser, and what tests do with it. All tests of a run have the same one, since it takes seconds to start; each gets it
 * as if it were new. Screenshots are kept in {@code target/screenshots}.
 */
final class Browser implements AutoCloseable {

    /** Gives tests the browser. */
    static final class Shared implements ParameterResolver {

        private static final ExtensionContext.Namespace OURS = ExtensionContext.Namespace.create(Browser.class);

        @Override
        public boolean supportsParameter(ParameterContext parameter, ExtensionContext test) {
            return parameter.getParameter().getType() == Browser.class;
        }

        @Override
        public Object resolveParameter(ParameterContext parameter, ExtensionContext test) {
            Browser browser =
                    test.getRoot().getStore(OURS).getOrComputeIfAbsent("browser", k -> new Browser(), Browser.class);
            browser.renew();
            return browser;
        }
    }

    private static final Path SCREENSHOTS = Path.of("target/screenshots");

    private static final Pattern REQUESTED =
            Pattern.compile("\"request\":\\{[^{}]*(?:\\{[^{}]*}[^{}]*)*\"url\":\"([^\"]*)\"");

    /** A second start is for a machine so busy that the first did not come up in time. */
    private static final int STARTS = 2;

    private final Path profile;
    private ChromeDriverService service;
    private final ChromeDriver driver;

    private Browser() {
        try {
            Files.createDirectories(SCREENSHOTS);
            profile = Files.createTempDirectory("nova-browser");
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
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
                "--user-data-dir=" + profile);
        LoggingPreferences logs = new LoggingPreferences();
        logs.enable(LogType.PERFORMANCE, Level.ALL);
        logs.enable(LogType.BROWSER, Level.ALL);
        options.setCapability(ChromeOptions.LOGGING_PREFS, logs);
        driver = start(options);
        driver.manage().timeouts().pageLoadTimeout(Duration.ofMinutes(2)).scriptTimeout(Duration.ofMinutes(2));
    }

    private ChromeDriver start(ChromeOptions options) {
        for (int attempt = 1; ; attempt++) {
            service = new ChromeDriverService.Builder()
                    .usingDriverExecutable(
                            Surroundings.program("chromedriver").orElseThrow().toFile())
                    .usingAnyFreePort()
                    .build();
            try {
                service.start();
                return new ChromeDriver(service, options);
            } catch (IOException | WebDriverException e) {
                System.out.println("start " + attempt + " of a browser failed: " + e.getMessage());
                service.stop();
                if (attempt == STARTS) {
                    throw new IllegalStateException("no browser can be started", e);
                }
            }
        }
    }

    /** Nothing is left of the test before. */
    private void renew() {
        driver.get("about:blank");
        driver.executeCdpCommand("Network.clearBrowserCookies", Map.of());
        scripts(true);
        dark(false);
        desktop();
        for (String log : List.of(LogType.PERFORMANCE, LogType.BROWSER)) {
            driver.manage().logs().get(log);
        }
    }

    @Override
    public void close() throws IOException {
        driver.quit();
        service.stop();
        try (Stream<Path> files = Files.walk(profile)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }

    ChromeDriver driver() {
        return driver;
    }

    void desktop() {
        driver.manage().window().setSize(new Dimension(1280, 1000));
    }

    void phone() {
        driver.manage().window().setSize(new Dimension(390, 844));
    }

    void dark(boolean dark) {
        driver.executeCdpCommand(
                "Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", dark ? "dark" : "light"))));
    }

    /** Whether pages may run theirs. */
    void scripts(boolean allowed) {
        driver.executeCdpCommand("Emulation.setScriptExecutionDisabled", Map.of("value", !allowed));
    }

    void allowClipboard() {
        driver.executeCdpCommand(
                "Browser.grantPermissions",
                Map.of("permissions", List.of("clipboardReadWrite", "clipboardSanitizedWrite")));
    }

    void open(String url) {
        driver.get(url);
    }

    /** Where it is, without the mark behind the {@code #}. */
    String url() {
        return String.valueOf(driver.getCurrentUrl()).replaceAll("#.*", "");
    }

    boolean isAt(String path) {
        return url().contains(path);
    }

    WebElement find(String selector) {
        return driver.findElement(By.cssSelector(selector));
    }

    List<WebElement> all(String selector) {
        return driver.findElements(By.cssSelector(selector));
    }

    boolean has(String selector) {
        return !all(selector).isEmpty();
    }

    String text(String selector) {
        return find(selector).getText();
    }

    /** Of a button with these words. */
    static By button(String words) {
        return By.xpath("//button[. = '" + words + "']");
    }

    Object script(String expression) {
        return driver.executeScript("return " + expression);
    }

    long number(String expression) {
        return ((Number) script(expression)).longValue();
    }

    /** What a promise brings. */
    Object promised(String promise) {
        return driver.executeAsyncScript(
                "const done = arguments[0]; Promise.resolve(" + promise + ").then(done, e => done('' + e));");
    }

    /** Waits; if it is in vain, tells and shows what there was instead. */
    void await(String name, BooleanSupplier condition) throws IOException {
        try {
            new WebDriverWait(driver, Duration.ofMinutes(3), Duration.ofMillis(100)).until(d -> {
                try {
                    return condition.getAsBoolean();
                } catch (StaleElementReferenceException e) {
                    // The page was just replaced: look at the new one.
                    return false;
                }
            });
        } catch (TimeoutException e) {
            screenshot("failed-" + name);
            throw new AssertionError(
                    name + ": waited in vain at " + driver.getCurrentUrl() + ", which says:\n" + text("body")
                            + "\nconsole: "
                            + driver.manage().logs().get(LogType.BROWSER).getAll(),
                    e);
        }
    }

    void screenshot(String name) throws IOException {
        Files.write(SCREENSHOTS.resolve(name + ".png"), driver.getScreenshotAs(OutputType.BYTES));
    }

    /** Nothing serious that a checker of accessibility finds. */
    void assertAccessible() {
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
    void awaitFitting(String name) throws IOException {
        await(
                name,
                () -> Boolean.TRUE.equals(script("document.readyState === 'complete'"
                        + " && [...document.images].every(i => i.complete || i.loading === 'lazy')"
                        + " && document.documentElement.scrollWidth <= document.documentElement.clientWidth")));
    }

    /** Nobody but a server was asked for anything since the last look. */
    void assertNoneAskedBut(TestServer server) {
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

    void signIn(TestServer server, String key) throws IOException {
        open(server.url("/signin"));
        driver.findElement(By.name("apikey")).sendKeys(key + Keys.ENTER);
        await("signed-in", () -> has("nav a[href='/account']"));
    }

    /** Chooses files in the form of the first page. */
    void choose(Path... files) {
        find("#file")
                .sendKeys(String.join(
                        "\n",
                        Arrays.stream(files)
                                .map(file -> file.toAbsolutePath().toString())
                                .toList()));
    }

    /** Hands something over at the place of a selector, as a person would by dropping or pasting it. */
    void give(String type, String selector, String item) {
        driver.executeScript("const data = new DataTransfer(); " + item
                + "const at = document.querySelector('" + selector + "');"
                + "const how = { bubbles: true, cancelable: true };"
                + ("paste".equals(type)
                        ? "at.dispatchEvent(new ClipboardEvent('paste', { ...how, clipboardData: data }));"
                        : "at.dispatchEvent(new DragEvent('" + type + "', { ...how, dataTransfer: data }));"));
    }

    void awaitSolved(String name) throws IOException {
        await(name, () -> isAt("/user_images/") && all(".state.good").size() == 1);
    }

    boolean shows(String layer) {
        return !"none".equals(script("getComputedStyle(document.querySelector('svg g." + layer + "')).display"));
    }

    /** Of the picture that is looked at. */
    String transform() {
        return String.valueOf(script("document.querySelector('.canvas').style.transform"));
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
    void tabTo(String selector) {
        for (int i = 0; i < 150; i++) {
            press(Keys.TAB);
            List<?> focus = (List<?>) driver.executeScript(FOCUS, selector);
            assertThat(focus).element(1).as(driver.getCurrentUrl()).isEqualTo("");
            if (Boolean.TRUE.equals(focus.get(0))) {
                return;
            }
        }
        throw new AssertionError("the tabulator does not lead to " + selector + " at " + driver.getCurrentUrl());
    }

    void press(CharSequence... keys) {
        new Actions(driver).sendKeys(keys).perform();
    }
}
