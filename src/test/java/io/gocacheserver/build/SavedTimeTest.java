package io.gocacheserver.build;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.gocacheserver.cache.Access;
import io.gocacheserver.operations.Overview;

import org.junit.jupiter.api.Test;

import java.time.Instant;

class SavedTimeTest {

    private long hits;
    private long misses;
    private final SavedTime time =
            new SavedTime(
                    () -> new Overview.Requests(hits + misses, hits, hits, 0, misses, 0, null));

    @Test
    void hitsAreWorthTheMeanOfAnExecution() {
        misses = 10;
        hits = 100;
        report(10, 20_000, 0);
        report(0, 0, 30);
        report(0, 0, 70);
        assertThat(time.savedSeconds()).isEqualTo(200);
    }

    @Test
    void oneBuildIsToldWhatItsHitsAreWorth() {
        assertThat(time.estimateMillis(build(0, 0, 30))).isZero();
        misses = 10;
        report(10, 20_000, 0);
        assertThat(time.estimateMillis(build(0, 0, 30))).isEqualTo(60_000);
        assertThat(time.savedSeconds()).as("which is not counted by that").isZero();
    }

    @Test
    void noMoreIsBelievedThanTheServiceHasAnswered() {
        misses = 2;
        hits = 5;
        report(1_000_000, 2_000_000_000, 0);
        for (int i = 0; i < 300; i++) {
            report(0, 0, 1_000_000);
        }
        assertThat(time.savedSeconds()).isEqualTo(10);
        hits = 6;
        report(0, 0, 9_007_199_254_740_991L);
        assertThat(time.savedSeconds()).isEqualTo(12);
    }

    @Test
    void noExecutionTakesMoreThanTenMinutes() {
        misses = 1;
        hits = 1;
        report(1, 9_007_199_254_740_991L, 1);
        assertThat(time.savedSeconds()).isEqualTo(600);
    }

    @Test
    void withoutAnExecutionHitsAreWorthNothing() {
        hits = 1;
        report(0, 1000, 1);
        report(7, 1000, 1);
        assertThat(time.savedSeconds()).isZero();
    }

    private void report(long executed, long executionMillis, long serviceHits) {
        time.add(build(executed, executionMillis, serviceHits));
    }

    private static ReportedBuild build(long executed, long executionMillis, long serviceHits) {
        String json =
                "{\"executed\":%d,\"executionMillis\":%d,\"serviceHits\":%d}"
                        .formatted(executed, executionMillis, serviceHits);
        return BuildReportReader.read(json.getBytes(UTF_8), Instant.EPOCH, Access.OPEN).build();
    }
}
