package io.gocacheserver.adapter.resident;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VersionTest {

    @ParameterizedTest
    @CsvSource({
        "0.2.0, 0.1.9",
        "0.10.0, 0.9.0",
        "1.0, 0.99.99",
        "1.0.1, 1.0",
        "1.0.0, 1.0.0-SNAPSHOT",
        "1.1.0-SNAPSHOT, 1.0.0"
    })
    void knowsTheNewer(String newer, String older) {
        assertThat(Version.isNewer(newer, older)).isTrue();
        assertThat(Version.isNewer(older, newer)).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"1.0.0, 1.0.0", "1.0, 1.0.0", "unknown, 1.0", "1.0, unknown"})
    void takesNeitherForTheNewer(String one, String other) {
        assertThat(Version.isNewer(one, other)).isFalse();
        assertThat(Version.isNewer(other, one)).isFalse();
    }
}
