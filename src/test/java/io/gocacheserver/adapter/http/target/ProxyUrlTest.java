package io.gocacheserver.adapter.http.target;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.Map;

/** The cases are those that decide in Go: golang.org/x/net/http/httpproxy. */
class ProxyUrlTest {

    @Test
    void takesTheProxyOfTheScheme() {
        Map<String, String> environment =
                Map.of("HTTP_PROXY", "http://plain:1", "HTTPS_PROXY", "http://secure:2");

        assertThat(proxy("http://cache", environment)).hasToString("http://plain:1");
        assertThat(proxy("https://cache", environment)).hasToString("http://secure:2");
        assertThat(proxy("unix:///run/cache.sock", environment)).isNull();
        assertThat(proxy("http://cache", Map.of())).isNull();
    }

    @Test
    void takesLowerCaseWhereThereIsNoUpperCase() {
        assertThat(proxy("http://cache", Map.of("http_proxy", "a:1"))).hasToString("http://a:1");
        assertThat(proxy("http://cache", Map.of("http_proxy", "a:1", "HTTP_PROXY", "b:2")))
                .hasToString("http://b:2");
    }

    @Test
    void ignoresWhatAClientOfACgiProcessCouldHaveSet() {
        Map<String, String> environment =
                Map.of("HTTP_PROXY", "a:1", "HTTPS_PROXY", "b:2", "REQUEST_METHOD", "GET");

        assertThat(proxy("http://cache", environment)).isNull();
        assertThat(proxy("https://cache", environment)).isNotNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "127.0.0.1", "127.9.9.9", "[::1]"})
    void goesToThisMachineWithoutAProxy(String host) {
        assertThat(proxy("http://" + host, Map.of("HTTP_PROXY", "a:1"))).isNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "cache.example.org | * | true",
                "cache.example.org | example.org | true",
                "cache.example.org | other,  Example.ORG | true",
                "cache.example.org | .example.org | true",
                "cache.example.org | *.example.org | true",
                "example.org | example.org | true",
                "example.org | .example.org | false",
                "example.org | *.example.org | false",
                "badexample.org | example.org | false",
                "example.org | cache.example.org | false",
                "cache:8080 | cache:8080 | true",
                "cache:8080 | cache:80 | false",
                "cache | cache:80 | true",
                "10.1.2.3 | 10.1.2.3 | true",
                "10.1.2.3 | 10.1.2.3:80 | true",
                "10.1.2.3 | 10.1.2.3:81 | false",
                "10.1.2.3 | 10.0.0.0/8 | true",
                "11.1.2.3 | 10.0.0.0/8 | false",
                "10.1.2.3 | 10.1.2.0/23 | true",
                "10.1.4.3 | 10.1.2.0/23 | false",
                "10.1.2.3 | 10.1.2.3/33 | false",
                "10.1.2.3 | fd00::/8 | false",
                "[fd00::1] | fd00::/8 | true",
                "[fd00::1] | fd00::1 | true",
                "[fd00::1]:90 | [fd00::1]:90 | true",
                "[fd00::1] | [fd00::1]:90 | false",
                "cache | , ,/,: | false",
            })
    void goesAroundTheProxyWhereNoProxySaysSo(String host, String exceptions, boolean around) {
        Map<String, String> environment = Map.of("HTTP_PROXY", "a:1", "NO_PROXY", exceptions);

        assertThat(proxy("http://" + host, environment) == null).isEqualTo(around);
    }

    @Test
    void keepsThePasswordToItself() {
        ProxyUrl proxy = ProxyUrl.parse("http://me:s%40cret@proxy:3128");

        assertThat(proxy.authorization()).isEqualTo("Basic bWU6c0BjcmV0");
        assertThat(proxy).hasToString("http://proxy:3128");
    }

    @ParameterizedTest
    @ValueSource(strings = {"socks5://secret@a:1", "http://", "http://a:0", "http://secret @b"})
    void saysWhichProxyCannotBe(String proxy) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> proxy("http://cache", Map.of("HTTP_PROXY", proxy)))
                .withMessageStartingWith("HTTP_PROXY: ")
                .withMessageNotContainingAny("secret");
    }

    private static @Nullable ProxyUrl proxy(String url, Map<String, String> environment) {
        return ProxyUrl.of(ServiceUrl.parse(url), environment);
    }
}
