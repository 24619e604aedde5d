package io.gocacheserver.build;

import static org.assertj.core.api.Assertions.assertThat;

import io.gocacheserver.cache.Access;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;

class BuildStoreTest {

    private static final Instant NOW = Instant.parse("2026-11-30T12:00:00Z");

    @TempDir private Path directory;

    @Test
    void keepsTheNewestBuildsAndNinetyDays() {
        try (BuildDatabase database = BuildDatabase.inMemory()) {
            BuildStore store = store(database);
            add(store, "old", NOW.minusSeconds(86_400L * 91));
            for (int i = 1; i < 2 * BuildStore.MOST_BUILDS / 100; i++) {
                database.transact(
                        it ->
                                it.sql("UPDATE sqlite_sequence SET seq = (seq / 100 + 1) * 100 - 1")
                                        .update());
                add(store, "new", NOW);
            }
            List<ReportedBuild> builds = store.builds(latest(BuildStore.MOST_BUILDS));
            assertThat(builds.getFirst().id() - builds.getLast().id())
                    .isLessThan(BuildStore.MOST_BUILDS);
            assertThat(store.days(120, null))
                    .singleElement()
                    .satisfies(day -> assertThat(day.module()).isEqualTo("new"));
        }
    }

    @Test
    void buildsOfOtherNamespacesAreNotSeen() {
        try (BuildDatabase database = BuildDatabase.inMemory()) {
            BuildStore store = store(database);
            ReportedBuild build = add(store, "m", NOW);
            assertThat(store.build(build.id(), List.of("global"))).isEqualTo(build);
            assertThat(store.build(build.id(), List.of("other"))).isNull();
            assertThat(store.days(1, List.of("other"))).isEmpty();
            assertThat(store.missed(1, 10, List.of("other"))).isEmpty();
        }
    }

    @Test
    void aDamagedFileIsSetAside() throws Exception {
        Path file = directory.resolve("builds.db");
        Files.write(file, new byte[10_000]);
        Files.writeString(file, "this is no database at all, and long enough to be looked at");
        try (BuildDatabase database = BuildDatabase.open(file)) {
            BuildStore store = store(database);
            add(store, "m", NOW);
            assertThat(store.builds(latest(5))).hasSize(1);
        }
        assertThat(directory.resolve("damaged-builds.db")).exists();
        try (BuildDatabase database = BuildDatabase.open(file)) {
            assertThat(store(database).builds(latest(5))).hasSize(1);
        }
    }

    @Test
    void withoutAFileBuildsAreRememberedInMemory() {
        try (BuildDatabase database =
                BuildDatabase.open(directory.resolve("missing").resolve("builds.db"))) {
            BuildStore store = store(database);
            add(store, "m", NOW);
            assertThat(store.builds(latest(5))).hasSize(1);
        }
    }

    private static BuildStore.Query latest(int limit) {
        return new BuildStore.Query(null, null, null, null, null, false, 0, limit);
    }

    private static BuildStore store(BuildDatabase database) {
        return new BuildStore(database, InstantSource.fixed(NOW));
    }

    private static ReportedBuild add(BuildStore store, String module, Instant time) {
        String json = "{\"module\":\"" + module + "\"}";
        byte[] report = json.getBytes(StandardCharsets.UTF_8);
        return store.add(BuildReportReader.read(report, time, Access.OPEN).build(), null, true, 0);
    }
}
