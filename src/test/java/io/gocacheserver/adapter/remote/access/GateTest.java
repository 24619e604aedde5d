package io.gocacheserver.adapter.remote.access;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;

class GateTest {

    private long nanos = -5_000;

    private final CircuitBreaker breaker =
            new CircuitBreaker(3, Duration.ofSeconds(10), () -> nanos);
    private final Gate gate = new Gate(breaker);
    private final Gate otherSession = new Gate(breaker);

    @Test
    void failuresCloseItForAllSessionsAndAnAnswerOpensItAgain() {
        gate.failed();
        otherSession.failed(failure(500, null));
        assertThat(gate.tryPass()).isTrue();
        gate.failed();
        assertShut(gate);
        assertShut(otherSession);

        after(10);
        assertThat(otherSession.tryPass()).isTrue();
        otherSession.answered();
        assertThat(gate.tryPass()).isTrue();
        assertThat(gate.isOpen()).isTrue();
    }

    @Test
    void lookingTakesNobodysTurn() {
        close();
        after(10);
        assertThat(gate.isPassable()).isTrue();
        assertThat(gate.isPassable()).isTrue();
        assertThat(gate.isOpen()).as("to more than a probe").isFalse();
        assertThat(gate.tryPass()).isTrue();
        assertThat(gate.isPassable()).isFalse();
        assertThat(gate.tryPass()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {401, 403, 407})
    void aSessionThatIsRefusedAsksNoMoreAndOthersDo(int status) {
        gate.failed(failure(status, null));
        after(1_000_000);
        assertShut(gate);
        assertThat(otherSession.isOpen()).isTrue();
        assertThat(otherSession.tryPass()).isTrue();
    }

    @Test
    void aRefusalIsAnAnswerSoOthersNeedNotWaitForIt() {
        close();
        after(10);
        assertThat(gate.tryPass()).isTrue();
        gate.failed(failure(401, null));
        assertThat(otherSession.tryPass()).isTrue();
        assertThat(otherSession.tryPass()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"429, 60, 60", "503, 60, 60", "503, 7200, 300"})
    void aServiceThatAsksForItIsLeftAloneForSoLong(int status, String retryAfter, int seconds) {
        gate.failed(failure(status, retryAfter));
        after(seconds - 1);
        assertShut(gate);
        assertShut(otherSession);
        after(1);
        assertThat(gate.tryPass()).isTrue();
        assertThat(gate.tryPass()).as("before the first has been answered").isFalse();
        gate.answered();
        assertThat(gate.tryPass()).isTrue();
    }

    @Test
    void answersToWhatWasUnderWayDoNotEndThePause() {
        gate.failed(failure(429, "60"));
        gate.answered();
        otherSession.answered();
        otherSession.failed();
        after(59);
        assertShut(gate);
        after(1);
        assertThat(gate.tryPass()).isTrue();
        gate.answered();
        assertThat(gate.isOpen()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "0,",
        "-1,",
        "404, 60",
        "500, 60",
        "503,",
        "503, 0",
        "503, soon",
        "429, 'Sat, 01 Jan 2000 00:00:00 GMT'"
    })
    void anyOtherErrorIsOneFailureOfThoseThatItTakes(int status, @Nullable String retryAfter) {
        gate.failed(failure(status, retryAfter));
        gate.failed(failure(status, retryAfter));
        assertThat(gate.tryPass()).isTrue();
        gate.failed(failure(status, retryAfter));
        assertShut(gate);
        after(10);
        assertThat(gate.tryPass()).isTrue();
    }

    @Test
    void aProbeOfWhichNobodySaysWhatCameDoesNotShutOutTheOthersForGood() {
        close();
        after(10);
        assertThat(gate.tryPass()).isTrue(); // its session ends here
        after(9);
        assertShut(otherSession);
        after(1);
        assertThat(otherSession.tryPass()).isTrue();
        otherSession.answered();
        assertThat(otherSession.isOpen()).isTrue();
    }

    private void close() {
        for (int i = 0; i < 3; i++) {
            gate.failed();
        }
    }

    private void after(int seconds) {
        nanos += Duration.ofSeconds(seconds).toNanos();
    }

    private static void assertShut(Gate gate) {
        assertThat(gate.isOpen()).isFalse();
        assertThat(gate.isPassable()).isFalse();
        assertThat(gate.tryPass()).isFalse();
    }

    private static Failure failure(int status, @Nullable String retryAfter) {
        return new Failure(status, "it failed", retryAfter);
    }
}
