package io.gocacheserver.page;

import static org.assertj.core.api.Assertions.assertThat;

import io.gocacheserver.testsupport.RunningService;

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
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
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
            strings = {
                "/page/other.js",
                "/page/..%2fapplication.yaml",
                "/page/",
                "/page/page.map",
                "/index.html"
            })
    void hasNoOtherFiles(String path) throws Exception {
        assertThat(service.get(path).statusCode()).isBetween(400, 404);
    }

    @Test
    void theStatusHasWhatThePageShows() throws Exception {
        JsonNode status = service.json("/status.json");
        assertThat(status.at("/version").asString()).isNotBlank();
        assertThat(status.at("/state").asString()).isEqualTo("working");
        assertThat(status.at("/s3/state").asString()).isEqualTo("none");
        assertThat(status.at("/disk/limit/bytes").asLong()).isPositive();
        assertThat(status.at("/started").asString()).endsWith("Z");
        assertThat(status.has("purges")).as("for administrators").isFalse();
        assertThat(status.at("/problems").isArray()).isTrue();
        assertThat(status.at("/modules/offered").asBoolean(true)).isFalse();
        assertThat(status.at("/modules/answers/disk").isNumber()).isTrue();
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

    private static HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + service.port() + path));
    }
}
