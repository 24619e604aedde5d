package io.gocacheserver.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ByteSizeTest {

    @ParameterizedTest
    @CsvSource({
        "0,0",
        "0B,0",
        "4096,4096",
        "1B,1",
        "10kB,10000",
        "500MB,500000000",
        "10GB,10000000000",
        "10G,10000000000",
        "1.5gb,1500000000",
        "2GiB,2147483648",
        "2Gi,2147483648",
        "1TB,1000000000000"
    })
    void readsSizes(String text, long bytes) {
        assertThat(ByteSize.valueOf(text)).isEqualTo(new ByteSize(bytes));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "GB", "-1GB", "10 apples", "10XB", "1.2.3GB", "10Bi", "9999999TB"})
    void refusesWhatIsNoSize(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ByteSize.valueOf(text))
                .withMessageContaining("10GB");
    }

    @ParameterizedTest
    @CsvSource({
        "0,0 B",
        "999,999 B",
        "1000,1.0 kB",
        "12345,12 kB",
        "999999,999 kB",
        "1250000,1.2 MB",
        "63000000,63 MB",
        "5400000000,5.4 GB",
        "7000000000000000,7000 TB"
    })
    void writesSizes(long bytes, String text) {
        assertThat(ByteSize.format(bytes)).isEqualTo(text);
    }
}
