package io.gocacheserver.adapter.remote.access;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.time.Instant;

class RetryAfterTest {

    private static final Instant NOW = Instant.parse("2026-11-24T00:00:00Z");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "7 | 7",
                "0 | 0",
                "300 | 300",
                "301 | 300",
                "99999999999999999999 | 300",
                "Tue, 24 Nov 2026 00:00:30 GMT | 30",
                "Mon, 23 Nov 2026 23:00:00 GMT | 0",
                "Wed, 24 Nov 2027 00:00:00 GMT | 300",
                "-5 | 0",
                "1.5 | 0",
                "soon | 0",
            })
    void saysForHowManySeconds(String header, int seconds) {
        assertThat(RetryAfter.parse(header, NOW)).hasSeconds(seconds);
    }

    @Test
    void isZeroWithoutTheHeader() {
        assertThat(RetryAfter.parse(null, NOW)).isZero();
        assertThat(RetryAfter.parse("", NOW)).isZero();
    }
}
