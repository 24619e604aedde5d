package io.gocacheserver.adapter;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;

class CiNotesTest {

    @TempDir private Path directory;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @Test
    void annotatesAGitHubJob() {
        warn(Map.of("GITHUB_ACTIONS", "true"), "50% failed");

        assertThat(out).hasToString("::warning title=Go build cache::50%25 failed\n");
        assertThat(err.size()).isZero();
    }

    @Test
    void addsToTheSummaryOfAGitHubJob() {
        Path summary = directory.resolve("summary");
        CiJob notes = notes(Map.of("GITHUB_STEP_SUMMARY", summary.toString()));
        notes.summarize("one: a_b");
        notes.summarize("two\nlines");

        assertThat(summary).content().isEqualTo(
                        """

                        **Go build cache**
                        - one: a\\_b

                        **Go build cache**
                        - two
                        - lines
                        """);
        assertThat(out.size() + err.size()).isZero();
    }

    @Test
    void hasNoSummaryElsewhere() {
        notes(Map.of()).summarize("one: a_b");

        assertThat(out.size() + err.size()).isZero();
    }

    @Test
    void isYellowAtGitLab() {
        warn(Map.of("GITLAB_CI", "true"), "it failed");

        assertThat(err).hasToString("\033[0;33mWARNING: go-cache-adapter: it failed\033[0;m\n");
        assertThat(out.size()).isZero();
    }

    @Test
    void isALineElsewhere() {
        warn(Map.of(), "it failed");

        assertThat(err).hasToString("go-cache-adapter: it failed\n");
        assertThat(out.size()).isZero();
    }

    @Test
    void doesNotFailWithTheSummary() {
        notes(Map.of("GITHUB_STEP_SUMMARY", directory.toString())).summarize("one: a_b");

        assertThat(err.toString(StandardCharsets.UTF_8))
                .contains("cannot write to the job's summary");
    }

    private void warn(Map<String, String> environment, String message) {
        notes(environment).warn(message);
    }

    private CiJob notes(Map<String, String> environment) {
        return new CiJob(environment, stream(out), stream(err));
    }

    private static PrintStream stream(ByteArrayOutputStream bytes) {
        return new PrintStream(bytes, true, StandardCharsets.UTF_8);
    }
}
