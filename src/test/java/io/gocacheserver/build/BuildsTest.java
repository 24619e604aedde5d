package io.gocacheserver.build;

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

/** Builds over HTTP: reports, lists, sums and explanations. */
class BuildsTest {

    private static final String JSON = "application/json";
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    @AutoClose private static RunningService service;

    @BeforeAll
    static void start(@TempDir Path directory) {
        service = RunningService.start(directory);
    }

    @Test
    void remembersTheLatestBuildsOnly() throws Exception {
        for (int number = 0; number < 55; number++) {
            assertThat(report("{\"module\":\"m%d\"}".formatted(number), JSON)).isEqualTo(204);
        }
        JsonNode builds = service.json("/builds").at("/builds");
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
        report("{\"executed\":10,\"executionMillis\":20000}", JSON);
        assertThat(answer("{\"serviceHits\":100}", JSON).headers())
                .returns(200_000L, headers -> headers.firstValueAsLong("Saved-Millis").orElse(-1));
        assertThat(service.json("/status.json").at("/savedSeconds").asDouble() - before)
                .isEqualTo(200, within(0.001));
        String metrics =
                new String(service.get("/actuator/prometheus").body(), StandardCharsets.UTF_8);
        assertThat(metrics)
                .contains("gocache_builds_executions_seconds_count 10")
                .contains("gocache_builds_saved_seconds_total 2");
        // Nobody makes it absurd.
        report("{\"executed\":1,\"executionMillis\":9007199254740991}", JSON);
        report("{\"serviceHits\":1}", JSON);
        assertThat(service.json("/status.json").at("/savedSeconds").asDouble() - before)
                .isLessThan(300);
    }

    @Test
    void refusesAReportThatIsTooLarge() throws Exception {
        String filler = " ".repeat(BuildReportReader.MAX_BYTES);
        assertThat(report("{}" + filler, JSON)).isEqualTo(413);
    }

    @Test
    void refusesAReportThatAForeignWebPageCouldSend() throws Exception {
        assertThat(report("{}", "text/plain")).isEqualTo(400);
    }

    @Test
    void buildsArePagedAndFiltered() throws Exception {
        for (int i = 0; i < 5; i++) {
            report("{\"module\":\"paged\",\"serviceFailures\":%d}".formatted(i / 4), JSON);
        }
        JsonNode first = service.json("/builds?module=paged&limit=3");
        assertThat(first.at("/builds").size()).isEqualTo(3);
        JsonNode second =
                service.json("/builds?module=paged&limit=3&before=" + first.at("/next").asString());
        assertThat(second.at("/builds").size()).isEqualTo(2);
        assertThat(second.at("/next").isNull()).isTrue();
        assertThat(second.at("/builds/0/id").asLong())
                .isLessThan(first.at("/builds/2/id").asLong());
        JsonNode failed = service.json("/builds?module=paged&failed=true");
        assertThat(failed.at("/builds").size()).isEqualTo(1);
        assertThat(failed.at("/builds/0/suffered").asBoolean()).isTrue();
        assertThat(service.get("/builds?limit=201").statusCode()).isEqualTo(400);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/builds?limit=many",
                "/builds/days?days=1.5",
                "/builds/missed?limit=null&limit=null",
                "/builds/packages?name=&limit=x",
                "/builds/latest/explanation",
                "/builds/2207936140835551707136/explanation"
            })
    void whatIsNoNumberIsRefused(String path) throws Exception {
        HttpResponse<byte[]> answer = service.get(path);

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(new String(answer.body(), StandardCharsets.UTF_8))
                .contains("is not what it has to be")
                .doesNotContain("java.");
        byte[] body = "{\"packages\":[]}".getBytes(StandardCharsets.UTF_8);
        assertThat(service.post("/builds/x/packages", body).statusCode()).isEqualTo(400);
    }

    @Test
    void aDayHasTheSumsOfItsBuilds() throws Exception {
        report("{\"module\":\"summed\",\"serviceHits\":7,\"misses\":2,\"waitMillis\":5}", JSON);
        report("{\"module\":\"summed\",\"serviceHits\":1,\"bytesFetched\":9}", JSON);
        JsonNode day =
                service.json("/builds/days?days=1")
                        .at("/days")
                        .valueStream()
                        .filter(each -> each.at("/module").asString().equals("summed"))
                        .findFirst()
                        .orElseThrow();
        assertThat(day.at("/builds").asLong()).isEqualTo(2);
        assertThat(day.at("/gets").asLong()).isEqualTo(10);
        assertThat(day.at("/hits").asLong()).isEqualTo(8);
        assertThat(day.at("/waitMillis").asLong()).isEqualTo(5);
        assertThat(day.at("/bytesFetched").asLong()).isEqualTo(9);
        assertThat(service.get("/builds/days?days=91").statusCode()).isEqualTo(400);
    }

    @Test
    void aBuildHasItsPackagesAndWhyTheyMissed() throws Exception {
        String id =
                answer(
                                "{\"module\":\"m\",\"command\":\"go build\",\"misses\":2,\"build\":{\"module\":\"m\"}}",
                                JSON)
                        .headers()
                        .firstValue("Build-Id")
                        .orElseThrow();
        String leaf = TestObject.of("leaf").action().hex();
        String root = TestObject.of("root").action().hex();
        String packages =
                """
                {"packages":[["m/leaf","compile","%s",0,true,"c",null,[],16,null],
                             ["m","compile","%s",0,true,"d",null,[0],17,null]]}
                """
                        .formatted(leaf, root);

        HttpResponse<byte[]> answer =
                service.post(
                        "/builds/" + id + "/packages", packages.getBytes(StandardCharsets.UTF_8));

        assertThat(new String(answer.body(), StandardCharsets.UTF_8))
                .isEqualTo("1\tm/leaf\tno build has reported it before\n");
        JsonNode build = service.json("/builds/" + id);
        assertThat(build.at("/module").asString()).isEqualTo("m");
        assertThat(build.at("/packages/0/action").asString()).isEqualTo(leaf);
        assertThat(build.at("/packages/1/outcome").asString()).isEqualTo("miss");
        assertThat(build.at("/packages/1/executed").asBoolean()).isTrue();
        assertThat(build.at("/roots").size()).isEqualTo(1);
        assertThat(build.at("/roots/0/package").asString()).isEqualTo("m/leaf");
        assertThat(build.at("/roots/0/reason").asString()).isEqualTo("never-seen");
        assertThat(build.at("/roots/0/followers").asLong()).isEqualTo(1);
        assertThat(service.text("/builds/" + id + "/explanation"))
                .contains("go build of m", "2 of 2 named actions missed", "m/leaf: never-seen");
        assertThat(service.json("/builds/missed").at("/packages").toString())
                .contains("\"name\":\"m\"", "\"dependency\":1", "\"never-seen\":1");
        assertThat(service.text("/actuator/prometheus"))
                .contains("gocache_builds_roots_total{reason=\"never-seen\"} 1");
        assertThat(
                        service.post(
                                        "/builds/" + id + "/packages",
                                        packages.getBytes(StandardCharsets.UTF_8))
                                .statusCode())
                .as("once")
                .isEqualTo(400);
        assertThat(
                        service.post(
                                        "/builds/999999/packages",
                                        packages.getBytes(StandardCharsets.UTF_8))
                                .statusCode())
                .isEqualTo(404);
    }

    @Test
    void refusesPackagesThatAreNone() throws Exception {
        for (String list :
                new String[] {
                    "null",
                    "[null]",
                    "[[\"m\",\"compile\",\"no id\",0,true,null,null,[],0,null]]",
                    "[[\"m\",\"other\",\"aaaa\",0,true,null,null,[],0,null]]",
                    "[[\"m\",\"compile\",\"aaaa\",9,true,null,null,[],0,null]]",
                    "[[\"m\",\"compile\",\"aaaa\",0,true,null,null,[1],0,null]]"
                }) {
            byte[] body = ("{\"packages\":" + list + "}").getBytes(StandardCharsets.UTF_8);
            assertThat(service.post("/builds/1/packages", body).statusCode())
                    .as(list)
                    .isEqualTo(400);
        }
    }

    @Test
    void historySurvivesARestart(@TempDir Path directory) throws Exception {
        try (RunningService before = RunningService.start(directory)) {
            before.post("/builds", "{\"module\":\"kept\"}".getBytes(StandardCharsets.UTF_8));
        }
        try (RunningService after = RunningService.start(directory)) {
            assertThat(after.json("/builds").at("/builds/0/module").asString()).isEqualTo("kept");
            assertThat(after.json("/builds/days").at("/days/0/builds").asLong()).isEqualTo(1);
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
