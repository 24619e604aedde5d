package io.gocacheserver.testsupport;

import org.jspecify.annotations.Nullable;
import org.openqa.selenium.By;
import org.openqa.selenium.NoSuchElementException;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogEntry;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.logging.Level;

/** A real Chromium without a window, which remembers what it requested and what went wrong. */
public final class Browser implements AutoCloseable {

    private static final Path SCREENSHOTS = Path.of("target", "screenshots");
    private static final int WIDTH = 1280;
    private static final Duration START_LIMIT = Duration.ofMinutes(2);

    private final ChromeDriver driver;
    private final List<String> requests = new ArrayList<>();
    private final List<String> complaints = new ArrayList<>();

    private Browser(ChromeDriver driver) {
        this.driver = driver;
    }

    /** Starts it with a fresh profile in this directory. */
    public static Browser start(Path profile) {
        Path chromium = Program.CHROMIUM.path();
        Path chromeDriver = Program.CHROMEDRIVER.path();
        ChromeOptions options = new ChromeOptions();
        options.setBinary(chromium.toFile());
        options.addArguments(
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--no-first-run",
                "--disable-dev-shm-usage",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--hide-scrollbars",
                "--user-data-dir=" + profile);
        options.setCapability("goog:loggingPrefs", Map.of("browser", "ALL", "performance", "ALL"));
        ChromeDriverService service =
                new ChromeDriverService.Builder()
                        .usingDriverExecutable(chromeDriver.toFile())
                        .usingAnyFreePort()
                        .withTimeout(START_LIMIT)
                        .withSilent(true)
                        .build();
        Browser browser = new Browser(new ChromeDriver(service, options));
        browser.reset();
        return browser;
    }

    /** As it was when it started: an empty page of the usual size, and nothing remembered. */
    public void reset() {
        driver.get("about:blank");
        driver.executeCdpCommand("Emulation.setEmulatedMedia", Map.of("features", List.of()));
        width(WIDTH, false);
        requests();
        requests.clear();
        complaints();
        complaints.clear();
    }

    public void open(String url) {
        driver.get(url);
    }

    public WebElement find(String selector) {
        return driver.findElement(By.cssSelector(selector));
    }

    public List<WebElement> findAll(String selector) {
        return driver.findElements(By.cssSelector(selector));
    }

    /** The text that is shown there; all of one moment, however often the page is drawn again. */
    public String text(String selector) {
        Object text =
                driver.executeScript(
                        "return document.querySelector(arguments[0])?.innerText.trim()", selector);
        if (text == null) {
            throw new NoSuchElementException(selector);
        }
        return text.toString();
    }

    /** Runs a script in the page; what it returns. */
    public @Nullable Object run(String script) {
        return driver.executeScript(script);
    }

    /** What axe finds that keeps somebody from using the page as it is now: rule and element of each. */
    public List<String> barriers() throws IOException {
        try (InputStream script =
                Objects.requireNonNull(Browser.class.getResourceAsStream("/axe.min.js"))) {
            run(new String(script.readAllBytes(), StandardCharsets.UTF_8));
        }
        Object found =
                run(
                        """
                        return axe.run(document, {resultTypes: ['violations']}).then((result) => result.violations
                            .flatMap((rule) => rule.nodes.map((node) => rule.id + ': ' + node.target.join(' '))))
                        """);
        return ((List<?>) Objects.requireNonNull(found)).stream().map(String::valueOf).toList();
    }

    /** Whether the user prefers dark. */
    public void dark(boolean dark) {
        driver.executeCdpCommand(
                "Emulation.setEmulatedMedia",
                Map.of(
                        "features",
                        List.of(
                                Map.of(
                                        "name",
                                        "prefers-color-scheme",
                                        "value",
                                        dark ? "dark" : "light"))));
    }

    /** How wide the screen is; {@code phone}: of a telephone. */
    public void width(int width, boolean phone) {
        metrics(width, 900, phone);
    }

    private void metrics(int width, long height, boolean phone) {
        driver.executeCdpCommand(
                "Emulation.setDeviceMetricsOverride",
                Map.of(
                        "width",
                        width,
                        "height",
                        height,
                        "deviceScaleFactor",
                        phone ? 2 : 1,
                        "mobile",
                        phone));
    }

    /** Writes the whole page as {@code target/screenshots/<name>.png}. */
    public Path screenshot(String name, int width, boolean phone) throws IOException {
        width(width, phone);
        Number height =
                (Number)
                        Objects.requireNonNull(run("return document.documentElement.scrollHeight"));
        metrics(width, height.longValue(), phone);
        run("return new Promise((done) => requestAnimationFrame(() => setTimeout(done)))");
        Files.createDirectories(SCREENSHOTS);
        Path file = SCREENSHOTS.resolve(name + ".png");
        Files.write(file, driver.getScreenshotAs(OutputType.BYTES));
        return file;
    }

    public Path screenshot(String name) throws IOException {
        return screenshot(name, WIDTH, false);
    }

    /** What it has requested so far, by URL. */
    public List<String> requests() {
        for (LogEntry entry : driver.manage().logs().get("performance")) {
            JsonNode message = JsonMapper.shared().readTree(entry.getMessage()).get("message");
            if (message.at("/method").asString().equals("Network.requestWillBeSent")) {
                requests.add(message.at("/params/request/url").asString());
            }
        }
        return List.copyOf(requests);
    }

    /** Warnings and errors on its console so far. */
    public List<String> complaints() {
        for (LogEntry entry : driver.manage().logs().get("browser")) {
            if (entry.getLevel().intValue() >= Level.WARNING.intValue()) {
                complaints.add(entry.getMessage());
            }
        }
        return List.copyOf(complaints);
    }

    @Override
    public void close() {
        driver.quit();
    }
}
