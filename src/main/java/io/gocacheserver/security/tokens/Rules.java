package io.gocacheserver.security.tokens;

import io.gocacheserver.cache.Access;
import io.gocacheserver.model.Namespace;
import io.gocacheserver.model.Provenance;
import io.gocacheserver.security.tokens.TokenSettings.Level;

import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotEmpty;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The rules for tokens of issuers: the first rule that matches holds, and a token that none matches may do nothing.
 *
 * <p>Checked when they are read: a namespace that a rule makes of claims is not one that another rule or a token writes
 * too, or a pull request that may choose a claim's value could choose where it writes.
 */
public final class Rules {

    private final List<Rule> rules = new ArrayList<>();

    /**
     * A rule for an issuer's tokens with these claims. The first rule that matches a token holds.
     *
     * @param issuer Name of the issuer, as in cache-server.auth.issuers.
     * @param when Claims that a token must have, each as claim=value, where * in the value stands for anything; all must match.
     * @param access What it may do; by default to write if there is a namespace, and else to read.
     * @param namespace Namespace that it writes, and reads first; {claim} in it is replaced by the claim's value.
     * @param reads Further namespaces that it reads, in this order; global is always the last.
     * @param limits What each such client may take; those with the same subject are one.
     */
    public record RuleSettings(
            @NotBlank String issuer,
            @NotEmpty List<@NotBlank String> when,
            @Nullable Level access,
            @Nullable String namespace,
            @DefaultValue List<String> reads,
            @Valid @DefaultValue LimitSettings limits) {}

    private record Rule(
            String setting,
            RuleSettings settings,
            List<ClaimPattern> when,
            Level level,
            @Nullable NamespacePattern namespace,
            List<Namespace> reads,
            LimitSettings limits) {

        boolean matches(String issuerName, Claims claims) {
            return settings.issuer().equals(issuerName)
                    && when.stream().allMatch(each -> each.matches(claims));
        }

        boolean isAs(Rule other) {
            return settings.issuer().equals(other.settings.issuer())
                    && Objects.equals(settings.namespace(), other.settings.namespace());
        }

        Client client(Sessions.Session session) {
            Claims claims = session.claims();
            String issuerUri = session.issuerUri();
            String subject = claims.first("sub");
            String name = subject == null ? settings.issuer() : subject;
            Provenance by =
                    new Provenance(
                            null,
                            issuerUri,
                            subject,
                            claims.first("repository", "project_path", "kubernetes.io/namespace"),
                            claims.first("ref", "ref_path"),
                            claims.first("run_id", "pipeline_id", "kubernetes.io/pod/name"),
                            null);
            Access access =
                    Client.access(
                            namespace == null ? null : namespace.of(claims), reads, level, by);
            return new Client(
                    name,
                    issuerUri + " " + name,
                    level.permissions(),
                    access,
                    limits,
                    session.expires());
        }
    }

    /**
     * A condition for a claim: {@code claim=value}, where {@code *} in the value stands for any characters, or none. The whole
     * value must match; of a claim that is a list, one element.
     */
    private record ClaimPattern(String claim, Pattern value) {

        static ClaimPattern parse(String text, String setting) {
            int equals = text.indexOf('=');
            if (equals <= 0 || equals == text.length() - 1) {
                throw new InvalidAuthException(
                        "%s: \"%s\" is not of the form claim=value".formatted(setting, text));
            }
            String regex =
                    Arrays.stream(text.substring(equals + 1).split("\\*", -1))
                            .map(Pattern::quote)
                            .collect(Collectors.joining(".*"));
            return new ClaimPattern(
                    text.substring(0, equals), Pattern.compile(regex, Pattern.DOTALL));
        }

        boolean matches(Claims claims) {
            return claims.all(claim).stream().anyMatch(each -> value.matcher(each).matches());
        }
    }

    public Rules(
            List<RuleSettings> settings,
            Set<String> issuers,
            LimitSettings limits,
            List<TokenSettings> tokens) {
        for (RuleSettings each : settings) {
            String setting = "cache-server.auth.rules[%d]".formatted(rules.size());
            rules.add(rule(each, issuers, limits, setting));
        }
        requireApart(tokens);
    }

    public int count() {
        return rules.size();
    }

    public Client client(Sessions.Session session) {
        for (Rule rule : rules) {
            if (rule.matches(session.issuerName(), session.claims())) {
                return rule.client(session);
            }
        }
        throw new RefusedException(
                RefusedException.Reason.FORBIDDEN,
                "the token is valid, but no rule matches its claims (cache-server.auth.rules); its subject is %s"
                        .formatted(session.claims().first("sub")));
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
        List<ClaimPattern> when = new ArrayList<>();
        for (String each : rule.when()) {
            when.add(ClaimPattern.parse(each, "%s.when[%d]".formatted(setting, when.size())));
        }
        return new Rule(
                setting,
                rule,
                when,
                level,
                namespace,
                NamespacePattern.fixed(rule.reads(), setting + ".reads"),
                rule.limits().or(limits));
    }

    private void requireApart(List<TokenSettings> tokens) {
        for (Rule rule : rules) {
            NamespacePattern made = rule.namespace();
            if (made == null || made.isFixed()) {
                continue;
            }
            for (TokenSettings token : tokens) {
                if (made.canMake(new Namespace(token.namespace()))) {
                    throw apart(rule, "the namespace of the token " + token.name());
                }
            }
            for (Rule each : rules) {
                NamespacePattern other = each.namespace();
                if (other != null && made.overlaps(other) && !rule.isAs(each)) {
                    throw apart(rule, "one that " + each.setting() + " makes, too");
                }
            }
        }
    }

    private static InvalidAuthException apart(Rule rule, String other) {
        return new InvalidAuthException(
                "%s.namespace: \"%s\" could make %s; let it begin with another text"
                        .formatted(rule.setting(), rule.settings().namespace(), other));
    }
}
