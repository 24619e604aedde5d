package io.gocacheserver.adapter.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.gocacheserver.adapter.profile.GoInvocation;
import io.gocacheserver.adapter.session.Reporter;
import io.gocacheserver.adapter.session.SessionListener.Outcome;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

class ExplainTest {

    private static final Map<String, String> SETTINGS = Map.of("GOVERSION", "go1.26.8");

    @TempDir private Path cache;

    @Test
    void hasNothingToCompareTheFirstBuildWith() {
        BuildRecord first = new BuildRecord();
        made(first, "a", 3);

        assertThat(explain("/app", SETTINGS, first))
                .containsExactly(
                        "explain: 3 of 3 actions were not cached; no earlier build to compare with,"
                                + " the next one will have this one");
    }

    @Test
    void tellsNewFromGoneFromNeverKept() {
        BuildRecord first = new BuildRecord();
        hits(first, "hit", 5);
        made(first, "made", 2);
        first.got("link", Outcome.MISS);
        explain("/app", SETTINGS, first);

        BuildRecord second = new BuildRecord();
        hits(second, "hit", 4);
        second.got("hit4", Outcome.MISS);
        made(second, "made", 2);
        made(second, "changed", 3);
        second.got("link", Outcome.MISS);
        second.got("newlink", Outcome.MISS);
        second.got("unknown", Outcome.UNANSWERED);

        assertThat(explain("/app", SETTINGS, second))
                .containsExactly(
                        "explain: 9 of 13 actions were not cached; compared with the last 'go build"
                                + " ./...' here:",
                        "explain: 4 new: sources, flags, tools or dependencies have changed (1 not"
                                + " kept by the Go command, like linked programs)",
                        "explain: 1 found then and gone now: trimmed here, evicted in the service",
                        "explain: 2 made by that build and gone now: not uploaded then, or removed"
                                + " since",
                        "explain: 1 missed then too, and not kept: linked programs and the like,"
                                + " which is normal",
                        "explain: 1 not known: the service failed or was not asked");
    }

    @Test
    void doesNotAlarmOverALinkedProgramAlone() {
        BuildRecord build = new BuildRecord();
        hits(build, "hit", 5);
        build.got("link", Outcome.MISS);
        explain("/app", SETTINGS, build);

        assertThat(explain("/app", SETTINGS, build))
                .last()
                .asString()
                .endsWith("linked programs and the like, which is normal");
    }

    @Test
    void namesTheSettingThatChanged() {
        made("/app", SETTINGS, "a");
        List<String> lines = made("/app", Map.of("GOVERSION", "go1.26.8", "GOFLAGS", "-race"), "b");

        assertThat(lines)
                .contains("explain: GOFLAGS was '', is '-race'")
                .noneMatch(line -> line.contains("everything is new"));
    }

    @Test
    void warnsWhenEverythingIsNewThoughNothingSeemsToHaveChanged() {
        made("/app", SETTINGS, "a");

        assertThat(made("/app", SETTINGS, "b"))
                .last()
                .asString()
                .startsWith("explain: everything is new");
    }

    @Test
    void blamesAnotherDirectoryWithoutTrimpath() {
        made("/runner/1/app", SETTINGS, "a");

        assertThat(made("/runner/2/app", SETTINGS, "b"))
                .anyMatch(line -> line.endsWith("'go build ./...' in /runner/1/app:"))
                .last()
                .asString()
                .endsWith("set GOFLAGS=-trimpath");
    }

    @Test
    void doesNotBlameAnotherDirectoryWithTrimpath() {
        Map<String, String> trimmed = Map.of("GOFLAGS", "-trimpath");
        made("/runner/1/app", trimmed, "a");

        assertThat(made("/runner/2/app", trimmed, "b"))
                .noneMatch(line -> line.contains("set GOFLAGS"));
    }

    @Test
    void keepsABoundedNumberOfBuildsAndSurvivesDamage() throws IOException {
        for (int i = 0; i < BuildStore.MAX_FILES + 5; i++) {
            made("/app" + i, SETTINGS, "a");
        }
        Path builds = cache.resolve("go-cache-adapter/builds");
        try (Stream<Path> files = Files.list(builds)) {
            assertThat(files.toList())
                    .hasSize(BuildStore.MAX_FILES)
                    .allSatisfy(file -> Files.writeString(file, "damaged"));
        }
        assertThat(made("/app68", SETTINGS, "a")).singleElement().asString().contains("no earlier");
        assertThat(made("/app68", SETTINGS, "a")).hasSizeGreaterThan(1);
    }

    private List<String> made(String directory, Map<String, String> settings, String prefix) {
        BuildRecord record = new BuildRecord();
        made(record, prefix, 30);
        return explain(directory, settings, record);
    }

    private List<String> explain(
            String directory, Map<String, String> settings, BuildRecord record) {
        BuildContext context =
                new BuildContext(
                        "http://cache",
                        "1",
                        cache.toString(),
                        new GoInvocation(
                                directory, List.of("/bin/go", "build", "./..."), settings));
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        PrintStream stream = new PrintStream(err, true, StandardCharsets.UTF_8);
        new Explain(
                        context,
                        new Reporter(stream, false, () -> false, line -> {}, null),
                        () -> java.time.Instant.EPOCH)
                .explain(record);
        return err.toString(StandardCharsets.UTF_8)
                .lines()
                .map(line -> line.substring("go-cache-adapter: ".length()))
                .toList();
    }

    private static void hits(BuildRecord record, String prefix, int count) {
        for (int i = 0; i < count; i++) {
            record.got(prefix + i, Outcome.LOCAL_HIT);
        }
    }

    private static void made(BuildRecord record, String prefix, int count) {
        for (int i = 0; i < count; i++) {
            record.got(prefix + i, Outcome.MISS);
            record.put(prefix + i);
        }
    }
}
