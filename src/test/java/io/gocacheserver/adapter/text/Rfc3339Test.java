package io.gocacheserver.adapter.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Instant;
import java.util.Random;

class Rfc3339Test {

    @Test
    void writesNineFractionDigitsInUtc() {
        assertThat(Rfc3339.format(0)).isEqualTo("1970-01-01T00:00:00.000000000Z");
        assertThat(Rfc3339.format(1_709_210_096_000_000_001L))
                .isEqualTo("2024-02-29T12:34:56.000000001Z");
    }

    @Test
    void agreesWithJavaTimeOnAnyMoment() {
        Random random = new Random(1);
        for (int i = 0; i < 10_000; i++) {
            long nanos = random.nextLong();
            Instant instant =
                    Instant.ofEpochSecond(
                            Math.floorDiv(nanos, 1_000_000_000L),
                            Math.floorMod(nanos, 1_000_000_000L));
            String text = Rfc3339.format(nanos);
            assertThat(Instant.parse(text)).isEqualTo(instant);
            assertThat(Rfc3339.parse(text)).isEqualTo(nanos);
        }
    }

    @Test
    void readsAnyFraction() {
        long expected = Rfc3339.parse("2026-11-23T08:29:05.120000000Z");
        assertThat(Rfc3339.parse("2026-11-23T08:29:05.12Z")).isEqualTo(expected);
        assertThat(Rfc3339.parse("2026-11-23T08:29:05Z")).isEqualTo(expected - 120_000_000);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "now",
                "2026-11-23",
                "2026-11-23 08:29:05Z",
                "2026-13-23T08:29:05Z",
                "2026-11-23T08:29:05",
                "2026-11-23T08:29:05.Z",
                "2026-11-23T08:29:05Z ",
                "2026-11-23T08:29:05+01:00",
                "2026-11-23T24:29:05Z",
                "9999-11-23T08:29:05Z"
            })
    void refusesWhatIsNoTimeOrDoesNotFit(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Rfc3339.parse(text))
                .withMessageContaining(text);
    }
}
