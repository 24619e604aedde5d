package io.gocacheserver.page;

import static org.assertj.core.api.Assertions.assertThat;

import io.gocacheserver.module.ModuleReport;
import io.gocacheserver.operations.Overview;
import io.gocacheserver.operations.Overview.ByteCount;
import io.gocacheserver.page.Problems.Found;
import io.gocacheserver.page.Problems.Project;
import io.gocacheserver.page.Problems.Week;
import io.gocacheserver.page.RemoteState.Known;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.time.Duration;
import java.util.List;
import java.util.Map;

class ProblemsTest {

    private static final long GB = 1_000_000_000L;
    private static final Known UP = new Known("up", null, null);

    private String state = "working";
    private @Nullable String problem;
    private @Nullable Duration oldestIdle = Duration.ofDays(3);
    private Map<String, Overview.Evicted> evictions = Map.of();
    private Map<String, Long> corruptions = Map.of();
    private long volumeFree = 500 * GB;
    private Overview.@Nullable Uploads uploads = uploads(3, Duration.ofMinutes(2), 0);
    private Known s3 = UP;
    private ModuleReport modules = modules(0, null);
    private Week week = new Week(List.of(), 0, null);

    @Test
    void ofAServiceThatWorksThereIsNothingToSay() {
        week = built(new Project("acme/app", 50, 9_000, 8_500, "sources-changed"));
        assertThat(found()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "full, disk-full, raise cache-server.disk.max-size",
        "read_only, disk-read-only, cache-server.disk.path writable",
        "unavailable, disk-unavailable, Bring the directory"
    })
    void aDiskThatDoesNotWorkIsBad(String state, String kind, String advice) {
        this.state = state;
        problem = "no space left on device";
        Found only = only();
        assertThat(only.kind()).isEqualTo(kind);
        assertThat(only.severity()).isEqualTo("bad");
        assertThat(only.text()).endsWith("No space left on device.");
        assertThat(only.advice()).contains(advice);
    }

    @Test
    void aDiskThatTurnsOverWithinADaySaysHowMuchMoreWouldHelp() {
        oldestIdle = Duration.ofHours(6);
        evictions = Map.of("size", new Overview.Evicted(9, 9, ByteCount.of(9 * GB)));
        Found only = only();
        assertThat(only.kind()).isEqualTo("disk-turns-over");
        assertThat(only.text()).contains("used 6 h ago");
        // It holds 40 GB for six hours, so a day needs 120 GB more.
        assertThat(only.advice())
                .isEqualTo("Raise cache-server.disk.max-size by 120 GB, to about 170 GB.");

        volumeFree = 20 * GB;
        assertThat(only().advice()).contains("The volume has 20 GB free, so it has to grow too.");
    }

    @Test
    void aDiskThatIsYoungOrEvictsByAgeAloneDoesNotTurnOver() {
        oldestIdle = Duration.ofHours(6);
        assertThat(found()).isEmpty();
        evictions = Map.of("age", new Overview.Evicted(9, 9, ByteCount.of(9 * GB)));
        assertThat(found()).isEmpty();
    }

    @Test
    void s3ThatRefusesSaysWhichPermissionIsMissing() {
        s3 =
                new Known(
                        "down",
                        "[s3] the bucket b cannot be used: its credentials may not write: allow s3:PutObject for b/*",
                        "settings");
        Found only = only();
        assertThat(only.kind()).isEqualTo("s3-refuses");
        assertThat(only.advice())
                .startsWith("The bucket b")
                .endsWith("allow s3:PutObject for b/*.");
    }

    @Test
    void s3ThatTakesNoUploadSaysSoAndWhichPermissionThatIs() {
        s3 =
                new Known(
                        "down",
                        "every upload fails: [s3] write output ab: Access Denied (Service: S3, Status Code: 403)",
                        "uploads");
        assertThat(only().kind()).isEqualTo("uploads-fail");
        assertThat(only().advice())
                .endsWith("Allow s3:PutObject for all keys below cache-server.s3.key-prefix.");
        s3 = new Known("down", "every upload fails: [s3] write output ab: out of disk", "uploads");
        assertThat(only().advice()).doesNotContain("Allow");
    }

    @Test
    void anOutageIsNoMatterOfUploadsThatAreLate() {
        s3 = new Known("down", "[s3] no connection (SDK Attempt Count: 4). Uploads wait", "outage");
        uploads = uploads(900, Duration.ofHours(3), 0);
        assertThat(found()).extracting(Found::kind).containsExactly("s3-away");
        assertThat(only().advice()).isEqualTo("No connection. Uploads wait.");
    }

    @Test
    void uploadsFallBehindOrAreLost() {
        uploads = uploads(900, Duration.ofHours(3), 2);
        assertThat(found()).extracting(Found::kind).containsExactly("uploads-late", "uploads-lost");
        assertThat(found().getFirst().text()).contains("900 objects wait", "3 h");
        assertThat(found().getFirst().advice()).contains("cache-server.s3.upload-concurrency");
    }

    @Test
    void objectsWereDamaged() {
        corruptions = Map.of("scrub", 2L, "get", 1L);
        assertThat(only().text()).startsWith("3 objects were found damaged");
    }

    @ParameterizedTest
    @CsvSource({
        "it answers 503, name another one after |",
        "it answers 403, Give it valid credentials",
        "ConnectException, Look at it and at the network"
    })
    void anUpstreamOfModulesKeepsFailing(String failure, String advice) {
        modules = modules(0, null, upstream(2, "it answers 503"), upstream(0, null));
        assertThat(found()).as("two may be chance").isEmpty();
        modules = modules(0, null, upstream(3, failure), upstream(0, null));
        Found only = only();
        assertThat(only.kind()).isEqualTo("modules-upstream-fails");
        assertThat(only.severity()).isEqualTo("bad");
        assertThat(only.text()).endsWith("what the cache has of it: https://proxy.example.");
        assertThat(only.advice())
                .startsWith("Its latest 3 requests: " + failure + ". ")
                .contains(advice);
    }

    @Test
    void filesOfModulesWereRefused() {
        modules = modules(1, "example.com/m/@v/v1.0.0.zip: it is no zip");
        Found only = only();
        assertThat(only.kind()).isEqualTo("modules-refused");
        assertThat(only.text()).startsWith("1 file of a Go module was refused");
        assertThat(only.advice())
                .startsWith("The latest: example.com/m/@v/v1.0.0.zip: it is no zip. None of them");
        modules =
                modules(2, "example.com/m/@v/v1.0.0.zip: SECURITY ERROR: its hash is h1:a=, but …");
        assertThat(only().text()).startsWith("2 files of Go modules were refused");
        assertThat(only().advice()).contains("SECURITY ERROR", "leave the check on");
    }

    @Test
    void buildsCouldNotReachTheCache() {
        week = new Week(List.of(), 2, "the service did not answer within 2 s");
        assertThat(only().kind()).isEqualTo("builds-suffered");
        assertThat(only().text()).startsWith("2 builds of the last 24 hours");
        assertThat(only().advice())
                .contains("The latest: The service did not answer within 2 s.", "doctor");
    }

    @ParameterizedTest
    @CsvSource({
        "never-seen, access read-write",
        "settings-differ, same settings",
        "sources-changed, -trimpath",
        "evicted, cache-server.disk.max-size",
        "not-uploaded, access read-write",
        "not-cacheable, not cache them",
        "something-new, may read but not put",
        ", may read but not put"
    })
    void aProjectThatNeverHitsIsToldWhy(@Nullable String reason, String advice) {
        week = built(new Project("acme/app", 12, 3_000, 0, reason));
        assertThat(only().kind()).isEqualTo("never-hits");
        assertThat(only().text()).startsWith("acme/app never hits: 12 builds");
        assertThat(only().advice()).contains(advice);
    }

    @Test
    void aProjectOfFewBuildsOrGetsMayMissAll() {
        week = built(new Project("new", 4, 3_000, 0, null), new Project("small", 40, 90, 0, null));
        assertThat(found()).isEmpty();
    }

    @Test
    void theWorstComesFirst() {
        corruptions = Map.of("scrub", 1L);
        s3 = new Known("down", "gone", "outage");
        assertThat(found()).extracting(Found::severity).containsExactly("bad", "warning");
    }

    private Found only() {
        assertThat(found()).hasSize(1);
        return found().getFirst();
    }

    private List<Found> found() {
        return Problems.of(
                new Overview(
                        state,
                        problem,
                        new Overview.Requests(10, 9, 9, 0, 1, 0, 0.9),
                        new Overview.Wire(ByteCount.of(1), ByteCount.of(1), ByteCount.of(1)),
                        new Overview.Disk(
                                1,
                                1,
                                ByteCount.of(90 * GB),
                                ByteCount.of(39 * GB),
                                ByteCount.of(40 * GB),
                                ByteCount.of(50 * GB),
                                80,
                                ByteCount.of(GB),
                                ByteCount.of(volumeFree),
                                oldestIdle,
                                evictions,
                                corruptions),
                        new Overview.Scrub(false, null, 0, ByteCount.of(0), null),
                        uploads,
                        List.of()),
                s3,
                modules,
                week);
    }

    private static ModuleReport modules(
            long refused, @Nullable String refusal, ModuleReport.Upstream... upstreams) {
        return new ModuleReport(
                true,
                new ModuleReport.Answers(1, 1, 1, 1, 1, 1),
                1,
                refused,
                refusal,
                List.of(upstreams));
    }

    private static ModuleReport.Upstream upstream(long failures, @Nullable String failure) {
        String state = failures == 0 ? "up" : failures < 3 ? "failed" : "down";
        return new ModuleReport.Upstream("https://proxy.example", state, failures, failure);
    }

    private static Week built(Project... projects) {
        return new Week(List.of(projects), 0, null);
    }

    private static Overview.Uploads uploads(long queued, Duration oldest, long dropped) {
        return new Overview.Uploads(queued, 0, oldest, false, dropped, 0, 0, Map.of("expired", 0L));
    }
}
