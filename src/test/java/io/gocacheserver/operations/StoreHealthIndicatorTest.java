package io.gocacheserver.operations;

import static org.assertj.core.api.Assertions.assertThat;

import io.gocacheserver.cache.tier.StoreReport.State;
import io.gocacheserver.cache.tier.TierException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.health.contributor.Health;

import java.time.Duration;

class StoreHealthIndicatorTest {

    private final FakeStore store = new FakeStore();

    @ParameterizedTest
    @CsvSource({
        "WORKING, false, UP",
        "FULL, false, DEGRADED",
        "READ_ONLY, false, DEGRADED",
        "UNAVAILABLE, false, DOWN",
        "UNAVAILABLE, true, DEGRADED"
    })
    void followsTheState(State state, boolean remoteAnswers, String status) {
        store.state = state;
        Health health = health(remoteAnswers);
        assertThat(health.getStatus().getCode()).isEqualTo(status);
        assertThat(health.getDetails()).containsEntry("state", Tags.of(state));
        assertThat(health.getDetails().containsKey("effect")).isEqualTo(state != State.WORKING);
    }

    @Test
    void namesTheProblem() {
        store.state = State.FULL;
        store.problem = "no room";
        assertThat(health(false).getDetails()).containsEntry("error", "no room");
    }

    @Test
    void aCheckThatFailsCountsWhereTheStoreHasNotNoticedYet() {
        store.failure = new TierException.LocalWrite("cannot be written", null);
        Health health = health(false);
        assertThat(health.getStatus()).isEqualTo(StoreHealthIndicator.DEGRADED);
        assertThat(health.getDetails())
                .containsEntry("state", "read_only")
                .containsEntry("error", "[disk] cannot be written");
        store.failure = new TierException.LocalRead("cannot be read", null);
        assertThat(health(false).getStatus().getCode()).isEqualTo("DOWN");
    }

    private Health health(boolean remoteAnswers) {
        return new StoreHealthIndicator(
                        store, store, () -> remoteAnswers, Duration.ZERO, System::nanoTime)
                .health();
    }
}
