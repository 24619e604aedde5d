package io.gocacheserver.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

/** Builds of the real Go command appear in what the service's page shows. */
class BuildsFeedIT {

    private static final Duration LIMIT = Duration.ofSeconds(60);

    @TempDir private Path temp;
    private ServiceProcess service;
    private TestModule module;

    @BeforeEach
    void startService() throws IOException {
        service = ServiceProcess.start(temp.resolve("service"));
        module = TestModule.small(temp.resolve("module"));
    }

    @AfterEach
    void endService() {
        service.close();
    }

    @Test
    void aBuildTellsWhatItDidAndTheNextOneWhatPrefetchSpared() {
        machine("first").build(module, temp.resolve("binary-1"));

        JsonNode first = latest(1);
        assertThat(first.at("/module").asString()).isEqualTo("example.test/generated");
        assertThat(first.at("/command").asString()).isEqualTo("go build");
        assertThat(first.at("/goVersion").asString()).startsWith("go1.");
        assertThat(first.at("/platform").asString()).contains("/");
        assertThat(first.at("/ending").asString()).isEqualTo("closed");
        assertThat(first.at("/durationMillis").asLong()).isPositive();
        assertThat(first.at("/misses").asLong()).isPositive();
        assertThat(first.at("/uploads").asLong()).isPositive();
        assertThat(first.at("/bytesUploaded").asLong()).isPositive();
        assertThat(first.at("/serviceHits").asLong()).isZero();

        machine("second").build(module, temp.resolve("binary-2"));

        JsonNode second = latest(2);
        assertThat(second.at("/misses").asLong()).isEqualTo(GoClient.LINK_MISSES);
        assertThat(second.at("/serviceHits").asLong()).isPositive();
        assertThat(second.at("/bytesFetched").asLong()).isPositive();
        assertThat(second.at("/prefetched").asLong()).isPositive();
        assertThat(second.at("/prefetchUsed").asLong()).isPositive();
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void aBuildThroughTheResidentProcessTellsOfItsUploadsToo() {
        try (ResidentMachine machine = new ResidentMachine(temp)) {
            machine.serve();

            machine.go(service.url()).build(module, temp.resolve("binary-1"));

            JsonNode build = latest(1);
            assertThat(build.at("/module").asString()).isEqualTo("example.test/generated");
            assertThat(build.at("/command").asString()).isEqualTo("go build");
            assertThat(build.at("/uploads").asLong()).isPositive();
            assertThat(build.at("/unsent").asLong()).isZero();
        }
    }

    @Test
    void tellsNothingIfThatIsSwitchedOff() {
        machine("first", "--report-builds=false").run(module, "vet", "./...");
        machine("second").build(module, temp.resolve("binary-2"));

        assertThat(latest(1).at("/command").asString()).isEqualTo("go build");
        assertThat(builds()).hasSize(1);
    }

    private GoClient machine(String name, String... options) {
        return GoClient.withAdapter(service.url(), temp.resolve(name), options);
    }

    /** The latest build, when so many have been reported. They are behind the end of the Go command. */
    private JsonNode latest(int builds) {
        await().atMost(LIMIT).until(() -> builds().size() >= builds);
        return builds().get(0);
    }

    private JsonNode builds() {
        return service.client().json("/status.json").at("/builds");
    }
}
