package io.gocacheserver.adapter.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.junit.jupiter.api.Test;

import java.net.SocketTimeoutException;
import java.time.Duration;

class DeadlineTest {

    private static final int MIB = 1 << 20;

    private long nanos = -5_000_000_000L;

    @Test
    void passes() {
        Deadline deadline = deadline(10, 10);
        after(9);
        assertThat(deadline.remaining()).hasSeconds(1);
        after(2);
        assertThat(deadline.remaining()).isZero();
        assertThatExceptionOfType(SocketTimeoutException.class)
                .isThrownBy(() -> deadline.remainingMillis(Duration.ofSeconds(5)));
    }

    @Test
    void isPutOffByWhatComesFastEnough() {
        Deadline deadline = deadline(10, 100);
        for (int i = 0; i < 50; i++) {
            after(1);
            deadline.came(MIB / 4 + 1000);
        }
        assertThat(deadline.remaining()).isBetween(Duration.ofSeconds(9), Duration.ofSeconds(10));
    }

    @Test
    void isNotPutOffByADrip() {
        Deadline deadline = deadline(10, 100);
        for (int i = 0; i < 9; i++) {
            after(1);
            deadline.came(1000);
        }
        assertThat(deadline.remaining()).isLessThan(Duration.ofMillis(1100));
    }

    @Test
    void isNotPutOffForLongByWhatCameBefore() {
        Deadline deadline = deadline(10, 1000);
        deadline.came(400L * MIB);
        assertThat(deadline.remaining()).hasSeconds(10);
        after(9);
        assertThat(deadline.remaining()).hasSeconds(1);
    }

    @Test
    void isNeverPutOffBeyondTheLongest() {
        Deadline deadline = deadline(10, 20);
        for (int i = 0; i < 15; i++) {
            after(1);
            deadline.came(400L * MIB);
        }
        assertThat(deadline.remaining()).hasSeconds(5);
    }

    @Test
    void allowsForABodyThatIsToBeSent() {
        Deadline deadline = deadline(10, 10);
        deadline.allowFor(60L * MIB);
        after(10);
        assertThat(deadline.remaining()).isCloseTo(Duration.ofSeconds(60), Duration.ofMillis(100));
    }

    @Test
    void canBeMadeEarlier() {
        assertThat(deadline(10, 10).within(Duration.ofSeconds(1)).remaining()).hasSeconds(1);
        assertThat(deadline(10, 10).within(Duration.ofSeconds(30)).remaining()).hasSeconds(10);
    }

    private Deadline deadline(int patience, int longest) {
        return new Deadline(Duration.ofSeconds(patience), Duration.ofSeconds(longest), () -> nanos);
    }

    private void after(int seconds) {
        nanos += Duration.ofSeconds(seconds).toNanos();
    }
}
