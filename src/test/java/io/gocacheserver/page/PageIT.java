package io.gocacheserver.page;

import static io.gocacheserver.testsupport.Waiting.await;

import static org.assertj.core.api.Assertions.assertThat;

import io.gocacheserver.operations.Overviews;
import io.gocacheserver.testsupport.Browser;
import io.gocacheserver.testsupport.Needs;
import io.gocacheserver.testsupport.Program;
import io.gocacheserver.testsupport.RunningService;
import io.gocacheserver.testsupport.TestObject;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Instant;

/** The page in a real browser. Its pictures are in {@code target/screenshots}. */
@Needs({Program.CHROMIUM, Program.CHROMEDRIVER})
class PageIT {

    private static final String BUILD =
            """
            {"module":"example.com/shop/checkout","command":"go test","goVersion":"go1.26.3","platform":"linux/amd64",
             "adapterVersion":"0.1.0","ending":"closed","durationMillis":4210,"waitMillis":380,"localHits":12,
             "serviceHits":1180,"misses":8,"executed":8,"executionMillis":9600,"bytesFetched":251658240,"bytesTransferred":86245376,"bytesUploaded":1468006,"uploads":8,
             "prefetched":1204,"prefetchUsed":1166}
            """;

    @AutoClose private static Browser browser;

    @TempDir private Path temp;
    @AutoClose private RunningService service;

    @BeforeAll
    static void startBrowser(@TempDir Path profile) {
        browser = Browser.start(profile);
    }

    @BeforeEach
    void start() {
        browser.reset();
        service = RunningService.start(temp.resolve("disk"));
    }

    @Test
    void anEmptyCacheSaysThatNothingHasHappened() throws Exception {
        open();
        assertThat(browser.text("#hit-rate-more")).isEqualTo("no Gets yet");
        assertThat(browser.text("#s3")).isEqualTo("not used");
        assertThat(browser.find("#no-builds").isDisplayed()).isTrue();
        assertThat(browser.find("#problems").isDisplayed()).isFalse();
        browser.screenshot("empty");
        assertNothingForeignOrWrong();
    }

    @Test
    void theLinesToCopyNameWhereThePageCameFrom() {
        open();
        String base = "http://127.0.0.1:" + service.port();
        assertThat(browser.text("#use-adapter"))
                .isEqualTo("export GOCACHEPROG=\"go-cache-adapter --server " + base + "\"");
        await().until(() -> browser.find("#install").isDisplayed());
        assertThat(browser.text("#use-install")).startsWith("curl -fsSL " + base + "/adapter/");
        browser.find("button[data-copy=use-adapter]").click();
        await().until(() -> copied("Copied") || copied("Selected"));
    }

    @Test
    void whereThereIsNoAdapterToInstallNoLineSaysHow() {
        service.close();
        service =
                RunningService.start(
                        temp.resolve("other"), "cache-server.adapter.directory=" + temp);
        open();
        await().until(() -> browser.find("#install").getDomAttribute("data-archives") != null);

        assertThat(browser.find("#install").isDisplayed()).isFalse();
        assertThat(browser.find("#use-adapter").isDisplayed()).isTrue();
    }

    @Test
    void aBuildAppearsWithoutAReload() throws Exception {
        open();
        report(BUILD);
        await().until(() -> !browser.findAll("#builds tr").isEmpty());
        assertThat(browser.text("#builds tr"))
                .contains(
                        "example.com/shop/checkout",
                        "go test",
                        "go1.26.3",
                        "99.3 % of 1,200",
                        "251 MB",
                        "86 MB as sent",
                        "1,166 used",
                        "4.2 s");
        assertThat(browser.find("#no-builds").isDisplayed()).isFalse();
        browser.screenshot("after-a-build");
        assertNothingForeignOrWrong();
    }

    @Test
    void aHostileReportIsShownAsText() throws Exception {
        report(
                """
                {"module":"<img src=x onerror=\\"document.title='owned'\\"><script>document.title='owned'</script>",
                 "command":"\\u202e<b>","goVersion":"<svg onload=document.title='owned'>"}
                """);
        open();
        assertThat(browser.text("#builds .project")).startsWith("<img src=x onerror=");
        assertThat(browser.findAll("#builds img, #builds script, #builds b, #builds svg"))
                .isEmpty();
        assertThat(browser.run("return document.title")).isEqualTo("go-cache-server");
        assertNothingForeignOrWrong();
    }

    @Test
    void showsALoadInLightAndDarkAndOnAPhone() throws Exception {
        report(BUILD);
        report(
                BUILD.replace("checkout", "search")
                        .replace("go test", "go build")
                        .replace("\"misses\":8", "\"misses\":310")
                        .replace("\"prefetched\":1204,\"prefetchUsed\":1166", "\"unsent\":3"));
        open();
        load(16);
        await().until(() -> browser.text("#hit-rate").contains("%"));
        await().until(
                        () ->
                                browser.text("figure[aria-labelledby=chart-traffic] .legend")
                                        .contains("B"));
        browser.screenshot("under-load");
        assertThat(browser.findAll("#charts canvas")).hasSize(5);
        browser.find("figure[aria-labelledby=chart-requests] summary").click();
        assertThat(browser.findAll("figure[aria-labelledby=chart-requests] tbody tr"))
                .hasSizeBetween(1, 12);
        browser.dark(true);
        browser.screenshot("dark");
        browser.dark(false);
        browser.screenshot("phone", 390, true);
        assertThat(browser.run("return document.documentElement.scrollWidth"))
                .as("nothing sticks out of a phone's width")
                .isEqualTo(390L);
        browser.dark(true);
        browser.screenshot("phone-dark", 390, true);
        assertNothingForeignOrWrong();
    }

    @Test
    void saysThatTheServiceDoesNotAnswerAndGoesOnWhenItDoes() throws Exception {
        open();
        int port = service.port();
        service.close();
        await().until(() -> browser.text("#connection").startsWith("no answer"));
        service = RunningService.start(temp.resolve("disk"), "server.port=" + port);
        await().until(() -> browser.text("#connection").equals("live"));
    }

    @Test
    void saysThatS3IsDown() throws Exception {
        service.close();
        service =
                RunningService.start(
                        temp.resolve("disk"),
                        RunningService.s3Properties(URI.create("http://127.0.0.1:1")));
        open();
        await().until(() -> browser.text("#s3").equals("down"));
        assertThat(browser.text("#problems")).contains("S3 does not answer");
        assertThat(browser.find("figure[aria-labelledby=chart-uploads]").isDisplayed()).isTrue();
        browser.screenshot("s3-down");
        assertNothingForeignOrWrong();
    }

    private boolean copied(String outcome) {
        return outcome.equals(browser.run("return document.getElementById('copied').textContent"));
    }

    /** Opens the page and waits until it has asked the service. */
    private void open() {
        browser.open("http://127.0.0.1:" + service.port() + "/");
        await().until(() -> browser.text("#connection").equals("live"));
    }

    private void assertNothingForeignOrWrong() {
        assertThat(browser.requests())
                .isNotEmpty()
                .allMatch(url -> url.startsWith("http://127.0.0.1:" + service.port() + "/"));
        assertThat(browser.complaints()).isEmpty();
    }

    /** Builds that come and go: each object is put once and got several times, now and then something is missed. */
    private void load(int rounds) throws Exception {
        for (int round = 0; round < rounds; round++) {
            TestObject object = TestObject.ofSize(20_000 + 3_000 * round);
            service.put(object);
            for (int get = 0; get < 30 + 5 * round; get++) {
                service.get("/output/" + object.output());
                service.get("/action/" + object.action());
            }
            service.get("/action/" + TestObject.ofSize(3).action());
            takePoint(rounds - round);
        }
    }

    /** As the recorder does every ten seconds, so many points ago. */
    private void takePoint(int ago) {
        service.context()
                .getBean(History.class)
                .record(
                        Instant.now().minusSeconds(10L * ago),
                        Totals.of(service.context().getBean(Overviews.class).now()));
    }

    private void report(String build) throws Exception {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + service.port() + "/builds"))
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString(build))
                        .build();
        assertThat(HttpClient.newHttpClient().send(request, BodyHandlers.discarding()).statusCode())
                .isEqualTo(204);
    }
}
