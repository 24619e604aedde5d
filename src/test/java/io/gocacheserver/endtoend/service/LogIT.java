package io.gocacheserver.endtoend.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.gocacheserver.endtoend.ServiceProcess;
import io.gocacheserver.testsupport.TestObject;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.nio.file.Path;
import java.util.List;

/** What the service's real jar logs of its life. */
class LogIT {

    @TempDir private Path temp;

    @Test
    void hasALineForStartReadyDrainAndStop() {
        try (ServiceProcess service = ServiceProcess.on(temp.resolve("disk")).packed().start()) {
            TestObject object = TestObject.ofSize(10_000);
            assertThat(service.client().put(object)).isEqualTo(204);
            service.client().getEntry(object.action());
            service.stop();

            String port = service.url().substring(service.url().lastIndexOf(':') + 1);
            assertThat(service.log().lines())
                    .anyMatch(line -> line.contains("Starting GoCacheServer v"))
                    .anyMatch(line -> line.contains("s after the start: port " + port + ", "))
                    .anyMatch(line -> line.contains("draining: no longer ready"))
                    .anyMatch(line -> line.contains(": 1 Gets, 1 hits, 10 kB received"))
                    .noneMatch(line -> line.contains("/action/"))
                    .noneMatch(
                            line ->
                                    line.contains(
                                            " ".repeat(20))); // for trace IDs, where there are none
            assertThat(service.log())
                    .containsSubsequence("Starting", " ready ", "draining", "stopped after");
        }
    }

    @Test
    void isStructuredIfThatIsAskedFor() {
        try (ServiceProcess service =
                ServiceProcess.on(temp.resolve("disk"))
                        .with("LOGGING_STRUCTURED_FORMAT_CONSOLE", "ecs")
                        // or else it warns of being open to everyone
                        .with("SERVER_ADDRESS", "127.0.0.1")
                        .start()) {
            service.stop();

            List<JsonNode> events = service.log().lines().map(LogIT::event).toList();
            assertThat(events)
                    .hasSizeGreaterThan(3)
                    .allSatisfy(
                            event -> {
                                assertThat(event.at("/@timestamp").asString()).endsWith("Z");
                                assertThat(event.at("/log/level").asString()).isEqualTo("INFO");
                                assertThat(event.at("/message").asString()).isNotEmpty();
                                assertThat(event.at("/service/name").asString())
                                        .isEqualTo("go-cache-server");
                                assertThat(event.at("/service/version").asString()).isNotEmpty();
                            });
            assertThat(events)
                    .anyMatch(event -> event.at("/message").asString().startsWith("stopped"));
        }
    }

    @Test
    void hasALineForEachRequestIfThatIsAskedFor() {
        try (ServiceProcess service =
                ServiceProcess.on(temp.resolve("disk"))
                        .with("CACHESERVER_WEB_REQUESTLOG", "true")
                        .start()) {
            TestObject object = TestObject.ofSize(10_000);
            assertThat(service.client().put(object)).isEqualTo(204);
            service.stop();

            assertThat(service.log())
                    .containsPattern(
                            "127\\.0\\.0\\.1 \"PUT /\\S* HTTP/1\\.1\" 204, - bytes in \\d+ ms, \"Java-http-client/");
        }
    }

    private static JsonNode event(String line) {
        return JsonMapper.shared().readTree(line);
    }
}
