package io.gocacheserver.module;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.gocacheserver.cache.Access;
import io.gocacheserver.model.Namespace;
import io.gocacheserver.model.Provenance;
import io.gocacheserver.module.ModuleProperties.UpstreamSettings;
import io.gocacheserver.module.UpstreamList.Proxy;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.net.URI;
import java.util.List;

class UpstreamListTest {

    private static final URI ONE = URI.create("https://one.example/base");
    private static final URI TWO = URI.create("http://two.example:8080");

    @Test
    void theSyntaxIsThatOfGoproxy() {
        assertThat(
                        parse(
                                " https://one.example/base/ | http://two.example:8080,direct,https://never.example"))
                .isEqualTo(
                        new UpstreamList(
                                List.of(new Proxy(ONE, true), new Proxy(TWO, false)), false));
        assertThat(parse("https://one.example/base,off"))
                .isEqualTo(new UpstreamList(List.of(new Proxy(ONE, false)), true));
        assertThat(parse("direct").isEmpty()).isTrue();
        assertThat(parse(" ").isEmpty()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "proxy.example",
                "file:///modules",
                "https://",
                "https://user:secret@one.example",
                "https://one.example?x=y",
                "https://one example",
            })
    void whatIsNoUpstreamIsNamedWithoutItsSecret(String word) {
        assertThatExceptionOfType(InvalidModulesException.class)
                .isThrownBy(() -> parse("https://fine.example," + word))
                .withMessageStartingWith("the.setting: ")
                .withMessageNotContaining("secret");
    }

    @ParameterizedTest
    @CsvSource({
        "corp.example/*, corp.example/a, true",
        "corp.example/*, corp.example/a/b/v2, true",
        "corp.example/*, corp.example, false",
        "corp.example, corp.example/a, true",
        "corp.example, corp.example.org/a, false",
        "*.corp.example, git.corp.example/a, true",
        "'github.com/acme/x[0-9],other.example', github.com/acme/x7, true",
        "'github.com/acme/x[0-9],other.example', other.example/y, true",
        "'github.com/acme/x[0-9],other.example', github.com/acme/xy, false",
        "github.com/ac?e/, github.com/acme/z, true",
    })
    void aPatternMatchesAsInGoprivate(String pattern, String module, boolean matches) {
        assertThat(
                        sources(settings(pattern, "https://one.example", null, "team"))
                                .getFirst()
                                .has(module))
                .isEqualTo(matches);
    }

    @Test
    void whatIsNamedForNamespacesIsTheirsAlone() {
        Source source =
                sources(settings("corp.example", "https://one.example", null, "team", "other"))
                        .getFirst();
        assertThat(source.isOpenTo(access("other"))).isTrue();
        assertThat(source.isOpenTo(access("third"))).isFalse();
        assertThat(source.isOpenTo(Access.OPEN)).isFalse();
        assertThat(source.home()).isEqualTo(new Namespace("team").modules());
    }

    @Test
    void credentialsAreForTheHostOfTheSetting() {
        Source source =
                sources(settings("corp.example", "https://one.example/x", "/file", "team"))
                        .getFirst();
        assertThat(source.isOwn(URI.create("https://one.example/other"))).isTrue();
        assertThat(source.isOwn(URI.create("http://one.example/x"))).isFalse();
        assertThat(source.isOwn(URI.create("https://one.example:8443/x"))).isFalse();
        assertThat(source.isOwn(URI.create("https://two.example/x"))).isFalse();
    }

    @Test
    void anUpstreamThatLacksAPartIsRefused() {
        assertRefused(settings("", "https://one.example", null, "team"), "upstreams[0].pattern");
        assertRefused(settings("corp.example", "", null, "team"), "upstreams[0].url");
        assertRefused(
                settings("corp.example", "https://one.example", null), "upstreams[0].namespaces");
        assertRefused(
                settings("corp.example", "https://one.example", null, "Team"),
                "upstreams[0].namespaces");
        assertRefused(
                settings("corp.example/[", "https://one.example", null, "team"),
                "upstreams[0].pattern");
    }

    private static void assertRefused(UpstreamSettings settings, String property) {
        assertThatExceptionOfType(InvalidModulesException.class)
                .isThrownBy(() -> sources(settings))
                .withMessageContaining("cache-server.modules." + property);
    }

    private static Access access(String namespace) {
        return Access.of(
                List.of(new Namespace(namespace), Namespace.GLOBAL), null, Provenance.UNKNOWN);
    }

    private static UpstreamSettings settings(
            String pattern, String url, @Nullable String credentials, String... namespaces) {
        return new UpstreamSettings(pattern, url, credentials, List.of(namespaces));
    }

    private static List<Source> sources(UpstreamSettings settings) {
        return Source.of(new ModuleProperties("", List.of(settings), ""));
    }

    private static UpstreamList parse(String text) {
        return UpstreamList.parse("the.setting", text);
    }
}
