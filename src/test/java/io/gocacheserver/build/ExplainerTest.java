package io.gocacheserver.build;

import static org.assertj.core.api.Assertions.assertThat;

import io.gocacheserver.cache.Access;
import io.gocacheserver.profile.BuildFacts;
import io.gocacheserver.profile.BuildSettings;
import io.gocacheserver.testsupport.TestValues;
import io.gocacheserver.wire.PackageCodes;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What is said of misses. A build is a list of packages, each of which imports the one before. */
class ExplainerTest {

    private static final Instant NOW = Instant.parse("2026-11-30T12:00:00Z");

    @AutoClose private final BuildDatabase database = BuildDatabase.inMemory();
    private final BuildStore store = new BuildStore(database, InstantSource.fixed(NOW));
    private final List<PackageUse> uses = new ArrayList<>();
    private BuildSettings settings = settings(Map.of());
    private String report = "{}";
    private long number = 100;
    private Instant ended = NOW.plusSeconds(60);

    @Test
    void aPackageThatNobodyKnowsWasNeverSeen() throws SQLException {
        missed("m/leaf", "a1", "c1", "s1");
        missed("m", "a2", "c2", "s2");

        assertThat(roots())
                .containsExactly(
                        new Explainer.Root(
                                "m/leaf",
                                "compile",
                                MissReason.NEVER_SEEN,
                                "no build has reported it before",
                                1));
    }

    @Test
    void anActionThatTheServiceHadIsEvicted() throws SQLException {
        missed("m/leaf", "a1", "c1", "s1");
        end();
        missed("m/leaf", "a1", "c1", "s1");

        assertThat(reasons()).containsExactly("evicted");
    }

    @Test
    void whatABuildAtTheSameTimeMadeIsNotEvicted() throws SQLException {
        missed("m/leaf", "a1", "c1", "s1");
        end();
        missed("m/leaf", "a1", "c1", "s1");
        ended = NOW;

        assertThat(reasons()).containsExactly("not-uploaded");
        assertThat(roots().getFirst().detail()).contains("build 1 ", "at the same time");
    }

    @Test
    void whatALaterBuildGotIsNotEvicted() throws SQLException {
        missed("m/leaf", "a1", "c1", "s1");
        end();
        use("m/leaf", "a2", PackageCodes.SERVICE_HIT, "c2", "s2");
        end();
        missed("m/leaf", "a2", "c2", "s2");
        number = 2;

        assertThat(reasons()).as("named after its follower").containsExactly("sources-changed");
    }

    @Test
    void anActionThatTheServiceDidNotGetIsNotEvicted() throws SQLException {
        report = "{\"unsent\":1}";
        missed("m/leaf", "a1", "c1", "s1");
        end();
        missed("m/leaf", "a1", "c1", "s1");

        assertThat(reasons()).containsExactly("not-uploaded");
    }

    @Test
    void anActionThatTheServiceDidNotAnswerIsNotEvicted() throws SQLException {
        missed("m/leaf", "a1", "c1", "s1");
        end();
        use("m/leaf", "a1", PackageCodes.UNANSWERED, "c1", "s1");

        assertThat(reasons()).containsExactly("unanswered");
    }

    @Test
    void changedSourcesAreTheReasonIfNothingElseDiffers() throws SQLException {
        missed("m/base", "a0", "c0", "s0");
        missed("m/leaf", "a1", "c1", "s1");
        end();
        use("m/base", "a0", PackageCodes.LOCAL_HIT, "c0", "s0");
        missed("m/leaf", "a2", "c2", "s2");

        assertThat(reasons()).containsExactly("sources-changed");
    }

    @Test
    void sourcesThatDidNotChangeAreNoReason() throws SQLException {
        missed("m/leaf", "a1", "c1", "s1");
        end();
        missed("m/leaf", "a2", "c2", "s1");

        assertThat(reasons()).containsExactly("not-known");
    }

    @Test
    void anImportThatChangedAndHitIsTheReason() throws SQLException {
        missed("m/base", "a0", "c0", "s0");
        missed("m/leaf", "a1", "c1", "s1");
        end();
        use("m/base", "a9", PackageCodes.SERVICE_HIT, "c9", "s9");
        missed("m/leaf", "a2", "c2", "s1");

        assertThat(roots())
                .singleElement()
                .satisfies(
                        root -> {
                            assertThat(root.reason()).isEqualTo(MissReason.DEPENDENCY_CHANGED);
                            assertThat(root.detail()).contains("m/base");
                        });
    }

    @Test
    void settingsThatDifferAreNamed() throws SQLException {
        settings = settings(Map.of("GOAMD64", "v1"));
        missed("m/leaf", "a1", "c1", "s1");
        end();
        settings = settings(Map.of("GOAMD64", "v3"), "build", "-tags=x");
        missed("m/leaf", "a2", "c2", "s1");

        assertThat(roots())
                .singleElement()
                .satisfies(
                        root -> {
                            assertThat(root.reason()).isEqualTo(MissReason.SETTINGS_DIFFER);
                            assertThat(root.detail())
                                    .startsWith(
                                            "-tags x, before not set; GOAMD64 v3, before v1 (build 1 of");
                        });
    }

    @Test
    void settingsThatDidNotMatterBeforeAreNotNamed() throws SQLException {
        missed("m/leaf", "a1", "c1", "s1");
        end();
        settings = settings(Map.of(), "build", "-tags=x");
        use("m/leaf", "a1", PackageCodes.LOCAL_HIT, "c1", "s1");
        end();
        settings = settings(Map.of("GOAMD64", "v3"));
        missed("m/leaf", "a2", "c2", "s1");

        assertThat(roots().getFirst().detail()).startsWith("GOAMD64 v3, before not set (build 1");
    }

    @Test
    void theClosestOfTheEarlierBuildsIsComparedWith() throws SQLException {
        missed("m/leaf", "a1", "c1", "s1");
        end();
        settings = settings(Map.of("GOAMD64", "v3"));
        missed("m/leaf", "a2", "c2", "s1");
        end();
        settings = settings(Map.of());
        missed("m/leaf", "a3", "c3", "s3");

        assertThat(reasons()).containsExactly("sources-changed");
    }

    @Test
    void directoriesCountWithoutTrimpathForPackagesThatLieThere() throws SQLException {
        settings = in("/one");
        missed("m/leaf", "a1", "c1", "s1");
        use("std", "b1", PackageCodes.MISS, "c1", null, PackageCodes.STANDARD);
        end();
        settings = in("/two");
        missed("m/leaf", "a2", "c2", "s1");

        assertThat(roots().getFirst().detail()).startsWith("directory /two, before /one");
        uses.clear();
        use("std", "b2", PackageCodes.MISS, "c1", null, PackageCodes.STANDARD);
        assertThat(reasons()).doesNotContain("settings-differ");
    }

    @Test
    void aTestThatReadsWhatChangedIsKnownByItsList() throws SQLException {
        test("t1", 0);
        end();
        test("t2", PackageCodes.INPUTS_KNOWN);

        assertThat(reasons()).containsExactly("inputs-changed");
    }

    @Test
    void aTestFollowsFromAnyPackageThatIsLinked() throws SQLException {
        missed("m/leaf", "a1", "c1", "s1");
        use("m/p.test", "a2", PackageCodes.LOCAL_HIT, "c2", null);
        test("t1", 0);

        assertThat(roots())
                .singleElement()
                .satisfies(root -> assertThat(root.followers()).isEqualTo(1));
    }

    @Test
    void aTestWithoutResultWasNotCacheable() throws SQLException {
        uses.add(
                new PackageUse(
                        "m/p",
                        PackageUse.TEST_INPUTS,
                        id("l"),
                        PackageCodes.LOCAL_HIT,
                        false,
                        null,
                        null,
                        new int[0],
                        0,
                        null));

        assertThat(reasons()).containsExactly("not-cacheable");
    }

    @Test
    void flagsThatKeepTestsFromBeingCachedAreNamed() throws SQLException {
        settings = settings(Map.of("GOFLAGS", "-bench=."), "test", "-count", "1", "./...");

        assertThat(roots())
                .singleElement()
                .satisfies(
                        root ->
                                assertThat(root.detail())
                                        .isEqualTo(
                                                "Go caches no results of tests with -bench=., -count 1"));
    }

    private void missed(String name, String action, String content, String sources) {
        use(name, action, PackageCodes.MISS, content, sources);
    }

    private void use(
            String name, String action, int outcome, String content, @Nullable String sources) {
        use(name, action, outcome, content, sources, PackageCodes.OWN);
    }

    private void use(
            String name,
            String action,
            int outcome,
            String content,
            @Nullable String sources,
            int flags) {
        int[] deps = uses.isEmpty() ? new int[0] : new int[] {uses.size() - 1};
        uses.add(
                new PackageUse(
                        name,
                        PackageUse.COMPILE,
                        id(action),
                        outcome,
                        outcome == PackageCodes.MISS,
                        content,
                        sources,
                        deps,
                        flags,
                        null));
    }

    private void test(String action, int flags) {
        int[] deps = uses.isEmpty() ? new int[0] : new int[] {uses.size() - 1};
        uses.add(
                new PackageUse(
                        "m/p",
                        PackageUse.TEST,
                        id(action),
                        PackageCodes.MISS,
                        true,
                        null,
                        null,
                        deps,
                        flags,
                        null));
    }

    private static String id(String name) {
        return TestValues.action(name).hex();
    }

    /** Of a build of a second, which is the next. */
    private List<Explainer.Root> roots() throws SQLException {
        byte[] duration = "{\"durationMillis\":1000}".getBytes(StandardCharsets.UTF_8);
        ReportedBuild explained =
                BuildReportReader.read(duration, ended, Access.OPEN).build().with(number, 0);
        return database.transact(
                it -> new Explainer(new PackageTable(it, null), uses, explained, settings).roots());
    }

    private List<String> reasons() throws SQLException {
        return roots().stream().map(root -> root.reason().word()).toList();
    }

    /** The build has ended, and is kept. */
    private void end() {
        ReportedBuild build =
                store.add(
                        BuildReportReader.read(
                                        report.getBytes(StandardCharsets.UTF_8), NOW, Access.OPEN)
                                .build(),
                        settings,
                        true,
                        0);
        database.<@Nullable Void>transact(
                it -> {
                    new PackageTable(it, null).put(build.id(), "global", uses, build.unsent() == 0);
                    return null;
                });
        uses.clear();
    }

    private static BuildSettings settings(Map<String, String> variables, String... words) {
        List<String> command = new ArrayList<>(List.of("go"));
        command.addAll(words.length == 0 ? List.of("build", "-trimpath") : List.of(words));
        if (words.length > 0) {
            command.add(2, "-trimpath");
        }
        return BuildSettings.of(
                new BuildFacts("m", "/m", "/m", command, variables, "", "", "", ""));
    }

    private static BuildSettings in(String directory) {
        return BuildSettings.of(
                new BuildFacts(
                        "m",
                        directory,
                        directory,
                        List.of("go", "build"),
                        Map.of(),
                        "",
                        "",
                        "",
                        ""));
    }
}
