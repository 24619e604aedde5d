package io.gocacheserver.adapter.http.target;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ServiceUrlTest {

    @Test
    void readsHostPortAndPath() {
        assertThat(ServiceUrl.parse("http://cache:8080"))
                .isEqualTo(new ServiceUrl(false, "cache", 8080, ""));
        assertThat(ServiceUrl.parse("HTTPS://example.org/a/b/"))
                .isEqualTo(new ServiceUrl(true, "example.org", 443, "/a/b"));
    }

    @Test
    void keepsTheBracketsOfIpv6OnlyWhereHttpWantsThem() {
        ServiceUrl url = ServiceUrl.parse("http://[::1]:8080/");

        assertThat(url.host()).isEqualTo("::1");
        assertThat(url.authority()).isEqualTo("[::1]:8080");
        assertThat(url).hasToString("http://[::1]:8080");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "cache:8080",
                "localhost",
                "ftp://cache",
                "http://",
                "http://:8080",
                "http://user:pw@cache",
                "http://cache?x=1",
                "http://cache:99999",
                "http://cache:0",
                "http://a b"
            })
    void saysWhatIsWrongAndHowToWriteIt(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ServiceUrl.parse(text))
                .withMessageContaining("Write it like http://host:8080");
    }

    @Test
    void readsUnixSockets() {
        ServiceUrl url = ServiceUrl.parse("unix:///run/go cache.sock".replace(" ", "%20"));

        assertThat(url.socket()).isEqualTo("/run/go cache.sock");
        assertThat(url).hasToString("unix:///run/go cache.sock");
    }

    @ParameterizedTest
    @ValueSource(strings = {"unix://run/cache.sock", "unix:///", "unix:cache", "unix:///a?b"})
    void refusesUnixSocketsThatNameNoFile(String url) {
        assertThatIllegalArgumentException().isThrownBy(() -> ServiceUrl.parse(url));
    }
}
