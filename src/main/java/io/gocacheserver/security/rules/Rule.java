package io.gocacheserver.security.rules;

import io.gocacheserver.cache.Access;
import io.gocacheserver.model.Namespace;
import io.gocacheserver.model.Provenance;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.List;

/** One of {@link Rules}. */
record Rule(
        String issuer,
        List<ClaimPattern> when,
        Level level,
        @Nullable NamespacePattern namespace,
        List<Namespace> reads,
        LimitSettings limits) {

    boolean matches(String issuerName, Claims claims) {
        return issuer.equals(issuerName) && when.stream().allMatch(each -> each.matches(claims));
    }

    /**
     * The client that a matching token makes.
     *
     * @param issuerUri the token's issuer
     * @throws RefusedException if it lacks a claim of which its namespace is made
     */
    Client client(String issuerUri, Claims claims, @Nullable Instant expires) {
        String subject = claims.first("sub");
        String name = subject == null ? issuer : subject;
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
                Grants.access(
                        namespace == null ? null : namespace.of(claims),
                        reads,
                        level.permissions(),
                        by);
        return new Client(
                name, issuerUri + " " + name, level.permissions(), access, limits, expires);
    }
}
