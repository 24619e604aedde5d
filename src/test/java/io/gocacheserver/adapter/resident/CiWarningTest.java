package io.gocacheserver.adapter.resident;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;

class CiWarningTest {

    @TempDir private Path directory;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @Test
    void annotatesAGitHubJobAndItsSummary() {
        Path summary = directory.resolve("summary");
        say(
                Map.of("GITHUB_ACTIONS", "true", "GITHUB_STEP_SUMMARY", summary.toString()),
                "50% failed");

        assertThat(out).hasToString("::warning title=Go build cache::50%25 failed\n");
        assertThat(err.size()).isZero();
        assertThat(summary).content().isEqualTo("\n> **Go build cache**: 50% failed\n");
    }

    @Test
    void isYellowAtGitLab() {
        say(Map.of("GITLAB_CI", "true"), "it failed");

        assertThat(err).hasToString("\033[0;33mWARNING: go-cache-adapter: it failed\033[0;m\n");
        assertThat(out.size()).isZero();
    }

    @Test
    void isALineElsewhere() {
        say(Map.of(), "it failed");

        assertThat(err).hasToString("go-cache-adapter: it failed\n");
        assertThat(out.size()).isZero();
    }

    @Test
    void doesNotFailWithTheSummary() {
        say(Map.of("GITHUB_STEP_SUMMARY", directory.toString()), "it failed");

        assertThat(err.toString(StandardCharsets.UTF_8))
                .contains("it failed")
                .contains("cannot write to the job's summary");
    }

    private void say(Map<String, String> environment, String message) {
        new CiWarning(environment, stream(out), stream(err)).say(message);
    }

    private static PrintStream stream(ByteArrayOutputStream bytes) {
        return new PrintStream(bytes, true, StandardCharsets.UTF_8);
    }
}
