package io.gocacheserver.page;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.springframework.boot.health.contributor.Health;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

class RemoteStateTest {

    private final Deque<Runnable> behind = new ArrayDeque<>();
    private Health health = Health.up().build();
    private long nanos;

    private final RemoteState state =
            new RemoteState(() -> health, Duration.ofSeconds(10), behind::add, () -> nanos);

    @Test
    void withoutS3ThereIsNothingToAsk() {
        RemoteState none = new RemoteState(null, Duration.ofSeconds(10), behind::add, () -> nanos);
        assertThat(none.known().state()).isEqualTo("none");
        assertThat(behind).isEmpty();
    }

    @Test
    void whoLooksFirstDoesNotWait() {
        assertThat(state.known().state()).isEqualTo("unknown");
        behind.remove().run();
        assertThat(state.known().state()).isEqualTo("up");
        assertThat(behind).isEmpty();
    }

    @Test
    void asksOnceForAllWhoLookMeanwhile() {
        state.known();
        state.known();
        assertThat(behind).hasSize(1);
    }

    @Test
    void asksAgainWhenTheAnswerIsOld() {
        state.known();
        behind.remove().run();
        nanos = Duration.ofSeconds(10).toNanos();
        health =
                Health.down()
                        .withDetail("error", "[s3] gone")
                        .withDetail("cause", "outage")
                        .build();
        assertThat(state.known().state()).isEqualTo("up");
        behind.remove().run();
        assertThat(state.known()).isEqualTo(new RemoteState.Known("down", "[s3] gone", "outage"));
    }
}
