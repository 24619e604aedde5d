package io.gocacheserver.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.gocacheserver.testsupport.RunningService;
import io.gocacheserver.testsupport.TestObject;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import tools.jackson.databind.JsonNode;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** What the page is made of, over HTTP. */
class PageTest {

    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    @AutoClose private static RunningService service;

    @BeforeAll
    static void start(@TempDir Path directory) {
        service = RunningService.start(directory);
    }

    @Test
    void thePageAllowsNoScriptButItsOwn() throws Exception {
        HttpResponse<byte[]> page = service.get("/");
        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.headers().firstValue("Content-Type")).hasValue("text/html;charset=UTF-8");
        assertThat(page.headers().firstValue("Content-Security-Policy").orElseThrow())
                .contains("default-src 'none'", "script-src 'self'")
                .doesNotContain("unsafe");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "page.css",
                "page.js",
                "api.js",
                "build.js",
                "builds.js",
                "charts.js",
                "connect.js",
                "dom.js",
                "format.js",
                "overview.js",
                "packages.js",
                "storage.js",
                "icon.svg"
            })
    void hasTheFilesThatThePageNames(String file) throws Exception {
        HttpResponse<byte[]> response = service.get("/page/" + file);
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).isNotEmpty();
        String tag = response.headers().firstValue("ETag").orElseThrow();
        assertThat(
                        CLIENT.send(
                                        request("/page/" + file)
                                                .header("If-None-Match", tag)
                                                .build(),
                                        BodyHandlers.discarding())
                                .statusCode())
                .isEqualTo(304);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"/page/other.js", "/page/..%2fapplication.yaml", "/page/", "/page/page.map", "/index.html"})
    void hasNoOtherFiles(String path) throws Exception {
        assertThat(service.get(path).statusCode()).isBetween(400, 404);
    }

    @Test
    void theStatusHasWhatThePageShows() throws Exception {
        JsonNode status = service.json("/status.json");
        assertThat(status.at("/version").asString()).isNotBlank();
        assertThat(status.at("/state").asString()).isEqualTo("working");
        assertThat(status.at("/s3/state").asString()).isEqualTo("none");
        assertThat(status.at("/disk/limit").asLong()).isPositive();
        assertThat(status.at("/started").asString()).endsWith("Z");
        assertThat(status.at("/problems").isArray()).isTrue();
    }

    @Test
    void remembersTheLatestBuildsOnly() throws Exception {
        for (int number = 0; number < 55; number++) {
            assertThat(report("{\"module\":\"m%d\"}".formatted(number), "application/json"))
                    .isEqualTo(204);
        }
        JsonNode builds = service.json("/status.json").at("/builds");
        assertThat(builds.size()).isEqualTo(50);
        assertThat(builds.at("/0/module").asString()).isEqualTo("m54");
    }

    @Test
    void estimatesTheWorkThatHitsHaveSpared() throws Exception {
        double before = service.json("/status.json").at("/savedSeconds").asDouble();
        TestObject object = TestObject.ofSize(10);
        for (int i = 0; i < 11; i++) {
            service.get("/action/" + object.action());
        }
        service.put(object);
        for (int i = 0; i < 101; i++) {
            service.get("/action/" + object.action());
        }
        report("{\"executed\":10,\"executionMillis\":20000}", "application/json");
        assertThat(answer("{\"serviceHits\":100}", "application/json").headers())
                .returns(200_000L, headers -> headers.firstValueAsLong("Saved-Millis").orElse(-1));
        assertThat(service.json("/status.json").at("/savedSeconds").asDouble() - before)
                .isEqualTo(200, within(0.001));
        String metrics =
                new String(service.get("/actuator/prometheus").body(), StandardCharsets.UTF_8);
        assertThat(metrics)
                .contains("gocache_builds_executions_seconds_count 10")
                .contains("gocache_builds_saved_seconds_total 2");
        // Nobody makes it absurd.
        report("{\"executed\":1,\"executionMillis\":9007199254740991}", "application/json");
        report("{\"serviceHits\":1}", "application/json");
        assertThat(service.json("/status.json").at("/savedSeconds").asDouble() - before)
                .isLessThan(300);
    }

    @Test
    void refusesAReportThatIsTooLarge() throws Exception {
        String filler = " ".repeat(BuildReportReader.MAX_BYTES);
        assertThat(report("{}" + filler, "application/json")).isEqualTo(413);
    }

    @Test
    void refusesAReportThatAForeignWebPageCouldSend() throws Exception {
        assertThat(report("{}", "text/plain")).isEqualTo(400);
    }

    @Test
    void canBeSwitchedOff(@TempDir Path directory) throws Exception {
        try (RunningService without =
                RunningService.start(directory, "cache-server.page.enabled=false")) {
            assertThat(without.get("/").statusCode()).isEqualTo(404);
            assertThat(without.get("/status.json").statusCode()).isEqualTo(404);
            assertThat(without.post("/builds", new byte[0]).statusCode()).isEqualTo(404);
        }
    }

    private static int report(String body, String contentType) throws Exception {
        return answer(body, contentType).statusCode();
    }

    private static HttpResponse<Void> answer(String body, String contentType) throws Exception {
        return CLIENT.send(
                request("/builds")
                        .header("Content-Type", contentType)
                        .POST(BodyPublishers.ofString(body))
                        .build(),
                BodyHandlers.discarding());
    }

    private static HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + service.port() + path));
    }
}
