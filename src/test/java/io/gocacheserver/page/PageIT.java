package io.gocacheserver.page;

import static io.gocacheserver.testsupport.Waiting.await;

import static org.assertj.core.api.Assertions.assertThat;

import io.gocacheserver.testsupport.Browser;
import io.gocacheserver.testsupport.Needs;
import io.gocacheserver.testsupport.Program;
import io.gocacheserver.testsupport.RunningService;
import io.gocacheserver.testsupport.ScriptedServer;
import io.gocacheserver.testsupport.TestObject;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;

/** The page in a real browser. Its pictures are in {@code target/screenshots}. */
@Needs({Program.CHROMIUM, Program.CHROMEDRIVER})
class PageIT {

    private static final String BUILD =
            """
            {"module":"example.com/shop/checkout","command":"go test","goVersion":"go1.26.3","platform":"linux/amd64",
             "build":{"command":["go","test","./..."],"branch":"main","variables":{"GITHUB_JOB":"test"}},
             "adapterVersion":"0.1.0","ending":"closed","durationMillis":4210,"waitMillis":380,"localHits":12,
             "serviceHits":1180,"misses":8,"executed":8,"executionMillis":9600,"bytesFetched":251658240,"bytesTransferred":86245376,"bytesUploaded":1468006,"uploads":8,
             "prefetched":1204,"prefetchUsed":1166}
            """;

    private static final String ACTION = "ab".repeat(32);
    private static final String OBSERVER = "observer-0123456789";
    private static final String ADMINISTRATOR = "administrator-0123456789";

    @AutoClose private static Browser browser;

    @TempDir private Path temp;
    @AutoClose private RunningService service;
    @AutoClose private ScriptedServer modules;
    private final AtomicInteger modulesAnswer = new AtomicInteger(404);

    @BeforeAll
    static void startBrowser(@TempDir Path profile) {
        browser = Browser.start(profile);
    }

    @BeforeEach
    void start() throws Exception {
        browser.reset();
        modules = new ScriptedServer(exchange -> exchange.answer(modulesAnswer.get(), new byte[0]));
        service = RunningService.start(temp.resolve("disk"));
    }

    @Test
    void anEmptyCacheBeginsWithTheFirstBuildWhichAppearsByItself() throws Exception {
        open("");
        assertThat(browser.text("h1")).isEqualTo("Connect your first build");
        String base = "http://127.0.0.1:" + service.port();
        assertThat(browser.text("main"))
                .contains(
                        "curl -fsSL " + base + "/adapter/install.sh",
                        "export GOCACHEPROG=\"go-cache-adapter --server " + base + "\"");
        browser.find("button[aria-label='Copy: Set GOCACHEPROG']").click();
        await().until(() -> browser.text("main").matches("(?s).*(Copied|Selected).*"));
        assertGood("empty");

        report(BUILD);
        await().until(() -> !browser.findAll("#lead").isEmpty());
        assertThat(browser.text("#lead")).contains("99.3 %", "1 build");
        assertThat(browser.text("#fine")).contains("Nothing is wrong right now");
        assertThat(browser.text("main"))
                .contains(
                        "example.com/shop/checkout",
                        "go test · main · test",
                        "99.3 % of 1,200",
                        "4.2 s");
        assertGood("first-build");
    }

    @Test
    void whereThereIsNoAdapterToInstallNoLineSaysHow() {
        restart("cache-server.adapter.directory=" + temp);
        open("#/connect");
        assertThat(browser.text("main")).contains("export GOCACHEPROG=").doesNotContain("curl");
    }

    @Test
    void buildsAreFilteredAndHaveAPageEach() throws Exception {
        report(BUILD);
        report(BUILD.replace("checkout", "search").replace("\"main\"", "\"feature/x\""));
        report(
                BUILD.replace("go test", "go vet")
                        .replace(
                                "\"uploads\":8",
                                "\"serviceFailures\":3,\"failure\":\"no answer within 2 s\""));
        report(BUILD.replace("checkout", "tools"));
        open("#/builds");
        assertThat(browser.text("tbody tr:first-child"))
                .as("what suffered is first")
                .contains("go vet", "no answer within 2 s");
        assertThat(browser.findAll("tbody tr")).hasSize(4);
        assertGood("builds");

        browser.find("#filter-branch").sendKeys("feature/x");
        browser.find("#filter-go").click();
        await().until(() -> browser.findAll("tbody tr").size() == 1);
        assertThat(browser.text("tbody")).contains("example.com/shop/search");
        browser.find("tbody a").click();
        await().until(() -> browser.text("h1").startsWith("go test, "));
        assertThat(browser.text("main"))
                .contains(
                        "1,166 used of 1,204",
                        "86 MB as sent",
                        "feature/x",
                        "go1.26.3, linux/amd64");
        assertGood("build");
        assertThat(browser.text("main")).contains("its adapter did not say which packages");
        reportPackages(2, "example.com/shop/version");
        open("#/build/2");
        assertThat(browser.text("main"))
                .contains("example.com/shop/version", "never built before", "missed, executed");
        assertGood("build");
        open("#/packages");
        assertThat(browser.text("tbody"))
                .contains("example.com/shop/version", "never built before");
        browser.find("tbody a").click();
        await().until(() -> !browser.findAll("#found").isEmpty());
        assertThat(browser.text("#found")).contains(ACTION.substring(0, 16));
        open("#/build/4711");
        assertThat(browser.text("h1")).isEqualTo("Not here");
    }

    @Test
    void isForEverybodyInLightAndDarkAndOnAPhone() throws Exception {
        restart("cache-server.modules.upstream=" + modules.url());
        askForModules(404);
        report(BUILD);
        report(BUILD.replace("checkout", "search").replace("\"misses\":8", "\"misses\":310"));
        for (String view : new String[] {"", "#/builds", "#/packages", "#/storage", "#/connect"}) {
            browser.dark(false);
            open(view);
            String name = view.isEmpty() ? "overview" : view.substring(2);
            assertGood(name);
            browser.dark(true);
            assertThat(browser.barriers()).as(view).isEmpty();
            browser.screenshot(name + "-phone-dark", 390, true);
            assertThat(browser.run("return document.documentElement.scrollWidth"))
                    .as("nothing of %s sticks out of a phone's width", view)
                    .isEqualTo(390L);
        }
        open("#/storage");
        String card = "section[aria-label='Go modules']";
        assertThat(browser.text(card)).contains("works", "Not there\n3", modules.url(), "answers");
        askForModules(503);
        await().until(() -> browser.text(card).contains("1 upstream fails"));
        assertThat(browser.text(card)).contains("3 failures in a row, the latest: it answers 503");
        assertGood("storage-upstream-fails");
        open("");
        assertThat(browser.text("#problems")).contains("An upstream of Go modules fails");
    }

    private void askForModules(int answer) throws Exception {
        modulesAnswer.set(answer);
        for (int i = 0; i < 3; i++) {
            service.get("/mod/example.com/m%d-%d/@v/list".formatted(answer, i));
        }
    }

    @Test
    void aHostileReportIsShownAsText() throws Exception {
        report(
                """
                {"module":"<img src=x onerror=\\"document.title='owned'\\"><script>document.title='owned'</script>",
                 "command":"\\u202e<b>","goVersion":"<svg onload=document.title='owned'>","branch":"<i>","failure":"<u>","serviceFailures":1}
                """);
        for (String view : new String[] {"", "#/builds", "#/build/1"}) {
            open(view);
            assertThat(browser.text("main")).contains("<img src=x onerror=");
            assertThat(browser.findAll("main img, main script, main b, main i, main u")).isEmpty();
            assertThat(browser.run("return document.title.includes('owned')")).isEqualTo(false);
        }
        assertNothingForeignOrWrong();
    }

    @Test
    void saysThatTheServiceDoesNotAnswerAndGoesOnWhenItDoes() throws Exception {
        open("");
        int port = service.port();
        service.close();
        await().until(() -> browser.text("#connection").startsWith("no answer"));
        service = RunningService.start(temp.resolve("disk"), "server.port=" + port);
        await().until(() -> browser.text("#connection").equals("live"));
    }

    @Test
    void saysThatS3IsDownAndWhatToDo() throws Exception {
        restart(RunningService.s3Properties(URI.create("http://127.0.0.1:1")));
        report(BUILD);
        open("");
        await().until(() -> !browser.findAll("#problems").isEmpty());
        assertThat(browser.text("#problems"))
                .contains("S3 does not answer", "spring.cloud.aws.s3.endpoint");
        assertGood("s3-down");
    }

    @Test
    void asksForATokenAndLetsAnAdministratorRemoveAnEntryAfterAQuestion() throws Exception {
        TestObject object = TestObject.ofSize(20_000);
        assertThat(service.put(object)).isEqualTo(204);
        restart(
                "cache-server.auth.tokens[0].name=watcher",
                "cache-server.auth.tokens[0].secret=" + OBSERVER,
                "cache-server.auth.tokens[0].access=observe",
                "cache-server.auth.tokens[1].name=boss",
                "cache-server.auth.tokens[1].secret=" + ADMINISTRATOR,
                "cache-server.auth.tokens[1].access=admin");
        browser.open(url("#/storage?id=" + object.action()));
        await().until(() -> !browser.findAll("#sign-in").isEmpty());
        assertThat(browser.text("main")).contains("access: observe", "helm get notes");
        assertThat(browser.barriers()).isEmpty();
        browser.screenshot("token");
        signIn("wrong-0123456789");
        await().until(() -> browser.text("#refusal").contains("does not know this token"));

        signIn(OBSERVER);
        await().until(() -> !browser.findAll("#found").isEmpty());
        assertThat(browser.text("#found")).contains("Only an administrator");

        browser.find("#sign-out").click();
        await().until(() -> !browser.findAll("#sign-in").isEmpty());
        signIn(ADMINISTRATOR);
        await().until(() -> !browser.findAll("#purge").isEmpty());
        assertThat(browser.text("#found"))
                .contains(object.output().hex(), "from 127.0.0.1", "global");
        browser.find("#purge").click();
        browser.find("dialog input[name=by]").sendKeys("jo");
        assertThat(browser.barriers()).isEmpty();
        browser.screenshot("purge");
        browser.find("#purge-go").click();
        assertThat(browser.findAll("#purged")).as("a reason is needed").isEmpty();
        browser.find("dialog input[name=reason]").sendKeys("incident 42");
        browser.find("#purge-go").click();
        await().until(() -> !browser.findAll("#purged").isEmpty());
        assertThat(browser.text("#purged")).startsWith("From disk 1 action and 1 object");
        browser.find("dialog button").click();
        await().until(() -> browser.text("#found").startsWith("Not on this replica"));
    }

    private void signIn(String token) {
        browser.find("#token").sendKeys(token);
        browser.find("#sign-in button").click();
    }

    private void restart(String... properties) {
        service.close();
        service = RunningService.start(temp.resolve("disk"), properties);
    }

    private String url(String view) {
        return "http://127.0.0.1:" + service.port() + "/" + view;
    }

    /** Opens the page and waits until it has asked the service. */
    private void open(String view) {
        browser.open("about:blank");
        browser.open(url(view));
        await().until(() -> browser.text("#connection").equals("live"));
    }

    /** Takes a picture; nobody is kept out, nothing comes from elsewhere, and the browser has nothing to complain of. */
    private void assertGood(String picture) throws Exception {
        browser.screenshot(picture);
        assertThat(browser.barriers()).as(picture).isEmpty();
        assertNothingForeignOrWrong();
    }

    private void assertNothingForeignOrWrong() {
        assertThat(browser.requests())
                .isNotEmpty()
                .allMatch(request -> request.equals("about:blank") || request.startsWith(url("")));
        assertThat(browser.complaints()).isEmpty();
    }

    /** One package, which missed. */
    private void reportPackages(int build, String name) throws Exception {
        String packages =
                "{\"packages\":[[\"%s\",\"compile\",\"%s\",0,true,null,null,[],16,null]]}"
                        .formatted(name, ACTION);
        String path = "/builds/" + build + "/packages";
        assertThat(service.post(path, packages.getBytes(StandardCharsets.UTF_8)).statusCode())
                .isEqualTo(200);
    }

    private void report(String build) throws Exception {
        assertThat(service.post("/builds", build.getBytes(StandardCharsets.UTF_8)).statusCode())
                .isEqualTo(204);
    }
}
