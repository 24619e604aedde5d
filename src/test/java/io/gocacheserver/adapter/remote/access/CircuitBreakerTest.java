package io.gocacheserver.adapter.remote.access;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.time.Duration;

class CircuitBreakerTest {

    private long nanos = -5_000;

    private final CircuitBreaker breaker =
            new CircuitBreaker(3, Duration.ofSeconds(10), () -> nanos);

    @Test
    void passesUntilSoManyFailuresInARow() {
        fail(2);
        assertThat(breaker.tryPass()).isTrue();
        breaker.succeeded();
        fail(2);
        assertThat(breaker.tryPass()).isTrue();
        fail(1);
        assertThat(breaker.tryPass()).isFalse();
    }

    @Test
    void letsOneProbePassAfterThePause() {
        fail(3);
        after(9);
        assertThat(breaker.tryPass()).isFalse();
        after(1);
        assertThat(breaker.tryPass()).isTrue();
        assertThat(breaker.tryPass()).isFalse();
    }

    @Test
    void closesWhenTheProbeSucceeds() {
        fail(3);
        after(10);
        assertThat(breaker.tryPass()).isTrue();
        breaker.succeeded();
        assertThat(breaker.tryPass()).isTrue();
        assertThat(breaker.tryPass()).isTrue();
    }

    @Test
    void pausesAgainWhenTheProbeFails() {
        fail(3);
        after(10);
        assertThat(breaker.tryPass()).isTrue();
        breaker.failed();
        after(9);
        assertThat(breaker.tryPass()).isFalse();
        after(1);
        assertThat(breaker.tryPass()).isTrue();
    }

    @Test
    void isNotPutOffByRequestsThatWereUnderWayWhenItOpened() {
        fail(3);
        after(9);
        breaker.failed();
        after(1);
        assertThat(breaker.tryPass()).isTrue();
    }

    private void fail(int times) {
        for (int i = 0; i < times; i++) {
            breaker.failed();
        }
    }

    private void after(int seconds) {
        nanos += Duration.ofSeconds(seconds).toNanos();
    }
}
