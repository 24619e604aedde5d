package io.gocacheserver.endtoend.service;

import static io.gocacheserver.testsupport.Waiting.await;

import static org.assertj.core.api.Assertions.assertThat;

import io.gocacheserver.endtoend.GoClient;
import io.gocacheserver.endtoend.ReferenceBuild;
import io.gocacheserver.endtoend.ResidentMachine;
import io.gocacheserver.endtoend.ServiceProcess;
import io.gocacheserver.endtoend.TestModule;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Builds of the real Go command appear in what the service's page shows. */
@ExtendWith(ReferenceBuild.Resolver.class)
class BuildsFeedIT {

    @AutoClose private static ServiceProcess service;

    @TempDir private Path temp;

    @BeforeAll
    static void startService(ReferenceBuild reference, @TempDir Path directory) throws IOException {
        service = ServiceProcess.start(directory.resolve("service"));
        reference.fill(service, directory);
    }

    @Test
    void aBuildTellsWhatItDidAndTheNextOneWhatPrefetchSpared() throws IOException {
        TestModule module = TestModule.tiny(temp.resolve("module"), "example.test/told");
        machine("first").build(module, temp.resolve("binary-1"));

        JsonNode first = reported(module, 1).getFirst();
        assertThat(first.at("/command").asString()).isEqualTo("go build");
        assertThat(first.at("/goVersion").asString()).startsWith("go1.");
        assertThat(first.at("/platform").asString()).contains("/");
        assertThat(first.at("/ending").asString()).isEqualTo("closed");
        assertThat(first.at("/durationMillis").asLong()).isPositive();
        assertThat(first.at("/misses").asLong()).isPositive();
        assertThat(first.at("/uploads").asLong()).isPositive();
        assertThat(first.at("/bytesUploaded").asLong()).isPositive();

        assertThat(first.at("/executed").asLong()).isPositive();
        assertThat(first.at("/executionMillis").asLong())
                .isGreaterThan(first.at("/executed").asLong());
        double before = saved();

        machine("second").build(module, temp.resolve("binary-2"));

        JsonNode second = reported(module, 2).getFirst();
        assertThat(second.at("/misses").asLong()).isEqualTo(GoClient.LINK_MISSES);
        assertThat(second.at("/serviceHits").asLong()).isPositive();
        assertThat(second.at("/bytesFetched").asLong()).isPositive();
        assertThat(second.at("/prefetched").asLong()).isPositive();
        assertThat(second.at("/prefetchUsed").asLong()).isPositive();
        assertThat(saved()).isGreaterThan(before);
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void aBuildThroughTheResidentProcessTellsOfItsUploadsToo() throws IOException {
        TestModule module = TestModule.tiny(temp.resolve("module"), "example.test/resident");
        try (ResidentMachine machine = new ResidentMachine(temp)) {
            machine.serve();

            machine.go(service.url()).build(module, temp.resolve("binary-1"));

            JsonNode build = reported(module, 1).getFirst();
            assertThat(build.at("/command").asString()).isEqualTo("go build");
            assertThat(build.at("/uploads").asLong()).isPositive();
            assertThat(build.at("/unsent").asLong()).isZero();
        }
    }

    @Test
    void tellsNothingIfThatIsSwitchedOff() throws IOException {
        TestModule module = TestModule.tiny(temp.resolve("module"), "example.test/silent");
        machine("first", "--report-builds=false").run(module, "vet", ".");
        machine("second").build(module, temp.resolve("binary-2"));

        assertThat(reported(module, 1))
                .singleElement()
                .satisfies(
                        build -> assertThat(build.at("/command").asString()).isEqualTo("go build"));
    }

    private GoClient machine(String name, String... options) {
        return GoClient.withAdapter(service.url(), temp.resolve(name), options);
    }

    /** The module's builds, newest first, when there are so many. They come behind the end of the Go command. */
    private static List<JsonNode> reported(TestModule module, int builds) {
        await().until(() -> builds(module).size() >= builds);
        return builds(module);
    }

    private static double saved() {
        return service.client().json("/status.json").at("/savedSeconds").asDouble();
    }

    private static List<JsonNode> builds(TestModule module) {
        return service.client()
                .json("/builds")
                .at("/builds")
                .valueStream()
                .filter(build -> build.at("/module").asString().equals(module.name()))
                .toList();
    }
}
