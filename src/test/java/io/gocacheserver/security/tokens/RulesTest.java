package io.gocacheserver.security.tokens;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gocacheserver.model.Namespace;
import io.gocacheserver.security.tokens.TokenSettings.Level;
import io.gocacheserver.security.tokens.TokenSettings.Secret;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;
import java.util.Map;
import java.util.Set;

class RulesTest {

    private static final String URI = "https://issuer";

    @Test
    void theFirstRuleThatMatchesHolds() {
        Rules rules =
                rules(
                        rule("global", "repository=acme/app", "ref=refs/heads/main"),
                        rule("pr-{repository}", "repository=acme/*"),
                        rule(null, "repository=*"));

        Client main = client(rules, Map.of("repository", "acme/app", "ref", "refs/heads/main"));
        assertThat(main.access().writes()).isEqualTo(Namespace.GLOBAL);
        assertThat(main.access().reads()).containsExactly(Namespace.GLOBAL);

        Client pull = client(rules, Map.of("repository", "acme/app", "ref", "refs/pull/7/merge"));
        assertThat(String.valueOf(pull.access().writes())).startsWith("pr-acme-app-");
        assertThat(pull.access().reads()).last().isEqualTo(Namespace.GLOBAL);
        assertThat(pull.access().reads()).hasSize(2);

        Client stranger = client(rules, Map.of("repository", "evil/app"));
        assertThat(stranger.access().writes()).isNull();
        assertThat(stranger.may(Permission.WRITE)).isFalse();
    }

    @Test
    void aTokenThatNoRuleMatchesMayDoNothing() {
        Rules rules = rules(rule("global", "repository=acme/app"));
        for (Map<String, Object> claims :
                List.<Map<String, Object>>of(
                        Map.of("repository", "acme/app2"),
                        Map.of("repository", "xacme/app"),
                        Map.of("repository", "acme/app\n"),
                        Map.of("repository", Map.of("acme/app", "acme/app")),
                        Map.of("Repository", "acme/app"),
                        Map.of())) {
            assertThatThrownBy(() -> client(rules, claims))
                    .isInstanceOf(RefusedException.class)
                    .hasMessageContaining("no rule matches");
        }
    }

    @Test
    void claimsWithinClaimsListsAndNumbersAreFound() {
        Rules rules =
                rules(
                        rule(
                                "k8s",
                                "kubernetes.io/namespace=builds",
                                "kubernetes.io/serviceaccount/name=runner-*",
                                "groups=b",
                                "run_attempt=1",
                                "protected=true"));
        Map<String, Object> claims =
                Map.of(
                        "kubernetes.io",
                        Map.of("namespace", "builds", "serviceaccount", Map.of("name", "runner-7")),
                        "groups",
                        List.of("a", "b"),
                        "run_attempt",
                        1,
                        "protected",
                        true);
        assertThat(client(rules, claims).access().writes()).isEqualTo(new Namespace("k8s"));
    }

    @Test
    void claimsWithOtherValuesNeverMakeTheSameNamespace() {
        NamespacePattern pattern = NamespacePattern.parse("pr-{repository}-{ref}", "here");
        List<List<String>> pairs =
                List.of(
                        List.of("a/b", "c"),
                        List.of("a-b", "c"),
                        List.of("a", "b-c"),
                        List.of("A/b", "c"),
                        List.of("a/b", "c/"),
                        List.of("a_b", "c"),
                        List.of("1", "2"),
                        List.of("x".repeat(300), "y"),
                        List.of("x".repeat(301), "y"),
                        List.of("é", "y"),
                        List.of("é\u0000", "y"));
        Set<Namespace> names = new java.util.HashSet<>();
        for (List<String> pair : pairs) {
            Namespace name =
                    pattern.of(new Claims(Map.of("repository", pair.get(0), "ref", pair.get(1))));
            assertThat(name.name()).startsWith("pr-");
            names.add(name);
        }
        assertThat(names).hasSameSizeAs(pairs);
        assertThat(pattern.of(new Claims(Map.of("repository", "12", "ref", 7))).name())
                .isEqualTo("pr-12-7");
    }

    /** An end that is cut off, a value that looks like another one's hash: a name says whether it has a hash, and begins as its pattern. */
    @Test
    void noValueMakesTheNameThatOthersMake() {
        NamespacePattern dotted = NamespacePattern.parse("pr_{ref}", "here");
        for (String value : List.of("!", "._-", "é", "1!", "-".repeat(99))) {
            String name = dotted.of(new Claims(Map.of("ref", value))).name();
            assertThat(name).startsWith("pr_").matches(".*-x[0-9a-f]{32}");
        }
        NamespacePattern longest = NamespacePattern.parse("p".repeat(29) + "{ref}", "here");
        assertThat(longest.of(new Claims(Map.of("ref", "!"))).name())
                .hasSize(Namespace.MAX_LENGTH)
                .startsWith("p".repeat(29) + "-x");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a-prefix-of-thirty-characters-{ref}",
                "{ref}",
                "{ref}-x",
                "g{ref}",
                "glob{ref}",
                "pr-{a}{b}",
                "pr-{a}b",
                "pr-{}",
                "Pr-{a}",
                "",
                "pr-",
                "a b"
            })
    void aNamespaceThatAClaimCouldChooseIsRefused(String pattern) {
        assertThatThrownBy(() -> rules(rule(pattern, "repository=x")))
                .isInstanceOf(InvalidAuthException.class)
                .hasMessageContaining("cache-server.auth.rules[0].namespace");
    }

    @Test
    void aNamespaceThatAnotherRuleOrTokenWritesIsRefused() {
        assertThatThrownBy(() -> rules(rule("pr-{ref}", "a=b"), rule("pr-main", "a=c")))
                .hasMessageContaining("rules[0]")
                .hasMessageContaining("rules[1]");
        assertThatThrownBy(() -> rules(rule("pr-{ref}", "a=b"), rule("pr-{repository}", "a=c")))
                .isInstanceOf(InvalidAuthException.class);
        TokenSettings token =
                new TokenSettings(
                        "release",
                        new Secret("0123456789abcdef"),
                        null,
                        Level.READ_WRITE,
                        "pr-release",
                        List.of(),
                        LimitSettings.NONE);
        assertThatThrownBy(
                        () ->
                                new Rules(
                                        List.of(rule("pr-{ref}", "a=b")),
                                        Set.of("ci"),
                                        LimitSettings.NONE,
                                        List.of(token)))
                .hasMessageContaining("token release");
        // The same pattern of the same issuer is one namespace by intent.
        rules(rule("pr-{ref}", "a=b"), rule("pr-{ref}", "a=c"), rule("team", "a=d"));
    }

    @Test
    void whatCannotBeMeantIsSaid() {
        assertThatThrownBy(() -> rules(rule("x", "repository")))
                .hasMessageContaining("rules[0].when[0]")
                .hasMessageContaining("claim=value");
        assertThatThrownBy(
                        () ->
                                rules(
                                        new Rules.RuleSettings(
                                                "nobody",
                                                List.of("a=b"),
                                                null,
                                                null,
                                                List.of(),
                                                LimitSettings.NONE)))
                .hasMessageContaining("\"nobody\" is not among");
        assertThatThrownBy(
                        () ->
                                rules(
                                        new Rules.RuleSettings(
                                                "ci",
                                                List.of("a=b"),
                                                Level.READ_WRITE,
                                                null,
                                                List.of(),
                                                LimitSettings.NONE)))
                .hasMessageContaining("names no namespace");
    }

    private static Client client(Rules rules, Map<String, Object> claims) {
        return rules.client(new Sessions.Session("ci", URI, new Claims(claims), null));
    }

    private static Rules rules(Rules.RuleSettings... settings) {
        return new Rules(List.of(settings), Set.of("ci"), LimitSettings.NONE, List.of());
    }

    private static Rules.RuleSettings rule(@Nullable String namespace, String... when) {
        return new Rules.RuleSettings(
                "ci", List.of(when), null, namespace, List.of(), LimitSettings.NONE);
    }
}
