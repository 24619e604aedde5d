package io.gocacheserver.web.content;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.mock.web.MockHttpServletRequest;

class AcceptEncodingTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "zstd",
                "ZSTD",
                "Zstd",
                " zstd ",
                "gzip, zstd",
                "gzip,zstd,br",
                "gzip, deflate, br, zstd",
                "zstd;q=1",
                "zstd;q=1.000",
                "zstd;q=0.5",
                "zstd;q=0.001",
                "zstd ; Q=0.1",
                "zstd;q=0.1, identity;q=1",
                "*",
                "gzip;q=1, *;q=0.1",
                "gzip, *",
                "identity;q=0, zstd",
                "*;q=0, zstd",
                ", zstd ,",
                "zstd, zstd"
            })
    void isAllowed(String list) {
        assertThat(AcceptEncoding.allowsZstd(list)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "gzip",
                "identity",
                "gzip, deflate, br",
                "zstd;q=0",
                "zstd;q=0.000",
                "ZSTD;Q=0",
                "gzip, zstd;q=0",
                "*, zstd;q=0",
                "zstd;q=0, *",
                "*;q=0",
                "gzip, *;q=0.0",
                "zstd, zstd;q=0",
                "zstd;q=0, zstd",
                "x-zstd",
                "zstd2",
                "zst",
                "zstd;q=",
                "zstd;q=abc",
                "zstd;q=-1",
                "zstd;q=2",
                "zstd;q=1.5",
                "zstd;q=0.0001",
                "zstd;q=.5",
                "zstd;level=3",
                "zstd;q=0.5;x=y",
                "\"zstd\"",
                ",,;,"
            })
    void isNotAllowed(String list) {
        assertThat(AcceptEncoding.allowsZstd(list)).isFalse();
    }

    @Test
    void withoutTheHeaderItIsNot() {
        assertThat(AcceptEncoding.allowsZstd(new MockHttpServletRequest())).isFalse();
    }

    @Test
    void severalHeaderLinesAreOneList() {
        assertThat(AcceptEncoding.allowsZstd(request("gzip", "br", "zstd;q=0.3"))).isTrue();
        assertThat(AcceptEncoding.allowsZstd(request("*", "zstd;q=0"))).isFalse();
        assertThat(AcceptEncoding.allowsZstd(request("zstd", "gzip"))).isTrue();
        assertThat(AcceptEncoding.allowsZstd(request("gzip", "br"))).isFalse();
    }

    private static MockHttpServletRequest request(String... lines) {
        MockHttpServletRequest request = new MockHttpServletRequest();
        for (String line : lines) {
            request.addHeader("Accept-Encoding", line);
        }
        return request;
    }
}
