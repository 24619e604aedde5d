package io.gocacheserver.page;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;

class HistoryTest {

    private static final Instant START = Instant.parse("2026-11-25T12:00:00Z");

    private final History history = new History(Duration.ofSeconds(10));

    @Test
    void beginsEmpty() {
        assertThat(history.fine().time()).isEmpty();
        assertThat(history.coarse().time()).isEmpty();
    }

    @Test
    void aPointHasWhatWasCountedSinceTheOneBefore() {
        record(1, totals(5, 1000));
        record(2, totals(7, 1500));
        assertThat(history.fine().diskHits()).containsExactly(5, 2);
        assertThat(history.fine().bytesOut()).containsExactly(1000, 500);
        assertThat(history.fine().seconds()).isEqualTo(10);
        assertThat(history.fine().time())
                .containsExactly(START.getEpochSecond() + 10.0, START.getEpochSecond() + 20.0);
    }

    @Test
    void statesAreNotSubtracted() {
        record(1, totals(1, 0));
        record(2, totals(2, 0));
        assertThat(history.fine().diskBytes()).containsExactly(4096, 4096);
        assertThat(history.fine().uploads()).containsExactly(3, 3);
    }

    @Test
    void sixFinePointsAreACoarseOne() {
        for (int at = 1; at <= 13; at++) {
            record(at, totals(at * 10L, 0));
        }
        assertThat(history.coarse().diskHits()).containsExactly(60, 60);
        assertThat(history.coarse().seconds()).isEqualTo(60);
        assertThat(history.coarse().time()[1]).isEqualTo(START.getEpochSecond() + 120.0);
    }

    @Test
    void theOldestPointsGo() {
        int points = (History.COARSE_POINTS + 1) * History.FINE_PER_COARSE;
        for (int at = 1; at <= points; at++) {
            record(at, totals(at, 0));
        }
        assertThat(history.fine().time()).hasSize(History.FINE_POINTS);
        assertThat(history.coarse().time()).hasSize(History.COARSE_POINTS);
        assertThat(history.fine().time()[History.FINE_POINTS - 1])
                .isEqualTo(START.getEpochSecond() + points * 10.0);
    }

    private void record(int at, Totals totals) {
        history.record(START.plusSeconds(at * 10L), totals);
    }

    private static Totals totals(long diskHits, long bytesOut) {
        return new Totals(diskHits, 0, 0, 0, bytesOut, 0, 4096, 3);
    }
}
