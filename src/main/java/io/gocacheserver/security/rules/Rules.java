package io.gocacheserver.security.rules;

import io.gocacheserver.model.Namespace;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * The rules for tokens of issuers: the first rule that matches holds, and a token that none matches may do nothing.
 *
 * <p>Checked when they are read: a namespace that a rule makes of claims is not one that another rule or a token writes
 * too, or a pull request that may choose a claim's value could choose where it writes.
 */
public final class Rules {

    private final List<Rule> rules = new ArrayList<>();

    /**
     * @param issuers names that rules may use
     * @param limits where a rule says nothing
     * @param tokens static tokens, whose namespaces rules must not make
     * @throws InvalidAuthException naming the setting
     */
    public Rules(
            List<RuleSettings> settings,
            Set<String> issuers,
            LimitSettings limits,
            List<TokenSettings> tokens) {
        for (int i = 0; i < settings.size(); i++) {
            rules.add(rule(settings.get(i), issuers, limits, setting(i)));
        }
        requireApart(settings, tokens);
    }

    public int count() {
        return rules.size();
    }

    /**
     * The client of a token with these claims.
     *
     * @throws RefusedException if no rule matches
     */
    public Client client(
            String issuerName, String issuerUri, Claims claims, @Nullable Instant expires) {
        for (Rule rule : rules) {
            if (rule.matches(issuerName, claims)) {
                return rule.client(issuerUri, claims, expires);
            }
        }
        throw new RefusedException(
                RefusedException.Reason.FORBIDDEN,
                "the token is valid, but no rule matches its claims (cache-server.auth.rules); its subject is %s"
                        .formatted(claims.first("sub")));
    }

    private static Rule rule(
            RuleSettings rule, Set<String> issuers, LimitSettings limits, String setting) {
        if (!issuers.contains(rule.issuer())) {
            throw new InvalidAuthException(
                    "%s.issuer: \"%s\" is not among cache-server.auth.issuers, which are %s"
                            .formatted(setting, rule.issuer(), issuers));
        }
        String name = rule.namespace();
        NamespacePattern namespace =
                name == null ? null : NamespacePattern.parse(name, setting + ".namespace");
        Level level = rule.access();
        if (level == null) {
            level = namespace == null ? Level.READ : Level.READ_WRITE;
        }
        if (level.permissions().contains(Permission.WRITE) && namespace == null) {
            throw new InvalidAuthException(setting + " may write, but names no namespace");
        }
        return new Rule(
                rule.issuer(),
                IntStream.range(0, rule.when().size())
                        .mapToObj(
                                i ->
                                        ClaimPattern.parse(
                                                rule.when().get(i),
                                                "%s.when[%d]".formatted(setting, i)))
                        .toList(),
                level,
                namespace,
                Grants.namespaces(rule.reads(), setting + ".reads"),
                rule.limits().or(limits));
    }

    private void requireApart(List<RuleSettings> settings, List<TokenSettings> tokens) {
        for (int i = 0; i < rules.size(); i++) {
            NamespacePattern made = rules.get(i).namespace();
            if (made == null || made.isFixed()) {
                continue;
            }
            for (TokenSettings token : tokens) {
                if (made.canMake(new Namespace(token.namespace()))) {
                    throw apart(i, settings, "the namespace of the token " + token.name());
                }
            }
            for (int j = 0; j < rules.size(); j++) {
                NamespacePattern other = rules.get(j).namespace();
                if (other != null
                        && made.overlaps(other)
                        && !isSame(settings.get(i), settings.get(j))) {
                    throw apart(i, settings, "one that " + setting(j) + " makes, too");
                }
            }
        }
    }

    private static boolean isSame(RuleSettings one, RuleSettings other) {
        return one.issuer().equals(other.issuer())
                && String.valueOf(one.namespace()).equals(other.namespace());
    }

    private static InvalidAuthException apart(int rule, List<RuleSettings> settings, String other) {
        return new InvalidAuthException(
                "%s.namespace: \"%s\" could make %s; let it begin with another text"
                        .formatted(setting(rule), settings.get(rule).namespace(), other));
    }

    private static String setting(int rule) {
        return "cache-server.auth.rules[" + rule + "]";
    }
}
