package io.gocacheserver.operations;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ByteCountTest {

    @ParameterizedTest
    @CsvSource({
        "0, 0 B",
        "1023, 1023 B",
        "1024, 1.0 KiB",
        "1536, 1.5 KiB",
        "1048575, 1.0 MiB",
        "1048576, 1.0 MiB",
        "5000000000, 4.7 GiB",
        "9223372036854775807, 8.0 EiB"
    })
    void isReadable(long bytes, String text) {
        assertThat(ByteCount.of(bytes)).isEqualTo(new ByteCount(bytes, text));
    }
}
