package io.gocacheserver.page;

import static org.assertj.core.api.Assertions.assertThat;

import io.gocacheserver.testsupport.RunningService;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;

/** What builds report becomes what is wrong, over HTTP. */
class StatusTest {

    private static final long HOUR = Duration.ofHours(1).toMillis();

    @AutoClose private static RunningService service;

    @BeforeAll
    static void start(@TempDir Path directory) {
        service = RunningService.start(directory);
    }

    /** One test, since what is read is kept for some seconds. */
    @Test
    void namesProjectsThatNeverHitAndBuildsOfTheLastDayThatSuffered() throws Exception {
        for (int i = 0; i < 5; i++) {
            report("{\"module\":\"never\",\"misses\":100,\"ageMillis\":%d}".formatted(50 * HOUR));
            report("{\"module\":\"sometimes\",\"misses\":100,\"serviceHits\":1}");
        }
        report("{\"module\":\"a\",\"failure\":\"too late\",\"serviceFailures\":2}");
        report("{\"module\":\"b\",\"failure\":\"long ago\",\"ageMillis\":%d}".formatted(30 * HOUR));

        JsonNode problems = service.json("/status.json").at("/problems");
        assertThat(problems)
                .extracting(problem -> problem.at("/kind").asString())
                .containsExactly("builds-suffered", "never-hits");
        assertThat(problems.at("/0/text").asString()).startsWith("1 build of the last 24 hours");
        assertThat(problems.at("/0/advice").asString()).startsWith("The latest: Too late.");
        assertThat(problems.at("/1/text").asString())
                .isEqualTo("never never hits: 5 builds in a week, 500 Gets, all missed.");
    }

    private static void report(String build) throws Exception {
        assertThat(service.post("/builds", build.getBytes(StandardCharsets.UTF_8)).statusCode())
                .isEqualTo(204);
    }
}
