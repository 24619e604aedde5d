package io.gocacheserver.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Instant;

class UnixNanosTest {

    @ParameterizedTest
    @ValueSource(
            longs = {
                0,
                1,
                -1,
                1_700_000_000_123_456_789L,
                -62_000_000_001L,
                Long.MAX_VALUE,
                Long.MIN_VALUE
            })
    void keepsEveryNanosecond(long nanos) {
        assertThat(UnixNanos.of(UnixNanos.toInstant(nanos))).isEqualTo(nanos);
    }

    @Test
    void countsFromTheEpoch() {
        assertThat(UnixNanos.toInstant(1_500_000_000L))
                .isEqualTo(Instant.parse("1970-01-01T00:00:01.5Z"));
        assertThat(UnixNanos.toInstant(-1))
                .isEqualTo(Instant.parse("1969-12-31T23:59:59.999999999Z"));
    }

    @Test
    void refusesTimesThatGoCannotExpress() {
        assertThatExceptionOfType(ArithmeticException.class)
                .isThrownBy(() -> UnixNanos.of(Instant.parse("2300-01-01T00:00:00Z")));
    }
}
