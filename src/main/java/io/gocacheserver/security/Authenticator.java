package io.gocacheserver.security;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.nimbusds.jwt.JWT;
import com.nimbusds.jwt.JWTParser;
import com.nimbusds.jwt.SignedJWT;

import io.gocacheserver.security.tokens.Claims;
import io.gocacheserver.security.tokens.Client;
import io.gocacheserver.security.tokens.Issuer;
import io.gocacheserver.security.tokens.Permission;
import io.gocacheserver.security.tokens.RefusedException;
import io.gocacheserver.security.tokens.RefusedException.Reason;
import io.gocacheserver.security.tokens.Rules;
import io.gocacheserver.security.tokens.Sessions;
import io.gocacheserver.security.tokens.Sessions.Session;
import io.gocacheserver.security.tokens.StaticTokens;

import org.jspecify.annotations.Nullable;
import org.springframework.security.oauth2.jwt.Jwt;

import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Finds the client of a bearer token: a static token, an issuer's JWT, or an access token that was given in exchange for one.
 * The client of a JWT is cached until it expires, at most for {@link #REMEMBERED}: checking a signature costs more than a
 * Get. Of a static token only the hash is known.
 */
final class Authenticator {

    private static final Duration REMEMBERED = Duration.ofMinutes(5);
    private static final int MAX_REMEMBERED = 10_000;

    private final StaticTokens tokens;
    private final Map<String, Issuer> issuers;
    private final Rules rules;
    private final Sessions sessions;
    private final InstantSource clock;
    private final Cache<String, Client> verified =
            Caffeine.newBuilder()
                    .maximumSize(MAX_REMEMBERED)
                    .expireAfterWrite(REMEMBERED)
                    .executor(Runnable::run)
                    .build();

    Authenticator(
            StaticTokens tokens,
            List<Issuer> issuers,
            Rules rules,
            Sessions sessions,
            InstantSource clock) {
        this.tokens = tokens;
        this.issuers = issuers.stream().collect(Collectors.toMap(Issuer::uri, Function.identity()));
        this.rules = rules;
        this.sessions = sessions;
        this.clock = clock;
    }

    String summary() {
        return "%d static tokens, %d issuers, %d rules"
                .formatted(tokens.count(), issuers.size(), rules.count());
    }

    Client authenticate(String token) {
        Client client = verified.getIfPresent(token);
        if (client != null && !hasExpired(client)) {
            return client;
        }
        client = tokens.find(token);
        if (client == null) {
            client = verify(token);
            verified.put(token, client);
        }
        return client;
    }

    String exchange(String token) {
        Session session = session(token, parse(token));
        if (rules.client(session).may(Permission.ADMIN)) {
            throw new RefusedException(
                    Reason.FORBIDDEN, "an administrator's token is not exchanged: use it as it is");
        }
        return sessions.issue(session);
    }

    Duration sessionLifetime() {
        return sessions.lifetime();
    }

    private boolean hasExpired(Client client) {
        Instant expires = client.expires();
        return expires != null && !clock.instant().isBefore(expires);
    }

    private Client verify(String token) {
        SignedJWT parsed = parse(token);
        return rules.client(
                Sessions.ISSUER.equals(issuerOf(parsed))
                        ? sessions.verify(parsed)
                        : session(token, parsed));
    }

    /** Nothing in it is believed before its signature has been checked. */
    private static SignedJWT parse(String token) {
        JWT parsed;
        try {
            parsed = JWTParser.parse(token);
        } catch (ParseException e) {
            throw new RefusedException(Reason.INVALID_TOKEN, "the token is not known");
        }
        if (parsed instanceof SignedJWT signed) {
            return signed;
        }
        throw new RefusedException(Reason.INVALID_TOKEN, "the token is not signed");
    }

    private Session session(String token, SignedJWT parsed) {
        String uri = issuerOf(parsed);
        Issuer issuer = uri == null ? null : issuers.get(uri);
        if (issuer == null) {
            throw new RefusedException(
                    Reason.INVALID_TOKEN, "the token's issuer is not accepted here: " + uri);
        }
        Jwt jwt = issuer.verify(token);
        return new Session(
                issuer.name(), issuer.uri(), new Claims(jwt.getClaims()), jwt.getExpiresAt());
    }

    private static @Nullable String issuerOf(SignedJWT token) {
        try {
            return token.getJWTClaimsSet().getIssuer();
        } catch (ParseException e) {
            throw new RefusedException(Reason.INVALID_TOKEN, "the token's claims cannot be read");
        }
    }
}
